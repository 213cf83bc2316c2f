package io.eventgateway.internal.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.Event;
import io.eventgateway.error.InvalidFilterException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of EventBridge's patterns is refused, and why; what they mean is compared in {@link EventRulerTest}. */
class PatternLanguageTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{                                          | line 1, column 2  | JSON",
                "{} {}                                      | line 1, column 4  | JSON",
                "{\"a\":[1],\"a\":[2]}                      | line 1, column 13 | JSON",
                "[]                                         | the top           | members",
                "{}                                         | the top           | members",
                "{\"a\":1}                                  | /a                | an array of the values",
                "{\"a\":[]}                                 | /a                | a string, a number",
                "{\"a\":{}}                                 | /a                | members",
                "{\"a\":[[1]]}                              | /a/0              | a string, a number",
                "{\"a\":[{}]}                               | /a/0              | an operator",
                "{\"a\":[{\"prefix\":\"x\",\"suffix\":\"y\"}]} | /a/0           | an operator",
                "{\"a\":[{\"prefx\":\"x\"}]}                | /a/0/prefx        | prefix, suffix",
                "{\"a\":[{\"prefix\":1}]}                   | /a/0/prefix       | a string",
                "{\"a\":[{\"prefix\":{\"any-case\":\"x\"}}]} | /a/0/prefix/any-case | equals-ignore-case",
                "{\"a\":[{\"exists\":\"yes\"}]}             | /a/0/exists       | true or false",
                "{\"a\":[{\"numeric\":[\">\"]}]}            | /a/0/numeric      | an operator",
                "{\"a\":[{\"numeric\":[\"=>\",1]}]}         | /a/0/numeric/0    | one of",
                "{\"a\":[{\"numeric\":[\">\",\"1\"]}]}      | /a/0/numeric/1    | a number",
                "{\"a\":[{\"numeric\":[\"<\",1,\">\",0]}]}  | /a/0/numeric/0    | > or >=",
                "{\"a\":[{\"numeric\":[\">\",1,\"<\",1]}]}  | /a/0/numeric/3    | a number above 1",
                "{\"a\":[{\"numeric\":[\">\",1e99999]}]}    | /a/0/numeric/1    | number",
                "{\"a\":[{\"cidr\":\"10.0.0.0/33\"}]}       | /a/0/cidr         | a block such as",
                "{\"a\":[{\"wildcard\":\"a**b\"}]}          | /a/0/wildcard     | a star",
                "{\"a\":[{\"wildcard\":\"a\\\\b\"}]}        | /a/0/wildcard     | a star",
                "{\"a\":[{\"anything-but\":[1,\"x\"]}]}     | /a/0/anything-but | not both",
                "{\"a\":[{\"anything-but\":[true]}]}        | /a/0/anything-but/0 | a string or a number",
                "{\"a\":[{\"anything-but\":{\"prefix\":\"\"}}]} | /a/0/anything-but/prefix | a string",
                "{\"a\":[{\"anything-but\":{\"numeric\":[\">\",1]}}]} | /a/0/anything-but/numeric | one of prefix",
                "{\"$or\":[{\"a\":[1]}]}                    | /$or              | two objects",
                "{\"$or\":[{\"a\":[1]},{\"prefix\":[2]}]}   | /$or/1/prefix     | a member of the event",
                "{\"a/b\":[{\"x~y\":1}]}                    | /a~1b/0/x~0y      | one of",
            })
    void whatIsNotValidIsRefusedWithItsPosition(String pattern, String position, String accepted) {
        assertThatThrownBy(() -> Filters.pattern(pattern))
                .isInstanceOfSatisfying(InvalidFilterException.class, e -> {
                    assertThat(e.language()).isEqualTo("pattern");
                    assertThat(e.position()).isEqualTo(position);
                })
                .hasMessageContaining("found")
                .hasMessageContaining(accepted);
    }

    @Test
    void aPatternHasBounds() {
        String deep = "{\"a\":".repeat(65) + "[1]" + "}".repeat(65);
        assertThatThrownBy(() -> Filters.pattern(deep))
                .isInstanceOf(InvalidFilterException.class)
                .hasMessageContaining("64 levels");
        String stars = "{\"a\":[{\"wildcard\":\"" + "*a".repeat(33) + "\"}]}";
        assertThatThrownBy(() -> Filters.pattern(stars))
                .isInstanceOf(InvalidFilterException.class)
                .hasMessageContaining("33 stars");
        String or = IntStream.range(0, 12)
                .mapToObj(i -> "\"$or\":[{\"a" + i + "\":[1]},{\"b" + i + "\":[1]}]")
                .collect(Collectors.joining(",\"m\":{", "{", "}".repeat(12)));
        assertThatThrownBy(() -> Filters.pattern(or))
                .isInstanceOf(InvalidFilterException.class)
                .hasMessageContaining("2000");
        assertThatThrownBy(() -> Filters.pattern("{\"a\":[\"" + "x".repeat(66_000) + "\"]}"))
                .isInstanceOf(InvalidFilterException.class)
                .hasMessageContaining("65536");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"data.a.b\":[1]}                            | {\"data\":{\"a\":{\"b\":[1]}}}",
                "{\"data\":{\"a.b\":[1],\"a\":{\"c\":[2]}}}    | {\"data\":{\"a\":{\"b\":[1],\"c\":[2]}}}",
                "{\"data.a\":{\"b.c\":[1]},\"subject\":[\"s\"]} | {\"data\":{\"a\":{\"b\":{\"c\":[1]}}},\"subject\":[\"s\"]}",
                "{\"$or\":[{\"data.a\":[1]},{\"data.b\":[2]}]} | {\"$or\":[{\"data\":{\"a\":[1]}},{\"data\":{\"b\":[2]}}]}",
                "{\"data.a\":{\"$or\":[{\"b\":[1]},{\"c\":[2]}]},\"data\":{\"d\":[3]}} | {\"data\":{\"a\":{\"$or\":[{\"b\":[1]},{\"c\":[2]}]},\"d\":[3]}}",
                "{\"data..a.\":[1]}                            | {\"data\":{\"\":{\"a\":{\"\":[1]}}}}",
                "{\"data\":{\"a\":[\"x.y\",{\"prefix\":\"x.\"}]}} | {\"data\":{\"a\":[\"x.y\",{\"prefix\":\"x.\"}]}}",
            })
    void namesWithDotsAreWrittenOutWhereThatIsWanted(String pattern, String writtenOut) {
        Filters.Compiled nested = Filters.patternOfNestedNames(pattern);
        Filters.Compiled plain = Filters.pattern(writtenOut);
        assertThat(nested.written()).isEqualTo(plain.written());
        assertThat(nested.condition()).hasToString(plain.condition().toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"data.a\":[1],\"data\":{\"a\":[2]}}      | /data/a       | for the second time",
                "{\"data.a\":[1],\"data\":{\"a.b\":[2]}}    | /data/a.b     | which is a value elsewhere",
                "{\"data.a.b\":[1],\"data\":{\"a\":[2]}}    | /data/a       | for the second time",
                "{\"data.$or\":[{\"a\":[1]},{\"b\":[1]}]}   | /data.$or     | inside of the name",
                "{\"data.$or\":[1]}                             | /data.$or     | inside of the name",
                "{\"data\":{\"$or\":[{\"a\":[1]},{\"b\":[1]}]},\"data.x\":{\"y\":[1]},\"data.x.$or\":[1]} | /data.x.$or | inside of the name",
                "{\"a.b\":{\"$or\":[{\"c\":[1]},{\"d\":[1]}]},\"a\":{\"b\":{\"$or\":[{\"e\":[1]},{\"f\":[1]}]}}} | /a/b/$or | for the second time",
                "{\"$or\":[{\"a.prefix\":[1]},{\"b\":[1]}]} | /$or/0/a.prefix | a member of the event",
                "{\"data.a\":[{\"nope\":1}]}                  | /data.a/0/nope | prefix, suffix",
                "{\"data.a\":{}}                                | /data.a       | members",
            })
    void whatDoesNotFitWhenItIsWrittenOutIsRefusedWhereItIs(String pattern, String position, String message) {
        assertThatThrownBy(() -> Filters.patternOfNestedNames(pattern))
                .isInstanceOfSatisfying(InvalidFilterException.class, e -> assertThat(e.position())
                        .isEqualTo(position))
                .hasMessageContaining(message);
    }

    @Test
    void namesWithDotsAreBoundedAsObjectsAre() {
        assertThatThrownBy(() -> Filters.patternOfNestedNames("{\"" + "a.".repeat(70) + "b\":[1]}"))
                .isInstanceOf(InvalidFilterException.class)
                .hasMessageContaining("64 levels");
    }

    /** RFC 8259, section 4: what a member that comes twice means is left open; we take the last, as trees of Jackson do. */
    @Test
    void ofAMemberThatComesTwiceTheLastOneCounts() {
        FilterIndex<String> index = new FilterIndex<>();
        index.put("first", "first", Filters.pattern("{\"data\":{\"a\":[1]}}").condition());
        index.put("last", "last", Filters.pattern("{\"data\":{\"a\":[2]}}").condition());
        index.put(
                "below",
                "below",
                Filters.pattern("{\"data\":{\"b\":{\"c\":[1]}}}").condition());
        List<String> matched = new ArrayList<>();
        index.match(
                Event.builder("t")
                        .data(
                                "application/json",
                                "{\"a\":1,\"b\":{\"c\":1},\"a\":2,\"b\":{}}".getBytes(StandardCharsets.UTF_8))
                        .build(),
                matched);
        assertThat(matched).containsExactly("last");
    }
}
