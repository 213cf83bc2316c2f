package io.eventgateway.internal.eventtype;

import io.eventgateway.error.InvalidEventTypeException;
import io.eventgateway.internal.json.ExactJson;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The texts that a definition of an event type is made of: what they must be, and how long. */
public final class SchemaText {
    private static final int LARGEST = 1024 * 1024;
    private static final int LONGEST_NAME = 256;

    private SchemaText() {}

    /** The schema of a class with an event type, as the schema provider writes it. */
    public static String of(Class<?> type) {
        return SchemaProviders.required("the schema of " + type.getName() + " can't be written")
                .schemaOf(type);
    }

    /** The tree of a schema. */
    public static JsonNode read(String name, @Nullable String json) {
        return checked(name, tree(name, "schema", json));
    }

    /** A schema, of which it is checked that it may be one. */
    public static JsonNode checked(String name, JsonNode schema) {
        if (!schema.isObject() && !schema.isBoolean()) {
            throw new InvalidEventTypeException("the schema of event type '" + name
                    + "' must be a JSON object, true or false, was of type " + schema.getNodeType());
        }
        return schema;
    }

    /** The tree of an example. */
    public static JsonNode example(String name, @Nullable String json) {
        return tree(name, "example", json);
    }

    private static JsonNode tree(String name, String part, @Nullable String json) {
        if (json == null) {
            throw new InvalidEventTypeException("the " + part + " of event type '" + name + "' must not be null");
        }
        if (json.length() > LARGEST) {
            throw new InvalidEventTypeException("the " + part + " of event type '" + name + "' must have at most "
                    + LARGEST + " characters, had " + json.length());
        }
        try {
            JsonNode tree = ExactJson.read(json);
            if (tree.isMissingNode()) {
                throw new InvalidEventTypeException(
                        "the " + part + " of event type '" + name + "' must be JSON, was empty");
            }
            return tree;
        } catch (JacksonException e) {
            throw new InvalidEventTypeException(
                    "the " + part + " of event type '" + name + "' must be JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** Checks the name of a registered type, which stores keep as a key, and how much is said of it. */
    public static void checkSize(
            String name, @Nullable String description, List<JsonNode> examples, Map<String, String> metadata) {
        if (name.length() > LONGEST_NAME || !name.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new InvalidEventTypeException("the name of an event type that is registered must be at most "
                    + LONGEST_NAME + " printable characters of ASCII, was "
                    + (name.length() > LONGEST_NAME ? name.length() + " characters" : "'" + name + "'"));
        }
        long size = description == null ? 0 : description.length();
        for (JsonNode example : examples) {
            size += example.toString().length();
        }
        for (Map.Entry<String, String> label : metadata.entrySet()) {
            size += label.getKey().length() + label.getValue().length();
        }
        if (size > LARGEST) {
            throw new InvalidEventTypeException("the description, examples and metadata of event type '" + name
                    + "' must have at most " + LARGEST + " characters together, had " + size);
        }
    }
}
