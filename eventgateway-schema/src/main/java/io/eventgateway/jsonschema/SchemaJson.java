package io.eventgateway.jsonschema;

import com.networknt.schema.InputFormat;
import com.networknt.schema.serialization.NodeReader;
import io.eventgateway.error.InvalidEventTypeException;
import java.io.InputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads schemas: JSON with exact numbers, and no name twice in an object. Stateless. */
final class SchemaJson implements NodeReader {
    static final SchemaJson READER = new SchemaJson();

    private static final int LONGEST = 1024 * 1024;

    private final JsonMapper mapper = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private SchemaJson() {}

    /**
     * The tree of a schema.
     *
     * @param name what it is, for messages
     * @throws InvalidEventTypeException if it is no JSON, or longer than 1 MiB
     */
    static JsonNode read(String name, String json) {
        if (json.length() > LONGEST) {
            throw new InvalidEventTypeException(
                    name + " must have at most " + LONGEST + " characters, had " + json.length());
        }
        try {
            return READER.readTree(json, InputFormat.JSON);
        } catch (JacksonException e) {
            throw new InvalidEventTypeException(name + " must be JSON: " + e.getOriginalMessage(), e);
        }
    }

    @Override
    public JsonNode readTree(String content, InputFormat format) {
        return mapper.readTree(content);
    }

    @Override
    public JsonNode readTree(InputStream content, InputFormat format) {
        return mapper.readTree(content);
    }
}
