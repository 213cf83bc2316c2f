package io.eventgateway.internal.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.Event;
import io.eventgateway.error.InvalidTransformException;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9535, sections 2.3.1 (names), 2.3.2 (wildcards) and 2.3.3 (indexes), and what EventBridge adds. */
class EventPathTest {
    private static final String DATA =
            "{\"q'\": 1, \"q\\\"\": 2, \"b\\\\c\": 3, \"s/\": 4, \"\\b\\f\\n\\r\\t\": 5, \"\u263a\": 6,"
                    + " \"\uD83D\uDE00x\": 7, \"x/y\": 8, \"a-b\": 9, \"_\": 10, \"brk]\": 11, \"\": 12, \"a.b\": 13,"
                    + " \"o\": {\"k\": {\"v\": 1}, \"l\": {\"v\": 2}, \"m\": 3}, \"list\": [{\"v\": [1, 2]}, {\"v\": [3]}, {}, 4]}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '^',
            value = {
                "$.data['q\\''] ~ 1",
                "$.data[\"q'\"] ~ 1",
                "$.data[\"q\\\"\"] ~ 2",
                "$.data['q\"'] ~ 2",
                "$.data['b\\\\c'] ~ 3",
                "$.data['s\\/'] ~ 4",
                "$.data['s/'] ~ 4",
                "$.data['\\b\\f\\n\\r\\t'] ~ 5",
                "$.data['\\u263a'] ~ 6",
                "$.data[\"\\u263A\"] ~ 6",
                "$.data['\\uD83D\\uDE00x'] ~ 7",
                "$.data['\uD83D\uDE00x'] ~ 7",
                "$.data.\uD83D\uDE00x ~ 7",
                "$.data.\u263a ~ 6",
                "$.data.x/y ~ 8",
                "$.data.a-b ~ 9",
                "$.data._ ~ 10",
                "$.data['brk]'] ~ 11",
                "$.data[''] ~ 12",
                "$.data['a.b'] ~ 13",
                "$.data.list[0].v[1] ~ 2",
                "$.data.list[3] ~ 4",
                "$.data.o.* ~ [{\"v\":1},{\"v\":2},3]",
                "$.data.o[*].v ~ [1,2]",
                "$.data.list[*].v[*] ~ [1,2,3]",
                "$.data.list.*.v ~ [[1,2],[3]]",
                "$.data.o.*.none ~ []",
                "$.*.o.k.v ~ [1]",
            })
    void finds(String path, String value) {
        assertThat(Shaping.shape(Transforms.path(path), DATA)).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '^',
            value = {
                "$.data.none",
                "$.data.list[4]",
                "$.data.o[0]",
                "$.data.list.k",
                "$.data.none[*]",
                "$.data.o.m.*",
                "$[0]"
            })
    void findsNothing(String path) {
        assertThatThrownBy(() -> Shaping.shape(Transforms.path(path), DATA))
                .isInstanceOf(Shaper.Failed.class)
                .hasMessageContaining(path)
                .hasMessageContaining("finds nothing");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '^',
            value = {
                "data ~ 1 ~ begins with '$'",
                "$. ~ 3 ~ the end",
                "$..a ~ 3 ~ found '.'",
                "$.1a ~ 3 ~ begins with a letter",
                "$.-a ~ 3 ~ begins with a letter",
                "$.a b ~ 5 ~ found 'b'",
                "$.a['b ~ 7 ~ its end '",
                "$.a['b\" ~ 8 ~ its end '",
                "$.a['b' ~ 8 ~ ']' after one selector",
                "$.a['b','c'] ~ 8 ~ after one selector",
                "$.a[1:2] ~ 6 ~ after one selector",
                "$.a[-1] ~ 5 ~ does not count from the end",
                "$.a[01] ~ 5 ~ an index",
                "$.a[1234567890] ~ 5 ~ an index",
                "$.a[] ~ 5 ~ an index",
                "$.a[?@.b] ~ 5 ~ an index",
                "$.a['\\x'] ~ 6 ~ an escape",
                "$.a['\\\"'] ~ 6 ~ an escape",
                "$.a[\"\\'\"] ~ 6 ~ an escape",
                "$.a['\\u12'] ~ 6 ~ an escape",
                "$.a['\\uD83D'] ~ 6 ~ surrogates in pairs",
                "$.a['\\uD83Dx'] ~ 6 ~ surrogates in pairs",
                "$.a['\\uDE00'] ~ 6 ~ surrogates in pairs",
                "$.a['\t'] ~ 6 ~ U+0009",
                "$.a['\u0000'] ~ 6 ~ U+0000",
            })
    void refusesWhatIsNoPath(String path, int column, String problem) {
        assertThatThrownBy(() -> Transforms.path(path))
                .isInstanceOfSatisfying(InvalidTransformException.class, e -> assertThat(e.position())
                        .isEqualTo("line 1, column " + column))
                .hasMessageContaining(problem);
    }

    @Test
    void blanksMayStandBetweenSegmentsAndInBrackets() {
        assertThat(Shaping.shape(Transforms.path("$[ 'data' ] [\t'o' ]\n.k\r.v"), DATA))
                .isEqualTo("1");
    }

    @Test
    void digitsOfAnEscapeAreAscii() {
        assertThatThrownBy(() -> Transforms.path("$.a['\\u\uFF11\uFF12\uFF13\uFF14']"))
                .isInstanceOf(InvalidTransformException.class)
                .hasMessageContaining("an escape");
        assertThatThrownBy(() -> Transforms.path("$.a['\uD83D']"))
                .isInstanceOf(InvalidTransformException.class)
                .hasMessageContaining("half of a surrogate pair (U+D83D)");
    }

    @Property(tries = 500)
    void everyNameCanBeWrittenInQuotes(@ForAll @StringLength(max = 20) String name) {
        StringBuilder single = new StringBuilder();
        StringBuilder escaped = new StringBuilder();
        boolean lone = name.codePoints().anyMatch(point -> point >= 0xD800 && point <= 0xDFFF);
        for (char letter : name.toCharArray()) {
            single.append(letter == '\'' || letter == '\\' ? "\\" : "")
                    .append(letter < ' ' ? String.format("\\u%04x", (int) letter) : String.valueOf(letter));
            escaped.append(String.format("\\u%04X", (int) letter));
        }
        Event event = Event.of("a", Map.of(name, 7));
        if (lone) {
            assertThatThrownBy(() -> Transforms.path("$.data['" + single + "']"))
                    .isInstanceOf(InvalidTransformException.class);
            return;
        }
        assertThat(Shaping.tree(Transforms.path("$.data['" + single + "']"), event)
                        .intValue())
                .isEqualTo(7);
        assertThat(Shaping.tree(Transforms.path("$.data[\"" + escaped + "\"]"), event)
                        .intValue())
                .isEqualTo(7);
    }
}
