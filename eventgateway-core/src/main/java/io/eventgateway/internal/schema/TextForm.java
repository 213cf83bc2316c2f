package io.eventgateway.internal.schema;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression of a schema, as far as it is understood whichever engine a validator has: literals, simple classes, groups and
 * quantifiers. Where engines differ, such as at a line break before {@code $}, this takes what either takes. Immutable.
 */
final class TextForm {
    private static final int LONGEST_PATTERN = 200;
    private static final int LONGEST_TEXT = 100;
    /** More open-ended repetitions could take long for a text that does not match. */
    private static final int MOST_REPETITIONS = 3;

    private static final Pattern CLASS = Pattern.compile("\\[\\^?(?:[A-Za-z0-9_ .,:/@#%=~!<>;-]|\\\\[.\\-/dw])+]");
    private static final Pattern UNIT = Pattern.compile("(?:" + CLASS.pattern()
            + "|\\\\[.\\-/+*?()\\[\\]{}^$|dw]|[A-Za-z0-9_ ,:/@#%=~!<>;.-])(?:[*+?]|\\{\\d{1,2}(?:,\\d{0,2})?})?");
    private static final Pattern UNDERSTOOD = Pattern.compile("\\^?(?:" + UNIT.pattern() + ")*+\\$?");
    private static final Pattern CHOICE =
            Pattern.compile("\\^\\((?:\\?:)?[A-Za-z0-9_ -]+(?:\\|[A-Za-z0-9_ -]+)*\\)\\$");

    private final String written;
    private final Pattern compiled;

    private TextForm(String written, Pattern compiled) {
        this.written = written;
        this.compiled = compiled;
    }

    /** The form; null where it is not understood. */
    static @Nullable TextForm of(String written) {
        if (written.length() > LONGEST_PATTERN) {
            return null;
        }
        boolean understood = CHOICE.matcher(written).matches()
                || (UNDERSTOOD.matcher(written).matches() && repetitions(written) <= MOST_REPETITIONS);
        try {
            return understood ? new TextForm(written, Pattern.compile(written, Pattern.DOTALL)) : null;
        } catch (RuntimeException e) {
            return null; // such as a range of characters the wrong way round
        }
    }

    private static long repetitions(String written) {
        return written.chars().filter(c -> "*+?{".indexOf(c) >= 0).count();
    }

    /** Returns whether a text may have the form. */
    boolean mayMatch(String text) {
        boolean isHard = text.length() > LONGEST_TEXT || text.chars().anyMatch(c -> Character.isSurrogate((char) c));
        return isHard || compiled.matcher(text).find();
    }

    /** Returns whether a text has the form, whichever engine tells. */
    boolean surelyMatches(String text) {
        boolean isPlain = text.length() <= LONGEST_TEXT && text.chars().allMatch(c -> c >= ' ' && c < 0x7f);
        return isPlain && compiled.matcher(text).find();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TextForm that && written.equals(that.written);
    }

    @Override
    public int hashCode() {
        return written.hashCode();
    }

    @Override
    public String toString() {
        return written;
    }
}
