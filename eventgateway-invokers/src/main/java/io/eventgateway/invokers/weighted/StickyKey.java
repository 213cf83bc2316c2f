package io.eventgateway.invokers.weighted;

import io.eventgateway.Event;
import io.eventgateway.error.DataConversionException;
import java.math.BigDecimal;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NumericNode;

/** Finds the key of an event: an attribute, an extension, or a member of its JSON data. */
final class StickyKey {
    private static final String DATA = "data.";
    private static final Pattern EXTENSION = Pattern.compile("[a-z0-9]+");
    /** Attributes and members of an event that are no key, though their names are those of an extension. */
    private static final Set<String> NO_KEYS = Set.of("data", "specversion");
    /** The most digits that a whole number is written out with; JSON that is read has no longer number without an exponent. */
    private static final int MAX_DIGITS = 1_000;

    private final String path;

    /** A key such as {@code subject} or {@code data.user.id}; a leading {@code $.} makes no difference. */
    StickyKey(String path) {
        this.path = withoutRoot(path);
    }

    private static String withoutRoot(String path) {
        return path.startsWith("$.") ? path.substring(2) : path;
    }

    /** Returns whether an event can have such a key. */
    static boolean isPossible(String path) {
        String key = withoutRoot(path);
        return key.startsWith(DATA)
                ? !key.endsWith(".") && !key.contains("..")
                : EXTENSION.matcher(key).matches() && !NO_KEYS.contains(key);
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
            return node.isMissingNode() || node.isNull() ? null : node.isString() ? node.stringValue() : written(node);
        } catch (DataConversionException e) {
            return null; // data that is not JSON has no members
        }
    }

    /** A value as text. Equal numbers have the same text, however they are written in the data, such as 1 and 1.0. */
    private static String written(JsonNode node) {
        if (!node.isFloatingPointNumber() || (node instanceof NumericNode read && read.isNaN())) {
            return node.toString();
        }
        BigDecimal number = node.decimalValue().stripTrailingZeros();
        return (long) number.precision() - number.scale() <= MAX_DIGITS && number.scale() <= 0
                ? number.toPlainString()
                : number.toString();
    }
}
