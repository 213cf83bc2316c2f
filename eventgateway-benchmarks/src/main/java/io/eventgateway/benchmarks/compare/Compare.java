package io.eventgateway.benchmarks.compare;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

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
        if (settings.list()) {
            new Measurement(settings, out, out).list(rows);
            return true;
        }
        Path from = settings.from();
        Run before = settings.before() == null ? null : Run.read(settings.before()); // an unreadable one ends it here
        Run run = from == null ? measure(rows) : Run.read(from);
        out.println();
        Table.lines(rows.stream().map(row -> new Verdict(row, run.results())).toList())
                .forEach(out::println);
        run.failures().forEach((key, why) -> out.println("not measured: " + key + ": " + why));
        if (before != null) {
            out.println();
            out.println("since " + before.environment().commit() + " of "
                    + before.environment().date() + ":");
            Changes.lines(rows, before, run).forEach(out::println);
        }
        page(rows, run);
        warn(run.environment().effort());
        return run.failures().isEmpty();
    }

    private void warn(Settings.Effort effort) {
        switch (effort) {
            case FULL -> {}
            case QUICK -> out.println("\nQUICK: one fork and half of the iterations. DO NOT WRITE THESE FIGURES DOWN.");
            case SMOKE -> out.println("\nSMOKE: this shows that the benchmarks run. THE FIGURES MEAN NOTHING.");
        }
    }

    private void page(List<Row> rows, Run run) throws IOException {
        Path page = settings.page();
        if (page == null) {
            if (!settings.whole() || run.environment().effort() != Settings.Effort.FULL) {
                out.println("docs/benchmarks.md is left as it is: only a whole run writes it");
                return;
            }
            page = settings.root().resolve("docs").resolve("benchmarks.md");
        }
        Files.writeString(page, Page.render(Page.template(), rows, run));
        out.println("page: " + page);
    }

    private Run measure(List<Row> rows) throws IOException {
        warn(settings.effort());
        Run run = new Run(Environment.here(settings.commit(), settings.effort()));
        Path target = settings.root().resolve("eventgateway-benchmarks").resolve("target");
        Files.createDirectories(target);
        Path save = settings.save() == null ? target.resolve("compare.json") : settings.save();
        try (PrintStream log =
                new PrintStream(Files.newOutputStream(target.resolve("compare.log")), true, StandardCharsets.UTF_8)) {
            new Measurement(settings, log, out).measure(rows, run, save);
        }
        out.println("results: " + save);
        return run;
    }
}
