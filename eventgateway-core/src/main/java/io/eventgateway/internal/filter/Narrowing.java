package io.eventgateway.internal.filter;

import io.eventgateway.internal.filter.CastTest.AsBoolean;
import io.eventgateway.internal.filter.CastTest.AsInteger;
import io.eventgateway.internal.filter.CastTest.OnText;
import io.eventgateway.internal.filter.CastTest.OneOf;
import io.eventgateway.internal.filter.ValueTest.AnArray;
import io.eventgateway.internal.filter.ValueTest.AnyNumber;
import io.eventgateway.internal.filter.ValueTest.AnythingBut;
import io.eventgateway.internal.filter.ValueTest.Bool;
import io.eventgateway.internal.filter.ValueTest.Contains;
import io.eventgateway.internal.filter.ValueTest.Either;
import io.eventgateway.internal.filter.ValueTest.IgnoringCase;
import io.eventgateway.internal.filter.ValueTest.Like;
import io.eventgateway.internal.filter.ValueTest.LikeCharacters;
import io.eventgateway.internal.filter.ValueTest.NoNumber;
import io.eventgateway.internal.filter.ValueTest.Null;
import io.eventgateway.internal.filter.ValueTest.Prefix;
import io.eventgateway.internal.filter.ValueTest.Present;
import io.eventgateway.internal.filter.ValueTest.Range;
import io.eventgateway.internal.filter.ValueTest.Suffix;
import io.eventgateway.internal.filter.ValueTest.Texts;
import io.eventgateway.internal.schema.Numbers;
import io.eventgateway.internal.schema.Values;
import io.eventgateway.internal.schema.Values.Kind;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;

/**
 * Narrows the values that there may be to those that pass a test, or to those that do not: at least to all of these, since what can't
 * easily be told stays. Values for which a test can't be made are in neither.
 */
final class Narrowing {
    private static final Kind[] STRUCTURED = {Kind.ARRAY, Kind.OBJECT};

    private Narrowing() {}

    /** The values that pass a test. */
    static Values passing(ValueTest test, Values values) {
        if (test instanceof Present || values.isEmpty()) {
            return values;
        }
        if (test instanceof Either either) {
            return onePassing(either.tests(), values);
        }
        if (test instanceof AnythingBut but) {
            return allFailing(but.tests(), values.without(STRUCTURED));
        }
        if (test instanceof Range range) {
            return values.only(Kind.NUMBER).andRange(numbers(range));
        }
        if (test instanceof Bool bool) {
            return values.only(bool.wanted() ? Kind.TRUE : Kind.FALSE);
        }
        if (test instanceof Null) {
            return values.only(Kind.NULL);
        }
        if (test instanceof AnyNumber) {
            return values.only(Kind.NUMBER);
        }
        if (test instanceof NoNumber) {
            return values.without(Kind.NUMBER);
        }
        if (test instanceof AnArray) {
            return values.only(Kind.ARRAY);
        }
        return test instanceof CastTest cast ? passingCast(cast, values) : strings(test, values.only(Kind.STRING));
    }

    /** The values that do not pass a test. */
    static Values failing(ValueTest test, Values values) {
        if (values.isEmpty()) {
            return values;
        }
        if (test instanceof Present) {
            return Values.NONE;
        }
        if (test instanceof Either either) {
            return allFailing(either.tests(), values);
        }
        if (test instanceof AnythingBut but) {
            return onePassing(but.tests(), values)
                    .or(values.only(Kind.ARRAY))
                    .or(values.only(Kind.OBJECT));
        }
        if (test instanceof Range range) {
            return values.withoutRange(numbers(range));
        }
        if (test instanceof Bool bool) {
            return values.without(bool.wanted() ? Kind.TRUE : Kind.FALSE);
        }
        if (test instanceof Null) {
            return values.without(Kind.NULL);
        }
        if (test instanceof AnyNumber) {
            return values.without(Kind.NUMBER);
        }
        if (test instanceof NoNumber) {
            return values.only(Kind.NUMBER);
        }
        if (test instanceof AnArray) {
            return values.without(Kind.ARRAY);
        }
        if (test instanceof CastTest cast) {
            return failingCast(cast, values);
        }
        return isOfEveryString(test, values) ? values.without(Kind.STRING) : values.withoutTexts(test::test);
    }

    /** Returns whether a test of strings could not be made of every value of some. */
    static boolean mayFail(ValueTest test, Values values) {
        if (test instanceof AsBoolean || test instanceof AsInteger) {
            return values.may(Kind.STRING);
        }
        return test instanceof OneOf && !values.without(Kind.STRING).isEmpty();
    }

    private static Values onePassing(List<ValueTest> tests, Values values) {
        Values made = Values.NONE;
        for (ValueTest test : tests) {
            made = made.or(passing(test, values));
        }
        return made;
    }

    private static Values allFailing(List<ValueTest> tests, Values values) {
        Values made = values;
        for (ValueTest test : tests) {
            made = failing(test, made);
        }
        return made;
    }

    static Numbers numbers(Range range) {
        Numbers low = range.low() == null ? Numbers.ALL : Numbers.from(range.low().exact(), range.lowIncluded());
        return range.high() == null
                ? low
                : low.and(Numbers.upTo(range.high().exact(), range.highIncluded()));
    }

