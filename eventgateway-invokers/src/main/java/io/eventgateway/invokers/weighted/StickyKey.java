package io.eventgateway.invokers.weighted;

import io.eventgateway.Event;
import io.eventgateway.error.DataConversionException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Finds the key of an event: an attribute, an extension, or a member of its JSON data. */
final class StickyKey {
    private static final String DATA = "data.";

    private final String path;

    /** A key such as {@code subject} or {@code data.user.id}; a leading {@code $.} makes no difference. */
    StickyKey(String path) {
        this.path = path.startsWith("$.") ? path.substring(2) : path;
    }

    /** The key; null when the event has none. */
    @Nullable String of(Event event) {
        if (path.startsWith(DATA)) {
            return inData(event);
        }
        Object value =
                switch (path) {
                    case "id", "source", "type", "subject", "time", "datacontenttype", "dataschema" ->
                        event.getAttribute(path);
                    default -> event.getExtension(path);
                };
        return value == null ? null : value.toString();
    }

    private @Nullable String inData(Event event) {
        try {
            JsonNode node = event.dataAsJson();
            for (String step : path.substring(DATA.length()).split("\\.", -1)) {
                node = node.isArray() && step.matches("\\d{1,9}") ? node.path(Integer.parseInt(step)) : node.path(step);
            }
            return node.isMissingNode() || node.isNull()
                    ? null
                    : node.isString() ? node.stringValue() : node.toString();
        } catch (DataConversionException e) {
            return null; // data that is not JSON has no members
        }
    }
}
