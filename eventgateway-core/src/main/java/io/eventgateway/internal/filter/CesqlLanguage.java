package io.eventgateway.internal.filter;

import io.eventgateway.error.InvalidFilterException;
import io.eventgateway.internal.filter.CastTest.AsBoolean;
import io.eventgateway.internal.filter.CastTest.AsInteger;
import io.eventgateway.internal.filter.CastTest.OneOf;
import io.eventgateway.internal.filter.CesqlExpression.Attribute;
import io.eventgateway.internal.filter.CesqlExpression.Chain;
import io.eventgateway.internal.filter.CesqlExpression.Exists;
import io.eventgateway.internal.filter.CesqlExpression.HasForm;
import io.eventgateway.internal.filter.CesqlExpression.In;
import io.eventgateway.internal.filter.CesqlExpression.Literal;
import io.eventgateway.internal.filter.Condition.Absence;
import io.eventgateway.internal.filter.Condition.AllOf;
import io.eventgateway.internal.filter.Condition.AnyOf;
import io.eventgateway.internal.filter.Condition.Computed;
import io.eventgateway.internal.filter.Condition.Not;
import io.eventgateway.internal.filter.Condition.StrictAnyOf;
import io.eventgateway.internal.filter.Condition.Test;
import io.eventgateway.internal.filter.ValueTest.Present;
import io.eventgateway.internal.filter.ValueTest.Range;
import io.eventgateway.internal.filter.ValueTest.Texts;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * CloudEvents SQL 1.0 as a filter: the expression's value has to be the Boolean true, with no error (CESQL 1.0, section 1.2).
 *
 * <p>What is a boolean becomes conditions: AND, OR, NOT, EXISTS, and the comparisons, IN and LIKE of an attribute with literals. They
 * keep CESQL's order, so that the operand that decides there decides here. All that is left, such as functions, arithmetic and
 * comparisons of attributes with each other, is a {@link Computed} expression in its place of the tree.
 */
final class CesqlLanguage {
    static final String NAME = "cesql";
    static final String ACCEPTED = "accepted is CESQL 1.0";
    static final String ATTRIBUTES_ONLY =
            "accepted are attributes and extensions only, since CESQL does not see data: use Filter.pattern for it";
    private static final int LONGEST_EXCERPT = 60;

    private final CesqlParser parser;
    private final String text;

    private CesqlLanguage(CesqlParser parser, String text) {
        this.parser = parser;
        this.text = text;
    }

    static Condition compile(String text) {
        if (text.length() > Limits.MAX_TEXT) {
            throw refused(text, 0, "found " + text.length() + " characters; accepted are at most " + Limits.MAX_TEXT);
        }
        CesqlParser parser = new CesqlParser(text);
        CesqlExpression expression = parser.parse();
        return Bounds.checked(NAME, Positions.of(text, 0), new CesqlLanguage(parser, text).top(expression));
    }

    static InvalidFilterException refused(String text, int offset, String problem) {
        return new InvalidFilterException(NAME, Positions.of(text, offset), problem, null);
    }

    /** What a refusal says, without where. */
    static String problem(InvalidFilterException e) {
        String message = String.valueOf(e.getMessage());
        return message.substring(message.indexOf(": ") + 2);
    }

    static String excerpt(String found) {
        return found.length() <= LONGEST_EXCERPT ? found : found.substring(0, LONGEST_EXCERPT) + "…";
    }

    /** The whole expression, whose value nothing casts. */
    private Condition top(CesqlExpression expression) {
        return expression instanceof Attribute
                        || (expression instanceof Literal literal && !(literal.literal() instanceof Boolean))
                ? new Computed(expression, text, false)
                : condition(expression, false);
    }

    /** An operand of AND, OR and NOT, whose value is cast to a Boolean. */
    private Condition operand(CesqlExpression expression) {
        return condition(expression, true);
    }

    private Condition condition(CesqlExpression expression, boolean cast) {
        if (expression instanceof Literal literal && literal.literal() instanceof Boolean value) {
            return value ? AllOf.of(List.of()) : AnyOf.of(List.of());
        }
        if (expression instanceof Exists exists) {
            return new Test(exists.path(), new Present(), Absence.FAILS, Condition.Reach.VALUE);
        }
        if (expression instanceof CesqlExpression.Not not) {
            return new Not(operand(not.operand()));
        }
        Condition condition = expression instanceof Chain chain ? chain(chain) : test(expression, cast);
        return condition != null ? condition : new Computed(expression, parser.textOf(expression), cast);
    }

