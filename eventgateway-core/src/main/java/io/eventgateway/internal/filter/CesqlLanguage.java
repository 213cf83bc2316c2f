package io.eventgateway.internal.filter;

import io.cloudevents.sql.EvaluationException;
import io.cloudevents.sql.EvaluationRuntime;
import io.cloudevents.sql.Expression;
import io.cloudevents.sql.ParseException;
import io.cloudevents.sql.Parser;
import io.cloudevents.sql.Result;
import io.cloudevents.sql.generated.CESQLParserLexer;
import io.cloudevents.sql.generated.CESQLParserParser;
import io.cloudevents.sql.generated.CESQLParserParser.AtomContext;
import io.cloudevents.sql.generated.CESQLParserParser.AtomExpressionContext;
import io.cloudevents.sql.generated.CESQLParserParser.BinaryComparisonExpressionContext;
import io.cloudevents.sql.generated.CESQLParserParser.BinaryLogicExpressionContext;
import io.cloudevents.sql.generated.CESQLParserParser.ExistsExpressionContext;
import io.cloudevents.sql.generated.CESQLParserParser.ExpressionContext;
import io.cloudevents.sql.generated.CESQLParserParser.FunctionInvocationExpressionContext;
import io.cloudevents.sql.generated.CESQLParserParser.IdentifierAtomContext;
import io.cloudevents.sql.generated.CESQLParserParser.InExpressionContext;
import io.cloudevents.sql.generated.CESQLParserParser.LikeExpressionContext;
import io.cloudevents.sql.generated.CESQLParserParser.StringAtomContext;
import io.cloudevents.sql.generated.CESQLParserParser.StringLiteralContext;
import io.cloudevents.sql.generated.CESQLParserParser.SubExpressionContext;
import io.cloudevents.sql.impl.parser.CaseChangingCharStream;
import io.eventgateway.Event;
import io.eventgateway.InvalidFilterException;
import io.eventgateway.internal.filter.Condition.Absence;
import io.eventgateway.internal.filter.Condition.AllOf;
import io.eventgateway.internal.filter.Condition.Check;
import io.eventgateway.internal.filter.Condition.Code;
import io.eventgateway.internal.filter.Condition.Test;
import io.eventgateway.internal.filter.ValueTest.AnythingBut;
import io.eventgateway.internal.filter.ValueTest.OfTexts;
import io.eventgateway.internal.filter.ValueTest.Prefix;
import io.eventgateway.internal.filter.ValueTest.Present;
import io.eventgateway.internal.filter.ValueTest.Suffix;
import io.eventgateway.internal.filter.ValueTest.Texts;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.misc.Interval;
import org.antlr.v4.runtime.tree.ParseTree;
import org.jspecify.annotations.Nullable;

/**
 * CloudEvents SQL 1.0, by the {@code cloudevents-sql} library.
 *
 * <p>Of an expression, the operands of its outermost ANDs that only test an attribute become tests of their own, so that the filter
 * can be indexed: {@code a = 'x'}, {@code a != 'x'}, {@code a IN ('x', 'y')}, {@code a LIKE 'x%'} and {@code EXISTS a}, with texts
 * that are no number or boolean, since those are cast. The library evaluates the other operands as they are written, and all keep their
 * order: the first operand that is false or fails decides, as it does in the expression. An event passes where the value is true
 * and nothing failed.
 */
final class CesqlLanguage {
    static final String NAME = "cesql";
    private static final String LIBRARY = "io.cloudevents:cloudevents-sql with org.antlr:antlr4-runtime 4.9";

    private CesqlLanguage() {}

