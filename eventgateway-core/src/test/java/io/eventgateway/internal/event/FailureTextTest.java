package io.eventgateway.internal.event;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailureTextTest {
    @ParameterizedTest
    @CsvSource({
        "plain, plain",
        "Grüße 東京, Grüße 東京",
        "'two\nlines', two lines",
        "'a\r\nb\tc', 'a  b c'",
        "'a\u2028b', a b",
        "'\u001B[31mred', \uFFFD[31mred",
        "'a\u0000b\u007F\u0085', a\uFFFDb\uFFFD\uFFFD",
        "'user\u202Egnp.exe', user\uFFFDgnp.exe",
        "'\u2066a\u2069\u200F\u061C', \uFFFDa\uFFFD\uFFFD\uFFFD",
        "'a\u200Bb\uFEFFc\u00ADd', a\uFFFDb\uFFFDc\uFFFDd",
        "'tag \uDB40\uDC41', tag \uFFFD\uFFFD",
        "'joined \uD83D\uDC69\u200D\uD83D\uDCBB', joined \uD83D\uDC69\u200D\uD83D\uDCBB",
        "'half \uD83D of', half \uFFFD of",
        "'whole \uD83D\uDE00', whole \uD83D\uDE00"
    })
    void isOneLineOfCharactersThatShow(String given, String text) {
        assertThat(FailureText.of(given)).isEqualTo(text);
    }

    @Test
    void ofNothingIsEmpty() {
        assertThat(FailureText.of(null)).isEmpty();
    }

    @Test
    void aLongTextKeepsItsBeginningAndSaysItsLength() {
        String text = FailureText.of("answered " + "x".repeat(5_000_000));

        assertThat(text).hasSize(FailureText.LONGEST).startsWith("answered xxx").endsWith("... (5000009 characters)");
    }

    @Test
    void aCharacterIsNotCutInHalf() {
        for (int i = 0; i < 2; i++) {
            assertThat(FailureText.of("x".repeat(i) + "\uD83D\uDE00".repeat(1_000)))
                    .hasSizeLessThanOrEqualTo(FailureText.LONGEST)
                    .doesNotContain("\uFFFD");
        }
    }

    @Property
    void whatIsCleanStaysAsItIs(@ForAll String text) {
        String clean = FailureText.of(text);

        assertThat(FailureText.of(clean)).isSameAs(clean);
        assertThat(clean.length()).isLessThanOrEqualTo(FailureText.LONGEST);
    }
}
