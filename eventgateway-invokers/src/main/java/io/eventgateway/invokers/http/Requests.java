package io.eventgateway.invokers.http;

import io.eventgateway.Event;
import io.eventgateway.spi.Invocation;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import okhttp3.Credentials;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/** Makes requests of events, as CloudEvents' HTTP protocol binding 1.0 has it. */
final class Requests {
    private static final MediaType BATCH = MediaType.get("application/cloudevents-batch+json; charset=utf-8");
    private static final MediaType STRUCTURED = MediaType.get("application/cloudevents+json; charset=utf-8");

    private final HttpConfiguration configuration;
    private final HttpUrl target;
    private final Headers extra;

    Requests(HttpConfiguration configuration) {
        this.configuration = configuration;
        HttpUrl url = configuration.target();
        Headers.Builder headers = new Headers.Builder();
        if (!url.username().isEmpty() || !url.password().isEmpty()) {
            headers.set("Authorization", Credentials.basic(url.username(), url.password()));
        }
        configuration.extraHeaders().forEach(headers::set);
        this.target = url;
        this.extra = headers.build();
    }

    Request of(Invocation invocation) {
        Event event = invocation.event();
        byte[] payload = invocation.payload();
        Headers.Builder headers = new Headers.Builder();
        RequestBody body;
        if (invocation.isBatch()) {
            body = RequestBody.create(payload, BATCH);
        } else if (configuration.sentAs() == HttpConfiguration.Mode.structured) {
            body = RequestBody.create(event.toJson().toString().getBytes(StandardCharsets.UTF_8), STRUCTURED);
        } else {
            if (configuration.sentAs() == HttpConfiguration.Mode.binary) {
                addAttributes(event, headers);
            }
            String contentType = invocation.payloadContentType();
            body = RequestBody.create(payload, contentType == null ? null : MediaType.parse(contentType));
        }
        invocation.headers().forEach(headers::set);
        for (int i = 0; i < extra.size(); i++) {
            headers.set(extra.name(i), extra.value(i));
        }
        return new Request.Builder()
                .url(target)
                .headers(headers.build())
                .method(configuration.verb(), body)
                .build();
    }

    private static void addAttributes(Event event, Headers.Builder headers) {
        headers.add("ce-specversion", "1.0");
        add(headers, "id", event.getId());
        add(headers, "source", event.getSource().toString());
        add(headers, "type", event.getType());
        add(headers, "subject", event.getSubject());
        OffsetDateTime time = event.getTime();
        add(headers, "time", time == null ? null : DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time));
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
            return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time);
        }
        return value == null ? null : value.toString();
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
