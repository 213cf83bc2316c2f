package io.eventgateway.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.Event;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class OrderKeyTest {
    private static Event json(String value) {
        return Event.builder("a")
                .data("application/json", ("{\"k\":" + value + "}").getBytes(StandardCharsets.UTF_8))
                .build();
    }

    private static @Nullable Object keyOf(@Nullable Object value) {
        return OrderKey.of("data.k", Event.of("a", java.util.Collections.singletonMap("k", value)));
    }

    static Stream<Arguments> oneValueWrittenDifferently() {
        return Stream.of(
                Arguments.of(7, List.of(7L, (short) 7, 7.0, 7f, new BigDecimal("7.000"), BigInteger.valueOf(7))),
                Arguments.of(0, List.of(0.0, -0.0, new BigDecimal("0.00"))),
                Arguments.of(0.1, List.of(0.1f, new BigDecimal("0.10"))),
                Arguments.of(100, List.of(1e2, new BigDecimal("1E+2"))),
                Arguments.of(
                        9007199254740993L,
                        List.of(new BigDecimal("9007199254740993.0"), new BigInteger("9007199254740993"))),
                Arguments.of(Map.of("a", 1, "b", "x"), List.of(new TreeMap<>(Map.of("b", "x", "a", 1.0)))),
                Arguments.of(List.of(1, 2), List.of(List.of(1.0, 2L))),
                Arguments.of(Double.NaN, List.of("NaN")));
    }

    @ParameterizedTest
    @MethodSource("oneValueWrittenDifferently")
    void isOneForOneValueOfTheDataHoweverItIsWritten(Object value, List<Object> same) {
        assertThat(same).allSatisfy(other -> assertThat(keyOf(other)).isEqualTo(keyOf(value)));
    }

    @ParameterizedTest
    @CsvSource({"7, 7.0", "7, 70e-1", "0, -0", "1e400, 10e399", "12345678901234567890123, 12345678901234567890123.0"})
    void isOneForOneNumberOfAJsonDocument(String number, String other) {
        assertThat(OrderKey.of("data.k", json(number))).isEqualTo(OrderKey.of("data.k", json(other)));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            value = {
                "7, \"7\"",
                "true, \"true\"",
                "9007199254740993, 9007199254740992",
                "0.1, 0.10000000000000001",
                "[1], \"[1]\""
            })
    void tellsJsonValuesOfDifferentTypesAndNumbersOfDifferentValuesApart(String value, String other) {
        assertThat(OrderKey.of("data.k", json(value))).isNotEqualTo(OrderKey.of("data.k", json(other)));
    }

    @Test
    void isTheCanonicalStringOfAnExtension() {
        assertThat(List.of(
                        Event.builder("a").extension("k", 7).build(),
                        Event.builder("a").extension("k", "7").build()))
                .extracting(event -> OrderKey.of("k", event))
                .containsOnly("7");
        assertThat(OrderKey.of("k", Event.builder("a").extension("k", true).build()))
                .isEqualTo("true");
        assertThat(OrderKey.of(
                        "k",
                        Event.builder("a").extension("k", new byte[] {1, 2}).build()))
                .isEqualTo("AQI=");
    }

    static Stream<Event> eventsWithKeysOfAllTypes() {
        OffsetDateTime time = OffsetDateTime.parse("2026-01-01T10:00:00+02:00");
        Stream<Object> extensions = Stream.of("x", true, 7, new byte[] {1}, URI.create("/a"), time);
        Stream<Object> data = Stream.of("x\n\"", false, 7, 7.0, 0.1f, 1e300, new BigDecimal("1.50"), List.of(1.0), 'c');
        return Stream.concat(
                extensions.map(value -> Event.builder("a").extension("k", value).build()),
                data.map(value -> Event.of("a", Map.of("k", value))));
    }

    @ParameterizedTest
    @MethodSource("eventsWithKeysOfAllTypes")
    void survivesBeingWrittenAndRead(Event event) {
        String path = event.getData() == null ? "k" : "data.k";
        Event bytes = event.getData() == null
                ? event
                : event.toBuilder()
                        .data("application/json", event.dataAs(byte[].class))
                        .build();

        assertThat(OrderKey.of(path, event)).isNotNull();
        assertThat(OrderKey.of(
                        path,
                        Event.fromJson(event.toBuilder().source("/s").build().toJson())))
                .isEqualTo(OrderKey.of(path, event));
        assertThat(OrderKey.of(path, bytes)).isEqualTo(OrderKey.of(path, event));
    }

    @Test
    void isNoneForAnAbsentValueAndJsonNull() {
        assertThat(OrderKey.of("data.k", json("null"))).isNull();
        assertThat(OrderKey.of("data.other", json("1"))).isNull();
        assertThat(OrderKey.of("subject", json("1"))).isNull();
        assertThat(keyOf(null)).isNull();
    }

    @Test
    void takesLittleHoweverLongTheValueIs() {
        Object key = OrderKey.of("data.k", json('"' + "x".repeat(100_000) + '"'));

        assertThat((String) key).hasSize(64);
        assertThat(OrderKey.text(key)).isEqualTo(key);
    }
}
