package io.eventgateway.internal.filter;

import io.eventgateway.Filter.Language;
import io.eventgateway.error.FilterConversionException;
import io.eventgateway.internal.filter.CastTest.OnText;
import io.eventgateway.internal.filter.Formula.All;
import io.eventgateway.internal.filter.Formula.Any;
import io.eventgateway.internal.filter.Formula.Atom;
import io.eventgateway.internal.filter.Formula.Other;
import io.eventgateway.internal.filter.ValueTest.Contains;
import io.eventgateway.internal.filter.ValueTest.IgnoringCase;
import io.eventgateway.internal.filter.ValueTest.InBlock;
import io.eventgateway.internal.filter.ValueTest.Like;
import io.eventgateway.internal.filter.ValueTest.Prefix;
import io.eventgateway.internal.filter.ValueTest.Suffix;
import io.eventgateway.internal.filter.ValueTest.Texts;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes a formula as a CESQL expression.
 *
 * <p>A missing attribute is an error in CESQL, which fails all of the expression. So each test asks first whether the attribute
 * EXISTS, except where nothing but the end of the expression would follow: an error there is no match, as it should be. AND, OR and
 * XOR have one precedence in CESQL (section 3.6), so they stand in parentheses.
 */
final class CesqlPrinter {
    private static final Pattern BEFORE_ESCAPE = Pattern.compile("\\\\['\"%_]");
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*");
    private static final Set<String> KEYWORDS =
            Set.of("and", "or", "xor", "not", "like", "exists", "in", "true", "false");

    /** The language that a refusal names. */
    private final Language language;

    CesqlPrinter(Language language) {
        this.language = language;
    }

    /** An expression, and the operator that joins its operands; empty where none does. */
    private record Expression(String text, String operator) {
        Expression(String text) {
            this(text, "");
        }

        private String asOperandOf(String other) {
            return operator.isEmpty() || operator.equals(other) ? text : "(" + text + ")";
        }

        Expression not() {
            return new Expression("NOT (" + text + ")");
        }

        static Expression join(String operator, List<Expression> operands) {
            return operands.size() == 1
                    ? operands.get(0)
                    : new Expression(
                            operands.stream()
                                    .map(each -> each.asOperandOf(operator))
                                    .collect(Collectors.joining(operator)),
                            operator);
        }
    }

    /** An expression that is true of the events of which the formula is, and of others false or an error. */
    String print(Formula formula) {
        if (formula instanceof Atom atom) {
            return unguarded(atom).text();
        }
        return formula instanceof All all && !all.formulas().isEmpty()
                ? Expression.join(
                                " AND ",
                                all.formulas().stream()
                                        .map(each -> each instanceof Atom atom ? unguarded(atom) : guarded(each))
                                        .toList())
                        .text()
                : printWithoutErrors(formula);
    }

    /** An expression that is true of the events of which the formula is, and false of others. */
    String printWithoutErrors(Formula formula) {
        return guarded(formula).text();
    }

    private Expression guarded(Formula formula) {
        if (formula instanceof Atom atom) {
            return guarded(atom);
        }
        if (formula instanceof Other other) {
            throw Conversion.refused(other, language);
        }
        if (formula instanceof All all) {
            return all.formulas().isEmpty()
                    ? new Expression("TRUE")
                    : Expression.join(
                            " AND ", all.formulas().stream().map(this::guarded).toList());
        }
        List<Formula> formulas = ((Any) formula).formulas();
        return formulas.isEmpty()
                ? new Expression("FALSE")
                : Expression.join(" OR ", formulas.stream().map(this::guarded).toList());
    }

    private Expression unguarded(Atom atom) {
        return atom.orAbsent() || atom.tests().isEmpty()
                ? guarded(atom)
                : atom.negated() ? contrary(atom) : oneOf(atom);
    }

