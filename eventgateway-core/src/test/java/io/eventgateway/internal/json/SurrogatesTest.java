package io.eventgateway.internal.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SurrogatesTest {
    @ParameterizedTest
    @CsvSource({
        "'', -1",
        "abc, -1",
        "\uD83D\uDE00, -1",
        "\uD83D, 0",
        "\uDE00, 0",
        "a\uD83D, 1",
        "\uD83Db, 0",
        "\uD83D\uDE00\uDE00, 2",
        "\uD83D\uD83D\uDE00, 0"
    })
    void findsTheFirstHalfThatStandsAlone(String text, int place) {
        assertThat(Surrogates.firstLone(text)).isEqualTo(place);
    }

    @Property
    void aTextWithoutOneIsTheSameInUtf8(
            @ForAll @StringLength(max = 6) @CharRange(from = '\uD7FE', to = '\uE001') String text) {
        boolean same = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8).equals(text);
        assertThat(Surrogates.firstLone(text) < 0).isEqualTo(same);
    }
}
