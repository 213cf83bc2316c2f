package io.eventgateway.examples.catalogue;

import io.eventgateway.EventTypeDefinition;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** GitHub's own schemas of its webhooks: {@code issues$opened} is that of the type {@code com.github.issues.opened}. */
final class GithubSchemas {
    private static final String RESOURCE = "/webhooks/github-schemas.json.gz";
    private static final String PREFIX = "com.github.";
    private static final String REFERENCE = "#/definitions/";

    private final JsonNode definitions;

    private GithubSchemas(JsonNode definitions) {
        this.definitions = definitions;
    }

    static GithubSchemas read() {
        try (InputStream resource = GithubSchemas.class.getResourceAsStream(RESOURCE)) {
            if (resource == null) {
                throw new IllegalStateException(RESOURCE + " is not on the class path");
            }
            return new GithubSchemas(
                    JsonMapper.shared().readTree(new GZIPInputStream(resource)).get("definitions"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The event types: one for each action of an event, and one for an event without actions. */
    List<EventTypeDefinition> eventTypes() {
        return definitions.properties().stream()
                .filter(definition -> definition.getKey().contains("$"))
                .map(definition -> EventTypeDefinition.of(PREFIX + name(definition.getKey()))
                        .schema(schema(definition.getKey()).toString())
                        .description(definition.getValue().path("title").asString(""))
                        .owner("GitHub")
                        .build())
                .toList();
    }

    private static String name(String definition) {
        return definition.replace("$event", "").replace('$', '.');
    }

    /** A schema with the definitions that it refers to, and no others. */
    private ObjectNode schema(String definition) {
        ObjectNode schema = JsonMapper.shared().createObjectNode();
        schema.put("$schema", "http://json-schema.org/draft-07/schema#");
        schema.put("$ref", REFERENCE + definition);
        ObjectNode needed = schema.putObject("definitions");
        Deque<String> open = new ArrayDeque<>(Set.of(definition));
        while (!open.isEmpty()) {
            String next = open.remove();
            if (!needed.has(next)) {
                JsonNode found = definitions.get(next);
                needed.set(next, found);
                open.addAll(references(found));
            }
        }
        return schema;
    }

    private static Set<String> references(JsonNode schema) {
        Set<String> references = new LinkedHashSet<>();
        for (String reference : schema.findValuesAsString("$ref")) {
            references.add(reference.substring(REFERENCE.length()));
        }
        return references;
    }
}
