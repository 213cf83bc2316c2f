package io.eventgateway.benchmarks.compare;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The page of the documentation: the text of a template, with the environment and the table of each section put in. */
final class Page {
    private static final Pattern PLACE = Pattern.compile("\\{\\{([a-z.-]+)}}");
    private static final String SECTION = "rows.";

    private Page() {}

    static String template() throws IOException {
        try (InputStream resource = Objects.requireNonNull(Page.class.getResourceAsStream("/compare/benchmarks.md"))) {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Returns the page of a run. */
    static String render(String template, List<Row> rows, Run run) {
        return PLACE.matcher(template).replaceAll(place -> Matcher.quoteReplacement(part(place.group(1), rows, run)));
    }

    private static String part(String name, List<Row> rows, Run run) {
        if (name.startsWith(SECTION)) {
            String section = name.substring(SECTION.length());
            return section(
                    rows.stream().filter(row -> row.section().equals(section)).toList(), run);
        }
        Environment environment = run.environment();
        return switch (name) {
            case "machine" -> environment.machine();
            case "jdk" -> environment.jdk();
            case "date" -> environment.date();
            case "commit" -> environment.commit();
            case "minutes" -> Long.toString(Math.round(run.seconds() / 60));
            case "warning" -> warning(environment.effort());
            case "failures" -> failures(run);
            default -> throw new IllegalArgumentException("the template has an unknown place '" + name + "'");
        };
    }

    private static String warning(Settings.Effort effort) {
        return effort == Settings.Effort.FULL
                ? ""
                : "\n**These figures come from a run with --" + effort.name().toLowerCase(Locale.ROOT)
                        + ". They are no measurement.**\n";
    }

    private static String failures(Run run) {
        return run.failures().entrySet().stream()
                .map(each -> "\n* Not measured: " + each.getKey() + ": " + each.getValue())
                .collect(Collectors.joining());
    }

    private static String section(List<Row> rows, Run run) {
        List<String> lines = new ArrayList<>();
        lines.add("| row | what | ours | beside it | ratio | goal | met? | s |");
        lines.add("|---|---|---|---|---|---|---|---|");
        rows.forEach(row -> lines.add(line(new Verdict(row, run.results()), run)));
        return String.join("\n", lines);
    }

    private static String line(Verdict verdict, Run run) {
        Row row = verdict.row();
        Optional<Contender> best = verdict.best();
        String others = row.contenders().stream()
                .skip(1)
                .map(each -> other(each, verdict, best.filter(each::equals).isPresent()))
                .collect(Collectors.joining(", "));
        String goals = row.goals().stream()
                .map(goal -> goal.text(row.better(), verdict.unit()) + " (issue " + goal.issue() + ")")
                .collect(Collectors.joining("<br>"));
        String answers = verdict.answers().stream()
                .map(answer -> answer == Verdict.Answer.YES || answer == Verdict.Answer.BARELY
                        ? answer.toString()
                        : "**" + answer + "**")
                .collect(Collectors.joining("<br>"));
        String ratio = verdict.ratio()
                .map(each ->
                        Numbers.ratio(each.value()) + (each.error() == 0 ? "" : " ± " + Numbers.ratio(each.error())))
                .orElse("");
        double seconds = row.contenders().stream()
                .mapToDouble(each -> run.seconds(each.source()))
                .sum();
        return "| `%s` | %s | %s | %s | %s | %s | %s | %.0f |"
                .formatted(
                        row.id(),
                        row.what(),
                        verdict.ours().map(Table::withError).orElse("not measured"),
                        others,
                        ratio,
                        goals,
                        answers,
                        seconds);
    }

    private static String other(Contender contender, Verdict verdict, boolean best) {
        String text = contender.name() + " "
                + verdict.result(contender).map(Table::withError).orElse("not measured");
        return switch (contender.role()) {
            case PEER -> best ? "**" + text + "**" : text;
            case OURS, REFERENCE -> "(" + text + ")";
        };
    }
}
