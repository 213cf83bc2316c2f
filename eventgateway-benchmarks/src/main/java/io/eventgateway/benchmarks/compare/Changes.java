package io.eventgateway.benchmarks.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What has changed from one run to another, row by row: our ratio, and our figure itself. */
final class Changes {
    /** From how much worse on a change is flagged. */
    private static final double FLAGGED = 0.1;

    private static final List<String> HEAD = List.of("row", "ratio", "", "change", "ours", "", "change", "");

    private Changes() {}

    /** Returns the lines of the table; rows that one of the runs lacks are left out. */
    static List<String> lines(List<Row> rows, Run before, Run after) {
        List<List<String>> cells = new ArrayList<>();
        cells.add(HEAD);
        for (Row row : rows) {
            Verdict old = new Verdict(row, before.results());
            Verdict now = new Verdict(row, after.results());
            if (old.ours().isPresent() && now.ours().isPresent()) {
                cells.add(cells(row, old, now));
            }
        }
        return Table.aligned(cells);
    }

    private static List<String> cells(Row row, Verdict old, Verdict now) {
        Result before = old.ours().orElseThrow();
        Result after = now.ours().orElseThrow();
        Optional<Verdict.Ratio> ratioBefore = old.ratio();
        Optional<Verdict.Ratio> ratioAfter = now.ratio();
        boolean ratios = ratioBefore.isPresent() && ratioAfter.isPresent();
        List<String> flags = new ArrayList<>();
        if (ratios) {
            Verdict.Ratio a = ratioBefore.orElseThrow();
            Verdict.Ratio b = ratioAfter.orElseThrow();
            flag("ratio", row.better(), a.value(), a.error(), b.value(), b.error())
                    .ifPresent(flags::add);
        }
        flag("figure", row.better(), before.value(), before.error(), after.value(), after.error())
                .ifPresent(flags::add);
        return List.of(
                row.id(),
                ratios ? Numbers.ratio(ratioBefore.orElseThrow().value()) : "-",
                ratios ? Numbers.ratio(ratioAfter.orElseThrow().value()) : "-",
                ratios
                        ? Numbers.change(
                                ratioBefore.orElseThrow().value(),
                                ratioAfter.orElseThrow().value())
                        : "-",
                Numbers.figure(before.value()),
                Numbers.figure(after.value()) + " " + after.unit(),
                Numbers.change(before.value(), after.value()),
                String.join(", ", flags));
    }

    /** Returns what to say of a change for the worse: nothing up to 10 %, and whether it may be noise. */
    static Optional<String> flag(
            String what, Better better, double before, double beforeError, double after, double afterError) {
        double worse = better == Better.LOWER ? after / before - 1 : before / after - 1;
        if (!(worse > FLAGGED)) {
            return Optional.empty();
        }
        boolean noise = Math.abs(after - before) <= beforeError + afterError;
        return Optional.of(what + " WORSE" + (noise ? " (within the error)" : ""));
    }
}
