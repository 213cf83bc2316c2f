package io.eventgateway.internal.filter;

import io.eventgateway.Event;
import java.net.URI;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.IntNode;

/** The members of an event's structured JSON form (CloudEvents JSON event format, section 3), made one by one. */
public final class EventValues {
    static final String DATA_BASE64 = "data_base64";
    private static final Set<String> EXTENSION_UNLIKE = Set.of("data", DATA_BASE64);

    private EventValues() {}

    /** A member other than the data: a String, or a node of a number or a boolean; null when the event does not have it. */
    public static @Nullable Object attribute(Event event, String name) {
        return switch (name) {
            case "type" -> event.getType();
            case "source" -> event.getSource().toString();
            case "subject" -> event.getSubject();
            case "id" -> event.getId();
            case "specversion" -> "1.0";
            case "datacontenttype" -> event.getDataContentType();
            case "time" -> {
                OffsetDateTime time = event.getTime();
                yield time == null ? null : DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time);
            }
            case "dataschema" -> {
                URI schema = event.getDataSchema();
                yield schema == null ? null : schema.toString();
            }
            case DATA_BASE64 -> isBinary(event) ? Base64.getEncoder().encodeToString(event.dataAs(byte[].class)) : null;
            default -> EXTENSION_UNLIKE.contains(name) ? null : value(event.getExtension(name));
        };
    }

    private static @Nullable Object value(@Nullable Object extension) {
        if (extension instanceof Boolean bool) {
            return BooleanNode.valueOf(bool);
        }
        if (extension instanceof Integer number) {
            return IntNode.valueOf(number);
        }
        if (extension instanceof byte[] bytes) {
            return Base64.getEncoder().encodeToString(bytes);
        }
        if (extension instanceof OffsetDateTime time) {
            return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time);
        }
        return extension == null ? null : extension.toString();
    }

    /** Data that is text, as a JSON string; null for other data. */
    public static @Nullable String textData(Event event) {
        return isText(event) ? event.dataAs(String.class) : null;
    }

    private static boolean isText(Event event) {
        String type = event.getDataContentType();
        return event.getData() != null
                && type != null
                && type.toLowerCase(Locale.ROOT).startsWith("text/");
    }

    private static boolean isBinary(Event event) {
        return event.getData() instanceof JsonData data && !data.isJson() && !isText(event);
    }

    /** All of the data as a tree with exact numbers; null when it is neither JSON nor text, or there is none. */
    static @Nullable Object data(Event event) {
        JsonNode tree = event.getData() instanceof JsonData data ? data.tree() : null;
        return tree != null ? tree : textData(event);
    }
}
