package io.eventgateway.benchmarks.compare;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Measures rows, section by section, and saves what there is after each. */
final class Measurement {
    private final JmhRuns jmh;
    private final Programs programs;
    private final Progress progress;
    private final PrintStream out;

    Measurement(Settings settings, PrintStream log, PrintStream out) {
        this.out = out;
        this.progress = new Progress(out);
        this.jmh = new JmhRuns(settings.effort(), log, progress);
        this.programs = new Programs(settings, log, progress);
    }

    /** Measures what the run has not got yet. */
    void measure(List<Row> rows, Run run, Path save) throws IOException {
        for (Map.Entry<String, List<Row>> section : sections(rows).entrySet()) {
            progress.section(section.getKey(), seconds(section.getValue()));
            jmh.measure(sources(section.getValue(), Source.Jmh.class), run);
            programs.measure(sources(section.getValue(), Source.Program.class), run);
            run.save(save);
        }
    }

    /** Prints the rows, and about how long each takes when it is measured alone. */
    void list(List<Row> rows) {
        for (Map.Entry<String, List<Row>> section : sections(rows).entrySet()) {
            line("%s, %.0f s together", section.getKey(), seconds(section.getValue()));
            section.getValue().forEach(row -> line("  %-30s %4.0f s  %s", row.id(), seconds(List.of(row)), row.what()));
        }
        double all = sections(rows).values().stream().mapToDouble(this::seconds).sum();
        line("all of them: %.0f minutes", all / 60);
    }

    private void line(String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
    }

    private double seconds(List<Row> rows) {
        return jmh.seconds(sources(rows, Source.Jmh.class)) + programs.seconds(sources(rows, Source.Program.class));
    }

    private static Map<String, List<Row>> sections(List<Row> rows) {
        Map<String, List<Row>> sections = new LinkedHashMap<>();
        rows.forEach(row -> sections.computeIfAbsent(row.section(), name -> new ArrayList<>())
                .add(row));
        return sections;
    }

    private static <S extends Source> List<S> sources(List<Row> rows, Class<S> type) {
        return rows.stream()
                .flatMap(row -> row.contenders().stream())
                .map(Contender::source)
                .filter(type::isInstance)
                .map(type::cast)
                .distinct()
                .toList();
    }
}
