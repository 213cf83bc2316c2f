package io.eventgateway.internal.filter;

import io.eventgateway.internal.filter.ValueTest.Contains;
import io.eventgateway.internal.filter.ValueTest.IgnoringCase;
import io.eventgateway.internal.filter.ValueTest.InBlock;
import io.eventgateway.internal.filter.ValueTest.Like;
import io.eventgateway.internal.filter.ValueTest.Prefix;
import io.eventgateway.internal.filter.ValueTest.Suffix;
import io.eventgateway.internal.filter.ValueTest.Texts;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Which tests of texts the canonical string of an integer or a boolean may pass (CloudEvents 1.0, section "Type System"). For the
 * others it is all the same whether they are made of strings alone or of the text of any value.
 */
final class Scalars {
    private static final List<String> BOOLEANS = List.of("true", "false");
    private static final Pattern PART_OF_INTEGER = Pattern.compile("-?[0-9]*");

    private Scalars() {}

    /** Returns whether one may pass; where it is not easily seen, true. */
    static boolean mayPass(ValueTest test) {
        return BOOLEANS.stream().anyMatch(test::test) || parts(test).stream().allMatch(Scalars::isPartOfInteger);
    }

    private static boolean isPartOfInteger(String text) {
        return PART_OF_INTEGER.matcher(text).matches();
    }

    /** The texts that a string which passes has in it. */
    private static List<String> parts(ValueTest test) {
        if (test instanceof Texts texts && texts.texts().size() == 1) {
            return List.copyOf(texts.texts());
        }
        if (test instanceof IgnoringCase ignoringCase) {
            return List.of(ignoringCase.text());
        }
        if (test instanceof Prefix prefix) {
            return List.of(prefix.text());
        }
        if (test instanceof Suffix suffix) {
            return List.of(suffix.text());
        }
        if (test instanceof Contains contains) {
            return List.of(contains.text().text());
        }
        if (test instanceof Like like) {
            return like.form().texts();
        }
        return test instanceof InBlock ? List.of(".") : List.of(); // addresses have dots or colons
    }
}
