package io.eventgateway.internal.http;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The rules of RFC 9110 for methods and header fields, so that no header can smuggle in another. */
public final class HttpFields {
    private HttpFields() {}

    /**
     * The method in upper case.
     *
     * @throws IllegalArgumentException if it is not a token (RFC 9110, section 9.1)
     */
    public static String checkMethod(@Nullable String method) {
        if (method == null || !isToken(method)) {
            throw new IllegalArgumentException("method must be a token such as GET (RFC 9110, section 9.1), was "
                    + (method == null ? "null" : "'" + method + "'"));
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
                    "header name must be a token (RFC 9110, section 5.1), was '" + name + "'");
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
