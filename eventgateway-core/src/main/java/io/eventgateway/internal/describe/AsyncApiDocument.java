package io.eventgateway.internal.describe;

import io.eventgateway.EventTypeDefinition;
import io.eventgateway.Filter;
import io.eventgateway.GatewayDescription;
import io.eventgateway.GatewayDescription.DescribedEventType;
import io.eventgateway.GatewayDescription.DescribedFunction;
import io.eventgateway.Subscription;
import io.eventgateway.SubscriptionMode;
import io.eventgateway.internal.http.PathPattern;
import io.eventgateway.internal.json.ExactJson;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A description as an AsyncAPI 3.0.0 document. */
public final class AsyncApiDocument {
    private static final String CONTENT_TYPE = "application/cloudevents+json";
    private static final String EVENT = "event";
    private static final String REQUEST = "request";

    private final ObjectNode out = JsonNodeFactory.instance.objectNode();
    private final ObjectNode channels;
    private final ObjectNode operations;
    private final ObjectNode messages;
    private final ObjectNode schemas;
    /** The keys of the channels that each subscription gets events of. */
    private final Map<String, List<String>> sources = new HashMap<>();

    private AsyncApiDocument(GatewayDescription description, String title, String version) {
        out.put("asyncapi", "3.0.0");
        out.putObject("info").put("title", title).put("version", version);
        out.put("defaultContentType", CONTENT_TYPE);
        this.channels = out.putObject("channels");
        this.operations = out.putObject("operations");
        ObjectNode components = out.putObject("components");
        this.messages = components.putObject("messages");
        this.schemas = components.putObject("schemas");
        description.eventTypes().forEach(this::add);
        description.subscriptions().forEach(this::add);
        description.functions().forEach(this::add);
        if (schemas.isEmpty()) {
            components.remove("schemas");
        }
    }

    /** The document, indented. */
    public static String of(GatewayDescription description, String title, String version) {
        return IndentedJson.of(new AsyncApiDocument(description, title, version).out);
    }

    private void add(DescribedEventType type) {
        String key = Keys.of(type.name());
        type.subscribedBy().forEach(id -> sources.computeIfAbsent(id, any -> new ArrayList<>())
                .add(key));
        EventTypeDefinition definition = type.definition();
        ObjectNode channel = channels.putObject(key);
        address(channel, type.name());
        channel.put("title", type.name());
        if (definition != null && definition.description() != null) {
            channel.put("description", definition.description());
        }
        channel.putObject("messages").set(EVENT, reference("/components/messages/" + key));
        new EventMessage(key, type.name(), definition).write(messages, schemas);
    }

    /** An address of AsyncAPI has parameters in braces, and neither query nor fragment; another name is no address. */
    private static void address(ObjectNode channel, String name) {
        if (name.chars().anyMatch(c -> "{}?#".indexOf(c) >= 0)) {
            channel.putNull("address");
        } else {
            channel.put("address", name);
        }
    }

    private void add(Subscription subscription) {
        String operation = "receive." + Keys.of(subscription.id());
        if (subscription.mode() == SubscriptionMode.HTTP) {
            String channel = requestChannel(PathPattern.parse(subscription.path()));
            ObjectNode receive = receive(operation, channel, REQUEST, subscription);
            ObjectNode binding = receive.putObject("bindings").putObject("http");
            binding.put("method", subscription.method()).put("bindingVersion", "0.3.0");
            return;
        }
        List<String> keys = sources.getOrDefault(subscription.id(), List.of());
        if (keys.isEmpty()) {
            receive(operation, patternChannel(subscription.eventType()), EVENT, subscription);
        } else if (subscription.eventType().indexOf('*') < 0) {
            receive(operation, keys.get(0), EVENT, subscription);
        } else {
            keys.forEach(key -> receive(operation + "." + key, key, EVENT, subscription));
        }
    }

    /** A pattern that matches no type that is known: its events are of types that nobody has named yet. */
    private String patternChannel(String pattern) {
        String key = Keys.of(pattern);
        if (!channels.has(key)) {
            ObjectNode channel = channels.putObject(key);
            channel.putNull("address");
            channel.put("title", pattern);
            channel.put("description", "Events of every type that matches " + pattern);
            channel.putObject("messages").set(EVENT, reference("/components/messages/" + key));
            new EventMessage(key, null, null).write(messages, schemas);
        }
        return key;
    }

    private String requestChannel(PathPattern path) {
        String key = Keys.of("http:" + path);
        if (!channels.has(key)) {
            ObjectNode channel = channels.putObject(key);
            StringBuilder address = new StringBuilder();
            ObjectNode parameters = JsonNodeFactory.instance.objectNode();
            boolean isPlain = true;
            for (PathPattern.Segment segment : path.segments()) {
                address.append('/');
                if (segment instanceof PathPattern.Segment.Static fixed) {
                    isPlain &= fixed.text().chars().noneMatch(c -> c == '{' || c == '}');
                    address.append(fixed.text());
                } else {
                    String name = segment instanceof PathPattern.Segment.Parameter parameter
                            ? parameter.name()
                            : ((PathPattern.Segment.Wildcard) segment).name();
                    String safe = Keys.of(name);
                    address.append('{').append(safe).append('}');
                    parameters
                            .putObject(safe)
                            .put(
                                    "description",
                                    segment instanceof PathPattern.Segment.Wildcard
                                            ? "The rest of the path."
                                            : "One segment of the path.");
                }
            }
            if (isPlain) {
                channel.put("address", address.toString());
            } else {
                channel.putNull("address");
            }
            channel.put("title", path.toString());
            if (isPlain && !parameters.isEmpty()) {
                channel.set("parameters", parameters);
            }
            ObjectNode request = channel.putObject("messages").putObject(REQUEST);
            request.put("name", REQUEST).put("title", "HTTP request");
        }
        return key;
    }

