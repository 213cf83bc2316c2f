package io.eventgateway.benchmarks.compare;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Measures the gateway beside its peers and prints the table; {@code eventgateway-benchmarks/compare} runs it. */
public final class Compare {
    private final Settings settings;
    private final PrintStream out;

    private Compare(Settings settings, PrintStream out) {
        this.settings = settings;
        this.out = out;
    }

    /** Runs it. Ends with status 1 when something could not be measured, 2 when the options are not understood. */
    public static void main(String[] arguments) throws IOException {
        Settings settings;
        try {
            settings = Settings.parse(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        System.exit(new Compare(settings, System.out).run() ? 0 : 1);
    }

    private boolean run() throws IOException {
        List<Row> rows = Rows.all().stream()
                .filter(row -> settings.only().matcher(row.id()).find())
                .toList();
        if (rows.isEmpty()) {
            out.println("no row has an id that '" + settings.only() + "' matches; --list names them");
            return false;
        }
        warn();
        Run run = settings.from() == null ? measure(rows) : Run.read(settings.from());
        List<Verdict> verdicts =
                rows.stream().map(row -> new Verdict(row, run.results())).toList();
        out.println();
        Table.lines(verdicts).forEach(out::println);
        run.failures().forEach((key, why) -> out.println("not measured: " + key + ": " + why));
        warn();
        return run.failures().isEmpty();
    }

    private void warn() {
        switch (settings.effort()) {
            case FULL -> {}
            case QUICK -> out.println("QUICK: one fork and half of the iterations. Do not write these figures down.");
            case SMOKE -> out.println("SMOKE: this shows that the benchmarks run. The figures mean nothing.");
        }
    }

    private Run measure(List<Row> rows) throws IOException {
        Run run = new Run(Environment.here(settings.commit(), settings.effort()));
        Path target = settings.root().resolve("eventgateway-benchmarks").resolve("target");
        Files.createDirectories(target);
        Path save = settings.save() == null ? target.resolve("compare.json") : settings.save();
        try (PrintStream log =
                new PrintStream(Files.newOutputStream(target.resolve("compare.log")), true, StandardCharsets.UTF_8)) {
            Progress progress = new Progress(out);
            JmhRuns jmh = new JmhRuns(settings.effort(), log, progress);
            Map<String, List<Source.Jmh>> sections = new LinkedHashMap<>();
            for (Row row : rows) {
                for (Contender contender : row.contenders()) {
                    if (contender.source() instanceof Source.Jmh source) {
                        sections.computeIfAbsent(row.section(), name -> new ArrayList<>())
                                .add(source);
                    }
                }
            }
            sections.forEach((name, sources) -> {
                progress.section(name, jmh.seconds(sources));
                jmh.measure(sources, run);
            });
        } finally {
            run.save(save);
        }
        out.println("results: " + save);
        return run;
    }
}
