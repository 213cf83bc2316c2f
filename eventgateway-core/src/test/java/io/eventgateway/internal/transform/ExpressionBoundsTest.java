package io.eventgateway.internal.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import com.dashjoin.jsonata.Jsonata;
import io.eventgateway.error.InvalidTransformException;
import io.eventgateway.internal.transform.Shaper.Failed;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Time, depth and size of JSONata expressions, whatever they call. The time that is asserted is generous: the bound is a second. */
@Timeout(120)
class ExpressionBoundsTest {
    private static final Duration GENEROUS = Duration.ofSeconds(10);

    private static String fail(String expression, String json) {
        return fail(Transforms.jsonata(expression), json);
    }

    /** Fails by another bound than that of time, however slow the machine is. */
    private static String failInTime(String expression, String json) {
        return fail(Expression.parse(expression, GENEROUS), json);
    }

    private static String fail(Shaper shaper, String json) {
        return assertTimeout(GENEROUS, () -> {
            try {
                String made = Shaping.shape(shaper, json);
                throw new AssertionError(
                        "made " + made.substring(0, Math.min(100, made.length())) + " instead of a failure");
            } catch (Failed e) {
                assertThat(e.getCause() instanceof StackOverflowError)
                        .as(e.getMessage())
                        .isFalse();
                return e.getMessage();
            }
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            quoteCharacter = '^',
            value = {
                "$length($pad('', 400000, 'a')) => 400000",
                "$length($pad('', -400000, 'ab')) => 400000",
                "$round(1.5, 1000000000) => 1.5",
                "$round(1.5, -1000000000) => 0",
                "$contains($pad('', 1000, 'a'), $pad('', 500, 'a') & 'b') => false",
                "$contains($pad('', 4000000, 'a'), $pad('', 2000000, 'a') & 'b') => false",
                "$count($distinct([1..100000])) => 100000",
                "$count($sort([1..100000])) => 100000",
                "$count($spread($merge([1..5000].{$string($): $}))) => 5000",
                "$length($formatInteger(999999, 'I')) => 1005",
                "$toMillis('2018-03-23', '[Y0001]-[M01]-[D01]') => 1521763200000",
                "$toMillis('Friday, 23rd March 2018 2:05 pm', '[FNn], [D1o] [MNn] [Y] [h]:[m] [P]') => 1521813900000",
                "$toMillis('20180323103336', '[Y0001][M01][D01][H01][m01][s01]') => 1521801216000",
            })
    void functionsThatTookSecondsAreQuick(String expression, String result) {
        String made = assertTimeout(GENEROUS, () -> Shaping.shape(Expression.parse(expression, GENEROUS), "{}"));
        assertThat(made).isEqualTo(result);
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            quoteCharacter = '^',
            value = {
                "($f := function($x) { $f($x + 1) }; $f(0)) => more than 1000 ms",
                "$contains(data.text, /a*a*a*a*a*a*a*b/) => more than 1000 ms",
                "$match(data.text, /a*a*a*a*a*a*a*b/) => more than 1000 ms",
                "$replace(data.text, /a*a*a*a*a*a*a*b/, '') => more than 1000 ms",
                "$split(data.text, /a*a*a*a*a*a*a*b/) => more than 1000 ms",
                "/a*a*a*a*a*a*a*b/(data.text) => more than 1000 ms",
                "data.text ~> /a*a*a*a*a*a*a*b/ => more than 1000 ms",
                "function($r, $x) { $r($x) }(/a*a*a*a*a*a*a*b/, data.text) => more than 1000 ms",
                "$map([data.text], /a*a*a*a*a*a*a*b/) => more than 1000 ms",
                "$sum([1..1000000].$sum($map([1..100], function($x) { $x }))) => more than 1000 ms",
                "$toMillis('1111111111111111111111111111111111111111x', '[f][d][W][w][X][f][d][W][w]') => separators",
                "$toMillis('2018', '[Y,400000]') => widths",
                "$toMillis($pad('', 400000, '1'), '[Y]') => at most 100 characters",
                "$toMillis('2018', $pad('', 400000, 'x')) => picture of at most 200",
                "$fromMillis(1, '[Y,400000]') => widths",
                "$now('[Y,400000]') => widths",
                "$fromMillis(1e17, '[YI]') => out of range",
                "$formatInteger(1, $pad('', 400000, '0')) => picture of at most 200",
                "$formatInteger(2000000000, 'I') => Roman",
                "$formatNumber(1, $pad('', 400000, '0')) => picture of at most 200",
                "$parseInteger($pad('', 400000, '1'), '0') => at most 1000 characters",
                "$encodeUrlComponent($pad('', 16000000, '%')) => at most 1048576 characters",
                "$match($pad('', 1000000, 'ab'), /(a|b)*/) => recurses too deep",
                "$eval('1') => $eval is not there",
                "data.* => too many arrays",
            })
    void whatTakesTooLongIsGivenUp(String expression, String problem) {
        String arrays = IntStream.range(0, 60_000)
                .mapToObj(i -> "\"k" + i + "\":[1,2]")
                .collect(Collectors.joining(",", "{", "}"));
        String json = expression.equals("data.*") ? arrays : "{\"text\": \"" + "a".repeat(3_000) + "\"}";
        assertThat(fail(expression, json)).contains("the expression failed", problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            quoteCharacter = '^',
            value = {
                "$pad('', 2000000000, 'a') => makes more than 16777216 characters",
                "[-9223372036854775808..9223372036854775807] => a sequence of more than 1048576 elements",
                "[-9223372036854775807..9223372036854775000] => a sequence of more than 1048576 elements",
                "$reduce([1..40], function($a, $i) { $a & $a }, 'ab') => texts of more than 16777216 characters",
                "$join([1..1000].$string(), $pad('', 100000, 'x')) => more than 16777216 characters",
                "$replace($pad('', 4000000, 'a'), 'a', 'abcdefgh') => more than 16777216 characters",
                "$split($pad('', 4000000, 'a'), '') => more than 1048576 parts",
                "$match($pad('', 4000000, 'a'), /a/) => finds too much",
                "$count([1..1000].($pad('', 1000000))) => texts of more than 16777216 characters",
                "$map([1..1000], function($x) { $pad('', 1000000) }) => a value of more than 16777216 characters",
                "[1..10000000] => a sequence of more than 1048576 elements",
                "[1..1000000].[1..1000000] => arrays of more than 1048576 elements together",
                "[1..1000000]@$x.[1..1000000]@$y => arrays of more than 1048576 elements together",
                "$count(data.list@$x{'a': $x}) => groups more than 10000 elements",
                "$string($reduce([1..60], function($a, $i) { {'l': $a, 'r': $a} }, {})) => more than 16777216 characters",
                "($d := $reduce([1..60], function($a, $i) { {'l': $a, 'r': $a} }, {}); $d = $d) => more than 16777216 characters",
                "($d := $reduce([1..60], function($a, $i) { {'l': $a, 'r': $a} }, {}); $d & '') => more than 16777216 characters",
                "$string($reduce([1..400], function($a, $i) { {'a': $a} }, [1..100000]), true) => more than 16777216 characters",
                "$reduce([1..1000], function($a, $i) { [[$a]] }, []) => nested more than 500 levels deep",
                "$reduce([1..1000], function($a, $i) { {'a': $a} }, {}) => nested more than 500 levels deep",
                "({'a': [1..100000].{'x': $}} ~> |a|{'y': $$.data.list}|) => more than 16777216 characters",
            })
    void whatGrowsTooLargeIsGivenUp(String expression, String problem) {
        String json = "{\"list\": [" + "1,".repeat(20_000) + "1]}";
        assertThat(failInTime(expression, json)).contains("the expression failed", problem);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "($f := function($x) { 1 + $f($x) }; $f(0))",
                "($f := function($x) { {'a': [$f($x)]} }; $f(0))",
                "($f := function($x) { $map([1], function($y) { $f($x) }) }; $f(0))",
                "($f := function($x) { $map([1], $f) }; $f(0))",
                "($f := function($x) { $filter([1], $f) }; $f(0))",
                "($f := function($x) { $sort([1, 2], $f) }; $f(0))",
                "($f := function($x) { $reduce([1, 2], function($i, $j) { $f(1) }) }; $f(1))",
                "($f := function($x) { $replace('a', /a/, function($m) { $f(1) }) }; $f(1))",
                "($f := function($x) { {'a': {'b': 1}} ~> |a|{'b': $f(1)}| }; $f(1))",
                "($f := function($x) { ([1, 2]^($f($))) }; $f(1))",
            })
    void aRecursionWithoutEndIsGivenUpBeforeTheStackIs(String expression) {
        assertThat(failInTime(expression, "{}")).contains("more than 500 levels deep");
    }

    /** Each of the texts is within its bound, and a function or a frame of its own holds each of them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "($x:=$pad('\u0100',16000000); $fs:=[1..60].($y:=$x&$; function(){$y}); 1)",
                "($f:=function($n){$n=0 ? 1 : ($y:=$pad('\u0100',16000000); $f($n-1)+$length($y))}; $f(60))",
            })
    void whatIsHeldInAllIsBounded(String expression) {
        assertThat(failInTime(expression, "{}")).contains("in all");
    }

    /** Where assertions are enabled, those of the library find it first. */
    @Test
    void aRangeWithMoreElementsThanANumberCanSayFails() {
        assertThat(failInTime("[0..9223372036854775807]", "{}")).contains("the expression failed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a?:", "a??"})
    void aLongRowOfDefaultsIsRefusedAtOnce(String link) {
        assertTimeout(GENEROUS, () -> assertThatThrownBy(() -> Transforms.jsonata(link.repeat(20_000) + "a"))
                .hasMessageContaining("more than 100"));
    }

    /** The library doubles what stands left of each, level by level. */
    @Test
    void aLongExpressionWithDefaultsOnManyLevelsIsRefusedAtOnce() {
        String expression = "(".repeat(7) + "[1" + ",1".repeat(20_000) + "]" + "??b)".repeat(7);
        assertTimeout(GENEROUS, () -> assertThatThrownBy(() -> Transforms.jsonata(expression))
                .isInstanceOf(InvalidTransformException.class)
                .hasMessageContaining("levels"));
        assertThat(Shaping.jsonata("(".repeat(7) + "data.x" + "??7)".repeat(7))).isEqualTo("7");
    }

    @Test
    void aFailureKeepsNoLongTextOfTheExpression() {
        assertThatThrownBy(() -> Shaping.jsonata("$error($pad('x',1000000,'x'))"))
                .isInstanceOfSatisfying(Failed.class, e -> {
                    for (Throwable each = e; each != null; each = each.getCause()) {
                        assertThat(String.valueOf(each.getMessage())).hasSizeLessThan(1_000);
                    }
                });
    }

    @Test
    void aNumberBeyondIntegersOf64BitsIsTheNearestDouble() {
        assertThat(Shaping.jsonata("data.n", "{\"n\":9223372036854775808}")).isEqualTo("9.223372036854776E18");
        assertThat(Shaping.jsonata("data.n", "{\"n\":9223372036854775807}")).isEqualTo("9223372036854775807");
    }

    @Test
    void onlyWhatIsNestedCountsAsDeep() {
        String result = Shaping.jsonata(
                "$count($map(data.items, function($x) { {'id': $x, 'double': $x * 2} }))",
                "{\"items\": " + IntStream.range(0, 10_000).boxed().toList() + "}");
        assertThat(result).isEqualTo("10000");
        assertThat(Shaping.jsonata("($f := function($n) { $n = 0 ? 1 : $n * $f($n - 1) }; $f(20))"))
                .isEqualTo("2432902008176640000");
        assertThat(Shaping.jsonata("($f := function($n, $a) { $n = 0 ? $a : $f($n - 1, $a + $n) }; $f(5000, 0))"))
                .isEqualTo("12502500");
    }

    @Test
    void anArrayMayGrowByOneElementAtATime() {
        assertThat(Shaping.jsonata(
                        "$count($reduce(data.items, function($all, $x) { $append($all, {'id': $x}) }, []))",
                        "{\"items\": " + IntStream.range(0, 5_000).boxed().toList() + "}"))
                .isEqualTo("5000");
    }

    @Test
    void anEventBeyondTheBoundsFails() {
        assertThatThrownBy(() -> Shaping.jsonata("1", "[" + "1,".repeat(1024 * 1024) + "1]"))
                .isInstanceOf(Failed.class)
                .hasMessageContaining("array of more than 1048576 elements");
        assertThatThrownBy(() -> Shaping.jsonata("$", "{\"text\": \"" + "x".repeat(16 * 1024 * 1024) + "\"}"))
                .isInstanceOf(Failed.class)
                .hasMessageContaining("more than 16777216 characters");
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            quoteCharacter = '^',
            value = {
                "$f(/(?:){1000000000}/) => line 1, column 4 => repeats too much",
                "$f(/((((?:){900}){900}){900}){900}/) => line 1, column 4 => repeats too much",
                "$f(/(a/) => line 1, column 8 => No terminating / in regular expression",
                "$f(/[z-a]/) => line 1, column 8 => Illegal character range",
                "function($a)<x?x?x?x?x?x?x?x?x?:x>{1}(1) => line 1, column 31 => optional",
                "function($a)<s+s+:x>{1}(1) => line 1, column 17 => one '+'",
                "(((((((((1?:2)?:3)?:4)?:5)?:6)?:7)?:8)?:9)?:10) => line 1, column 43 => on more than 8 levels",
            })
    void whatTheLibraryWouldTakeTooLongToReadIsRefused(String expression, String position, String problem) {
        assertThatThrownBy(() -> assertTimeout(GENEROUS, () -> Transforms.jsonata(expression)))
                .isInstanceOfSatisfying(InvalidTransformException.class, e -> assertThat(e.position())
                        .isEqualTo(position))
                .hasMessageContaining(problem);
    }

    @Test
    void refusesTooManyRegularExpressionsAndVariables() {
        assertThatThrownBy(() -> Transforms.jsonata("[" + "$match(a, /a/),".repeat(100) + "$match(a, /b/)]"))
                .hasMessageContaining("more than 100 regular expressions");
        assertThatThrownBy(() -> Transforms.jsonata("a" + ".a@$b".repeat(101)))
                .hasMessageContaining("more than 100 of '@', '#' and '%'");
        assertThatThrownBy(() -> Transforms.jsonata("[".repeat(20_000)))
                .isInstanceOf(InvalidTransformException.class)
                .hasMessageContaining("on more than 1000 levels");
    }

    /** A function that a new version of the library adds would not be bounded. */
    @Test
    void everyFunctionOfTheLibraryIsBounded() throws ReflectiveOperationException {
        Field frame = Jsonata.class.getDeclaredField("staticFrame");
        frame.setAccessible(true);
        Field bindings = Jsonata.Frame.class.getDeclaredField("bindings");
        bindings.setAccessible(true);
        Set<?> names = ((Map<?, ?>) bindings.get(frame.get(null))).keySet();
        assertThat(names).hasSizeGreaterThan(60);
        for (Object name : names) {
            Jsonata expression = Jsonata.jsonata("$" + name);
            ExpressionFunctions.register(expression);
            assertThat(expression.evaluate(null)).as("$" + name).isInstanceOf(ExpressionFunction.class);
        }
    }

    /** Both arrays are below the bound of one array. */
    @ParameterizedTest
    @ValueSource(strings = {"[1..600000] = [1..600000]", "{'a': [1..600000], 'b': [1..600000]}"})
    void arraysOfOnePartOfTheExpressionAreCountedTogether(String expression) {
        assertThat(failInTime(expression, "{}"))
                .contains("one part of it is made of arrays of more than 1048576 elements together");
    }
}
