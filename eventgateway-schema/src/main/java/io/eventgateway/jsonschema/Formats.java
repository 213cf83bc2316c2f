package io.eventgateway.jsonschema;

import com.networknt.schema.ExecutionContext;
import com.networknt.schema.format.Format;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The values of {@code format} that are asserted: what the dialects recommend (RFC 3339, 4122, 3986, 5321). All other formats are
 * annotations. Each is checked in a time that is linear in the length of the text.
 */
final class Formats {
    private static final int LONGEST_EMAIL = 254;
    private static final int LAST_HOUR = 23;
    private static final int LAST_MINUTE = 59;

    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
    private static final Pattern DATE_TIME = Pattern.compile("(?<date>\\d{4}-\\d{2}-\\d{2})[Tt]"
            + "(?<hour>\\d{2}):(?<minute>\\d{2}):(?<second>\\d{2})(?:\\.\\d++)?"
            + "(?:[Zz]|[+-](?<offsetHour>\\d{2}):(?<offsetMinute>\\d{2}))");
    private static final Pattern UUID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    private static final Pattern EMAIL = Pattern.compile("[^@\\s\\p{Cntrl}]{1,64}@[^@\\s\\p{Cntrl}]++");

    /** The formats that are asserted. */
    static final List<Format> ASSERTED = List.of(
            new Asserted("date-time", Formats::isDateTime),
            new Asserted("date", Formats::isDate),
            new Asserted("uuid", text -> UUID.matcher(text).matches()),
            new Asserted("uri", Formats::isUri),
            new Asserted("email", Formats::isEmail));

    private Formats() {}

    private record Asserted(String name, Predicate<String> check) implements Format {
        @Override
        public String getName() {
            return name;
        }

        @Override
        public boolean matches(ExecutionContext context, String value) {
            return check.test(value);
        }
    }

    private static boolean isDate(String text) {
        if (!DATE.matcher(text).matches()) {
            return false;
        }
        try {
            LocalDate.parse(text);
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static boolean isDateTime(String text) {
        Matcher matcher = DATE_TIME.matcher(text);
        if (!matcher.matches() || !isDate(matcher.group("date"))) {
            return false;
        }
        int second = Integer.parseInt(matcher.group("second")); // 60 is a leap second
        return isTime(matcher.group("hour"), matcher.group("minute"))
                && second <= LAST_MINUTE + 1
                && (matcher.group("offsetHour") == null
                        || isTime(matcher.group("offsetHour"), matcher.group("offsetMinute")));
    }

    private static boolean isTime(String hour, String minute) {
        return Integer.parseInt(hour) <= LAST_HOUR && Integer.parseInt(minute) <= LAST_MINUTE;
    }

    /** Returns whether a text is a URI; the dialects want one with a scheme. */
    private static boolean isUri(String text) {
        try {
            return new URI(text).isAbsolute() && text.chars().allMatch(c -> c < 0x80);
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static boolean isEmail(String text) {
        return text.length() <= LONGEST_EMAIL && EMAIL.matcher(text).matches();
    }
}
