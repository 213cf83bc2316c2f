package io.eventgateway.internal.http;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rules of RFC 9110 for methods and header fields, so that no header can smuggle in another. */
public final class HttpFields {
    /** What frames a message or concerns one connection alone (RFC 9110, section 7.6.1; RFC 9112, section 6). */
    private static final Set<String> OF_THE_CONNECTION = Set.of(
            "connection",
            "content-length",
            "http2-settings",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authentication-info",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private HttpFields() {}

    /** Returns whether a field of the name is between two ends of one connection, and never a function's to say. */
    public static boolean isOfTheConnection(String name) {
        return OF_THE_CONNECTION.contains(name.toLowerCase(Locale.ROOT));
    }

    /**
     * The method in upper case.
     *
     * @throws IllegalArgumentException if it is not a token (RFC 9110, section 9.1)
     */
    public static String checkMethod(@Nullable String method) {
        if (method == null || !isToken(method)) {
            throw new IllegalArgumentException("method must be a token such as GET (RFC 9110, section 9.1), was "
                    + (method == null ? "null" : "'" + ShownText.of(method) + "'"));
        }
        return method.toUpperCase(Locale.ROOT);
    }

    /**
     * The name of a header.
     *
     * @throws IllegalArgumentException if it is not a token (RFC 9110, section 5.1)
     */
    public static String checkName(String name) {
        if (!isToken(name)) {
            throw new IllegalArgumentException(
                    "header name must be a token (RFC 9110, section 5.1), was '" + ShownText.of(name) + "'");
        }
        return name;
    }

    /**
     * The value of a header.
     *
     * @throws IllegalArgumentException if it has control characters (RFC 9110, section 5.5); it is not shown
     */
    public static String checkValue(String name, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f) {
                throw new IllegalArgumentException(
                        "value of header '" + name + "' must have no control characters, had one at position " + i);
            }
        }
        return value;
    }

    private static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letterOrDigit = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!letterOrDigit && "!#$%&'*+-.^_`|~".indexOf(c) < 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }
}
