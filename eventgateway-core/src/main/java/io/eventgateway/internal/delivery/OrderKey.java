package io.eventgateway.internal.delivery;

import io.eventgateway.Event;
import io.eventgateway.error.DataConversionException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The key of an event that its deliveries are ordered by. */
final class OrderKey {
    private static final String DATA = "data";
    private static final int LONGEST = 100;

    private OrderKey() {}

    /** The value of the attribute, the extension or the member of the data; null when the event has none, or null there. */
    static @Nullable Object of(String path, Event event) {
        if (!path.equals(DATA) && isName(path)) {
            return attribute(path, event);
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
        return node.isMissingNode() || node.isNull() ? null : node;
    }

    /** The key as a store keeps it: as text, hashed where that is long; null for none. */
    static @Nullable String text(@Nullable Object key) {
        if (key == null) {
            return null;
        }
        String text = key.toString();
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
}
