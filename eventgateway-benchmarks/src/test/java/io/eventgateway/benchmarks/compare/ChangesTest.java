package io.eventgateway.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChangesTest {
    private static final Row ROW = Row.lower("a.b", "something")
            .ours("emit", Row.jmh("ours", Map.of()))
            .peer("Guava", Row.jmh("guava", Map.of()))
            .build();

    private static Run run(double ours, double guava) {
        Run run = new Run(new Environment("m", "j", "2026-01-01", "c", Settings.Effort.FULL));
        run.measured(ROW.ours().source(), new Result(ours, 1, "ns"));
        run.measured(ROW.contenders().get(1).source(), new Result(guava, 1, "ns"));
        return run;
    }

    @ParameterizedTest(name = "{0}: from {1} to {3}")
    @CsvSource(
            nullValues = "-",
            value = {
                "LOWER, 100, 1, 109, 1, -",
                "LOWER, 100, 1, 111, 1, figure WORSE",
                "LOWER, 100, 8, 111, 8, figure WORSE (within the error)",
                "LOWER, 100, 1, 50, 1, -",
                "HIGHER, 100, 1, 92, 1, -",
                "HIGHER, 100, 1, 90, 1, figure WORSE",
                "HIGHER, 100, 1, 200, 1, -",
            })
    void flagsWhatIsMoreThanATenthWorse(
            Better better, double before, double beforeError, double after, double afterError, String flag) {
        assertThat(Changes.flag("figure", better, before, beforeError, after, afterError)
                        .orElse(null))
                .isEqualTo(flag);
    }

    @Test
    void comparesTheRatioAndTheFigure() {
        List<String> lines = Changes.lines(List.of(ROW), run(50, 100), run(100, 200));

        assertThat(lines).hasSize(2);
        assertThat(lines.get(1).split(" *\\| *", -1))
                .containsExactly("a.b", "0.50", "0.50", "+0 %", "50.0", "100 ns", "+100 %", "figure WORSE");
    }

    @Test
    void leavesOutWhatOneOfTheRunsLacks() {
        Run empty = new Run(run(1, 1).environment());

        assertThat(Changes.lines(List.of(ROW), empty, run(100, 200))).hasSize(1);
    }
}
