package io.eventgateway.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageTest {
    private static final Row ROW = Row.lower("dispatch.100", "emit to 100 functions")
            .ours("emit", Row.jmh("ours", Map.of()))
            .peer("Guava", Row.jmh("guava", Map.of()))
            .peer("Spring", Row.jmh("spring", Map.of()))
            .reference("a loop", Row.jmh("loop", Map.of()))
            .goal(Goal.ratio(1, 15))
            .goal(Goal.figure(280, 13))
            .build();

    private static Run run(Settings.Effort effort) {
        Run run = new Run(new Environment("a machine", "a JDK", "2026-01-01", "abc1234", effort));
        run.measured(ROW.contenders().get(0).source(), new Result(274, 12, "ns"));
        run.measured(ROW.contenders().get(1).source(), new Result(1_200, 0, "ns"));
        run.measured(ROW.contenders().get(2).source(), new Result(250, 0, "ns"));
        run.failed(ROW.contenders().get(3).source(), "it broke");
        run.took(ROW.ours().source(), 61);
        return run;
    }

    @Test
    void showsEveryContenderTheGoalsAndWhoAskedForThem() {
        assertThat(Page.render("{{rows.dispatch}}", List.of(ROW), run(Settings.Effort.FULL))
                        .lines())
                .last()
                .isEqualTo(
                        "| `dispatch.100` | emit to 100 functions | 274 ± 12.0 ns | Guava 1,200 ns, **Spring 250 ns**,"
                                + " (a loop not measured) | 1.10 ± 0.048 | ratio ≤ 1 (issue 15)<br>≤ 280 ns (issue 13)"
                                + " | **no**<br>yes, within the error | 61 |");
    }

    @Test
    void saysWhereAndWhenItWasMeasuredAndWhatWasNot() {
        String page = Page.render(
                "{{machine}}, {{jdk}}, {{date}}, {{commit}}, {{minutes}} minutes{{warning}}{{failures}}",
                List.of(ROW),
                run(Settings.Effort.FULL));

        assertThat(page).isEqualTo("a machine, a JDK, 2026-01-01, abc1234, 1 minutes\n* Not measured: loop: it broke");
    }

    @Test
    void warnsOfFiguresThatAreNoMeasurement() {
        assertThat(Page.render("{{warning}}", List.of(ROW), run(Settings.Effort.QUICK)))
                .contains("--quick");
    }

    @Test
    void refusesAPlaceThatItDoesNotKnow() {
        assertThatThrownBy(() -> Page.render("{{weather}}", List.of(ROW), run(Settings.Effort.FULL)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("weather");
    }

    @Test
    void printsTheTableWithColumnsOfOneWidth() {
        List<String> lines =
                Table.lines(List.of(new Verdict(ROW, run(Settings.Effort.FULL).results())));

        assertThat(lines)
                .containsExactly(
                        "row          | ours          | peer       | ratio | goal                | met?",
                        "dispatch.100 | 274 ± 12.0 ns | 250 Spring | 1.10  | ratio ≤ 1, ≤ 280 ns | no; yes, within the error");
    }

    @Test
    void readsBackWhatWasSaved(@TempDir Path directory) throws IOException {
        Run run = run(Settings.Effort.QUICK);
        Path file = directory.resolve("below").resolve("run.json");
        run.save(file);
        Run read = Run.read(file);

        assertThat(read.environment()).isEqualTo(run.environment());
        assertThat(read.results()).isEqualTo(run.results());
        assertThat(read.failures()).isEqualTo(run.failures());
        assertThat(read.seconds()).isEqualTo(run.seconds());
    }

    @Test
    void refusesAFileThatIsNoRun(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("other.json"), "{}");

        assertThatThrownBy(() -> Run.read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("other.json");
    }
}
