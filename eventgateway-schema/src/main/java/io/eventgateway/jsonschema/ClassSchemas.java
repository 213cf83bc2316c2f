package io.eventgateway.jsonschema;

/** Writes the schemas of classes. */
final class ClassSchemas {
    private ClassSchemas() {}

    static String of(Class<?> type) {
        return "{}";
    }
}
