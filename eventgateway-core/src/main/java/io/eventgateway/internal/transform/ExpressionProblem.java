package io.eventgateway.internal.transform;

import com.dashjoin.jsonata.JException;
import java.util.regex.Pattern;

/** The reasons why an evaluation of JSONata failed, without a value of the event: a report is read by more people than an event. */
final class ExpressionProblem {
    /** The form of JSONata's codes; a text of another form may have been made of the event. */
    private static final Pattern CODE = Pattern.compile("[A-Z][0-9]{4}");

    /** What stands where the library would show a value. */
    private static final String VALUE = "\u2026";

    private ExpressionProblem() {}

    /** The reason, as the rest of a sentence that ends in a colon. */
    static String of(Throwable e) {
        if (e instanceof OutOfMemoryError) {
            return "it needs more memory than there is";
        }
        if (e instanceof LimitExceeded limit) {
            return limit.getMessage();
        }
        if (!(e instanceof JException failed)) {
            return "it came to a " + e.getClass().getSimpleName();
        }
        String code = failed.getError();
        if (code == null || !CODE.matcher(code).matches()) {
            return "what it says is left out, since it may be of the event";
        }
        return switch (code) {
            case "D3137" -> "it called $error, whose message is left out, since it may be of the event";
            case "D3141" -> "it called $assert with what is false";
            default -> JException.msg(code, -1, VALUE, VALUE) + " (JSONata's " + code + ")";
        };
    }
}
