package io.eventgateway.aws;

import io.eventgateway.Event;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The content of events as text with attributes beside it, for SQS and SNS. */
public final class EventAttributes {
    /** How many attributes a message may have. */
    private static final int MAX = 10;

    /** What XML 1.0 does not have (section 2.2), and these services do not take. */
    private static final Pattern ILLEGAL = Pattern.compile("[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\\uFFFE\\uFFFF]");

    private static final String CONTENT_TYPE = "content-type";

    private EventAttributes() {}

    /**
     * The attributes of an event that is sent as its data alone: {@code ce-} and the name for each, but {@code content-type} for the data's.
     *
     * @throws InvocationException not retryable, if it has more of them than a message may have
     */
    public static Map<String, String> of(Event event, String functionId) {
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("ce-specversion", "1.0");
        attributes.put("ce-id", event.getId());
        attributes.put("ce-source", event.getSource().toString());
        attributes.put("ce-type", event.getType());
        put(attributes, CONTENT_TYPE, event.getDataContentType());
        put(attributes, "ce-subject", event.getSubject());
        put(attributes, "ce-time", event.getTime());
        put(attributes, "ce-dataschema", event.getDataSchema());
        for (String extension : event.getExtensionNames()) {
            put(attributes, "ce-" + extension, event.getExtension(extension));
        }
        if (attributes.size() > MAX) {
            throw unsendable(
                    event,
                    functionId,
                    "it has " + attributes.size() + " attributes and extensions, a message takes " + MAX
                            + "; mode structured sends any number");
        }
        return attributes;
    }

    private static void put(Map<String, String> attributes, String name, @Nullable Object value) {
        String text = value instanceof byte[] bytes
                ? Base64.getEncoder().encodeToString(bytes)
                : value == null ? "" : value.toString();
        if (!text.isEmpty()) { // a message's attribute can't be empty
            attributes.put(name, text);
        }
    }

    /**
     * The text of a message.
     *
     * @param mode how the content was made: JSON of an event has nothing that can't be sent, or has it escaped
     * @throws InvocationException not retryable, if data is empty, is not text in UTF-8, or has characters that XML, and with it these
     *     services, does not have
     */
    public static String text(Event event, byte[] content, EventContent.Mode mode, String functionId) {
        if (mode == EventContent.Mode.structured) {
            return new String(content, StandardCharsets.UTF_8)
                    .replace("\uFFFE", "\\uFFFE")
                    .replace("\uFFFF", "\\uFFFF");
        }
        if (content.length == 0) {
            throw unsendable(
                    event, functionId, "it has no data, and a message can't be empty; mode structured sends it");
        }
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
        } catch (CharacterCodingException e) {
            throw unsendable(event, functionId, "its data is not text in UTF-8; mode structured sends it");
        }
        Matcher illegal = ILLEGAL.matcher(text);
        if (illegal.find()) {
            throw unsendable(
                    event,
                    functionId,
                    "its data has the character U+%04X, which a message can't have; mode structured sends it"
                            .formatted((int) illegal.group().charAt(0)));
        }
        return text;
    }

    private static InvocationException unsendable(Event event, String functionId, String why) {
        return new InvocationException(
                Kind.CALL_FAILED,
                false,
                "event '" + event.getId() + "' can't be sent to function '" + functionId + "': " + why);
    }
}
