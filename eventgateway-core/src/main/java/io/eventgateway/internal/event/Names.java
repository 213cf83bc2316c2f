package io.eventgateway.internal.event;

import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The rule for the names that users give: function ids, subscription ids and spaces. */
public final class Names {
    private static final int MAX_LENGTH = 256;
    /** How many known names are compared with an unknown one, which may come from a client. */
    private static final int MOST_COMPARED = 1_000;

    private static final int MOST_NAMED = 3;

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

    /**
     * The end of a message about a name that is not known: the known ones that are spelt most like it, or how many there are.
     *
     * @param known in the order in which to name them
     */
    public static String near(String name, Collection<String> known) {
        List<String> near = known.stream()
                .limit(MOST_COMPARED)
                .filter(each -> isNear(name, each))
                .sorted()
                .limit(MOST_NAMED)
                .toList();
        if (near.isEmpty()) {
            return "";
        }
        return "; did you mean " + near.stream().map(each -> "'" + each + "'").collect(Collectors.joining(" or "))
                + "?";
    }

    private static boolean isNear(String a, String b) {
        int most = Math.max(1, Math.min(3, a.length() / 3));
        return a.equalsIgnoreCase(b)
                || (Math.abs(a.length() - b.length()) <= most && a.length() <= MAX_LENGTH && distance(a, b) <= most);
    }

    /** How many characters have to be put in, taken out, replaced or swapped with the next one (optimal string alignment). */
    private static int distance(String a, String b) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] now = new int[b.length() + 1];
            now[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                now[j] = Math.min(replaced, Math.min(last[j], now[j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    now[j] = Math.min(now[j], beforeLast[j - 2] + 1);
                }
            }
            beforeLast = last;
            last = now;
        }
        return last[b.length()];
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
