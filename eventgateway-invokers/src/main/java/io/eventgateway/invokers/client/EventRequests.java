package io.eventgateway.invokers.client;

import io.eventgateway.Event;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import io.eventgateway.spi.Invocation;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/** Makes requests of events, as CloudEvents' HTTP protocol binding 1.0 has it. */
@SuppressWarnings("exports") // the modules that use it require OkHttp, too
public final class EventRequests {
    private static final String CONTENT_TYPE = "Content-Type";
    private static final String USER_AGENT = "User-Agent";
    private static final String BATCH = "application/cloudevents-batch+json; charset=utf-8";
    private static final String STRUCTURED = "application/cloudevents+json; charset=utf-8";
    /** What a receiver takes a structured event or a batch by (section 3, "content modes"). */
    private static final String CLOUD_EVENTS = "application/cloudevents";

    /** How an event is sent (section 3). */
    public enum Mode {
        /** The data as the body, the attributes as {@code ce-} headers. */
        binary,
        /** The whole event as {@code application/cloudevents+json}. */
        structured,
        /** The data as the body and nothing else. */
        data
    }

    private EventRequests() {}

    /**
     * A request with the events of an invocation. A batch is sent as one, whatever the mode.
     *
     * <p>The configured headers win over those of the subscription's transform, and these over those of the mode. Data whose content type
     * is that of a CloudEvent would be taken for the event itself: in binary mode such an event is sent as a structured one, and in data mode
     * it is refused, unless the configured headers say its content type.
     *
     * @param configured of the function
     * @throws InvocationException {@code CALL_FAILED}, not retryable, if the event can't be sent: its content type is no media type,
     *     or its data can't be written
     */
    public static Request of(Invocation invocation, HttpUrl url, String method, Mode mode, Headers configured) {
        Headers.Builder headers = new Headers.Builder();
        byte[] body;
        if (invocation.isBatch()) {
            body = invocation.payload();
            headers.set(CONTENT_TYPE, BATCH);
        } else {
            boolean isSaid = configured.get(CONTENT_TYPE) != null;
            Mode used = isSaid ? mode : checked(invocation, mode);
            body = used == Mode.structured ? structured(invocation, headers) : data(invocation, used, isSaid, headers);
        }
        headers.set(USER_AGENT, OwnVersion.USER_AGENT);
        boolean isEvent = invocation.isBatch() || STRUCTURED.equals(headers.get(CONTENT_TYPE));
        invocation.headers().forEach((name, value) -> {
            if (!isEvent || !name.equalsIgnoreCase(CONTENT_TYPE)) {
                headers.set(name, value);
            }
        });
        for (int i = 0; i < configured.size(); i++) {
            headers.set(configured.name(i), configured.value(i));
        }
        return new Request.Builder()
                .url(url)
                .headers(headers.build())
                .method(method, new BytesBody(body))
                .build();
    }

    /** The mode in which data is not taken for an event. */
    private static Mode checked(Invocation invocation, Mode mode) {
        if (mode == Mode.structured || !isOfCloudEvents(contentType(invocation))) {
            return mode;
        }
        if (mode == Mode.binary) {
            return Mode.structured;
        }
        throw unsendable(
                invocation.event(),
                invocation,
                "its data is of the type of a CloudEvent, so that the function would take the data for the event;"
                        + " send it in structured mode, or say another Content-Type in 'headers'");
    }

    private static boolean isOfCloudEvents(@Nullable String contentType) {
        return contentType != null
                && contentType.strip().toLowerCase(Locale.ROOT).startsWith(CLOUD_EVENTS);
    }

    /** The content type of the body, unless configured headers say another. */
    private static @Nullable String contentType(Invocation invocation) {
        for (var header : invocation.headers().entrySet()) {
            if (header.getKey().equalsIgnoreCase(CONTENT_TYPE)) {
                return header.getValue();
            }
        }
        return invocation.payloadContentType();
    }

    private static byte[] structured(Invocation invocation, Headers.Builder headers) {
        headers.set(CONTENT_TYPE, STRUCTURED);
        return invocation.event().toJson().toString().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] data(Invocation invocation, Mode mode, boolean isTypeSaid, Headers.Builder headers) {
        Event event = invocation.event();
        if (mode == Mode.binary) {
            addAttributes(event, headers);
        }
        String contentType = contentType(invocation);
        if (contentType != null && !isTypeSaid) {
            if (MediaType.parse(contentType) == null) {
                throw unsendable(
                        event,
                        invocation,
                        "its content type must be a media type such as application/json, was '" + contentType + "'");
            }
            headers.set(CONTENT_TYPE, contentType);
        }
        return invocation.payload();
    }

    private static void addAttributes(Event event, Headers.Builder headers) {
        headers.add("ce-specversion", "1.0");
        add(headers, "id", event.getId());
        add(headers, "source", event.getSource().toString());
        add(headers, "type", event.getType());
        add(headers, "subject", event.getSubject());
        add(headers, "time", text(event.getTime()));
        URI schema = event.getDataSchema();
        add(headers, "dataschema", schema == null ? null : schema.toString());
        for (String name : event.getExtensionNames()) {
            add(headers, name, text(event.getExtension(name)));
        }
    }

    private static @Nullable String text(@Nullable Object value) {
        if (value instanceof byte[] bytes) {
            return Base64.getEncoder().encodeToString(bytes);
        }
        if (value instanceof OffsetDateTime time) {
            return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
                    time); // an event has no time that RFC 3339 can't write
        }
        return value == null ? null : value.toString();
    }

    private static InvocationException unsendable(Event event, Invocation invocation, String reason) {
        return new InvocationException(
                Kind.CALL_FAILED,
                false,
                "event '" + event.getId() + "' can't be sent to function '" + invocation.functionId() + "': " + reason);
    }

    private static void add(Headers.Builder headers, String attribute, @Nullable String value) {
        if (value != null) {
            headers.add("ce-" + attribute, encoded(value));
        }
    }

    /** Section 3.1.3.2: what is not printable ASCII, and space, quote and percent sign, is percent-encoded UTF-8. */
    static String encoded(String value) {
        StringBuilder encoded = null;
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            int b = bytes[i] & 0xff;
            boolean plain = b > 0x20 && b < 0x7f && b != '"' && b != '%';
            if (!plain && encoded == null) {
                encoded = new StringBuilder(value.substring(0, i)); // all before was ASCII
            }
            if (encoded != null) {
                if (plain) {
                    encoded.append((char) b);
                } else {
                    encoded.append('%').append(hex(b >> 4)).append(hex(b & 0xf));
                }
            }
        }
        return encoded == null ? value : encoded.toString();
    }

    private static char hex(int digit) {
        return Character.toUpperCase(Character.forDigit(digit, 16));
    }
}
