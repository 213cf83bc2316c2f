package io.eventgateway.internal.describe;

import io.eventgateway.EventTypeDefinition;
import io.eventgateway.Filter;
import io.eventgateway.GatewayDescription;
import io.eventgateway.GatewayDescription.DescribedEventType;
import io.eventgateway.GatewayDescription.DescribedFunction;
import io.eventgateway.Subscription;
import io.eventgateway.Transform;
import io.eventgateway.internal.json.ExactJson;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The JSON form of a description. It has neither configurations of functions nor values of headers, which may be secret. */
public final class DescriptionJson {
    private static final String HIDDEN = "…";

    private DescriptionJson() {}

    /** The JSON form, indented. */
    public static String of(GatewayDescription description) {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        out.put("space", description.space());
        ArrayNode types = out.putArray("eventTypes");
        for (DescribedEventType type : description.eventTypes()) {
            ObjectNode each = types.addObject();
            each.put("name", type.name());
            EventTypeDefinition definition = type.definition();
            if (definition != null) {
                each.set("definition", ExactJson.read(definition.toJson()));
            }
            addAll(each.putArray("emittedBy"), type.emittedBy());
            addAll(each.putArray("subscribedBy"), type.subscribedBy());
        }
        ArrayNode functions = out.putArray("functions");
        for (DescribedFunction function : description.functions()) {
            ObjectNode each = functions.addObject();
            each.put("functionId", function.functionId());
            each.put("type", function.type());
            addAll(each.putArray("emits"), function.emits());
            addAll(each.putArray("calls"), function.calls());
            putAll(each.putObject("metadata"), function.metadata());
        }
        ArrayNode subscriptions = out.putArray("subscriptions");
        description.subscriptions().forEach(subscription -> subscriptions.add(of(subscription)));
        return IndentedJson.of(out);
    }

    private static ObjectNode of(Subscription subscription) {
        Filter filter = subscription.filter();
        if (filter == null || filter.isStorable()) {
            ObjectNode out = (ObjectNode) ExactJson.read(subscription.toJson());
            if (out.get("transform") instanceof ObjectNode transform) {
                hideHeaders(transform);
            }
            return out;
        }
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        out.put("id", subscription.id());
        out.put("mode", subscription.mode().name());
        out.put("eventType", subscription.eventType());
        out.put("functionId", subscription.functionId());
        out.put("enabled", subscription.enabled());
        out.put("filter", FilterText.of(filter));
        Transform transform = subscription.transform();
        if (transform != null) {
            ObjectNode shown = (ObjectNode) ExactJson.read(transform.toJson());
            hideHeaders(shown);
            out.set("transform", shown);
        }
        if (!subscription.metadata().isEmpty()) {
            putAll(out.putObject("metadata"), subscription.metadata());
        }
        return out;
    }

    private static void hideHeaders(ObjectNode transform) {
        if (transform.get("headers") instanceof ObjectNode headers) {
            for (Map.Entry<String, JsonNode> header : headers.properties()) {
                header.setValue(JsonNodeFactory.instance.stringNode(HIDDEN));
            }
        }
    }

    private static void addAll(ArrayNode array, Collection<String> texts) {
        texts.forEach(array::add);
    }

    private static void putAll(ObjectNode object, Map<String, String> labels) {
        new TreeMap<>(labels).forEach(object::put);
    }
}
