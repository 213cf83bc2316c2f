package io.eventgateway.internal.transform;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * The text of an expression as the library gets it: with a variable of the same length in the place of each regular expression,
 * because the library would run those where nothing looks at the time; and with a mark in each partial application ({@link
 * PartialMarks}).
 *
 * <p>It is read in tokens, as the library reads it, which tells a regular expression from a division by what stands before it. What
 * makes the library's parser slow is refused on the way.
 *
 * @param text for the library
 * @param regexes by the names of their variables
 * @param marks that stand in the text and not in the source
 */
record ExpressionText(String text, Map<String, ExpressionRegex> regexes, PartialMarks marks) {
    private static final int MAX_REGEXES = 100;
    private static final int MAX_REGEX = 4_096;
    /** Levels of {@code ?:} and {@code ??} within what stands left of another, each of which the library copies. */
    private static final int MAX_DEFAULTS = 8;
    /** All {@code ?:} and {@code ??} of an expression: in a row, the library copies for each what stands left of it. */
    private static final int MAX_ALL_DEFAULTS = 100;
    /** Characters of an expression, doubled for each level of {@code ?:} and {@code ??}, as the library doubles what it reads. */
    private static final long MAX_COPIED = 256 * 1024;
    /** Variables of sequences, because the library's work for a group is proportional to them. */
    private static final int MAX_BINDINGS = 100;
    /**
     * Operators in a row and brackets within each other, which is how deep the library's parser may recurse: {@link LargeStack} is large
     * enough for them. An evaluation goes less deep ({@link ExpressionBounds#MAX_DEPTH}).
     */
    static final int MAX_LEVELS = 1_000;
    /** Optional parameters in the signature of a function, which the library takes for a regular expression. */
    private static final int MAX_OPTIONAL = 8;

    /** Names of variables begin with it, followed by the number of the regular expression; private use in Unicode. */
    private static final char FIRST_NAME = '\uE000';

    private static final String OPERATORS = ".[]{}(),@#;:?+-*/%|=<>^&!~";
    /** What may stand before a division: the end of a value, or an operator that may be a value itself. */
    private static final String OPERANDS = ")]}*%";

    /** Operators of two characters, which are one level. */
    private static final Set<String> PAIRS = Set.of("..", ":=", "!=", ">=", "<=", "**", "~>");

    private static final Set<String> FUNCTION = Set.of("function", "\u03BB");

    /** A text that is no expression, or too costly a one. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final int offset;

        Refused(int offset, String problem) {
            super(problem);
            this.offset = offset;
        }

        int offset() {
            return offset;
        }

        @Override
        public String getMessage() {
            return String.valueOf(super.getMessage());
        }
    }

    static ExpressionText of(String source) {
        return new Scanner(source).scan();
    }

    private static final class Scanner {
        /**
         * A bracket that is open: whether its content is of a function's parameters, how much in it the library copies, and how deep it
         * is.
         */
        private static final class Bracket {
            final boolean parameters;
            int defaultsWithin;
            boolean defaults;
            /** Operators since the last comma or semicolon, brackets included: what is between those can't nest deeper. */
            int operators;
            /** Levels of the deepest bracket since then. */
            int levelsWithin;
            /** Levels of the deepest part between two commas or semicolons. */
            int deepest;

            /** The arguments of a call; null when the bracket is of no call. */
            final PartialMarks.@Nullable Arguments arguments;

            Bracket(boolean parameters, PartialMarks.@Nullable Arguments arguments) {
                this.parameters = parameters;
                this.arguments = arguments;
            }

            void endPart() {
                deepest = Math.max(deepest, operators + levelsWithin);
                operators = 0;
                levelsWithin = 0;
            }

            int levels() {
                return defaultsWithin + (defaults ? 1 : 0);
            }
        }

        private final String source;
        private final StringBuilder text;
        private final Map<String, ExpressionRegex> regexes = new LinkedHashMap<>();
        private final PartialMarks marks = new PartialMarks();
        private final Deque<Bracket> brackets = new ArrayDeque<>();
        private int at;
        private int bindings;
        private int defaults;
        /** Operators of the brackets around the innermost one that is open. */
        private int operatorsAround;

        private boolean afterOperand;
        private boolean afterFunction;
        private boolean afterParameters;

