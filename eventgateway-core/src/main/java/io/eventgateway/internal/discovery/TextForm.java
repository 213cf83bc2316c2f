package io.eventgateway.internal.discovery;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.regex.Pattern;

/** The formats of JSON Schema that texts are recognised to have, from the narrowest to the widest. */
enum TextForm {
    DATE_TIME("date-time", 35) {
        @Override
        boolean matches(String text) {
            try {
                OffsetDateTime.parse(text);
                return true;
            } catch (DateTimeException e) {
                return false;
            }
        }
    },
    DATE("date", 10) {
        @Override
        boolean matches(String text) {
            try {
                LocalDate.parse(text);
                return true;
            } catch (DateTimeException e) {
                return false;
            }
        }
    },
    UUID("uuid", 36) {
        @Override
        boolean matches(String text) {
            return UUIDS.matcher(text).matches();
        }
    },
    EMAIL("email", 254) {
        @Override
        boolean matches(String text) {
            return EMAILS.matcher(text).matches();
        }
    },
    URI("uri", 2_048) {
        @Override
        boolean matches(String text) {
            return URIS.matcher(text).matches();
        }
    };

    private static final Pattern UUIDS = Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");
    private static final Pattern EMAILS =
            Pattern.compile("[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(\\.[A-Za-z0-9-]{1,63}){1,5}");
    private static final Pattern URIS = Pattern.compile("[a-z][a-z0-9+.-]{0,20}://[\\x21-\\x7e&&[^<>\"{}|\\\\^`]]+");
    private static final int SHORTEST = 6;

    private final String format;
    private final int longest;

    TextForm(String format, int longest) {
        this.format = format;
        this.longest = longest;
    }

    abstract boolean matches(String text);

    boolean isOf(String text) {
        return text.length() >= SHORTEST && text.length() <= longest && matches(text);
    }

    /** The name in a schema. */
    String format() {
        return format;
    }
}
