package io.eventgateway.internal.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.error.InvalidTransformException;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a gateway accepts and stores, another one has to read, whatever the stack of the thread that reads it. */
@Timeout(120)
class ExpressionDepthTest {
    private static final long SMALL = 256L * 1024;
    private static final long LARGE = 512L * 1024 * 1024;

    private static Named<IntFunction<String>> shape(String name, IntFunction<String> shape) {
        return Named.of(name, shape);
    }

    private static String nested(String begin, String middle, String end, int levels) {
        return begin.repeat(levels) + middle + end.repeat(levels);
    }

    static Stream<Named<IntFunction<String>>> shapes() {
        return Stream.of(
                shape("sum", n -> "1" + "+1".repeat(n)),
                shape("and", n -> "true" + " and true".repeat(n)),
                shape("path", n -> "a" + ".a".repeat(n)),
                shape("predicates", n -> "a" + "[0]".repeat(n)),
                shape("parentheses", n -> nested("(", "1", ")", n)),
                shape("blocks in paths", n -> nested("a.(", "a", ")", n)),
                shape("arrays", n -> nested("[1, ", "1", "]", n)),
                shape("objects", n -> nested("{'a': ", "1", "}", n)),
                shape("calls", n -> nested("$abs(", "1", ")", n)),
                shape("lambdas", n -> nested("function() {", "1", "}", n)),
                shape("called lambdas", n -> nested("(function() {", "1", "})()", n)),
                shape("signs", n -> "-".repeat(n) + "a"),
                shape("conditions", n -> "a ? 1 : ".repeat(n) + "1"),
                shape("assignments", n -> "$a := ".repeat(n) + "1"),
                shape("chain", n -> "a" + " ~> $string".repeat(n)),
                shape("orders", n -> "a" + "^(a)".repeat(n)),
                shape("updates", n -> nested("$ ~> |a|", "{}", "|", n)),
                shape("groups of a regular expression", n -> "$match(a, /" + nested("(", "a", ")", n) + "/)"),
                shape("a regular expression in a row", n -> "$match(a, /" + "a?".repeat(n) + "/)"));
    }

    /** Null when it is accepted, else why not. */
    private static String refusal(String expression, long stack) throws InterruptedException {
        String[] refusal = {"not tried"};
        Thread reader = new Thread(
                null,
                () -> {
                    try {
                        Transforms.jsonata(expression);
                        refusal[0] = null;
                    } catch (InvalidTransformException e) {
                        refusal[0] = e.getMessage();
                    }
                },
                "reader",
                stack);
        reader.start();
        reader.join();
        return refusal[0];
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void acceptanceDoesNotDependOnTheStackOfTheThread(IntFunction<String> shape) throws InterruptedException {
        for (int levels : new int[] {1, 10, 40, 100, 300, 480, 990, 1_001, 1_900, 7_000}) {
            String expression = shape.apply(levels);

            assertThat(refusal(expression, SMALL))
                    .as("%s levels", levels)
                    .isEqualTo(refusal(expression, LARGE))
                    .satisfies(refusal -> {
                        assertThat(String.valueOf(refusal)).doesNotContain("stack", "nested too deep");
                    });
        }
    }

    /** A sum of 400 terms is 400 levels, and no more than 500 are evaluated within each other. */
    @Test
    void aResultDoesNotDependOnTheStackOfTheThread() throws InterruptedException {
        Shaper sum = Transforms.jsonata("$sum([data.n" + "+ 1".repeat(400) + "])");
        Shaper update = Transforms.jsonata(
                "($f := function($x) { {'a': {'b': 1}} ~> |a|{'b': $f(1)}| }; $f(1))"); // takes most of the stack for a
        // level
        for (long stack : new long[] {SMALL, LARGE}) {
            String[] made = {"", ""};
            Thread evaluating = new Thread(
                    null,
                    () -> {
                        made[0] = Shaping.shape(sum, "{\"n\": 2}");
                        try {
                            made[1] = Shaping.shape(update, "{}");
                        } catch (Shaper.Failed e) {
                            made[1] = e.getMessage();
                        }
                    },
                    "evaluating",
                    stack);
            evaluating.start();
            evaluating.join();
            assertThat(made[0]).isEqualTo("402");
            assertThat(made[1]).contains("more than 500 levels deep");
        }
    }

    @Test
    void aSumOfTooManyTermsIsRefusedWhereItIsTooLong() {
        assertThatThrownBy(() -> Transforms.jsonata("1" + "+1".repeat(1_001)))
                .isInstanceOf(InvalidTransformException.class)
                .hasMessage(
                        "jsonata transform, at line 1, column 2002: found operators in a row and brackets within each"
                                + " other on more than 1000 levels; accepted are at most as many");
        assertThat(refusedAt("1" + "+1".repeat(1_000))).isNull();
    }

    @Test
    void partsBetweenCommasAndSemicolonsAreEachCountedAlone() {
        assertThat(refusedAt("(" + ("1" + "+1".repeat(500) + ";").repeat(20) + "1)"))
                .isNull();
        assertThat(refusedAt("[" + ("1" + "+1".repeat(500) + ",").repeat(20) + "1]"))
                .isNull();
        assertThat(refusedAt("{" + "'a': a >= 1 and a != 2, ".repeat(1_000) + "'b': 1}"))
                .isNull();
        assertThat(refusedAt("(" + "1+".repeat(600) + "1) + 1" + "+1".repeat(600)))
                .contains("1000 levels");
        assertThat(refusedAt("1" + "+1".repeat(600) + "+ (1" + "+1".repeat(600) + ")"))
                .contains("1000 levels");
    }

    private static String refusedAt(String expression) {
        try {
            Transforms.jsonata(expression);
            return null;
        } catch (InvalidTransformException e) {
            return e.getMessage();
        }
    }
}
