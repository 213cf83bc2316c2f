package io.eventgateway.internal.filter;

import io.eventgateway.error.InvalidFilterException;
import io.eventgateway.internal.filter.CesqlExpression.Attribute;
import io.eventgateway.internal.filter.CesqlExpression.Call;
import io.eventgateway.internal.filter.CesqlExpression.Chain;
import io.eventgateway.internal.filter.CesqlExpression.Exists;
import io.eventgateway.internal.filter.CesqlExpression.HasForm;
import io.eventgateway.internal.filter.CesqlExpression.In;
import io.eventgateway.internal.filter.CesqlExpression.Literal;
import io.eventgateway.internal.filter.CesqlExpression.Minus;
import io.eventgateway.internal.filter.CesqlExpression.Not;
import io.eventgateway.internal.filter.CesqlOperator.Precedence;
import io.eventgateway.internal.filter.CesqlToken.Kind;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Parses CESQL by recursive descent, a method for each precedence (CESQL 1.0, section 3.6). Operators of one precedence in a row are a
 * loop and one {@link Chain}; only parentheses, unary operators and functions call themselves, which {@link Limits#MAX_DEPTH} bounds.
 */
final class CesqlParser {
    private static final Set<String> KEYWORDS =
            Set.of("and", "or", "xor", "not", "like", "exists", "in", "true", "false");
    private static final String OPERAND =
            "an operand of CESQL: an attribute, a literal, a function, NOT, EXISTS, '-' or '('";

    private final String text;
    private final List<CesqlToken> tokens;
    private final IdentityHashMap<CesqlExpression, String> texts = new IdentityHashMap<>();
    private int next;
    private int depth;
    private int operands;

    CesqlParser(String text) {
        this.text = text;
        this.tokens = CesqlLexer.tokens(text);
    }

    /**
     * The expression that the text is.
     *
     * @throws InvalidFilterException if it is none, or is deeper or has more operands than allowed
     */
    CesqlExpression parse() {
        CesqlExpression expression = expression();
        if (peek().kind() != Kind.END) {
            throw unexpected(peek(), "an operator, or the end");
        }
        return expression;
    }

    /** How an operand of the expression, or all of it, is written. */
    String textOf(CesqlExpression expression) {
        return texts.getOrDefault(expression, text);
    }

    private CesqlExpression expression() {
        return chain(Precedence.LOGIC);
    }

    private CesqlExpression chain(Precedence precedence) {
        CesqlExpression first = operandOf(precedence);
        CesqlOperator operator = CesqlOperator.of(peek(), precedence);
        if (operator == null) {
            return first;
        }
        List<CesqlExpression> chained = new ArrayList<>(List.of(first));
        List<CesqlOperator> operators = new ArrayList<>();
        for (; operator != null; operator = CesqlOperator.of(peek(), precedence)) {
            next++;
            operators.add(operator);
            chained.add(operandOf(precedence));
        }
        return new Chain(chained, operators);
    }

    private CesqlExpression operandOf(Precedence precedence) {
        int begin = peek().begin();
        CesqlExpression operand =
                switch (precedence) {
                    case LOGIC -> chain(Precedence.COMPARISON);
                    case COMPARISON -> chain(Precedence.ADDITIVE);
                    case ADDITIVE -> chain(Precedence.MULTIPLICATIVE);
                    case MULTIPLICATIVE -> tested();
                };
        if (precedence == Precedence.LOGIC) {
            texts.putIfAbsent(
                    operand, text.substring(begin, tokens.get(next - 1).end()));
        }
        return operand;
    }

    /** An operand with its LIKE or IN, each of which is a level, since it stands around all before it. */
    private CesqlExpression tested() {
        CesqlExpression operand = unary();
        int levels = 0;
        while (true) {
            boolean negated = peek().isKeyword("not");
            CesqlToken operator = tokens.get(negated ? next + 1 : next);
            boolean like = operator.isKeyword("like");
            if (!like && !operator.isKeyword("in")) {
                if (negated) {
                    throw unexpected(operator, "LIKE or IN after NOT");
                }
                depth -= levels;
                return operand;
            }
            enter(operator);
            levels++;
            next += negated ? 2 : 1;
            CesqlExpression test = like ? new HasForm(operand, form()) : new In(set(operand));
            operand = negated ? new Not(test) : test;
        }
    }

    private ValueTest form() {
        CesqlToken form = take();
        if (form.kind() != Kind.STRING) {
            throw unexpected(form, "a string after LIKE");
        }
        try {
            return CesqlLike.parse(form.text());
        } catch (IllegalArgumentException e) {
            throw CesqlLanguage.refused(text, form.begin(), "found " + e.getMessage());
        }
    }

    private List<CesqlExpression> set(CesqlExpression operand) {
        List<CesqlExpression> set = new ArrayList<>(List.of(operand));
        CesqlToken open = take();
        if (!open.isSymbol("(")) {
            throw unexpected(open, "'(' after IN");
        }
        set.addAll(list(open));
        return set;
    }

    /** Expressions with commas between them, up to the parenthesis that closes. */
    private List<CesqlExpression> list(CesqlToken open) {
        List<CesqlExpression> list = new ArrayList<>();
        enter(open);
        while (true) {
            list.add(expression());
            CesqlToken after = take();
            if (after.isSymbol(")")) {
                depth--;
                return list;
            }
            if (!after.isSymbol(",")) {
                throw unexpected(after, "an operator, ',' or ')'");
            }
        }
    }

    private CesqlExpression unary() {
        CesqlToken token = peek();
        boolean not = token.isKeyword("not");
        if (!not && !token.isSymbol("-") && !token.isSymbol("+")) {
            return atom();
        }
        next++;
        CesqlToken digits = peek();
        if (!not && digits.isInteger() && digits.begin() == token.end()) {
            next++;
            return integer(token, token.text() + digits.text());
        }
        if (token.isSymbol("+")) {
            throw unexpected(token, OPERAND + "; '+' may stand right before digits");
        }
        enter(token);
        int begin = digits.begin();
        CesqlExpression operand = unary();
        depth--;
        if (not) {
            texts.putIfAbsent(
                    operand, text.substring(begin, tokens.get(next - 1).end()));
        }
        return not ? new Not(operand) : new Minus(operand);
    }

    private CesqlExpression atom() {
        CesqlToken token = take();
        if (token.isSymbol("(")) {
            enter(token);
            CesqlExpression inner = expression();
            CesqlToken close = take();
            if (!close.isSymbol(")")) {
                throw unexpected(close, "an operator or ')'");
            }
            depth--;
            return inner;
        }
        if (token.kind() == Kind.STRING) {
            return counted(token, new Literal(token.text()));
        }
        if (token.kind() != Kind.WORD) {
            throw unexpected(token, OPERAND);
        }
        if (peek().isSymbol("(") && !KEYWORDS.contains(token.text().toLowerCase(Locale.ROOT))) {
            return call(token);
        }
        if (token.isInteger()) {
            return integer(token, token.text());
        }
        if (token.isKeyword("true") || token.isKeyword("false")) {
            return counted(token, new Literal(token.isKeyword("true")));
        }
        return token.isKeyword("exists")
                ? counted(token, new Exists(attribute(take())))
                : counted(token, new Attribute(attribute(token)));
    }

    private CesqlExpression integer(CesqlToken at, String written) {
        Integer value = CesqlValue.parsed(written);
        if (value == null) {
            throw CesqlLanguage.refused(
                    text,
                    at.begin(),
                    "found the integer " + CesqlLanguage.excerpt(written) + "; accepted are integers of 32 bits");
        }
        return counted(at, new Literal(value));
    }

    /** Names of attributes are in lower case (CloudEvents 1.0, section "Attribute Naming Convention"), so another case can only mean them. */
    private Path attribute(CesqlToken token) {
        String name = token.text().toLowerCase(Locale.ROOT);
        if (token.kind() != Kind.WORD || KEYWORDS.contains(name)) {
            throw unexpected(token, "the name of an attribute");
        }
        if (name.equals(Path.DATA)) {
            throw CesqlLanguage.refused(text, token.begin(), "found data; " + CesqlLanguage.ATTRIBUTES_ONLY);
        }
        if (name.indexOf('_') >= 0) {
            throw CesqlLanguage.refused(
                    text,
                    token.begin(),
                    "found the attribute '" + CesqlLanguage.excerpt(token.text())
                            + "'; accepted are names of lower-case letters and digits");
        }
        return Path.of(name);
    }

    private CesqlExpression call(CesqlToken name) {
        CesqlFunction function = CesqlFunction.named(name.text());
        if (function == null) {
            throw CesqlLanguage.refused(
                    text,
                    name.begin(),
                    "found the function '" + CesqlLanguage.excerpt(name.text()) + "'; accepted are "
                            + CesqlFunction.names());
        }
        CesqlToken open = take();
        List<CesqlExpression> arguments = List.of();
        if (peek().isSymbol(")")) {
            next++;
        } else {
            arguments = list(open);
        }
        if (!function.takes(arguments.size())) {
            throw CesqlLanguage.refused(
                    text,
                    name.begin(),
                    "found " + arguments.size() + " arguments of " + function + "; accepted are " + function.arity());
        }
        return counted(name, new Call(function, arguments));
    }

    private CesqlExpression counted(CesqlToken at, CesqlExpression operand) {
        operands++;
        if (operands > Limits.MAX_OPERANDS) {
            throw CesqlLanguage.refused(
                    text, at.begin(), "found more than " + Limits.MAX_OPERANDS + " operands; fewer are accepted");
        }
        return operand;
    }

    private void enter(CesqlToken at) {
        depth++;
        if (depth > Limits.MAX_DEPTH) {
            throw CesqlLanguage.refused(
                    text,
                    at.begin(),
                    "found more than " + Limits.MAX_DEPTH
                            + " levels of parentheses, NOT, '-', LIKE and IN; fewer are accepted");
        }
    }

    private CesqlToken peek() {
        return tokens.get(next);
    }

    private CesqlToken take() {
        CesqlToken token = tokens.get(next);
        if (token.kind() != Kind.END) {
            next++;
        }
        return token;
    }

    private InvalidFilterException unexpected(CesqlToken found, String accepted) {
        return CesqlLanguage.refused(
                text, found.begin(), "found " + CesqlLanguage.excerpt(found.shown()) + "; accepted is " + accepted);
    }
}