    private ObjectNode receive(String name, String channel, String message, Subscription subscription) {
        ObjectNode operation = operation(name, "receive", channel, message);
        operation.put("title", subscription.id());
        operation.put("x-function", subscription.functionId());
        operation.put("x-mode", subscription.mode().name());
        Filter filter = subscription.filter();
        if (filter != null && filter.isStorable()) {
            operation.set("x-filter", ExactJson.read(filter.toJson()));
        } else if (filter != null) {
            operation.put("x-filter", FilterText.of(filter));
        }
        if (!subscription.enabled()) {
            operation.put("x-enabled", false);
        }
        return operation;
    }

    private void add(DescribedFunction function) {
        for (String type : function.emits()) {
            String key = Keys.of(type);
            operation("send." + Keys.of(function.functionId()) + "." + key, "send", key, EVENT)
                    .put("title", function.functionId() + " emits " + type)
                    .put("x-function", function.functionId());
        }
    }

    private ObjectNode operation(String name, String action, String channel, String message) {
        ObjectNode operation = operations.putObject(name);
        operation.put("action", action);
        operation.set("channel", reference("/channels/" + channel));
        ArrayNode ofMessages = operation.putArray("messages");
        ofMessages.add(reference("/channels/" + channel + "/messages/" + message));
        return operation;
    }

    /** A reference to an object of the document, by keys that need no escapes. */
    private static ObjectNode reference(String pointer) {
        ObjectNode reference = JsonNodeFactory.instance.objectNode();
        reference.put("$ref", "#" + pointer);
        return reference;
    }

    /**
     * The message of an event in CloudEvents' structured form (JSON Event Format 1.0.2, section 3).
     *
     * @param type null for events of any type
     */
    private record EventMessage(
            String key, @Nullable String type, @Nullable EventTypeDefinition definition) {
        void write(ObjectNode messages, ObjectNode schemas) {
            ObjectNode message = messages.putObject(key);
            message.put("name", type == null ? key : type);
            if (definition != null && definition.description() != null) {
                message.put("summary", definition.description());
            }
            message.put("contentType", CONTENT_TYPE);
            if (definition != null && definition.owner() != null) {
                message.put("x-owner", definition.owner());
            }
            if (definition != null && definition.deprecatedSince() != null) {
                message.put("x-deprecated-since", definition.deprecatedSince().toString());
            }
            message.set("payload", payload());
            String schema = definition == null ? null : definition.schema();
            if (schema != null) {
                schemas.set(key, DraftSeven.of(ExactJson.read(schema), "#/components/schemas/" + key));
            }
            if (definition != null && !definition.examples().isEmpty()) {
                ArrayNode examples = message.putArray("examples");
                definition.examples().forEach(example -> examples.addObject()
                        .set("payload", example(definition, ExactJson.read(example), examples.size())));
            }
        }

        private ObjectNode payload() {
            ObjectNode payload = JsonNodeFactory.instance.objectNode();
            payload.put("type", "object");
            ArrayNode required = payload.putArray("required");
            List.of("specversion", "id", "source", "type").forEach(required::add);
            ObjectNode properties = payload.putObject("properties");
            properties.putObject("specversion").put("const", "1.0");
            text(properties, "id").put("minLength", 1);
            text(properties, "source").put("minLength", 1).put("format", "uri-reference");
            if (type == null) {
                text(properties, "type").put("minLength", 1);
            } else {
                properties.putObject("type").put("const", type);
            }
            text(properties, "subject");
            text(properties, "time").put("format", "date-time");
            text(properties, "datacontenttype");
            text(properties, "dataschema").put("format", "uri");
            text(properties, "correlationid");
            text(properties, "causationid");
            if (definition != null && definition.version() > 1) {
                ArrayNode versions = properties.putObject("dataversion").putArray("enum");
                versions.add(definition.version()).add(String.valueOf(definition.version()));
            }
            if (definition != null && definition.schema() != null) {
                properties.set("data", reference("/components/schemas/" + key));
            }
            return payload;
        }

        private static ObjectNode text(ObjectNode properties, String name) {
            return properties.putObject(name).put("type", "string");
        }

        private static ObjectNode example(EventTypeDefinition definition, JsonNode data, int number) {
            ObjectNode event = JsonNodeFactory.instance.objectNode();
            event.put("specversion", "1.0").put("id", String.valueOf(number));
            event.put("source", "/").put("type", definition.name());
            event.put("datacontenttype", "application/json");
            if (definition.version() > 1) {
                event.put("dataversion", definition.version());
            }
            event.set("data", data);
            return event;
        }
    }
}
