package io.eventgateway.internal.delivery;

import io.eventgateway.Event;
import io.eventgateway.error.DataConversionException;
import io.eventgateway.internal.event.StructuredJson;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The key of an event that its deliveries are ordered by, as a text: one for each value, however the value is written and whichever
 * store keeps it.
 *
 * <p>An attribute or an extension is its canonical string, because an event that came over HTTP has nothing else: the integer 7 and
 * the string 7 are one key. Data is JSON, where a string is in quotes and is no number. Numbers are their exact value: 7, 7.0 and
 * 70e-1 are one key. An event keeps its key when it is written as JSON and read again, as a store does.
 */
public final class OrderKey {
    private static final String DATA = "data";
    private static final int LONGEST = 100;
    /** Whole numbers of up to so many digits are written without an exponent. */
    private static final int PLAIN_DIGITS = 30;

    private OrderKey() {}

    /** The value of the attribute, the extension or the member of the data; null when the event has none, or null there. */
    static @Nullable Object of(String path, Event event) {
        if (!path.equals(DATA) && isName(path)) {
            Object value = attribute(path, event);
            return value == null ? null : text(StructuredJson.canonical(value));
        }
        JsonNode node;
        try {
            node = event.dataAsJson();
        } catch (DataConversionException e) {
            return null; // data that is not JSON has no members
        }
        for (String step : path.substring(DATA.length()).split("[.\\[]", -1)) {
            if (step.endsWith("]")) {
                node = node.path(Integer.parseInt(step.substring(0, step.length() - 1)));
            } else if (!step.isEmpty()) {
                node = node.path(step);
            }
        }
        return node.isMissingNode() || node.isNull() ? null : text(canonical(node));
    }

    /** The key as a store keeps it; null for none. */
    public static @Nullable String text(@Nullable Object key) {
        return key == null ? null : text(key.toString());
    }

    /** A long text is hashed, so that a key takes little wherever it is kept. */
    private static String text(String text) {
        if (text.length() <= LONGEST) {
            return text;
        }
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    private static boolean isName(String path) {
        return path.indexOf('.') < 0 && path.indexOf('[') < 0;
    }

    private static @Nullable Object attribute(String name, Event event) {
        return switch (name) {
            case "id", "source", "type", "subject", "time", "datacontenttype", "dataschema" -> event.getAttribute(name);
            default -> event.getExtension(name);
        };
    }

    private static String canonical(JsonNode node) {
        if (node.isNumber()) {
            return number(node);
        }
        if (node.isObject()) {
            Map<String, String> members = new TreeMap<>();
            for (Map.Entry<String, JsonNode> member : node.properties()) {
                members.put('"' + member.getKey() + '"', canonical(member.getValue()));
            }
            return members.toString();
        }
        if (node.isArray()) {
            List<String> elements = new ArrayList<>(node.size());
            for (JsonNode element : node) {
                elements.add(canonical(element));
            }
            return elements.toString();
        }
        return node.toString(); // a string in its quotes, true, false, null
    }

    private static String number(JsonNode node) {
        if (node.isInt() || node.isLong() || node.isShort()) {
            return Long.toString(node.longValue());
        }
        if ((node.isDouble() || node.isFloat()) && !Double.isFinite(node.doubleValue())) {
            return '"' + node.asString() + '"'; // no JSON number: it is written as a string
        }
        BigDecimal exact = decimal(node).stripTrailingZeros();
        boolean isShortAndWhole = exact.scale() <= 0 && (long) exact.precision() - exact.scale() <= PLAIN_DIGITS;
        return isShortAndWhole ? exact.toPlainString() : exact.toString();
    }

    /** What a binary floating point number is written as, and else the number itself. */
    private static BigDecimal decimal(JsonNode number) {
        if (number.isFloat()) {
            return new BigDecimal(Float.toString(number.floatValue()));
        }
        if (number.isDouble()) {
            return BigDecimal.valueOf(number.doubleValue());
        }
        return number.isBigInteger() ? new BigDecimal(number.bigIntegerValue()) : number.decimalValue();
    }
}
