package io.eventgateway.internal.transform;

import com.dashjoin.jsonata.Functions;
import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Utils;
import io.eventgateway.internal.transform.ExpressionFunction.Arguments;
import io.eventgateway.internal.transform.ExpressionRegex.Matches;
import io.eventgateway.internal.transform.TextFunctions.BoundedText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import org.jspecify.annotations.Nullable;

/** JSONata's functions that seek a text or a regular expression in a text, as its documentation describes them. */
final class RegexFunctions {
    /** About what an object of {@code $match} takes beside its text. */
    private static final int SIZE_OF_MATCH = 64;

    private static final int MATCHES_A_POLL = 1_024;

    private RegexFunctions() {}

    static @Nullable Object contains(Arguments arguments) {
        String text = arguments.text(0);
        Object sought = arguments.get(1);
        if (text == null || sought == null) {
            return null;
        }
        if (sought instanceof String part) {
            return TextFunctions.indexOf(text, part, 0, arguments.bounds()) >= 0;
        }
        return regex(arguments).in(text).next() != null;
    }

    static @Nullable Object match(Arguments arguments) {
        String text = arguments.text(0);
        if (text == null) {
            return null;
        }
        long limit = limit(arguments, 2, "D3040");
        List<Object> found = Utils.createSequence();
        Matches matches = regex(arguments).in(text);
        long size = 0;
        for (MatchResult match = limit > 0 ? matches.next() : null; match != null; match = matches.next()) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("match", match.group());
            object.put("index", match.start());
            object.put("groups", ExpressionRegex.groups(match));
            found.add(object);
            size += SIZE_OF_MATCH + match.group().length();
            if (size > ValueSize.MAX_SIZE) {
                throw arguments.exceed("finds too much");
            }
            if (found.size() >= limit) {
                break;
            }
        }
        return found;
    }

    static @Nullable Object split(Arguments arguments) {
        String text = arguments.text(0);
        Object separator = arguments.get(1);
        if (text == null || separator == null) {
            return null;
        }
        long limit = limit(arguments, 2, "D3020");
        List<Object> parts = new ArrayList<>();
        if (separator instanceof String string) {
            splitAt(text, string, limit, parts, arguments);
        } else {
            splitAt(text, regex(arguments), limit, parts, arguments);
        }
        return parts;
    }

    private static void splitAt(String text, String separator, long limit, List<Object> parts, Arguments arguments) {
        if (separator.isEmpty()) {
            for (int i = 0; i < text.length() && parts.size() < limit; i++) {
                add(parts, text.substring(i, i + 1), arguments);
            }
            return;
        }
        int from = 0;
        for (int at = 0; at >= 0 && parts.size() < limit; from = at + separator.length()) {
            at = TextFunctions.indexOf(text, separator, from, arguments.bounds());
            add(parts, text.substring(from, at < 0 ? text.length() : at), arguments);
        }
    }

    private static void splitAt(
            String text, ExpressionRegex separator, long limit, List<Object> parts, Arguments arguments) {
        Matches matches = separator.in(text);
        int from = 0;
        for (MatchResult match = matches.next(); match != null && parts.size() < limit; match = matches.next()) {
            add(parts, text.substring(from, notEmpty(match).start()), arguments);
            from = match.end();
        }
        if (parts.size() < limit) {
            add(parts, text.substring(from), arguments);
        }
    }

    private static void add(List<Object> parts, String part, Arguments arguments) {
        if (parts.size() == ValueSize.MAX_ELEMENTS) {
            throw arguments.exceed("makes more than " + ValueSize.MAX_ELEMENTS + " parts");
        }
        parts.add(part);
    }

    static @Nullable Object replace(Arguments arguments) throws Throwable {
        String text = arguments.text(0);
        Object sought = arguments.get(1);
        Object replacement = arguments.get(2);
        if (text == null || sought == null || replacement == null) {
            return null;
        }
        if (sought.equals("")) {
            throw new JException("D3010", -1);
        }
        long limit = limit(arguments, 3, "D3011");
        return sought instanceof String string
                ? replace(text, string, replacement, limit, arguments)
                : replace(text, regex(arguments), replacement, limit, arguments);
    }

    private static String replace(String text, String sought, Object replacement, long limit, Arguments arguments) {
        if (!(replacement instanceof String with)) {
            throw new JException("D3012", -1);
        }
        BoundedText made = new BoundedText(arguments);
        int from = 0;
        for (long count = 0; count < limit; count++) {
            if (count % MATCHES_A_POLL == 0) {
                arguments.bounds().checkTime();
            }
            int at = TextFunctions.indexOf(text, sought, from, arguments.bounds());
            if (at < 0) {
                break;
            }
            made.append(text, from, at).append(with);
            from = at + sought.length();
        }
        return made.append(text, from, text.length()).toString();
    }

    private static String replace(
            String text, ExpressionRegex sought, Object replacement, long limit, Arguments arguments) throws Throwable {
        BoundedText made = new BoundedText(arguments);
        Matches matches = sought.in(text);
        int from = 0;
        long count = 0;
        for (MatchResult match = matches.next(); match != null && count < limit; match = matches.next()) {
            made.append(text, from, notEmpty(match).start());
            if (replacement instanceof String template) {
                insert(made, template, match);
            } else if (Functions.funcApply(replacement, List.of(described(match))) instanceof String result) {
                made.append(result);
            } else {
                throw new JException("D3012", -1);
            }
            from = match.end();
            count++;
        }
        return made.append(text, from, text.length()).toString();
    }

    private static Map<String, Object> described(MatchResult match) {
        Map<String, Object> described = new LinkedHashMap<>();
        described.put("match", match.group());
        described.put("start", match.start());
        described.put("end", match.end());
        described.put("groups", ExpressionRegex.groups(match));
        return described;
    }

    /** Writes a replacement, in which {@code $$} is a dollar, {@code $0} the match, and {@code $n} the text of a group. */
    private static void insert(BoundedText made, String template, MatchResult match) {
        int groups = match.groupCount();
        int digits = String.valueOf(Math.max(1, groups)).length();
        int from = 0;
        for (int at = template.indexOf('$'); at >= 0; at = template.indexOf('$', from)) {
            made.append(template, from, at);
            from = at + 1;
            if (template.startsWith("$", from)) {
                made.append("$");
                from++;
                continue;
            }
            int end = from;
            while (end < template.length() && end - from < digits && isDigit(template.charAt(end))) {
                end++;
            }
            if (end > from + 1 && Integer.parseInt(template.substring(from, end)) > groups) {
                end--;
            }
            int group = end == from ? -1 : Integer.parseInt(template.substring(from, end));
            if (group < 0) {
                made.append("$");
            } else if (group <= groups && match.group(group) != null) {
                made.append(match.group(group));
            }
            from = end;
        }
        made.append(template, from, template.length());
    }

    private static boolean isDigit(char letter) {
        return letter >= '0' && letter <= '9';
    }

    private static MatchResult notEmpty(MatchResult match) {
        if (match.end() == match.start()) {
            throw new JException("D1004", -1);
        }
        return match;
    }

    private static ExpressionRegex regex(Arguments arguments) {
        if (arguments.get(1) instanceof ExpressionRegex regex) {
            return regex;
        }
        throw arguments.mismatch(1);
    }

    private static long limit(Arguments arguments, int index, String error) {
        Number limit = arguments.number(index);
        if (limit == null) {
            return Long.MAX_VALUE;
        }
        if (limit.doubleValue() < 0) {
            throw new JException(error, -1, limit);
        }
        return limit.longValue();
    }
}
