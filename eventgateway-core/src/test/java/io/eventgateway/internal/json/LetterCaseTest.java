package io.eventgateway.internal.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LetterCaseTest {
    @Property
    void isThatOfTheJdk(
            @ForAll
                    @StringLength(max = 1_000)
                    @Chars({
                        'a', 'Z', '\u0130', '\u0149', '\u03A3', '\u00DF', '\u0307', ' ', '\uD801', '\uDC00', '\uFB03'
                    })
                    String text) {
        assertThat(LetterCase.upper(text)).isEqualTo(text.toUpperCase(Locale.ROOT));
        assertThat(LetterCase.lower(text)).isEqualTo(text.toLowerCase(Locale.ROOT));
    }

    @Test
    void isThatOfTheJdkForEveryCharacter() {
        for (int i = 0; i <= Character.MAX_CODE_POINT; i++) {
            String text = Character.toString(i).repeat(300);
            if (!text.toUpperCase(Locale.ROOT).equals(text)) {
                assertThat(LetterCase.upper(text)).isEqualTo(text.toUpperCase(Locale.ROOT));
            }
            if (!text.toLowerCase(Locale.ROOT).equals(text)) {
                assertThat(LetterCase.lower(text)).isEqualTo(text.toLowerCase(Locale.ROOT));
            }
        }
    }

    /** The JDK moves what it has made for every letter whose other case has another length: 20 s for the first. */
    @ParameterizedTest
    @ValueSource(strings = {"\u0149", "\u0130", "\u00DF"})
    void takesTimeThatIsLinear(String letter) {
        String text = letter.repeat(1_000_000);
        Assertions.assertTimeout(Duration.ofSeconds(20), () -> {
            assertThat(LetterCase.upper(text)).isNotEmpty();
            assertThat(LetterCase.lower(text)).isNotEmpty();
        });
    }
}
