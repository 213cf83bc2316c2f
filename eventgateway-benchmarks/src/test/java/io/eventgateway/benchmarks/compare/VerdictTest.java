package io.eventgateway.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.eventgateway.benchmarks.compare.Verdict.Answer;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerdictTest {
    private static Source source(String name) {
        return Row.jmh(name, Map.of());
    }

    private static Row.Builder row(Better better) {
        Row.Builder row = better == Better.LOWER ? Row.lower("a.b", "something") : Row.higher("a.b", "something");
        return row.ours("emit", source("ours"))
                .peer("Guava", source("guava"))
                .peer("Spring", source("spring"))
                .reference("a loop", source("loop"));
    }

    private static Map<String, Result> results(double ours, double guava, double spring, double loop) {
        return Map.of(
                "ours", new Result(ours, 0, "ns"),
                "guava", new Result(guava, 0, "ns"),
                "spring", new Result(spring, 0, "ns"),
                "loop", new Result(loop, 0, "ns"));
    }

    @Test
    void dividesOursByTheLowestOfThePeersWhereLowerIsBetter() {
        Verdict verdict = new Verdict(row(Better.LOWER).build(), results(60, 100, 50, 10));

        assertThat(verdict.best().orElseThrow().name()).isEqualTo("Spring");
        assertThat(verdict.ratio().orElseThrow().value()).isCloseTo(1.2, within(1e-9));
    }

    @Test
    void dividesOursByTheHighestOfThePeersWhereHigherIsBetter() {
        Verdict verdict = new Verdict(row(Better.HIGHER).build(), results(60, 100, 50, 1_000));

        assertThat(verdict.best().orElseThrow().name()).isEqualTo("Guava");
        assertThat(verdict.ratio().orElseThrow().value()).isCloseTo(0.6, within(1e-9));
    }

    @Test
    void takesAPeerThatWasNotMeasuredForNone() {
        Map<String, Result> results = new HashMap<>(results(60, 100, 50, 10));
        results.remove("spring");

        assertThat(new Verdict(row(Better.LOWER).build(), results)
                        .ratio()
                        .orElseThrow()
                        .value())
                .isCloseTo(0.6, within(1e-9));
    }

    @Test
    void addsTheErrorsOfBothFiguresAsIndependentOnes() {
        Map<String, Result> results =
                Map.of("ours", new Result(100, 3, "ns"), "guava", new Result(200, 8, "ns")); // 3 % and 4 %

        assertThat(new Verdict(row(Better.LOWER).build(), results)
                        .ratio()
                        .orElseThrow()
                        .error())
                .isCloseTo(0.5 * 0.05, within(1e-9));
    }

    @ParameterizedTest(name = "{0}: {1} ± {2} against a limit of {3} is {4}")
    @CsvSource({
        "LOWER, 250, 10, 280, YES",
        "LOWER, 280, 0, 280, YES",
        "LOWER, 275, 10, 280, BARELY",
        "LOWER, 285, 10, 280, ALMOST",
        "LOWER, 300, 10, 280, NO",
        "HIGHER, 300, 10, 280, YES",
        "HIGHER, 285, 10, 280, BARELY",
        "HIGHER, 275, 10, 280, ALMOST",
        "HIGHER, 250, 10, 280, NO",
    })
    void answersWhetherAFigureReachesItsLimit(Better better, double figure, double error, double limit, Answer answer) {
        Row row = row(better).goal(Goal.figure(limit, 13)).build();
        Verdict verdict = new Verdict(row, Map.of("ours", new Result(figure, error, "ns")));

        assertThat(verdict.answers()).containsExactly(answer);
    }

    @Test
    void answersEachOfSeveralGoals() {
        Row row = row(Better.LOWER)
                .goal(Goal.ratio(1, 3))
                .goal(Goal.ratioTo("Guava", 0.5, 3))
                .goal(Goal.ratioTo("a loop", 10, 3))
                .build();

        assertThat(new Verdict(row, results(60, 100, 50, 10)).answers())
                .containsExactly(Answer.NO, Answer.NO, Answer.YES);
    }

    @Test
    void answersNothingOfWhatWasNotMeasured() {
        Row row = row(Better.LOWER)
                .goal(Goal.ratio(1, 3))
                .goal(Goal.figure(280, 13))
                .build();

        assertThat(new Verdict(row, Map.of()).answers()).containsExactly(Answer.UNKNOWN, Answer.UNKNOWN);
        assertThat(new Verdict(row, Map.of()).unit()).isEmpty();
    }

    @Test
    void refusesAGoalAgainstNobodyInTheRow() {
        assertThatThrownBy(
                        () -> row(Better.LOWER).goal(Goal.ratioTo("Akka", 1, 3)).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a.b")
                .hasMessageContaining("Akka");
    }

    @Test
    void saysGoalsInWords() {
        assertThat(Goal.figure(280, 13).text(Better.LOWER, "ns")).isEqualTo("≤ 280 ns");
        assertThat(Goal.ratio(0.33, 4).text(Better.LOWER, "ns")).isEqualTo("ratio ≤ 0.33");
        assertThat(Goal.ratioTo("Guava", 0.8, 5).text(Better.HIGHER, "ops/ms")).isEqualTo("ratio to Guava ≥ 0.8");
    }
}
