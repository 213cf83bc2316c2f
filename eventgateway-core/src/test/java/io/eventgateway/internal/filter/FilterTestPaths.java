package io.eventgateway.internal.filter;

import io.eventgateway.Event;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Looks whether an event has a path, through arrays. */
final class FilterTestPaths {
    private FilterTestPaths() {}

    static boolean isThere(Event event, List<String> names) {
        if (!names.get(0).equals("data")) {
            return names.size() == 1 && EventValues.attribute(event, names.get(0)) != null;
        }
        return isThere((JsonNode) EventValues.data(event), names, 1);
    }

    private static boolean isThere(JsonNode node, List<String> names, int at) {
        if (node == null) {
            return false;
        }
        if (at == names.size()) {
            return true;
        }
        if (node.isArray()) {
            for (JsonNode element : node) {
                if (isThere(element, names, at)) {
                    return true;
                }
            }
        }
        return isThere(node.get(names.get(at)), names, at + 1);
    }
}
