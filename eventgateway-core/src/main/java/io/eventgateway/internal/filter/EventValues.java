package io.eventgateway.internal.filter;

import io.cloudevents.CloudEventData;
import io.eventgateway.Event;
import io.eventgateway.error.DataConversionException;
import io.eventgateway.internal.http.MediaTypes;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
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
    /** What a decoder puts in the place of bytes that it can't read. */
    private static final char REPLACEMENT = '\uFFFD';

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
            case DATA_BASE64 -> binaryData(event);
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

    /** Data that is text, as a JSON string; null for other data, and for bytes that are not of the charset that they are said to be of. */
    public static @Nullable String textData(Event event) {
        if (!isOfTextType(event)) {
            return null;
        }
        try {
            String text = event.dataAs(String.class);
            return isWhole(event, text) ? text : null;
        } catch (DataConversionException e) {
            return null; // an object that is no text, by its content type
        }
    }

    private static boolean isOfTextType(Event event) {
        String type = event.getDataContentType();
        return event.getData() != null
                && type != null
                && type.toLowerCase(Locale.ROOT).startsWith("text/");
    }

    /** Returns whether nothing is lost by taking the bytes for text: whoever gets the text can make the bytes again. */
    private static boolean isWhole(Event event, String text) {
        Charset charset = MediaTypes.charset(event.getDataContentType());
        if (!charset.canEncode()) {
            return false;
        }
        if (text.indexOf(REPLACEMENT) < 0) {
            return true;
        }
        try {
            charset.newDecoder().decode(ByteBuffer.wrap(bytes(event)));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** The event's own array, which is only read. */
    private static byte[] bytes(Event event) {
        CloudEventData data = event.getData();
        return data == null ? new byte[0] : data.toBytes();
    }

    /** Data that is neither JSON nor text, as Base64; null for other data, and for an object that has no bytes. */
    private static @Nullable String binaryData(Event event) {
        if (!(event.getData() instanceof JsonData data) || data.isJson() || textData(event) != null) {
            return null;
        }
        try {
            return Base64.getEncoder().encodeToString(bytes(event));
        } catch (DataConversionException e) {
            return null;
        }
    }

    /** Why the event's data has no members and is no text, where it should; null when it is what it should be. */
    static @Nullable String dataProblem(Event event) {
        if (!(event.getData() instanceof JsonData data)) {
            return null;
        }
        if (data.isJson() || !isOfTextType(event) || textData(event) != null) {
            return data.problem();
        }
        try {
            int length = bytes(event).length;
            return "the data's " + length + " bytes are not in the charset of '" + event.getDataContentType() + "'";
        } catch (DataConversionException e) {
            return e.getMessage();
        }
    }

    /** All of the data as a tree with exact numbers; null when it is neither JSON nor text, or there is none. */
    static @Nullable Object data(Event event) {
        JsonNode tree = event.getData() instanceof JsonData data ? data.tree() : null;
        return tree != null ? tree : textData(event);
    }
}
