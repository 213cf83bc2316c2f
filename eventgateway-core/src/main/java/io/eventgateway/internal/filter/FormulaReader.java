package io.eventgateway.internal.filter;

import io.eventgateway.Filter.Language;
import io.eventgateway.error.FilterConversionException;
import io.eventgateway.internal.filter.CastTest.OnText;
import io.eventgateway.internal.filter.CastTest.OneOf;
import io.eventgateway.internal.filter.Condition.Absence;
import io.eventgateway.internal.filter.Condition.AllOf;
import io.eventgateway.internal.filter.Condition.AnyOf;
import io.eventgateway.internal.filter.Condition.Combination;
import io.eventgateway.internal.filter.Condition.Consistent;
import io.eventgateway.internal.filter.Condition.ErrorAsFalse;
import io.eventgateway.internal.filter.Condition.Not;
import io.eventgateway.internal.filter.Condition.StrictAnyOf;
import io.eventgateway.internal.filter.Condition.Test;
import io.eventgateway.internal.filter.Formula.Other;
import io.eventgateway.internal.filter.ValueTest.AnArray;
import io.eventgateway.internal.filter.ValueTest.AnyNumber;
import io.eventgateway.internal.filter.ValueTest.AnythingBut;
import io.eventgateway.internal.filter.ValueTest.Bool;
import io.eventgateway.internal.filter.ValueTest.Contains;
import io.eventgateway.internal.filter.ValueTest.Either;
import io.eventgateway.internal.filter.ValueTest.IgnoringCase;
import io.eventgateway.internal.filter.ValueTest.InBlock;
import io.eventgateway.internal.filter.ValueTest.Like;
import io.eventgateway.internal.filter.ValueTest.NoNumber;
import io.eventgateway.internal.filter.ValueTest.Null;
import io.eventgateway.internal.filter.ValueTest.Prefix;
import io.eventgateway.internal.filter.ValueTest.Present;
import io.eventgateway.internal.filter.ValueTest.Range;
import io.eventgateway.internal.filter.ValueTest.Suffix;
import io.eventgateway.internal.filter.ValueTest.Texts;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Makes the {@link Formula} of a condition: true of the events that the condition matches.
 *
 * <p>A condition is true, false, or an error, which no event passes, nor its contrary. So there are two formulas of each, {@link
 * #truth} and {@link #falsity}, and neither is true where there is an error. Where there can't be one, they are contraries.
 */
final class FormulaReader {
    private static final Pattern ATTRIBUTE = Pattern.compile("[a-z0-9]+");

    /** The language that a refusal names. */
    private final Language language;

    private final IdentityHashMap<Condition, Formula> truths = new IdentityHashMap<>();
    private final IdentityHashMap<Condition, Formula> falsities = new IdentityHashMap<>();

    private FormulaReader(Language language) {
        this.language = language;
    }

    /**
     * The formula that is true of the events that a condition matches.
     *
     * @throws FilterConversionException if it has more than {@link Limits#MAX_VALUES} tests, or a test that no other language has
     */
    static Formula read(Condition condition, Language language) {
        return new FormulaReader(language).truth(condition);
    }

    private Formula truth(Condition condition) {
        Formula known = truths.get(condition);
        if (known == null) {
            known = bounded(makeTruth(condition));
            truths.put(condition, known);
        }
        return known;
    }

    private Formula falsity(Condition condition) {
        Formula known = falsities.get(condition);
        if (known == null) {
            known = bounded(mayFail(condition) ? makeFalsity(condition) : Formula.not(truth(condition)));
            falsities.put(condition, known);
        }
        return known;
    }

    private Formula bounded(Formula formula) {
        if (formula.size() > Limits.MAX_VALUES) {
            throw tooLong();
        }
        return formula;
    }

    private FilterConversionException tooLong() {
        return new FilterConversionException(
                language, "", "written out, it has more than " + Limits.MAX_VALUES + " tests", null);
    }

    private Formula makeTruth(Condition condition) {
        if (condition instanceof Test test) {
            return truth(test);
        }
        if (condition instanceof Consistent consistent) {
            return truth(consistent);
        }
        if (condition instanceof AllOf all) {
            return Formula.all(all.conditions().stream().map(this::truth).toList());
        }
        if (condition instanceof AnyOf any) {
            return Formula.any(any.conditions().stream().map(this::truth).toList());
        }
        if (condition instanceof StrictAnyOf any) {
            return first(any.conditions(), this::truth, this::falsity);
        }
        if (condition instanceof ErrorAsFalse certain) {
            return truth(certain.condition());
        }
        return condition instanceof Not not ? falsity(not.condition()) : new Other(condition, false);
    }

    private Formula truth(Test test) {
        if (!isOfAttribute(test)) {
            return new Other(test, false);
        }
        String attribute = attribute(test);
        Formula passes = passes(attribute, test.wanted());
        return test.orAbsent() ? Formula.any(List.of(Formula.absent(attribute), passes)) : passes;
    }

    /** Tests of attributes hold for themselves, as no array is on their way; the others stay together. */
    private Formula truth(Consistent consistent) {
        List<Formula> all = new ArrayList<>();
        List<Test> together = new ArrayList<>();
        for (Test test : consistent.tests().tests()) {
            if (isOfAttribute(test)) {
                all.add(truth(test));
            } else {
                together.add(test);
            }
        }
        if (!together.isEmpty()) {
            all.add(new Other(new Consistent(new Together(together)), false));
        }
        return Formula.all(all);
    }

    private Formula makeFalsity(Condition condition) {
        if (condition instanceof Test test && isOfAttribute(test)) {
            String attribute = attribute(test);
            Formula fails = Formula.all(List.of(Formula.present(attribute), fails(attribute, test.wanted())));
            return test.absence() == Absence.FAILS ? Formula.any(List.of(Formula.absent(attribute), fails)) : fails;
        }
        if (condition instanceof AnyOf any) {
            return Formula.all(any.conditions().stream().map(this::falsity).toList());
        }
        if (condition instanceof StrictAnyOf any) {
            return Formula.all(any.conditions().stream().map(this::falsity).toList());
        }
        if (condition instanceof AllOf all) {
            return first(all.conditions(), this::falsity, this::truth);
        }
        return condition instanceof Not not ? truth(not.condition()) : new Other(condition, true);
    }

    /**
     * The formula of a choice: one condition decides, and the conditions before it are no errors, since they leave the
     * decision to it.
     */
    private Formula first(
            List<Condition> conditions, Function<Condition, Formula> decides, Function<Condition, Formula> leaves) {
        List<Formula> ways = new ArrayList<>();
        List<Formula> before = new ArrayList<>();
        int size = 0;
        for (Condition each : conditions) {
            List<Formula> way = new ArrayList<>(before);
            way.add(decides.apply(each));
            Formula all = bounded(Formula.all(way));
            ways.add(all);
            size += all.size();
            if (size > Limits.MAX_VALUES) {
                throw tooLong();
            }
            if (mayFail(each)) {
                before.add(leaves.apply(each));
            }
        }
        return Formula.any(ways);
    }

    /** Returns whether a condition may be an error for an event. */
    private static boolean mayFail(Condition condition) {
        if (condition instanceof Test test) {
            return (test.absence() == Absence.IS_AN_ERROR && !Formula.REQUIRED.contains(attribute(test)))
                    || (test.wanted() instanceof OneOf && !isOfStrings(attribute(test)));
        }
        if (condition instanceof Combination combination) {
            return combination.conditions().stream().anyMatch(FormulaReader::mayFail);
        }
        if (condition instanceof ErrorAsFalse) {
            return false;
        }
        return condition instanceof Not not ? mayFail(not.condition()) : !(condition instanceof Consistent);
    }

    private static boolean isOfAttribute(Test test) {
        return test.path().names().size() == 1
                && ATTRIBUTE.matcher(attribute(test)).matches()
                && !attribute(test).equals(Path.DATA);
    }

    private static String attribute(Test test) {
        return test.path().names().get(0);
    }

    /** Returns whether the values of an attribute are strings in every event; those of an extension may be integers or booleans. */
    static boolean isOfStrings(String attribute) {
        return CloudEventsLanguage.TEXTS.contains(attribute);
    }

    /** The attribute is there, and the test can be made of its value, which fails it. */
    private Formula fails(String attribute, ValueTest wanted) {
        if (wanted instanceof OneOf && !isOfStrings(attribute)) {
            Formula string = Formula.value(attribute, false, List.of(new Prefix("", false)));
            return Formula.all(List.of(string, Formula.not(passes(attribute, wanted))));
        }
        return Formula.not(passes(attribute, wanted));
    }

    /** The attribute is there, and its value passes the test. */
    private Formula passes(String attribute, ValueTest wanted) {
        if (wanted instanceof Present) {
            return Formula.present(attribute);
        }
        if (wanted instanceof NoNumber) { // an attribute is neither an array nor an object
            return passes(attribute, new AnythingBut(List.of(new AnyNumber())));
        }
        if (wanted instanceof Either either) {
            List<ValueTest> leaves = new ArrayList<>();
            List<Formula> others = new ArrayList<>();
            for (ValueTest each : either.tests()) {
                if (each instanceof Range && !isOfStrings(attribute)) {
                    leaves.add(each);
                } else {
                    others.add(passes(attribute, each));
                }
            }
            others.add(0, Formula.value(attribute, false, leaves));
            return Formula.any(others);
        }
        if (wanted instanceof AnythingBut anythingBut) {
            Formula passes = passes(attribute, new Either(anythingBut.tests()));
            return Formula.all(List.of(Formula.present(attribute), Formula.not(passes)));
        }
        if (wanted instanceof Texts texts) {
            return Formula.value(
                    attribute,
                    false,
                    texts.texts().stream()
                            .sorted()
                            .map(text -> (ValueTest) Texts.of(text))
                            .toList());
        }
        if (wanted instanceof OneOf oneOf && (isOfStrings(attribute) || oneOf.isOfTextsOnly())) {
            return passes(attribute, new Texts(oneOf.texts()));
        }
        if (wanted instanceof OnText onText) {
            return passesOnText(attribute, onText.wanted());
        }
        if (wanted instanceof Null || wanted instanceof AnArray) {
            return Formula.FALSE;
        }
        if (wanted instanceof Range || wanted instanceof Bool || wanted instanceof AnyNumber) {
            return isOfStrings(attribute) ? Formula.FALSE : Formula.value(attribute, false, List.of(wanted));
        }
        return passesText(attribute, simplified(attribute, wanted));
    }

    private Formula passesText(String attribute, ValueTest wanted) {
        if (isOfStrings(attribute) && isOfEveryString(wanted)) {
            return Formula.present(attribute);
        }
        return Formula.value(attribute, false, List.of(wanted));
    }

    /** A test of the text that a value has, be it a string or not. */
    private Formula passesOnText(String attribute, ValueTest wanted) {
        if (isOfStrings(attribute)) {
            return passes(attribute, wanted);
        }
        if (wanted instanceof Either either) {
            return Formula.any(either.tests().stream()
                    .map(each -> passesOnText(attribute, each))
                    .toList());
        }
        if (wanted instanceof Texts texts) {
            return passesOnTextOf(
                    attribute,
                    texts.texts().stream()
                            .sorted()
                            .map(text -> (ValueTest) Texts.of(text))
                            .toList());
        }
        if (wanted instanceof AnythingBut anythingBut) {
            Formula passes = passesOnText(attribute, new Either(anythingBut.tests()));
            return Formula.all(List.of(Formula.present(attribute), Formula.not(passes)));
        }
        ValueTest text = simplified(attribute, wanted);
        return isOfEveryString(text) ? Formula.present(attribute) : passesOnTextOf(attribute, List.of(text));
    }

    private static Formula passesOnTextOf(String attribute, List<ValueTest> wanted) {
        return Formula.value(
                attribute,
                false,
                wanted.stream()
                        .map(each -> Scalars.mayPass(each) ? new OnText(each) : each)
                        .toList());
    }

    private static boolean isOfEveryString(ValueTest wanted) {
        return (wanted instanceof Prefix prefix && prefix.text().isEmpty())
                || (wanted instanceof Suffix suffix && suffix.text().isEmpty())
                || (wanted instanceof Contains contains && contains.text().length() == 0);
    }

    /** A test of texts, with a wildcard that is a beginning or an end as such. */
    private ValueTest simplified(String attribute, ValueTest wanted) {
        if (wanted instanceof Like like) {
            List<String> texts = like.form().texts();
            if (texts.size() == 1) {
                return Texts.of(texts.get(0));
            }
            if (texts.size() == 2 && texts.get(1).isEmpty()) {
                return new Prefix(texts.get(0), false);
            }
            return texts.size() == 2 && texts.get(0).isEmpty() ? new Suffix(texts.get(1), false) : wanted;
        }
        if (wanted instanceof IgnoringCase
                || wanted instanceof Prefix
                || wanted instanceof Suffix
                || wanted instanceof Contains
                || wanted instanceof InBlock) {
            return wanted;
        }
        throw new FilterConversionException(
                language, attribute, "no other language has the test '" + wanted + "'", null);
    }
}
