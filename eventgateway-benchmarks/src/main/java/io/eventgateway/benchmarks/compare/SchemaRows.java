package io.eventgateway.benchmarks.compare;

import static io.eventgateway.benchmarks.compare.Row.jmh;

import java.util.List;
import java.util.Map;

/** The rows about schemas of event types. */
final class SchemaRows {
    private static final String ALONE = "the validator alone";
    private static final String NO_TYPES = "no types registered";

    private SchemaRows() {}

    static List<Row> all() {
        return List.of(
                Row.lower(
                                "schemas.enforced",
                                "a webhook of 10 KB from its bytes, validated by GitHub's schema and matched by a filter")
                        .ours("emit", benchmark("enforced"))
                        .peer(ALONE, benchmark("validatorAlone"))
                        .reference("networknt's by default", benchmark("networknt"))
                        .goal(Goal.ratioTo(ALONE, 1.2, 18))
                        .build(),
                Row.lower("schemas.none", "the same of a type without a schema, where other types have one")
                        .ours("emit", benchmark("withoutSchema"))
                        .peer(NO_TYPES, benchmark("withoutTypes"))
                        .goal(Goal.ratioTo(NO_TYPES, 1.05, 18))
                        .build());
    }

    private static Source benchmark(String method) {
        return jmh("schema.ValidationBenchmark." + method, Map.of());
    }
}
