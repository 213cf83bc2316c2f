package io.eventgateway.jsonschema;

import io.eventgateway.spi.SchemaProvider;

/**
 * JSON Schemas of the dialects 2020-12 and draft 7, and the schemas of classes as Jackson writes their instances. {@link
 * java.util.ServiceLoader} finds it. Thread-safe.
 */
public final class JsonSchemaProvider implements SchemaProvider {
    /** What ServiceLoader makes; it holds nothing. */
    public JsonSchemaProvider() {}

    @Override
    public Validator compile(String schema, Resolver resolver) {
        return CompiledSchema.of(schema, resolver);
    }

    @Override
    public String schemaOf(Class<?> type) {
        return ClassSchemas.of(type);
    }
}