    private @Nullable Condition chain(Chain chain) {
        List<CesqlOperator> operators = chain.operators();
        if (operators.stream().allMatch(each -> each == CesqlOperator.AND || each == CesqlOperator.OR)) {
            return logic(chain);
        }
        if (operators.size() > 1) {
            return null;
        }
        return comparison(
                chain.operands().get(0), operators.get(0), chain.operands().get(1));
    }

    /** From the left, since AND and OR are of one precedence (section 3.6). */
    private Condition logic(Chain chain) {
        List<Condition> same = new ArrayList<>();
        same.add(operand(chain.operands().get(0)));
        CesqlOperator before = chain.operators().get(0);
        int levels = 0;
        for (int i = 0; i < chain.operators().size(); i++) {
            CesqlOperator operator = chain.operators().get(i);
            if (operator != before) {
                levels++;
                if (levels > Limits.MAX_DEPTH) {
                    throw refused(
                            text,
                            0,
                            "found AND and OR in turns more than " + Limits.MAX_DEPTH
                                    + " times, each of which is a level, since they"
                                    + " go from the left; accepted are fewer, or parentheses around those that belong together");
                }
                Condition left = joined(before, same);
                same.clear();
                same.add(left);
                before = operator;
            }
            same.add(operand(chain.operands().get(i + 1)));
        }
        return joined(before, same);
    }

    private static Condition joined(CesqlOperator operator, List<Condition> conditions) {
        return operator == CesqlOperator.AND ? AllOf.of(conditions) : StrictAnyOf.of(conditions);
    }

    /** A comparison of an attribute with a literal; null for any other. */
    private static @Nullable Condition comparison(CesqlExpression left, CesqlOperator operator, CesqlExpression right) {
        if (left instanceof Attribute attribute && right instanceof Literal literal) {
            return comparison(attribute.path(), operator, literal.literal());
        }
        if (left instanceof Literal literal && right instanceof Attribute attribute) {
            CesqlOperator turned = operator.turned();
            // the attribute's type decides what an equality casts to, so it has to be known
            boolean known = CloudEventsLanguage.isText(attribute.path()) || !operator.isEquality();
            return known && turned != null
                    ? comparison(
                            attribute.path(),
                            turned,
                            operator.isEquality() ? CesqlValue.toText(literal.literal()) : literal.literal())
                    : null;
        }
        return null;
    }

    private static @Nullable Condition comparison(Path path, CesqlOperator operator, Object literal) {
        if (operator.isEquality()) {
            ValueTest equal = literal instanceof String text
                    ? Texts.of(text)
                    : literal instanceof Integer number
                            ? new AsInteger(Range.equalTo(Num.of(number)))
                            : new AsBoolean((Boolean) literal);
            Test test = needed(path, equal);
            return operator == CesqlOperator.EQUAL ? test : new Not(test);
        }
        Integer bound =
                literal instanceof String text ? CesqlValue.parsed(text) : (Integer) CesqlValue.toInteger(literal);
        if (bound == null) {
            return null; // an error for every event
        }
        Num number = Num.of(bound);
        return switch (operator) {
            case LESS -> needed(path, new AsInteger(new Range(null, false, number, false)));
            case LESS_OR_EQUAL -> needed(path, new AsInteger(new Range(null, false, number, true)));
            case GREATER -> needed(path, new AsInteger(new Range(number, false, null, false)));
            case GREATER_OR_EQUAL -> needed(path, new AsInteger(new Range(number, true, null, false)));
            default -> null;
        };
    }

    private static @Nullable Condition test(CesqlExpression expression, boolean cast) {
        if (expression instanceof Attribute attribute && cast) {
            return needed(attribute.path(), new AsBoolean(true));
        }
        if (expression instanceof HasForm like && like.operand() instanceof Attribute attribute) {
            return needed(attribute.path(), like.form());
        }
        if (expression instanceof In in
                && in.operands().get(0) instanceof Attribute attribute
                && in.operands().stream().skip(1).allMatch(Literal.class::isInstance)) {
            return needed(
                    attribute.path(),
                    OneOf.of(in.operands().stream()
                            .skip(1)
                            .map(each -> ((Literal) each).literal())
                            .toList()));
        }
        return null;
    }

    /** Section 3.2: an attribute that the event does not have is an error. */
    private static Test needed(Path path, ValueTest wanted) {
        boolean casts = wanted instanceof AsInteger || wanted instanceof AsBoolean || wanted instanceof OneOf;
        Test test = casts
                ? Test.attribute(path.toString(), wanted)
                : CloudEventsLanguage.attribute(path.toString(), wanted);
        return test.where(Absence.IS_AN_ERROR);
    }
}
