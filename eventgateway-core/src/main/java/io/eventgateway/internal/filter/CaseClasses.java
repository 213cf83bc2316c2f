package io.eventgateway.internal.filter;

import io.eventgateway.internal.json.LetterCase;
import java.util.HashMap;
import java.util.Map;

/**
 * Which characters are the same without their case, as {@link String#equalsIgnoreCase} has it, and which of those CESQL's functions
 * make the same: {@code UPPER(LOWER(x))} is that of another for most, but not for a dotted {@code İ} and an {@code i}.
 */
final class CaseClasses {
    /** The characters of each class of two and more, by the character that names the class. */
    private static final Map<Character, String> CLASSES = classes();

    private static final Map<Character, Boolean> REGULAR = regular();

    private CaseClasses() {}

    private static Map<Character, String> classes() {
        Map<Character, String> classes = new HashMap<>();
        for (int c = 0; c <= Character.MAX_VALUE; c++) {
            classes.merge(folded((char) c), String.valueOf((char) c), String::concat);
        }
        classes.values().removeIf(each -> each.length() == 1);
        return classes;
    }

    /** Returns whether the functions make one letter of each class, and of it alone. */
    private static Map<Character, Boolean> regular() {
        Map<String, Character> owners = new HashMap<>();
        Map<Character, Boolean> regular = new HashMap<>();
        for (int c = 0; c <= Character.MAX_VALUE; c++) {
            char name = folded((char) c);
            String upper = upper(String.valueOf((char) c));
            Character owner = upper.length() == 1 ? owners.putIfAbsent(upper, name) : null;
            if (owner != null && owner != name) {
                regular.put(owner, false);
                regular.put(name, false);
            }
            if (!upper.equals(upper(String.valueOf(name)))) {
                regular.put(name, false);
            }
        }
        return regular;
    }

    private static char folded(char c) {
        return Letters.folded(String.valueOf(c)).charAt(0);
    }

    /** What CESQL's {@code UPPER(LOWER(x))} is. */
    static String upper(String text) {
        return LetterCase.upper(LetterCase.lower(text));
    }

    /** All characters that are the same as one without their case. */
    static String of(char c) {
        return CLASSES.getOrDefault(folded(c), String.valueOf(c));
    }

    /** Returns whether {@code UPPER(LOWER(x))} tells a character's class from all others. */
    static boolean isRegular(char c) {
        return !upper(String.valueOf(c)).isEmpty()
                && upper(String.valueOf(c)).length() == 1
                && REGULAR.getOrDefault(folded(c), true);
    }

    /**
     * Returns whether the letters that {@code LOWER} makes those of a text are just those that are the same without case. For ASCII that
     * is so, but for {@code ſ}, {@code ı} and {@code İ}, which are an s or an i without case.
     */
    static boolean isFoldedByLower(String text) {
        return isAscii(text) && text.chars().noneMatch(c -> "sSiI".indexOf(c) >= 0);
    }

    static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 128);
    }

    /** Returns whether a text is the same as no other without case. */
    static boolean isCaseless(String text) {
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            if (Character.isSupplementaryCodePoint(c)
                    ? Character.isLetter(c)
                    : of((char) c).length() > 1) {
                return false;
            }
            i += Character.charCount(c);
        }
        return true;
    }
}