    private Expression guarded(Atom atom) {
        Expression exists = new Expression("EXISTS " + name(atom));
        if (atom.tests().isEmpty()) {
            return atom.isPresence() ? exists : exists.not();
        }
        if (Formula.REQUIRED.contains(atom.attribute())) {
            return unguarded(atom);
        }
        if (atom.negated() && atom.orAbsent()) {
            return Expression.join(" AND ", List.of(exists, oneOf(atom))).not();
        }
        return atom.orAbsent()
                ? Expression.join(" OR ", List.of(exists.not(), oneOf(atom)))
                : Expression.join(" AND ", List.of(exists, atom.negated() ? contrary(atom) : oneOf(atom)));
    }

    private String name(Atom atom) {
        if (!NAME.matcher(atom.attribute()).matches() || KEYWORDS.contains(atom.attribute())) {
            throw refused(atom, "the name is a keyword, or begins with a digit");
        }
        return atom.attribute();
    }

    private FilterConversionException refused(Atom atom, String reason) {
        return new FilterConversionException(language, atom.attribute(), reason, null);
    }

    private Expression contrary(Atom atom) {
        if (atom.tests().stream().allMatch(Texts.class::isInstance) && FormulaReader.isOfStrings(atom.attribute())) {
            return texts(atom, " != ", " NOT IN ");
        }
        ValueTest only = unwrapped(atom, atom.tests().get(0));
        if (atom.tests().size() == 1 && only instanceof Texts text) {
            return new Expression(name(atom) + " != " + quoted(atom, text));
        }
        return oneOf(atom).not();
    }

    private Expression oneOf(Atom atom) {
        if (FormulaReader.isOfStrings(atom.attribute())) {
            List<ValueTest> texts =
                    atom.tests().stream().filter(Texts.class::isInstance).toList();
            Stream<Expression> others = atom.tests().stream()
                    .filter(test -> !(test instanceof Texts))
                    .map(test -> passes(atom, test));
            Stream<Expression> in = texts.isEmpty()
                    ? Stream.empty()
                    : Stream.of(texts(new Atom(atom.attribute(), false, texts, false), " = ", " IN "));
            return Expression.join(" OR ", Stream.concat(in, others).toList());
        }
        return Expression.join(
                " OR ", atom.tests().stream().map(test -> passes(atom, test)).toList());
    }

    /** IN casts the texts to the type of the attribute, which an extension's may not be, so that there it would be an error. */
    private Expression texts(Atom atom, String ofOne, String ofSeveral) {
        List<String> texts =
                atom.tests().stream().map(test -> quoted(atom, (Texts) test)).toList();
        return new Expression(name(atom)
                + (texts.size() == 1 ? ofOne + texts.get(0) : ofSeveral + "(" + String.join(", ", texts) + ")"));
    }

    /** A test of the text of any value, as CESQL casts it. */
    private ValueTest unwrapped(Atom atom, ValueTest test) {
        if (test instanceof OnText onText) {
            return onText.wanted();
        }
        if (test instanceof InBlock) {
            throw refused(atom, "it knows no addresses, so it can't test for " + test);
        }
        boolean ofTexts = test instanceof Texts
                || test instanceof IgnoringCase
                || test instanceof Prefix
                || test instanceof Suffix
                || test instanceof Contains
                || test instanceof Like;
        if (!ofTexts) {
            throw refused(
                    atom,
                    "it takes texts such as '4' and 'true' for numbers and booleans, which " + test + " does not");
        }
        if (!FormulaReader.isOfStrings(atom.attribute()) && Scalars.mayPass(test)) {
            throw refused(atom, "it takes numbers and booleans for their texts, which " + test + " does not");
        }
        return test;
    }

