package io.eventgateway.http;

import io.eventgateway.Event;
import io.eventgateway.SystemEvent;
import io.eventgateway.error.InvalidEventException;
import io.eventgateway.error.InvalidRequestException;
import io.eventgateway.internal.event.Attributes;
import io.eventgateway.internal.event.StructuredJson;
import io.eventgateway.internal.http.MediaTypes;
import io.eventgateway.internal.http.PercentCoding;
import io.eventgateway.internal.http.ShownText;
import io.eventgateway.internal.json.ExactJson;
import io.eventgateway.internal.json.Unreadable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Reads the events that a request carries, as CloudEvents' HTTP protocol binding 1.0.2 has it. */
final class CloudEventsBinding {
    /** The most events that a batch may have. */
    static final int MAX_EVENTS = 10_000;

    private static final String MEDIA_TYPE = "application/cloudevents";
    private static final String STRUCTURED = MEDIA_TYPE + "+json";
    private static final String BATCH = MEDIA_TYPE + "-batch+json";
    private static final String PREFIX = "ce-";
    private static final String VERSION = "1.0";

    private CloudEventsBinding() {}

    static List<Event> events(HttpRequest request, byte[] body) {
        String type = MediaTypes.essence(request.headers().get("Content-Type"));
        try {
            // section 1.3: the media type alone tells the modes apart
            List<Event> events = type.startsWith(MEDIA_TYPE) ? inBody(type, body) : List.of(binary(request, body));
            events.forEach(CloudEventsBinding::requireNotOurs);
            return events;
        } catch (JacksonException e) {
            throw invalid(request, "its body is no event format: " + Unreadable.reason(e), e);
        } catch (InvalidEventException | IllegalArgumentException e) {
            throw invalid(request, Objects.requireNonNullElse(e.getMessage(), "an attribute is not valid"), e);
        }
    }

    /** A client must not tell listeners what only the gateway knows. */
    private static void requireNotOurs(Event event) {
        if (SystemEvent.isSystemType(event.getType())) {
            throw new InvalidEventException("type must not begin with '" + SystemEvent.TYPE_PREFIX
                    + "', which is for the gateway's own events, was '" + ShownText.of(event.getType()) + "'");
        }
    }

    private static InvalidRequestException invalid(HttpRequest request, String reason, Throwable cause) {
        return new InvalidRequestException(request + " carries no valid CloudEvent: " + reason, reason, cause);
    }

    private static List<Event> inBody(String type, byte[] body) {
        if (type.equals(STRUCTURED)) {
            return List.of(structured(ExactJson.read(body)));
        }
        if (!type.equals(BATCH)) {
            throw new InvalidEventException("Content-Type must be of an event format in JSON, " + STRUCTURED + " or "
                    + BATCH + ", was '" + ShownText.of(type) + "'");
        }
        JsonNode batch = ExactJson.read(body);
        if (!batch.isArray()) {
            throw new InvalidEventException("a batch must be a JSON array, was a JSON " + batch.getNodeType());
        }
        if (batch.size() > MAX_EVENTS) {
            throw new InvalidEventException("a batch must have at most " + MAX_EVENTS + " events, had " + batch.size());
        }
        List<Event> events = new ArrayList<>(batch.size());
        for (JsonNode each : batch) {
            try {
                events.add(structured(each));
            } catch (InvalidEventException e) {
                throw new InvalidEventException("event " + events.size() + " of the batch: " + e.getMessage(), e);
            }
        }
        return List.copyOf(events);
    }

    private static Event structured(JsonNode json) {
        if (json.isObject() && !json.path("specversion").isString()) {
            throw new InvalidEventException("specversion must be '" + VERSION + "', was missing");
        }
        return Event.fromJson(json);
    }

    private static Event binary(HttpRequest request, byte[] body) {
        Map<String, String> attributes = attributes(request);
        if (attributes.isEmpty()) {
            throw new InvalidEventException("it must have a Content-Type of " + STRUCTURED + " or " + BATCH
                    + ", or the headers ce-specversion, ce-id, ce-source and ce-type");
        }
        String version = required(attributes, "specversion");
        if (!version.equals(VERSION)) {
            throw Attributes.refused("specversion", "'" + ShownText.of(version) + "'", "'" + VERSION + "'");
        }
        Event.Builder builder = Event.builder(required(attributes, "type"))
                .id(required(attributes, "id"))
                .source(required(attributes, "source"));
        attributes.forEach((name, value) -> {
            switch (name) {
                case "specversion", "type", "id", "source" -> {}
                case "subject" -> builder.subject(value);
                case "time" -> builder.time(StructuredJson.time(value));
                case "dataschema" -> builder.dataSchema(Attributes.uri("dataschema", value));
                case "datacontenttype" ->
                    throw new InvalidEventException(
                            "the header ce-datacontenttype must not be sent: Content-Type is that attribute");
                default -> builder.extension(name, value);
            }
        });
        if (body.length > 0) {
            String contentType = request.headers().get("Content-Type");
            if (contentType == null) {
                builder.data(body);
            } else {
                builder.data(contentType, body);
            }
        }
        return builder.build();
    }

    private static Map<String, String> attributes(HttpRequest request) {
        Map<String, String> attributes = new TreeMap<>();
        request.allHeaders().forEach((header, values) -> {
            String name = header.toLowerCase(Locale.ROOT);
            if (name.startsWith(PREFIX)) {
                if (values.size() != 1) {
                    throw new InvalidEventException(
                            "the header " + name + " must come once, came " + values.size() + " times");
                }
                attributes.put(name.substring(PREFIX.length()), decoded(values.get(0)));
            }
        });
        return attributes;
    }

    private static String required(Map<String, String> attributes, String name) {
        String value = attributes.get(name);
        if (value == null) {
            throw new InvalidEventException("the header " + PREFIX + name + " must be there in binary mode");
        }
        return value;
    }

    /** Section 3.1.3.2: what stands in double quotes is unescaped, and then percent-decoded once. */
    private static String decoded(String value) {
        String stripped = value.strip();
        String unquoted = unquoted(stripped);
        return PercentCoding.decode(unquoted == null ? stripped : unquoted);
    }

    private static @Nullable String unquoted(String value) {
        if (value.length() < 2 || value.charAt(0) != '"' || value.charAt(value.length() - 1) != '"') {
            return null;
        }
        StringBuilder text = new StringBuilder();
        for (int i = 1; i < value.length() - 1; i++) {
            char c = value.charAt(i);
            if (c == '\\' && i + 1 < value.length() - 1) {
                text.append(value.charAt(++i));
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }
}
