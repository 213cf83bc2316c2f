package io.eventgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.error.InvalidFilterException;
import io.eventgateway.error.InvalidTransformException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Filters and transforms are stored as UTF-8, which has no form for half of a surrogate pair. */
class WholeCharactersTest {
    private static final String HALF = "\uD800";

    private static Arguments refused(ThrowingCallable making, String place) {
        return Arguments.of(place, making);
    }

    static Stream<Arguments> filters() {
        return Stream.of(
                refused(() -> Filter.pattern("{\"data\":{\"x\":[\"a\\uD800\"]}}"), "at /data/x/0: found half of a"),
                refused(() -> Filter.pattern("{\"data\":{\"x\":[\"" + HALF + "\"]}}"), "at /data/x/0: found half of a"),
                refused(
                        () -> Filter.pattern("{\"data\":{\"\\uDC00\":[1]}}"),
                        "at /data: found a member whose name has half"),
                refused(
                        () -> Filter.pattern("{\"d.x\":[\"\\uDC00\"]}", Filter.PatternOption.NESTED_NAMES),
                        "at /d.x/0: found half"),
                refused(
                        () -> Filter.cloudEvents("{\"exact\":{\"subject\":\"\\uD800\"}}"),
                        "at /exact/subject: found half"),
                refused(() -> Filter.cloudEvents("{\"sql\":\"subject = '\\uD800'\"}"), "at /sql: found half"),
                refused(
                        () -> Filter.eventGrid("{\"subjectBeginsWith\":\"\\uD800\"}"),
                        "at /subjectBeginsWith: found half of a surrogate pair (U+D800) at character 0; accepted is text"),
                refused(() -> Filter.cesql("subject = '" + HALF + "'"), "at line 1, column 12: found half"),
                refused(() -> Filter.fromJson("{\"cesql\":\"subject = '\\uD800'\"}"), "at /cesql: found half"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("filters")
    void aFilterWithHalfOfAPairIsRefused(String place, ThrowingCallable making) {
        assertThatThrownBy(making).isInstanceOf(InvalidFilterException.class).hasMessageContaining(place);
    }

    static Stream<Arguments> transforms() {
        return Stream.of(
                refused(() -> Transform.constant("{\"a\":[\"\\uD800\"]}"), "at /a/0: found half"),
                refused(() -> Transform.constant("{\"a\":{\"\\uD800\": 1}}"), "at /a, name: found half"),
                refused(() -> Transform.template(Map.of(), "a\n" + HALF), "at line 2, column 1: found half"),
                refused(() -> Transform.template(Map.of("a", "$['" + HALF + "']"), "<a>"), "at /paths/a: found half"),
                refused(() -> Transform.path("$['" + HALF + "']"), "at line 1, column 4: found half"),
                refused(() -> Transform.jsonata("'" + HALF + "'"), "at line 1, column 2: found half"),
                refused(
                        () -> Transform.template(Map.of(), "a").headers(Map.of("X", HALF)),
                        "at /headers/X: found half of a surrogate pair (U+D800) at character 0; accepted is text"),
                refused(() -> Transform.fromJson("{\"constant\":\"\\uD800\"}"), "at the top: found half"),
                refused(
                        () -> Subscription.fromJson(
                                "{\"eventType\":\"t\",\"functionId\":\"f\",\"transform\":{\"constant\":[\"\\uD800\"]}}"),
                        "at /0: found half"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("transforms")
    void aTransformWithHalfOfAPairIsRefused(String place, ThrowingCallable making) {
        assertThatThrownBy(making).isInstanceOf(InvalidTransformException.class).hasMessageContaining(place);
    }

    /** An escape is text of ASCII until the expression or the template is run. */
    @Test
    void wholePairsAndEscapesAreKept() {
        for (Transform transform : new Transform[] {
            Transform.constant("{\"\\uD83D\\uDE00\":\"\uD83D\uDE00\"}"),
            Transform.jsonata("'\\uD800'"),
            Transform.template(Map.of(), "{\"a\": \"\\uD800\"}")
        }) {
            assertThat(Transform.fromJson(throughUtf8(transform.toJson()))).isEqualTo(transform);
        }
        Filter filter = Filter.pattern("{\"\uD83D\uDE00\":[\"\\uD83D\\uDE00\"]}");
        assertThat(Filter.fromJson(throughUtf8(filter.toJson()))).isEqualTo(filter);
    }

    private static String throughUtf8(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }
}