    /** The strings that pass a test of strings alone. */
    private static Values strings(ValueTest test, Values strings) {
        if (test instanceof Texts texts) {
            return strings.andTexts(texts.texts());
        }
        Values made = strings.withoutTexts(text -> !test.test(text));
        if (test instanceof IgnoringCase text) {
            return isAscii(text.text()) && isOutOfLength(length(text.text()), strings) ? Values.NONE : made;
        }
        if (test instanceof Prefix prefix) {
            return prefix.ignoreCase()
                    ? made.andMinLength(isAscii(prefix.text()) ? length(prefix.text()) : 0)
                    : made.andPrefix(prefix.text());
        }
        if (test instanceof Suffix suffix) {
            return suffix.ignoreCase()
                    ? made.andMinLength(isAscii(suffix.text()) ? length(suffix.text()) : 0)
                    : made.andSuffix(suffix.text());
        }
        if (test instanceof Contains contains) {
            return isAscii(contains.text().text())
                    ? made.andMinLength(length(contains.text().text()))
                    : made;
        }
        if (test instanceof Like like) {
            if (!like.form().hasStars()) {
                return strings.andTexts(Set.of(like.form().start()));
            }
            int least = like.form().texts().stream().mapToInt(Narrowing::length).sum();
            return made.andPrefix(like.form().start())
                    .andSuffix(like.form().end())
                    .andMinLength(least);
        }
        return test instanceof LikeCharacters like
                ? made.andPrefix(like.form().prefix()).andSuffix(like.form().suffix())
                : made;
    }

    private static boolean isOutOfLength(int length, Values strings) {
        return strings.texts() == null && (length < strings.minLength() || length > strings.maxLength());
    }

    /** Returns whether every string that there may be passes a test of strings, as far as that is easily told. */
    private static boolean isOfEveryString(ValueTest test, Values values) {
        if (test instanceof Prefix prefix) {
            return prefix.text().isEmpty() || (!prefix.ignoreCase() && values.prefix().startsWith(prefix.text()));
        }
        if (test instanceof Suffix suffix) {
            return suffix.text().isEmpty() || (!suffix.ignoreCase() && values.suffix().endsWith(suffix.text()));
        }
        if (test instanceof Contains contains) {
            return contains.text().text().isEmpty();
        }
        return test instanceof Like like
                && like.form().hasStars()
                && like.form().texts().stream().allMatch(String::isEmpty);
    }

    private static Values passingCast(CastTest test, Values values) {
        if (test instanceof OnText on) {
            Values others = values.without(Kind.STRING);
            if (!on.wanted().test("true")) {
                others = others.without(Kind.TRUE);
            }
            if (!on.wanted().test("false")) {
                others = others.without(Kind.FALSE);
            }
            if (on.wanted() instanceof Texts texts
                    && texts.texts().stream().noneMatch(text -> CesqlValue.parsed(text) != null)) {
                others = others.without(Kind.NUMBER);
            }
            return others.or(passing(on.wanted(), values.only(Kind.STRING)));
        }
        if (test instanceof AsInteger integer) {
            Numbers range = numbers(integer.wanted());
            Values made = values.andRange(range)
                    .without(STRUCTURED)
                    .withoutTexts(text -> isNoInteger(text, range))
                    .andSaid(range);
            made = range.contains(BigDecimal.ONE) ? made : made.without(Kind.TRUE);
            return range.contains(BigDecimal.ZERO) ? made : made.without(Kind.FALSE);
        }
        if (test instanceof AsBoolean bool) {
            Values made = values.withoutTexts(text -> {
                Boolean said = CesqlValue.parsedBoolean(text);
                return said == null || said != bool.wanted();
            });
            if (!bool.wanted()) {
                made = made.andRange(numbers(Range.equalTo(Num.of(0))));
            }
            return made.without(bool.wanted() ? Kind.FALSE : Kind.TRUE);
        }
        if (test instanceof OneOf one) {
            Values strings = values.only(Kind.STRING).andTexts(one.texts());
            return one.isOfTextsOnly() ? strings : strings.or(values.without(Kind.STRING));
        }
        return values;
    }

    private static boolean isNoInteger(String text, Numbers range) {
        Integer said = CesqlValue.parsed(text);
        return said == null || !range.contains(BigDecimal.valueOf(said));
    }

    private static Values failingCast(CastTest test, Values values) {
        if (test instanceof OnText on) {
            Values others = values.without(Kind.STRING);
            if (on.wanted().test("true")) {
                others = others.without(Kind.TRUE);
            }
            if (on.wanted().test("false")) {
                others = others.without(Kind.FALSE);
            }
            return others.or(failing(on.wanted(), values.only(Kind.STRING)));
        }
        if (test instanceof AsInteger integer) {
            Numbers range = numbers(integer.wanted());
            Values made = values.withoutRange(range).withoutTexts(text -> {
                Integer said = CesqlValue.parsed(text);
                return said == null || range.contains(BigDecimal.valueOf(said));
            });
            made = range.contains(BigDecimal.ONE) ? made.without(Kind.TRUE) : made;
            return range.contains(BigDecimal.ZERO) ? made.without(Kind.FALSE) : made;
        }
        if (test instanceof AsBoolean bool) {
            return values.without(bool.wanted() ? Kind.TRUE : Kind.FALSE);
        }
        if (test instanceof OneOf one) {
            return values.withoutTexts(one.texts()::contains);
        }
        return values;
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
