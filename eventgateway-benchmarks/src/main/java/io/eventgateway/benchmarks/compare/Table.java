package io.eventgateway.benchmarks.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The table as the terminal shows it. */
final class Table {
    private static final List<String> HEAD = List.of("row", "ours", "peer", "ratio", "goal", "met?");

    private Table() {}

    /** Returns the lines of the table. */
    static List<String> lines(List<Verdict> verdicts) {
        List<List<String>> cells = new ArrayList<>();
        cells.add(HEAD);
        verdicts.forEach(each -> cells.add(cells(each)));
        return aligned(cells);
    }

    private static List<String> cells(Verdict verdict) {
        Row row = verdict.row();
        return List.of(
                row.id(),
                verdict.ours().map(Table::withError).orElse("-"),
                verdict.best()
                        .map(peer -> Numbers.figure(
                                        verdict.result(peer).orElseThrow().value()) + " " + peer.name())
                        .orElse("-"),
                verdict.ratio().map(ratio -> Numbers.ratio(ratio.value())).orElse("-"),
                row.goals().isEmpty()
                        ? "-"
                        : row.goals().stream()
                                .map(goal -> goal.text(row.better(), verdict.unit()))
                                .collect(Collectors.joining(", ")),
                row.goals().isEmpty()
                        ? "-"
                        : verdict.answers().stream().map(Object::toString).collect(Collectors.joining("; ")));
    }

    /** Returns "58.1 ± 2.3 ns". */
    static String withError(Result result) {
        return Numbers.figure(result.value())
                + (result.error() == 0 ? "" : " ± " + Numbers.figure(result.error()))
                + " " + result.unit();
    }

    /** Returns the rows of cells with columns of one width each. */
    static List<String> aligned(List<List<String>> cells) {
        int[] widths = new int[cells.get(0).size()];
        for (List<String> line : cells) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        List<String> lines = new ArrayList<>();
        for (List<String> line : cells) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                text.append(i == 0 ? "" : " | ").append(line.get(i));
                if (i < widths.length - 1) {
                    text.append(" ".repeat(widths[i] - line.get(i).length()));
                }
            }
            lines.add(text.toString());
        }
        return lines;
    }
}
