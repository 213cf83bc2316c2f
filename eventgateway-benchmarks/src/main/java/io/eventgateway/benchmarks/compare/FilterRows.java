package io.eventgateway.benchmarks.compare;

import static io.eventgateway.benchmarks.compare.Row.jmh;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The rows about filters and transforms, most of them beside event-ruler. */
final class FilterRows {
    private static final String EVENT_RULER = "event-ruler";
    private static final List<String> SETS = List.of("1", "100", "10000");

    private FilterRows() {}

    static List<Row> all() {
        List<Row> rows = new ArrayList<>();
        match(rows);
        readBefore(rows);
        wide(rows);
        values(rows);
        many(rows);
        compile(rows);
        change(rows);
        templates(rows);
        hostile(rows);
        return rows;
    }

    private static String count(String number) {
        return Numbers.plain(Double.parseDouble(number));
    }

    private static String filters(String number) {
        return number.equals("1") ? "a filter" : count(number) + " filters";
    }

    private static void match(List<Row> rows) {
        for (String filters : SETS) {
            Map<String, String> params = Map.of("filters", filters);
            rows.add(Row.lower(
                            "filters.tree." + filters,
                            "a webhook of 10 KB that is parsed, matched by " + filters(filters))
                    .ours("filters", jmh("filter.FilterBenchmark.treeOurs", params))
                    .peer(EVENT_RULER, jmh("filter.FilterBenchmark.treeEventRuler", params))
                    .goal(Goal.ratio(0.33, 4))
                    .build());
        }
        for (String filters : SETS) {
            Map<String, String> params = Map.of("filters", filters);
            rows.add(Row.lower("filters.bytes." + filters, "the same from its bytes; event-ruler's from a string")
                    .ours("filters", jmh("filter.FilterBenchmark.textOurs", params))
                    .peer(EVENT_RULER, jmh("filter.FilterBenchmark.textEventRuler", params))
                    .goal(Goal.ratio(0.8, 4))
                    .build());
        }
        for (String filters : SETS) {
            rows.add(Row.lower("filters.allocation." + filters, "what matching it from a tree allocates")
                    .ours("filters", allocation("treeOurs", filters))
                    .peer(EVENT_RULER, allocation("treeEventRuler", filters))
                    .goal(Goal.ratio(0.1, 4))
                    .build());
        }
    }

    private static Source allocation(String method, String filters) {
        return new Source.Jmh("filter.FilterBenchmark." + method, Map.of("filters", filters), Source.Jmh.ALLOCATION);
    }

    private static void readBefore(List<Row> rows) {
        for (String filters : SETS) {
            Map<String, String> params = Map.of("filters", filters);
            rows.add(Row.lower(
                            "filters.readbefore." + filters,
                            "the same emitted to " + filters(filters) + ", from bytes that were read before")
                    .ours("bytes, read before", jmh("filter.ReadBeforeBenchmark.bytesReadBefore", params))
                    .peer("a tree", jmh("filter.ReadBeforeBenchmark.tree", params))
                    .goal(Goal.ratio(1.2, 13))
                    .build());
        }
    }

    private static void wide(List<Row> rows) {
        for (String elements : List.of("10", "1000", "10000")) {
            for (String filters : SETS) {
                Map<String, String> params = Map.of("filters", filters, "elements", elements);
                rows.add(Row.lower(
                                "wide." + filters + "x" + elements,
                                "an array of " + count(elements) + " elements, and " + filters(filters)
                                        + " on two members of the same element")
                        .ours("emit", jmh("filter.WideArrayBenchmark.ours", params))
                        .peer(EVENT_RULER, jmh("filter.WideArrayBenchmark.eventRuler", params))
                        .goal(Goal.ratio(1, 13))
                        .build());
            }
        }
    }