    static Condition compile(String text) {
        if (text.length() > Limits.MAX_TEXT) {
            throw refused(
                    "line 1, column 1", "found " + text.length() + " characters; at most " + Limits.MAX_TEXT, null);
        }
        notTooDeep(text);
        try {
            CommonTokenStream tokens = tokens(text);
            ExpressionContext tree = tree(tokens);
            check(text, tokens);
            resolveFunctions(tree);
            List<Condition> operands = new ArrayList<>();
            lift(tree, text, operands);
            return operands.stream().allMatch(Code.class::isInstance) ? code(text) : AllOf.of(operands);
        } catch (StackOverflowError e) {
            throw refused("line 1, column 1", "found more operands in a row than can be read; fewer are accepted", e);
        } catch (LinkageError | UnsupportedOperationException e) {
            // antlr4-runtime 4.10 and later, which another library may have brought, can't read the parser's tables
            throw refused("line 1, column 1", "the expression can't be read without " + LIBRARY + ": " + e, e);
        }
    }

    /** What a refusal says, without where. */
    static String problem(InvalidFilterException e) {
        String message = String.valueOf(e.getMessage());
        return message.substring(message.indexOf(": ") + 2);
    }

    private static InvalidFilterException refused(String position, String problem, @Nullable Throwable cause) {
        return new InvalidFilterException(NAME, position, problem, cause);
    }

