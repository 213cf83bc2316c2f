package io.eventgateway.internal.transform;

import io.eventgateway.internal.transform.ExpressionFunction.Arguments;
import org.jspecify.annotations.Nullable;

/** JSONata's functions of numbers whose time the library does not bound. */
final class NumberFunctions {
    /** A double has no digits beyond these places before and after the point, so that rounding to them changes nothing. */
    private static final int MAX_PLACES = 400;
    /** A number in Roman digits has a letter for each thousand. */
    private static final long MAX_ROMAN = 1_000_000;

    private static final int MAX_PICTURE = 200;
    private static final int MAX_PARSED = 1_000;

    private NumberFunctions() {}

    static @Nullable Object round(Arguments arguments) {
        Number places = arguments.number(1);
        return places == null
                ? arguments.library()
                : arguments.library(1, Math.max(-MAX_PLACES, Math.min(MAX_PLACES, places.intValue())));
    }

    static @Nullable Object format(Arguments arguments) {
        checkPicture(arguments, arguments.text(1));
        return arguments.library();
    }

    static @Nullable Object formatInteger(Arguments arguments) {
        Number number = arguments.number(0);
        String picture = arguments.text(1);
        checkPicture(arguments, picture);
        if (number != null && Math.abs(number.doubleValue()) > MAX_ROMAN && isRoman(picture)) {
            throw arguments.exceed("writes numbers up to " + MAX_ROMAN + " in Roman digits");
        }
        return arguments.library();
    }

    private static boolean isRoman(@Nullable String picture) {
        return picture != null && (picture.startsWith("I") || picture.startsWith("i"));
    }

    static @Nullable Object parseInteger(Arguments arguments) {
        String text = arguments.text(0);
        checkPicture(arguments, arguments.text(1));
        if (text != null && text.length() > MAX_PARSED) {
            throw arguments.exceed("reads at most " + MAX_PARSED + " characters");
        }
        return arguments.library();
    }

    private static void checkPicture(Arguments arguments, @Nullable String picture) {
        if (picture != null && picture.length() > MAX_PICTURE) {
            throw arguments.exceed("takes a picture of at most " + MAX_PICTURE + " characters");
        }
    }
}
