package io.eventgateway.internal.describe;

import io.eventgateway.Filter;
import io.eventgateway.internal.json.ExactJson;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A filter in short, for a picture. */
final class FilterText {
    private static final int MAX_SHOWN = 60;

    private FilterText() {}

    static String of(Filter filter) {
        if (!filter.isStorable()) {
            return "code";
        }
        JsonNode form = ExactJson.read(filter.toJson());
        Map.Entry<String, JsonNode> only = form.properties().iterator().next();
        String text =
                switch (only.getKey()) {
                    case "cesql" -> only.getValue().asString();
                    case "pattern", "cloudEvents", "eventGrid" ->
                        only.getValue().toString();
                    default -> form.toString();
                };
        return cut(text, MAX_SHOWN);
    }

    /** The text, or its beginning and an ellipsis; never half of a surrogate pair. */
    static String cut(String text, int most) {
        if (text.codePointCount(0, text.length()) <= most) {
            return text;
        }
        return text.substring(0, text.offsetByCodePoints(0, most - 1)) + "…";
    }
}