    /** The parser calls itself for each level. */
    private static void notTooDeep(String text) {
        int depth = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (depth > Limits.MAX_DEPTH) {
                String before = text.substring(0, i);
                throw refused(
                        position(
                                1 + (int) before.lines().count() - (before.endsWith("\n") ? 0 : 1),
                                i - before.lastIndexOf('\n') - 1),
                        "found more than " + Limits.MAX_DEPTH + " open parentheses; fewer are accepted",
                        null);
            }
        }
    }

    /** What the library evaluates, with the cast to a boolean that an operand of AND is due. */
    private static Code code(String expression) {
        return new Code(new Evaluator(Parser.parseDefault("(" + expression + ") AND TRUE"), expression), true);
    }

    private static void check(String text, CommonTokenStream tokens) {
        try {
            Parser.parseDefault(text);
        } catch (ParseException e) {
            Interval interval = e.getInterval(); // of tokens
            Token at = tokens.get(interval == null ? 0 : Math.max(0, Math.min(interval.a, tokens.size() - 1)));
            throw refused(
                    position(at.getLine(), at.getCharPositionInLine()),
                    "found " + e.getMessage() + "; accepted is CESQL 1.0",
                    e);
        }
    }

    private static String position(int line, int before) {
        return "line " + line + ", column " + (before + 1);
    }

    private static CommonTokenStream tokens(String text) {
        CESQLParserLexer lexer = new CESQLParserLexer(new CaseChangingCharStream(CharStreams.fromString(text), true));
        lexer.removeErrorListeners();
        lexer.addErrorListener(new Refusal());
        return new CommonTokenStream(lexer);
    }

    private static ExpressionContext tree(CommonTokenStream tokens) {
        CESQLParserParser parser = new CESQLParserParser(tokens);
        parser.removeErrorListeners();
        parser.addErrorListener(new Refusal());
        return parser.cesql().expression();
    }

    private static final class Refusal extends BaseErrorListener {
        @Override
        public void syntaxError(
                Recognizer<?, ?> recognizer,
                @Nullable Object symbol,
                int line,
                int before,
                String message,
                @Nullable RecognitionException e) {
            throw refused(position(line, before), "found " + message + "; accepted is CESQL 1.0", e);
        }
    }

    /** The library looks a function up when it is called, which is too late to refuse it. */
    private static void resolveFunctions(ParseTree tree) {
        if (tree instanceof FunctionInvocationExpressionContext call) {
            try {
                EvaluationRuntime.getDefault()
                        .resolveFunction(
                                call.functionIdentifier().getText().toUpperCase(Locale.ROOT),
                                call.functionParameterList().expression().size());
            } catch (IllegalStateException e) {
                Token at = call.getStart();
                throw refused(
                        position(at.getLine(), at.getCharPositionInLine()),
                        "found a call of no function: " + e.getMessage(),
                        e);
            }
        }
        for (int i = 0; i < tree.getChildCount(); i++) {
            resolveFunctions(tree.getChild(i));
        }
    }

    /** Takes the operands of the outermost ANDs, in the order in which they are evaluated. */
    private static void lift(ExpressionContext expression, String text, List<Condition> operands) {
        if (expression instanceof SubExpressionContext inner) {
            lift(inner.expression(), text, operands);
        } else if (expression instanceof BinaryLogicExpressionContext logic && logic.AND() != null) {
            lift(logic.expression(0), text, operands);
            lift(logic.expression(1), text, operands);
        } else {
            Test test = test(expression);
            if (test != null) {
                operands.add(test);
            } else {
                String operand = text.substring(
                        expression.getStart().getStartIndex(),
                        expression.getStop().getStopIndex() + 1);
                operands.add(code(operand));
            }
        }
    }

    private static @Nullable Test test(ExpressionContext expression) {
        if (expression instanceof ExistsExpressionContext exists) {
            String name = exists.identifier().getText().toLowerCase(Locale.ROOT);
            return name.equals(Path.DATA) ? null : Test.attribute(name, new Present());
        }
        if (expression instanceof BinaryComparisonExpressionContext comparison) {
            String name = attribute(comparison.expression(0));
            String value = literal(comparison.expression(1));
            if (name == null || value == null || CloudEventsLanguage.isOfNumberOrBoolean(value)) {
                return null;
            }
            if (comparison.EQUAL() != null) {
                return needed(Test.attribute(name, Texts.of(value)));
            }
            return comparison.NOT_EQUAL() != null || comparison.LESS_GREATER() != null
                    ? needed(Test.attribute(name, new AnythingBut(List.of(Texts.of(value)))))
                    : null;
        }
        if (expression instanceof InExpressionContext in && in.NOT() == null) {
            String name = attribute(in.expression());
            Set<String> values = new HashSet<>();
            for (ExpressionContext each : in.setExpression().expression()) {
                String value = literal(each);
                if (value == null || CloudEventsLanguage.isOfNumberOrBoolean(value)) {
                    return null;
                }
                values.add(value);
            }
            return name == null ? null : needed(Test.attribute(name, new OfTexts(new Texts(values))));
        }
        if (expression instanceof LikeExpressionContext like && like.NOT() == null) {
            String name = attribute(like.expression());
            return name == null ? null : like(name, unquoted(like.stringLiteral()));
        }
        return null;
    }

    private static @Nullable Test like(String name, String form) {
        if (form.indexOf('_') >= 0 || form.indexOf('\\') >= 0) {
            return null;
        }
        int percent = form.indexOf('%');
        boolean once = percent >= 0 && percent == form.lastIndexOf('%');
        if (once && percent == form.length() - 1) {
            return needed(CloudEventsLanguage.attribute(name, new Prefix(form.substring(0, percent), false)));
        }
        return once && percent == 0
                ? needed(CloudEventsLanguage.attribute(name, new Suffix(form.substring(1), false)))
                : null;
    }

    /** CESQL 1.0, section 3.2: an attribute that the event does not have is an error. */
    private static Test needed(Test test) {
        return test.where(Absence.IS_AN_ERROR);
    }

    private static @Nullable String attribute(ExpressionContext expression) {
        AtomContext atom = expression instanceof AtomExpressionContext atomic ? atomic.atom() : null;
        String name = atom instanceof IdentifierAtomContext identifier
                ? identifier.identifier().getText()
                : Path.DATA;
        return name.equals(Path.DATA) || !name.equals(name.toLowerCase(Locale.ROOT)) ? null : name;
    }

    private static @Nullable String literal(ExpressionContext expression) {
        AtomContext atom = expression instanceof AtomExpressionContext atomic ? atomic.atom() : null;
        return atom instanceof StringAtomContext string && string.getText().indexOf('\\') < 0
                ? unquoted(string.stringLiteral())
                : null;
    }

    private static String unquoted(StringLiteralContext literal) {
        String text = literal.getText();
        return text.substring(1, text.length() - 1);
    }

    /** What the library evaluates. */
    private record Evaluator(Expression expression, String text) implements Check {
        @Override
        public boolean test(Event event) {
            Result result = expression.evaluate(event);
            if (result.isFailed()) {
                EvaluationException first = result.causes().iterator().next();
                throw new IllegalArgumentException(first.getMessage(), first);
            }
            return (Boolean) result.value();
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
