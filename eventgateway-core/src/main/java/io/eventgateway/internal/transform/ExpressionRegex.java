package io.eventgateway.internal.transform;

import com.dashjoin.jsonata.Jsonata.Fn0;
import com.dashjoin.jsonata.Jsonata.JFunction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression of a JSONata expression, which is a function as in JSONata: of a text it gives the first match, with a
 * function for the next one. It reads the text under the time of the evaluation, as the library's own does not.
 */
final class ExpressionRegex extends JFunction {
    /** The product of the least repetitions in a regular expression, which Java repeats without reading the text. */
    private static final long MAX_REPETITIONS = 1_000_000;

    private static final Pattern REPETITION = Pattern.compile("\\{(\\d{1,10})(?:,\\d*)?\\}");

    private final Pattern pattern;

    ExpressionRegex(Pattern pattern) {
        super((input, arguments) -> null, "<s:o>");
        this.pattern = pattern;
    }

    /** Returns whether a regular expression repeats so much that its time can't be bounded. */
    static boolean repeatsTooMuch(String regex) {
        Matcher matcher = REPETITION.matcher(regex);
        double product = 1;
        while (matcher.find()) {
            product *= Math.max(1, Long.parseLong(matcher.group(1)));
        }
        return product > MAX_REPETITIONS;
    }

    /** The matches in a text. */
    Matches in(String text) {
        return new Matches(pattern.matcher(new TimedText(text, ExpressionBounds.current())));
    }

    @Override
    @SuppressWarnings("rawtypes") // the library's own type
    public @Nullable Object call(@Nullable Object input, List arguments) {
        return arguments.get(0) instanceof String text ? closure(in(text)) : null;
    }

    private static @Nullable Map<String, Object> closure(Matches matches) {
        MatchResult match = matches.next();
        if (match == null) {
            return null;
        }
        Map<String, Object> closure = new LinkedHashMap<>();
        closure.put("match", match.group());
        closure.put("start", match.start());
        closure.put("end", match.end());
        closure.put("groups", groups(match));
        closure.put("next", (Fn0<@Nullable Map<String, Object>>) () -> closure(matches));
        return closure;
    }

    /** What the groups of a match have found, which is null for one that has found nothing. */
    static List<@Nullable String> groups(MatchResult match) {
        List<@Nullable String> groups = new ArrayList<>();
        for (int i = 1; i <= match.groupCount(); i++) {
            groups.add(match.group(i));
        }
        return groups;
    }

    /** Finds one match after the other. */
    static final class Matches {
        private final Matcher matcher;

        private Matches(Matcher matcher) {
            this.matcher = matcher;
        }

        /** The next match, or null. */
        @Nullable MatchResult next() {
            try {
                return matcher.find() ? matcher.toMatchResult() : null;
            } catch (StackOverflowError e) { // Java's regular expressions recurse for each repetition of a group
                throw ExpressionBounds.current()
                        .exceed("its regular expression recurses too deep; repeat characters, not groups");
            }
        }
    }
}
