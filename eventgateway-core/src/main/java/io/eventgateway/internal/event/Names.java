package io.eventgateway.internal.event;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The rule for the names that users give: function ids, subscription ids and spaces. */
public final class Names {
    private static final int MAX_LENGTH = 256;

    private Names() {}

    /** Returns the name, or throws what {@code refusal} makes of the message. */
    public static String check(
            String what, @Nullable String name, Function<String, ? extends RuntimeException> refusal) {
        if (name == null) {
            throw refusal.apply(what + " must not be null");
        }
        if (name.isEmpty() || name.length() > MAX_LENGTH || !allAllowed(name)) {
            throw refusal.apply(what + " must be 1 to " + MAX_LENGTH + " characters of a-z A-Z 0-9 . - _, was '"
                    + (name.length() > MAX_LENGTH
                            ? name.substring(0, 60) + "...' (" + name.length() + " characters)"
                            : name + "'"));
        }
        return name;
    }

    private static boolean allAllowed(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean allowed = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '.'
                    || c == '-'
                    || c == '_';
            if (!allowed) {
                return false;
            }
        }
        return true;
    }
}
