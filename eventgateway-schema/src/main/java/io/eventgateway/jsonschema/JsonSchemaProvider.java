package io.eventgateway.jsonschema;

import io.eventgateway.spi.SchemaProvider;

/**
 * JSON Schemas of the dialects 2020-12 and draft 7, and the schemas of classes as Jackson writes their instances. {@link
 * java.util.ServiceLoader} finds it. Thread-safe.
 *
 * <p>Of {@code format}, the values {@code date-time}, {@code date}, {@code uuid}, {@code uri} and {@code email} are asserted; all others
 * are annotations. A validation has bounds: 5,000,000 keywords, schemas within schemas 2,000 deep, and 5,000,000 reads of characters by
 * regular expressions. Data that takes more is a violation whose keyword is {@code effort}. Regular expressions are those of {@link
 * java.util.regex.Pattern}.
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
