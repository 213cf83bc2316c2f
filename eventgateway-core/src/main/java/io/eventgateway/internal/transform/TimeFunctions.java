package io.eventgateway.internal.transform;

import com.dashjoin.jsonata.Functions;
import com.dashjoin.jsonata.JException;
import io.eventgateway.internal.transform.ExpressionFunction.Arguments;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** JSONata's functions of dates and times, whose pictures would let the library take any time. */
final class TimeFunctions {
    private static final int MAX_TIMESTAMP = 100;
    private static final int MAX_PICTURE = 200;
    private static final Pattern WIDE = Pattern.compile("[1-9]\\d{3}");
    /** Ways in which a picture may divide a timestamp: what a marker without a separator before it multiplies them by. */
    private static final long MAX_WAYS = 1_000_000;

    /** A marker that reads numbers in words, which may have commas, hyphens and spaces. */
    private static final Pattern WORDS = Pattern.compile("\\[\\s*\\S\\s*[wW]");

    private static final long WAYS_OF_DIGITS = 4;
    private static final long WAYS_OF_ANY = 100;
    /** ECMAScript, section 21.4.1.1: 100 million days around 1970. */
    private static final double MAX_MILLIS = 8.64e15;

    private TimeFunctions() {}

    static @Nullable Object toMillis(Arguments arguments) {
        String timestamp = arguments.text(0);
        String picture = arguments.text(1);
        if (timestamp == null) {
            return null;
        }
        if (timestamp.length() > MAX_TIMESTAMP) {
            throw arguments.exceed("reads at most " + MAX_TIMESTAMP + " characters");
        }
        if (picture != null) {
            checkPicture(arguments, picture);
            if (ways(picture) > MAX_WAYS) {
                throw arguments.exceed("takes a picture whose parts have separators between them");
            }
        }
        return arguments.library();
    }

    static @Nullable Object fromMillis(Arguments arguments) {
        Number millis = arguments.number(0);
        checkPicture(arguments, arguments.text(1));
        if (millis != null && Math.abs(millis.doubleValue()) > MAX_MILLIS) {
            throw new JException("D1001", -1, millis);
        }
        return arguments.library();
    }

    static @Nullable Object now(Arguments arguments) {
        checkPicture(arguments, arguments.text(0));
        return Functions.dateTimeFromMillis(arguments.bounds().millis(), arguments.text(0), arguments.text(1));
    }

    private static void checkPicture(Arguments arguments, @Nullable String picture) {
        if (picture == null) {
            return;
        }
        if (picture.length() > MAX_PICTURE) {
            throw arguments.exceed("takes a picture of at most " + MAX_PICTURE + " characters");
        }
        for (int begin = picture.indexOf('['); begin >= 0; begin = picture.indexOf('[', begin + 1)) {
            int end = picture.indexOf(']', begin);
            int comma = end < 0 ? -1 : picture.lastIndexOf(',', end);
            if (comma > begin && WIDE.matcher(picture.substring(comma, end)).find()) {
                throw arguments.exceed("takes a picture with widths of at most 999");
            }
        }
    }

    /**
     * In how many ways the library's regular expression for a picture may divide a timestamp that does not match. It has a group for
     * each marker, which is free to end anywhere unless something that no marker reads comes next.
     */
    private static long ways(String picture) {
        long ways = 1;
        boolean divided = true;
        String joining = WORDS.matcher(picture).find() ? ",- " : "";
        for (int i = 0; i < picture.length() && ways <= MAX_WAYS; i++) {
            char at = picture.charAt(i);
            int end = at == '[' && !picture.startsWith("[[", i) ? picture.indexOf(']', i) : -1;
            if (end < 0) {
                divided |= !Character.isLetterOrDigit(at) && joining.indexOf(at) < 0;
                i += at == '[' ? 1 : 0;
                continue;
            }
            String marker = picture.substring(i + 1, end);
            if (!divided) {
                ways *= isDigits(marker) ? WAYS_OF_DIGITS : WAYS_OF_ANY;
            }
            divided = false;
            i = end;
        }
        return ways;
    }

    /** Returns whether the library reads at most four digits for a marker. */
    private static boolean isDigits(String marker) {
        return !marker.isEmpty()
                && "YMDHhms".indexOf(marker.charAt(0)) >= 0
                && marker.substring(1).chars().noneMatch(Character::isLetter);
    }
}
