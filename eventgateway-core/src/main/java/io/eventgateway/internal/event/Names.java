package io.eventgateway.internal.event;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The rules for the names that users give: function ids, spaces, and the ids of subscriptions, which may be made from types and paths. */
public final class Names {
    /** How long a name may be. */
    public static final int MAX_LENGTH = 256;

    private static final String ALSO_IN_IDS = ">/:*~@+%=, ";

    private Names() {}

    /** Returns the name, or throws what {@code refusal} makes of the message. */
    public static String check(
            String what, @Nullable String name, Function<String, ? extends RuntimeException> refusal) {
        if (name == null) {
            throw refusal.apply(what + " must not be null");
        }
        if (name.isEmpty() || name.length() > MAX_LENGTH || !allAllowed(name, "")) {
            throw refusal.apply(
                    what + " must be 1 to " + MAX_LENGTH + " characters of a-z A-Z 0-9 . - _, was " + shown(name));
        }
        return name;
    }

    /** Returns the id of a subscription, or throws what {@code refusal} makes of the message. Such an id is printable ASCII. */
    public static String checkId(
            String what, @Nullable String id, Function<String, ? extends RuntimeException> refusal) {
        if (id == null) {
            throw refusal.apply(what + " must not be null");
        }
        if (id.isEmpty() || id.length() > MAX_LENGTH || !allAllowed(id, ALSO_IN_IDS)) {
            throw refusal.apply(what + " must be 1 to " + MAX_LENGTH
                    + " characters of a-z A-Z 0-9 . - _ > / : * ~ @ + % = , and spaces, was " + shown(id));
        }
        if (id.startsWith(" ") || id.endsWith(" ")) {
            throw refusal.apply(what + " must not begin or end with a space, was '" + id + "'");
        }
        return id;
    }

    /** The text with every character that ids do not have made an underscore. */
    public static String asId(String text) {
        StringBuilder id = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            id.append(isAllowed(c, ALSO_IN_IDS) ? c : '_');
        }
        return id.toString();
    }

    private static String shown(String name) {
        return name.length() > MAX_LENGTH
                ? "'" + name.substring(0, 60) + "...' (" + name.length() + " characters)"
                : "'" + name + "'";
    }

    private static boolean allAllowed(String name, String also) {
        for (int i = 0; i < name.length(); i++) {
            if (!isAllowed(name.charAt(i), also)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAllowed(char c, String also) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '.'
                || c == '-'
                || c == '_'
                || also.indexOf(c) >= 0;
    }
}
