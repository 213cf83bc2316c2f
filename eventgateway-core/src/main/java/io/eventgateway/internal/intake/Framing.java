package io.eventgateway.internal.intake;

import io.eventgateway.http.HttpResponse;
import io.eventgateway.internal.http.HttpFields;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes of what a function answers what a server may send: without the fields that frame a message or concern one connection
 * alone (RFC 9110, section 7.6.1), without those that {@code Connection} names, and without a body where HTTP has none. So no
 * function can smuggle in a second response, whatever the server does with what it is given.
 */
final class Framing {
    private static final Set<Integer> WITHOUT_BODY =
            Set.of(204, 205, 304); // RFC 9110, sections 15.3.5, 15.3.6 and 15.4.5
    private static final int LAST_OF_A_BYTE = 0xff;

    private Framing() {}

    /** The response as a server gets it; the response itself when nothing is to be left out. */
    static HttpResponse of(HttpResponse response, boolean withoutBody) {
        HttpResponse framed = isClean(response.allHeaders()) ? response : cleaned(response);
        return withoutBody || WITHOUT_BODY.contains(framed.statusCode()) ? framed.withoutBody() : framed;
    }

    private static boolean isClean(Map<String, List<String>> headers) {
        for (Map.Entry<String, List<String>> header : headers.entrySet()) {
            if (HttpFields.isOfTheConnection(header.getKey())
                    || !header.getValue().stream().allMatch(Framing::isOfBytes)) {
                return false;
            }
        }
        return true;
    }

    private static HttpResponse cleaned(HttpResponse response) {
        Set<String> named = response.allHeaders().getOrDefault("Connection", List.of()).stream()
                .flatMap(value -> Stream.of(value.split(",", -1)))
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
        HttpResponse.Builder clean = HttpResponse.builder(response.statusCode()).body(response.body());
        response.allHeaders().forEach((name, values) -> {
            if (!HttpFields.isOfTheConnection(name) && !named.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> clean.header(name, asBytes(value)));
            }
        });
        return clean.build();
    }

    private static boolean isOfBytes(String value) {
        return value.chars().allMatch(c -> c <= LAST_OF_A_BYTE);
    }

    /**
     * The value as its bytes in UTF-8, a character each, when it has characters that are no byte: many servers would cut those to
     * their low byte, which for U+010A is a line feed.
     */
    private static String asBytes(String value) {
        return isOfBytes(value)
                ? value
                : new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
