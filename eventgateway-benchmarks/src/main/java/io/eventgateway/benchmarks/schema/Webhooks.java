package io.eventgateway.benchmarks.schema;

import io.eventgateway.spi.SchemaProvider;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Real webhooks of about 10 KB that have GitHub's own schemas of them. */
final class Webhooks {
    private static final String REFERENCE = "#/definitions/";
    private static final int SMALLEST = 9_000;
    private static final int LARGEST = 12_000;
    private static final int MOST = 16;

    /** A webhook: the event type of its own that it is given, its payload, and GitHub's schema of it. */
    record Webhook(String type, JsonNode payload, byte[] bytes, ObjectNode schema) {}

    private Webhooks() {}

    static SchemaProvider provider() {
        return ServiceLoader.load(SchemaProvider.class).findFirst().orElseThrow();
    }

    static List<Webhook> all() {
        List<Webhook> webhooks = new ArrayList<>();
        try (InputStream schemas = resource("/webhooks/github-schemas.json.gz");
                BufferedReader lines = new BufferedReader(new InputStreamReader(
                        resource("/webhooks/github-webhooks.jsonl.gz"), StandardCharsets.UTF_8))) {
            JsonNode definitions = JsonMapper.shared().readTree(schemas).get("definitions");
            for (String line = lines.readLine(); line != null && webhooks.size() < MOST; line = lines.readLine()) {
                JsonNode delivery = JsonMapper.shared().readTree(line);
                JsonNode payload = delivery.get("payload");
                byte[] bytes = payload.toString().getBytes(StandardCharsets.UTF_8);
                String name = delivery.get("event").asString() + "$"
                        + payload.path("action").asString("event");
                if (bytes.length >= SMALLEST && bytes.length <= LARGEST && definitions.has(name)) {
                    ObjectNode schema = schema(definitions, name);
                    if (provider()
                            .compile(schema.toString(), address -> null)
                            .validate(payload, 1)
                            .isEmpty()) {
                        webhooks.add(new Webhook("github." + webhooks.size(), payload, bytes, schema));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return webhooks;
    }

    private static InputStream resource(String name) throws IOException {
        return new GZIPInputStream(Objects.requireNonNull(Webhooks.class.getResourceAsStream(name)));
    }

    /** A definition with those that it refers to. */
    private static ObjectNode schema(JsonNode definitions, String name) {
        ObjectNode schema = JsonMapper.shared().createObjectNode();
        schema.put("$schema", "http://json-schema.org/draft-07/schema#");
        schema.put("$ref", REFERENCE + name);
        ObjectNode needed = schema.putObject("definitions");
        Deque<String> open = new ArrayDeque<>(Set.of(name));
        while (!open.isEmpty()) {
            String next = open.remove();
            if (!needed.has(next)) {
                JsonNode found = definitions.get(next);
                needed.set(next, found);
                found.findValuesAsString("$ref")
                        .forEach(reference -> open.add(reference.substring(REFERENCE.length())));
            }
        }
        return schema;
    }
}