        Scanner(String source) {
            this.source = source;
            this.text = new StringBuilder(source);
            brackets.push(new Bracket(false, null));
        }

        ExpressionText scan() {
            while (at < source.length()) {
                char next = source.charAt(at);
                if (" \t\n\r".indexOf(next) >= 0) {
                    at++;
                } else if (source.startsWith("/*", at)) {
                    comment();
                } else if (next == '/' && !afterOperand) {
                    regex();
                } else if (OPERATORS.indexOf(next) >= 0) {
                    operator(next);
                } else {
                    operand(next);
                }
            }
            return new ExpressionText(marks.insertedIn(text), regexes, marks);
        }

        /** A comment is blanks to the library, which can't read one at the end. */
        private void comment() {
            int end = source.indexOf("*/", at + 2);
            if (end >= 0) {
                text.replace(at, end + 2, " ".repeat(end + 2 - at));
            }
            at = end < 0 ? source.length() : end + 2;
        }

        private void operand(char first) {
            int begin = at;
            if (first == '"' || first == '\'') {
                skipString(first);
            } else if (first == '`') {
                int end = source.indexOf('`', at + 1);
                at = end < 0 ? source.length() : end + 1;
            } else {
                while (at < source.length() && !isEndOfName(source.charAt(at))) {
                    at++;
                }
            }
            afterFunction = FUNCTION.contains(source.substring(begin, at));
            afterOperand = !Set.of("and", "or", "in").contains(source.substring(begin, at));
            if (!afterOperand) {
                countLevel(begin);
            }
            afterParameters = false;
        }

        private static boolean isEndOfName(char letter) {
            return " \t\n\r".indexOf(letter) >= 0 || OPERATORS.indexOf(letter) >= 0;
        }

        private void skipString(char quote) {
            for (at++; at < source.length() && source.charAt(at) != quote; at++) {
                at += source.charAt(at) == '\\' ? 1 : 0;
            }
            at = Math.min(source.length(), at + 1);
        }

        private void operator(char operator) {
            boolean signature = operator == '<' && afterParameters;
            afterParameters = false;
            if (operator == ',' || operator == ';') {
                brackets.element().endPart();
                endArgument(brackets.element());
            } else if (")]}".indexOf(operator) < 0 && (at == 0 || !PAIRS.contains(source.substring(at - 1, at + 1)))) {
                countLevel(at);
            }
            if ("([{".indexOf(operator) >= 0) {
                operatorsAround += brackets.element().operators;
                boolean parameters = operator == '(' && afterFunction;
                brackets.push(new Bracket(
                        parameters,
                        operator == '(' && afterOperand && !parameters ? new PartialMarks.Arguments(at + 1) : null));
            } else if (")]}".indexOf(operator) >= 0 && brackets.size() > 1) {
                afterParameters = close();
            } else if (source.startsWith("??", at) || source.startsWith("?:", at)) {
                brackets.element().defaults = true;
                checkDefaults();
                if (++defaults > MAX_ALL_DEFAULTS) {
                    throw new Refused(
                            at, "found more than " + MAX_ALL_DEFAULTS + " of '?:' and '??'; fewer are accepted");
                }
                at++;
            } else if ("@#%".indexOf(operator) >= 0 && ++bindings > MAX_BINDINGS) {
                throw new Refused(
                        at,
                        "found more than " + MAX_BINDINGS
                                + " of '@', '#' and '%', modulo included; accepted are at most as many");
            } else if (signature) {
                checkSignature();
            }
            afterFunction = false;
            afterOperand = OPERANDS.indexOf(operator) >= 0;
            at++;
        }

        private static int levelsOfMark(Bracket closed, PartialMarks marks) {
            return closed.arguments != null && marks.add(closed.arguments) ? 1 : 0;
        }

        private void endArgument(Bracket bracket) {
            if (bracket.arguments != null) {
                bracket.arguments.end(text, at);
            }
        }

        private boolean close() {
            Bracket closed = brackets.pop();
            Bracket outer = brackets.element();
            closed.endPart();
            endArgument(closed);
            closed.deepest += levelsOfMark(closed, marks);
            operatorsAround -= outer.operators;
            outer.levelsWithin = Math.max(outer.levelsWithin, closed.deepest);
            outer.defaultsWithin = Math.max(outer.defaultsWithin, closed.levels());
            checkDefaults();
            return closed.parameters;
        }

