package io.eventgateway.internal.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ThrownTest {
    @Test
    void aFailureWithoutCharactersThatForgeALogIsItself() {
        IllegalStateException thrown = new IllegalStateException("no", new IllegalArgumentException("caf\u00e9"));

        assertThat(Thrown.loggable(thrown)).isSameAs(thrown);
    }

    @Test
    void aFailureWhoseCauseWouldForgeALineOfTheLogIsCopiedWithCleanTexts() {
        NumberFormatException cause =
                new NumberFormatException("For input string: \"\n[main] INFO Login - admin logged in\u001b[2K\u202e\"");
        IllegalStateException thrown = new IllegalStateException("no", cause);

        StringWriter log = new StringWriter();
        Thrown.loggable(thrown).printStackTrace(new PrintWriter(log));

        assertThat(log.toString().lines()).noneMatch(line -> line.startsWith("[main] INFO Login"));
        assertThat(log.toString())
                .contains("IllegalStateException", "NumberFormatException", "admin logged in", "ThrownTest")
                .doesNotContain("\u001b", "\u202e");
    }

    @Test
    void causesInACircleEnd() {
        Exception one = new Exception("a\nb");
        Exception other = new Exception("other", one);
        one.initCause(other);

        assertThat(Thrown.loggable(one)).hasMessageContaining("a b");
    }
}
