package io.eventgateway.internal.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.Event;
import io.eventgateway.internal.transform.Shaper.Failed;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionTest {
    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            quoteCharacter = '^',
            value = {
                "null => null",
                "data.none => null",
                "{'n': null, 'm': data.none, 'u': data.missing} => {\"n\":null,\"m\":null}",
                "data.list => [1,null,\"a\"]",
                "data.list[1] => null",
                "$ => {\"specversion\":\"1.0\",\"id\":\"e-1\",\"source\":\"/test\",\"type\":\"order.placed\",\"subject\":\"s-1\","
                        + "\"datacontenttype\":\"application/json\",\"data\":{\"none\":null,\"list\":[1,null,\"a\"]}}",
            })
    void jsonNullIsAResult(String expression, String result) {
        assertThat(Shaping.jsonata(expression, "{\"none\": null, \"list\": [1, null, \"a\"]}"))
                .isEqualTo(result);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data.card()",
                "data.card(1)",
                "(data.card)(1)",
                "data.(card())",
                "data.list.$.a()",
                "($f := data.card; $f(1))",
                "1 ~> $string ~> data.card()",
                "($f := data.card ~> $string; $f(1))",
                "(function($x) { $x() })(data.card)",
                "(function($x) { true ? $x(1) : 2 })(data.card)",
                "(function($x) { (1; $x(1)) })(data.card)",
                "(function($x) { function($y) { $y($x) } })(1)(data.card)",
                "$map(data.list, function($x) { $x() })",
                "$map([data.card], function($x) { $x(1) })",
                "data.list.{'x': $.a()}",
                "data.list[$.a()]",
                "$append(data.list, data.list)^($.a())",
                "(data.card($substring('a', ?, 1)); 1)",
                "($substring('a', ?, 1); data.card())",
                "$f(data.card(), ?)",
                "$substring(data.card(), ?)",
                "$substring(?, data.card())",
                "data.card('a', ?)",
                "data ~> |$|{'x': card()}|",
                "$string(data.card())",
                "data.card(?)"
            })
    void whatIsNoFunctionIsNotCalledAndNotPrinted(String expression) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream console = new PrintStream(printed, true, StandardCharsets.UTF_8);
        System.setOut(console);
        System.setErr(console);
        try {
            assertThatThrownBy(() ->
                            Shaping.jsonata(expression, "{\"card\": \"s3cret\", \"list\": [{\"a\": \"s3cret\"}]}"))
                    .isInstanceOf(Failed.class)
                    .hasMessageContaining("non-function")
                    .hasMessageNotContaining("s3cret");
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            quoteCharacter = '^',
            value = {
                "(data.card; 1) => 1",
                "(data.card) => \"a\"",
                "$uppercase(data.card) => \"A\"",
                "data.card ~> $uppercase => \"A\"",
                "data.card ~> $uppercase() => \"A\"",
                "data.card ~> $substring(0, 1) ~> $uppercase => \"A\"",
                "($f := $uppercase ~> $lowercase; $f(data.card)) => \"a\"",
                "(function($f, $x) { $f($x) })($uppercase, data.card) => \"A\"",
                "(function($n, $f) { $n = 0 ? \"end\" : $f($n - 1, $f) })(1000, function($n, $f) { $n = 0 ? \"end\" : $f($n - 1, $f) })"
                        + " => \"end\"",
                "($s := $substring(?, 0, 1); $s(data.card)) => \"a\"",
                "($s := $substring(data.card & 'bc', ?, 1); $s(1)) => \"b\"",
                "($f := function($a, $b, $c) { $a & $b & $c }; $f('x', ?, ?)('y', 'z')) => \"xyz\"",
                "($f := function($a, $b, $c) { $a & $b & $c }; $f($f('x', ?, 'z')('y'), ?, '!')('+')) => \"xyz+!\"",
                "($f := function($a, $b) { $a & $b }; $f(/* a, b */ 'x' /* c */, ? )('y')) => \"xy\"",
                "($f := function($a, $b) { $a & $b }; (function($x) { $f($x, ?) })('x')('y')) => \"xy\"",
                "data.card ~> $substring(?, 0, 1) => \"a\"",
                "$map([1, 2], function($x) { $string($x) }) => [\"1\",\"2\"]",
                "$replace(data.card, /a/, function($m) { $uppercase($m.match) }) => \"A\"",
                "data.card.(function($x) { $x })(1) => 1",
            })
    void whatIsAFunctionIsCalled(String expression, String result) {
        assertThat(Shaping.jsonata(expression, "{\"card\": \"a\"}")).isEqualTo(result);
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            quoteCharacter = '^',
            value = {
                "data.missing => gave nothing",
                "$sum => gives a function",
                "function($x) { $x } => gives a function",
                "/ab/ => gives a function",
                "$substring(?, 1) => gives a function",
                "{'a': [1, {'f': $sum}]} => at '$.a[1].f'",
                "|a|{}| => gives a function",
            })
    void whatIsNoJsonFails(String expression, String problem) {
        assertThatThrownBy(() -> Shaping.jsonata(expression))
                .isInstanceOf(Failed.class)
                .hasMessageContaining(problem)
                .hasMessageNotContaining("jackson");
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            quoteCharacter = '^',
            value = {
                "{\"n\": 1e400} => '$.data.n'",
                "{\"a\": [0, {\"n\": -1e400}]} => '$.data.a[1].n'",
                "{\"n\": 1e1000000} => '$.data.n'",
            })
    void aNumberThatIsNoFiniteDoubleFails(String json, String place) {
        assertThatThrownBy(() -> Shaping.jsonata("1", json))
                .isInstanceOf(Failed.class)
                .hasMessageContaining(place)
                .hasMessageContaining("finite doubles");
    }

    @Test
    void wholeNumbersOf64BitsStayWhatTheyAre() {
        assertThat(Shaping.jsonata("data", "[9007199254740993, 9223372036854775807, 1e2, 1.50, 0.1]"))
                .isEqualTo("[9007199254740993,9223372036854775807,100,1.5,0.1]");
        assertThatThrownBy(() -> Shaping.jsonata("data * 10", "1e308"))
                .isInstanceOf(Failed.class)
                .hasMessageContaining("out of range");
    }

    /** What JSONata's documentation says, and the library does otherwise. */
    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            quoteCharacter = '^',
            value = {
                "$match('ababab', /ab/, 1).index => 0",
                "$count($match('ababab', /ab/, 2)) => 2",
                "$replace('John Smith', /(\\w+)\\s(\\w+)/, '$2, $1') => \"Smith, John\"",
                "$replace('265USD', /([0-9]+)USD/, '$$$1') => \"$265\"",
                "$replace('abc', /b/, '[$0$3]') => \"a[b]c\"",
                "$replace('a1b2', /\\d/, function($m) { $string($number($m.match) + 1) }) => \"a2b3\"",
                "$replace('a.b.c', '.', '-', 1) => \"a-b.c\"",
                "$split('too   much, punctuation. hard; to read', /[ ,.;]+/) => [\"too\",\"much\",\"punctuation\",\"hard\",\"to\",\"read\"]",
                "$split('a,b,c', ',', 2) => [\"a\",\"b\"]",
                "$substring('\uD83D\uDE00abc', 1, 2) => \"ab\"",
                "$substring('hello', -3, 2) => \"ll\"",
                "$pad('foo', -5, '\uD83D\uDE00#') => \"\uD83D\uDE00#foo\"",
                "$sort([{'n': 1, 'o': 1}, {'n': 1, 'o': 2}, {'n': 0, 'o': 3}], function($l, $r) { $l.n > $r.n }).o => [3,1,2]",
                "/a(b)(c)?/('xab').groups => [\"b\",null]",
                "/a/('banana').next().start => 3",
                "$map(['a,b', 'c,d'], $split(?, ',')) => [[\"a\",\"b\"],[\"c\",\"d\"]]",
                "$map(['ab', 'cb'], $match(?, /b/)).index => [1,1]",
                "$map([1, 2], $pad('', ?, '*')) => [\"*\",\"**\"]",
                "10 / 2 / 5 => 1",
                "$count([1, 2]) / 2 => 1",
                "($a := 4; $b := 2; $a/$b/2) => 1",
                "{'a/b': 6}.`a/b` / 2 & '/' & /* a / comment */ 'x' => \"3/x\"",
            })
    void functionsDoAsTheyAreDocumented(String expression, String result) {
        assertThat(Shaping.jsonata(expression)).isEqualTo(result);
    }

    @Test
    void sortsManyEqualElementsStably() {
        assertThat(Shaping.jsonata("($s := $sort([1..1000].{'k': $ % 3, 'i': $}, function($l, $r) { $l.k > $r.k });"
                        + " $s[k = 1].i = [0..333].($ * 3 + 1))"))
                .isEqualTo("true");
    }

    @Test
    void theTimeGoesOnOnEveryThread() {
        Shaper millis = Transforms.jsonata("$millis()");
        List<Long> times = CompletableFuture.supplyAsync(
                        () -> {
                            List<Long> seen = new ArrayList<>();
                            for (int i = 0; i < 2; i++) {
                                long before = System.currentTimeMillis();
                                while (System.currentTimeMillis() == before) {
                                    Thread.onSpinWait();
                                }
                                seen.add(Long.valueOf(Shaping.shape(millis, "{}")));
                            }
                            return seen;
                        },
                        command -> new Thread(command).start())
                .join();
        assertThat(times.get(1)).isGreaterThan(times.get(0));
    }

    @Test
    void anErrorShowsLittleOfTheEvent() {
        assertThatThrownBy(() -> Shaping.jsonata("{data: 1}", "[\"" + "x".repeat(10_000) + "\"]"))
                .isInstanceOf(Failed.class)
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(600));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$number(data.card)",
                "-data.card",
                "data.card < 5",
                "data.card + 1",
                "$toMillis(data.card)",
                "$error(data.card)",
                "$error('card ' & data.card)",
                "$assert(false, data.card)",
                "$eval(data.card)",
                "$formatNumber(1, data.card)",
                "$fromMillis(1, data.card)",
                "{data.list: 1}",
                "$sum(data.list)",
                "$map(data.list, data.card)",
                "$decodeUrl('%' & data.card)",
                "$base64decode(data.card)",
                "data.card()",
                "$formatBase(5, $number(data.number))"
            })
    void aFailureShowsNoValueOfTheEvent(String expression) {
        Event event = Event.builder("card.charged")
                .data(Map.of("card", "s3cret-4111", "list", List.of("s3cret-4111", Map.of()), "number", "4111"))
                .build();

        assertThat(Assertions.catchThrowable(
                        () -> Expression.parse(expression).shape(event, new Shaper.Scope("default", "s", "f"))))
                .satisfies(thrown -> {
                    if (thrown != null) {
                        StringWriter logged = new StringWriter();
                        thrown.printStackTrace(new PrintWriter(logged));
                        assertThat(thrown).isInstanceOf(Shaper.Failed.class);
                        assertThat(logged.toString()).doesNotContain("4111");
                    }
                });
    }

    @Test
    void aFailureSaysWhatFailedAndWhere() {
        Event event =
                Event.builder("card.charged").data(Map.of("card", "s3cret")).build();

        assertThatThrownBy(() -> Expression.parse("1 + -data.card").shape(event, new Shaper.Scope("default", "s", "f")))
                .hasMessageContaining("Cannot negate a non-numeric value")
                .hasMessageContaining("D1002");
    }
}