        /** The library's parser goes one level deeper for an operator, whether what it is applied to stands left or right of it. */
        private void countLevel(int offset) {
            Bracket innermost = brackets.element();
            innermost.operators++;
            if (operatorsAround + innermost.operators + innermost.levelsWithin > MAX_LEVELS) {
                throw new Refused(
                        offset,
                        "found operators in a row and brackets within each other on more than " + MAX_LEVELS
                                + " levels; accepted are at most as many");
            }
        }

        private void checkDefaults() {
            int levels = brackets.element().levels();
            if ((long) source.length() << levels > MAX_COPIED && levels > 0) {
                throw new Refused(
                        at,
                        "found " + source.length() + " characters with '?:' and '??' on " + levels
                                + " levels; accepted are at most " + (MAX_COPIED >> levels) + " on as many");
            }
            if (brackets.element().levels() > MAX_DEFAULTS) {
                throw new Refused(
                        at,
                        "found '?:' and '??' within each other on more than " + MAX_DEFAULTS
                                + " levels; accepted are at most as many");
            }
        }

        private void checkSignature() {
            int optional = 0;
            boolean repeated = false;
            int open = 0;
            for (int i = at; i < source.length(); i++) {
                char symbol = source.charAt(i);
                open += symbol == '<' ? 1 : symbol == '>' ? -1 : 0;
                if (open == 0) {
                    return;
                }
                optional += "?-+".indexOf(symbol) >= 0 ? 1 : 0;
                if (optional > MAX_OPTIONAL || (symbol == '+' && repeated)) {
                    throw new Refused(
                            i,
                            "found a signature with too much that is optional or repeated; accepted are at most "
                                    + MAX_OPTIONAL + " of '?', '-' and '+', and one '+'");
                }
                repeated |= symbol == '+';
            }
        }

        private void regex() {
            int end = endOfRegex();
            String regex = end < 0 ? "" : source.substring(at + 1, end);
            if (regex.isEmpty()) { // which the library refuses with its own message
                at = source.length();
                return;
            }
            if (regexes.size() == MAX_REGEXES) {
                throw new Refused(
                        at, "found more than " + MAX_REGEXES + " regular expressions; accepted are at most as many");
            }
            if (regex.length() > MAX_REGEX) { // the library reads the variable in its place one blank at a time
                throw new Refused(
                        at,
                        "found a regular expression of " + regex.length() + " characters; accepted are at most "
                                + MAX_REGEX);
            }
            if (ExpressionRegex.repeatsTooMuch(regex)) {
                throw new Refused(at, "found a regular expression that repeats too much");
            }
            int flags = 0;
            int after = end + 1;
            for (; after < source.length() && "im".indexOf(source.charAt(after)) >= 0; after++) {
                flags |= source.charAt(after) == 'i' ? Pattern.CASE_INSENSITIVE : Pattern.MULTILINE;
            }
            String name = String.valueOf((char) (FIRST_NAME + regexes.size()));
            regexes.put(name, new ExpressionRegex(compile(regex, flags)));
            text.replace(at, after, "$" + name + " ".repeat(after - at - 2));
            at = after;
            afterOperand = true;
            afterFunction = false;
            afterParameters = false;
        }

        private Pattern compile(String regex, int flags) {
            try {
                return Pattern.compile(regex, flags);
            } catch (PatternSyntaxException e) {
                throw new Refused(
                        at + 1 + Math.max(0, e.getIndex()), "found no valid regular expression: " + e.getDescription());
            } catch (StackOverflowError e) {
                throw new Refused(at, "found a regular expression that is nested too deep");
            }
        }

        /** The slash that is in no brackets and has an even number of backslashes before it. */
        private int endOfRegex() {
            int depth = 0;
            for (int i = at + 1; i < source.length(); i++) {
                char next = source.charAt(i);
                if (next == '\\') {
                    i++;
                } else if (next == '/' && depth == 0) {
                    return i;
                } else {
                    depth += "([{".indexOf(next) >= 0 ? 1 : ")]}".indexOf(next) >= 0 ? -1 : 0;
                }
            }
            return -1;
        }
    }
}
