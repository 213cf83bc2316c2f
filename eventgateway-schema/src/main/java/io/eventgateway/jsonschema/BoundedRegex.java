package io.eventgateway.jsonschema;

import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.regex.RegularExpressions;
import io.eventgateway.error.InvalidEventTypeException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression of a schema. It reads a text under the {@link Effort} of the validation, because Java's regular expressions can go
 * back and forth without end. Immutable.
 */
final class BoundedRegex implements RegularExpression {
    private static final int LONGEST = 10_000;
    /** The product of the least repetitions in a regular expression, which Java repeats without reading the text. */
    private static final long MOST_REPETITIONS = 1_000_000;

    private static final Pattern REPETITION = Pattern.compile("\\{(\\d{1,10})(?:,\\d*)?\\}");

    private final Pattern pattern;

    /**
     * Compiles a regular expression.
     *
     * @throws InvalidEventTypeException if it is none that Java knows, or its time can't be bounded
     */
    BoundedRegex(String regex) {
        if (regex.length() > LONGEST) {
            throw new InvalidEventTypeException("a regular expression of a schema must have at most " + LONGEST
                    + " characters, had " + regex.length());
        }
        if (repeatsTooMuch(regex)) {
            throw new InvalidEventTypeException(
                    "the regular expression '" + Cut.to(regex, Cut.SHORT) + "' must repeat at most " + MOST_REPETITIONS
                            + " times, with repetitions in repetitions multiplied");
        }
        try {
            pattern = Pattern.compile(RegularExpressions.replaceLongformCharacterProperties(
                    RegularExpressions.replaceDollarAnchors(regex)));
        } catch (PatternSyntaxException e) {
            throw new InvalidEventTypeException(
                    "the regular expression '" + Cut.to(regex, Cut.SHORT) + "' must be one that java.util.regex knows: "
                            + e.getDescription(),
                    e);
        } catch (StackOverflowError e) {
            throw new InvalidEventTypeException(
                    "the regular expression '" + Cut.to(regex, Cut.SHORT) + "' is nested too deep", e);
        }
    }

    private static boolean repeatsTooMuch(String regex) {
        Matcher matcher = REPETITION.matcher(regex);
        double product = 1;
        while (matcher.find()) {
            product *= Math.max(1, Long.parseLong(matcher.group(1)));
        }
        return product > MOST_REPETITIONS;
    }

    @Override
    public boolean matches(String value) {
        try {
            return pattern.matcher(new CountedText(value, Effort.current())).find();
        } catch (StackOverflowError e) { // Java's regular expressions recurse for each repetition of a group
            throw new EffortExceeded("a regular expression recursed too deep");
        }
    }

    /** A text that counts how often it is read. */
    private record CountedText(CharSequence text, Effort effort) implements CharSequence {
        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            effort.read();
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
