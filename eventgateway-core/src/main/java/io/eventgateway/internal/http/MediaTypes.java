package io.eventgateway.internal.http;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads content types (RFC 9110, section 8.3) for how bytes are to be read. */
public final class MediaTypes {
    private static final String CHARSET = "charset=";

    private MediaTypes() {}

    /**
     * Returns whether a media type is JSON: {@code application/json}, {@code text/json}, or a subtype that ends in
     * {@code +json}.
     */
    public static boolean isJson(@Nullable String contentType) {
        String type = essence(contentType);
        return type.equals("application/json") || type.equals("text/json") || type.endsWith("+json");
    }

    /** Returns whether a media type is text to read: {@code text/*}, a form, or XML. */
    public static boolean isText(@Nullable String contentType) {
        String type = essence(contentType);
        return type.startsWith("text/")
                || type.equals("application/x-www-form-urlencoded")
                || type.equals("application/xml")
                || type.endsWith("+xml");
    }

    /** The charset that a media type names; UTF-8 when it names none, or a charset that this JVM does not know. */
    public static Charset charset(@Nullable String contentType) {
        int at = contentType == null ? -1 : contentType.toLowerCase(Locale.ROOT).indexOf(CHARSET);
        if (contentType == null || at < 0) {
            return StandardCharsets.UTF_8;
        }
        String rest = contentType.substring(at + CHARSET.length());
        int end = rest.indexOf(';');
        String name = (end < 0 ? rest : rest.substring(0, end)).trim().replace("\"", "");
        try {
            return Charset.forName(name);
        } catch (IllegalArgumentException e) {
            return StandardCharsets.UTF_8;
        }
    }

    /** The type and subtype in lower case, without parameters; empty when there is none. */
    public static String essence(@Nullable String contentType) {
        if (contentType == null) {
            return "";
        }
        int end = contentType.indexOf(';');
        return (end < 0 ? contentType : contentType.substring(0, end)).trim().toLowerCase(Locale.ROOT);
    }
}
