package io.eventgateway.examples.quickstart;

import io.eventgateway.Event;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** GitHub's webhook deliveries as events: {@code com.github.<event>[.<action>]}, with the repository as subject. */
public final class Webhooks {
    private static final String RESOURCE = "/webhooks/github-webhooks.jsonl.gz";

    private Webhooks() {}

    /** All of them, in the order of the file. */
    public static List<Event> read() {
        try (InputStream resource = Webhooks.class.getResourceAsStream(RESOURCE)) {
            if (resource == null) {
                throw new IllegalStateException(RESOURCE + " is not on the class path");
            }
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(new GZIPInputStream(resource), StandardCharsets.UTF_8));
            return lines.lines().map(Webhooks::event).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Event event(String line) {
        JsonNode delivery = JsonMapper.shared().readTree(line);
        JsonNode payload = delivery.path("payload");
        String action = payload.path("action").asString("");
        Event.Builder event = Event.builder(
                        "com.github." + delivery.path("event").stringValue() + (action.isEmpty() ? "" : "." + action))
                .source("https://github.com")
                .data("application/json", payload);
        String repository = payload.path("repository").path("full_name").asString("");
        if (!repository.isEmpty()) {
            event.subject(repository);
        }
        return event.build();
    }
}