    /** The test of an attribute that is there. */
    private Expression passes(Atom atom, ValueTest wanted) {
        ValueTest test = unwrapped(atom, wanted);
        String name = name(atom);
        if (test instanceof Texts text) {
            return new Expression(name + " = " + quoted(atom, text));
        }
        if (test instanceof Like like) {
            return like(
                    name,
                    like.form().texts().stream()
                            .map(text -> escaped(atom, text))
                            .collect(Collectors.joining("%")));
        }
        if (test instanceof Contains contains) {
            String text = contains.text().text();
            if (!CaseClasses.isFoldedByLower(text)) {
                throw refused(
                        atom,
                        "its LOWER takes other letters for the same than " + test
                                + " does; it takes the same for ASCII without 's' and 'i'");
            }
            return CaseClasses.isCaseless(text)
                    ? like(name, "%" + escaped(atom, text) + "%")
                    : like("LOWER(" + name + ")", "%" + escaped(atom, text) + "%");
        }
        if (test instanceof Prefix prefix) {
            return !prefix.ignoreCase() || CaseClasses.isCaseless(prefix.text())
                    ? like(name, escaped(atom, prefix.text()) + "%")
                    : ignoringCase(atom, "LEFT(" + name + ", " + prefix.text().length() + ")", prefix.text());
        }
        if (test instanceof Suffix suffix) {
            return !suffix.ignoreCase() || CaseClasses.isCaseless(suffix.text())
                    ? like(name, "%" + escaped(atom, suffix.text()))
                    : ignoringCase(atom, "RIGHT(" + name + ", " + suffix.text().length() + ")", suffix.text());
        }
        String text = ((IgnoringCase) test).text();
        return CaseClasses.isCaseless(text)
                ? new Expression(name + " = " + quoted(atom, text))
                : ignoringCase(atom, name, text);
    }

    private static Expression like(String value, String form) {
        return new Expression(value + " LIKE " + quoted(form));
    }

    /** A text as a part of the form that LIKE compares with. */
    private String escaped(Atom atom, String text) {
        return withoutBackslash(atom, text).replace("%", "\\%").replace("_", "\\_");
    }

    /** A backslash stands for itself, but for one before a quote or a wildcard, where CESQL has no way to write it. */
    private String withoutBackslash(Atom atom, String text) {
        if (text.endsWith("\\") || BEFORE_ESCAPE.matcher(text).find()) {
            throw refused(
                    atom,
                    "it has no way to write the backslash before a quote, a wildcard or the end of the text " + text);
        }
        return text;
    }

    /**
     * Returns whether a value is a text without case. {@code UPPER(LOWER(value))} is that of the text for most letters,
     * if the value is as long; where a letter of the text has another that it is not so for, it is compared by itself.
     */
    private Expression ignoringCase(Atom atom, String value, String text) {
        if (text.chars().anyMatch(c -> Character.isSurrogate((char) c))) {
            throw refused(atom, "it counts letters, and " + atom.tests().get(0) + " has some of two characters");
        }
        List<Expression> all = new ArrayList<>();
        all.add(new Expression("LENGTH(" + value + ") = " + text.length()));
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || !CaseClasses.isRegular(text.charAt(i))) {
                if (i > start) {
                    String part = i - start == text.length()
                            ? value
                            : "SUBSTRING(" + value + ", " + (start + 1) + ", " + (i - start) + ")";
                    String upper = CaseClasses.upper(text.substring(start, i));
                    all.add(new Expression("UPPER(LOWER(" + part + ")) = " + quoted(atom, upper)));
                }
                if (i < text.length()) {
                    String letters = CaseClasses.of(text.charAt(i))
                            .chars()
                            .mapToObj(c -> quoted(atom, Character.toString(c)))
                            .collect(Collectors.joining(", "));
                    all.add(new Expression("SUBSTRING(" + value + ", " + (i + 1) + ", 1) IN (" + letters + ")"));
                }
                start = i + 1;
            }
        }
        return Expression.join(" AND ", all);
    }

    private String quoted(Atom atom, Texts text) {
        return quoted(atom, text.texts().iterator().next());
    }

    private String quoted(Atom atom, String text) {
        return quoted(withoutBackslash(atom, text));
    }

    private static String quoted(String text) {
        return text.indexOf('\'') >= 0 && text.indexOf('"') < 0
                ? '"' + text + '"'
                : "'" + text.replace("'", "\\'") + "'";
    }
}
