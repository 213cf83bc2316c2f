package io.eventgateway.internal.filter;

import io.eventgateway.error.InvalidFilterException;
import io.eventgateway.internal.filter.CesqlToken.Kind;
import java.util.ArrayList;
import java.util.List;

/** Splits a CESQL expression into its tokens (CESQL 1.0, section 2). */
final class CesqlLexer {
    private static final String SYMBOLS = "()+-*/%,";

    private final String text;
    private int at;

    private CesqlLexer(String text) {
        this.text = text;
    }

    /**
     * The tokens of an expression, the last of which is its end.
     *
     * @throws InvalidFilterException if a character begins no token, or a string does not end
     */
    static List<CesqlToken> tokens(String text) {
        return new CesqlLexer(text).tokens();
    }

    private List<CesqlToken> tokens() {
        List<CesqlToken> tokens = new ArrayList<>();
        while (true) {
            while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
            if (at == text.length()) {
                tokens.add(new CesqlToken(Kind.END, "", at, at));
                return tokens;
            }
            tokens.add(next(text.charAt(at)));
        }
    }

    private CesqlToken next(char first) {
        int begin = at;
        if (isOfWord(first)) {
            while (at < text.length() && isOfWord(text.charAt(at))) {
                at++;
            }
            return token(Kind.WORD, begin);
        }
        if (first == '\'' || first == '"') {
            return string(first);
        }
        char second = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
        if (SYMBOLS.indexOf(first) >= 0 || first == '=') {
            at++;
        } else if ((first == '<' && (second == '=' || second == '>'))
                || (first == '>' && second == '=')
                || (first == '!' && second == '=')) {
            at += 2;
        } else if (first == '<' || first == '>') {
            at++;
        } else {
            throw CesqlLanguage.refused(text, at, problem(first));
        }
        return token(Kind.SYMBOL, begin);
    }

    /** A quote inside of a string is written with a backslash before it; any other backslash stands for itself (section 2.2),
     * and so does one before the last quote of the expression, which can only end the string. */
    private CesqlToken string(char quote) {
        int begin = at;
        StringBuilder value = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == quote) {
                at++;
                return new CesqlToken(Kind.STRING, value.toString(), begin, at);
            }
            if (c == '\\'
                    && at + 1 < text.length()
                    && text.charAt(at + 1) == quote
                    && text.indexOf(quote, at + 2) >= 0) {
                at++;
                c = quote;
            }
            value.append(c);
        }
        throw CesqlLanguage.refused(
                text, begin, "found a string without its end; accepted is one that ends with " + quote);
    }

    private CesqlToken token(Kind kind, int begin) {
        return new CesqlToken(kind, text.substring(begin, at), begin, at);
    }

    private String problem(char found) {
        int before = text.lastIndexOf("data", at);
        if (found == '.' && before >= 0 && before + Path.DATA.length() == at) {
            return "found a member of data; " + CesqlLanguage.ATTRIBUTES_ONLY;
        }
        int codePoint = text.codePointAt(at);
        String shown = Character.isISOControl(codePoint)
                ? String.format("the character U+%04X", codePoint)
                : "'" + Character.toString(codePoint) + "'";
        return "found " + shown
                + (found == '!' ? "; accepted is NOT, or != for unequal" : "; " + CesqlLanguage.ACCEPTED);
    }

    private static boolean isOfWord(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    }
}