    private static void values(List<Row> rows) {
        for (String test : List.of("NUMBERS", "ANYTHING_BUT", "ANYTHING_BUT_NUMBERS")) {
            for (String values : List.of("10", "1000")) {
                Map<String, String> params = Map.of("test", test, "values", values);
                String words = test.equals("NUMBERS")
                        ? count(values) + " numbers"
                        : "anything but " + count(values) + (test.equals("ANYTHING_BUT") ? " texts" : " numbers");
                rows.add(Row.lower(
                                "values." + test.toLowerCase(Locale.ROOT).replace('_', '-') + "." + values,
                                "an array of 10,000 elements, and a test of " + words)
                        .ours("emit", jmh("filter.ManyValuesBenchmark.ours", params))
                        .peer(EVENT_RULER, jmh("filter.ManyValuesBenchmark.eventRuler", params))
                        .goal(Goal.ratio(1, 13))
                        .build());
            }
        }
    }

    private static void many(List<Row> rows) {
        for (String matching : List.of("100", "1000", "10000")) {
            Map<String, String> params = Map.of("matching", matching);
            rows.add(Row.lower("many." + matching, count(matching) + " of 10,000 filters match")
                    .ours("filters", jmh("filter.ManyMatchesBenchmark.ours", params))
                    .peer(EVENT_RULER, jmh("filter.ManyMatchesBenchmark.eventRuler", params))
                    .goal(Goal.ratio(1, 13))
                    .build());
        }
    }

    private static void compile(List<Row> rows) {
        for (String filters : List.of("100", "10000")) {
            Map<String, String> params = Map.of("filters", filters);
            rows.add(Row.lower("compile.patterns." + filters, count(filters) + " patterns made into an index")
                    .ours("filters", jmh("filter.FilterSetBenchmark.compileOurs", params))
                    .peer(EVENT_RULER, jmh("filter.FilterSetBenchmark.compileEventRuler", params))
                    .goal(Goal.ratio(1, 4))
                    .build());
        }
        rows.add(Row.lower("compile.cesql", "10,000 CESQL expressions made into filters; the SDK parses them only")
                .ours("Filter.cesql", jmh("filter.CesqlCompileBenchmark.ours", Map.of()))
                .peer("CloudEvents SDK", jmh("filter.CesqlCompileBenchmark.cloudEventsSdk", Map.of()))
                .goal(Goal.figure(200, 13))
                .build());
    }

    private static void change(List<Row> rows) {
        for (String filters : List.of("100", "10000")) {
            Map<String, String> params = Map.of("filters", filters);
            rows.add(Row.lower("change." + filters, "one filter added to " + count(filters) + " and taken out again")
                    .ours("filters", jmh("filter.FilterSetBenchmark.addAndRemoveOurs", params))
                    .peer(EVENT_RULER, jmh("filter.FilterSetBenchmark.addAndRemoveEventRuler", params))
                    .build());
        }
    }

    private static void templates(List<Row> rows) {
        for (String form : List.of("TREE", "BYTES")) {
            Map<String, String> params = Map.of("form", form);
            rows.add(Row.lower(
                            "templates." + form.toLowerCase(Locale.ROOT),
                            "a template over a webhook of 10 KB, "
                                    + (form.equals("TREE") ? "which is parsed" : "from its bytes"))
                    .ours("template", jmh("filter.TransformBenchmark.ours", params))
                    .peer("code by hand", jmh("filter.TransformBenchmark.byHand", params))
                    .goal(Goal.ratio(1.5, 4))
                    .build());
        }
    }

    private static void hostile(List<Row> rows) {
        for (String attack : List.of("STARS", "LONG_PIECE", "ARRAY", "NESTED_ARRAYS", "ABSENCE")) {
            rows.add(Row.lower(
                            "hostile." + attack.toLowerCase(Locale.ROOT).replace('_', '-'),
                            "an event made to be slow, and one of half its size; 4 would be quadratic")
                    .ours("the whole size", hostile(attack, "16000"))
                    .peer("half of it", hostile(attack, "8000"))
                    .goal(Goal.ratio(3, 4))
                    .build());
        }
    }

    private static Source hostile(String attack, String size) {
        return jmh("filter.HostileFilterBenchmark.match", Map.of("attack", attack, "size", size));
    }
}
