package io.eventgateway.benchmarks.filter;

import io.cloudevents.sql.Parser;
import io.eventgateway.Filter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** 10,000 CESQL expressions of mixed kinds made into filters, and read by the CloudEvents SDK's parser. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 4, time = 1)
@Fork(2)
public class CesqlCompileBenchmark {
    private static final int EXPRESSIONS = 10_000;

    private final List<String> expressions = new ArrayList<>();
    private final Parser sdk = Parser.getDefault();

    @Setup(Level.Trial)
    public void setUp(FilterApplication application) {
        for (int i = 0; i < EXPRESSIONS; i++) {
            expressions.add(expression(i));
        }
    }

    private static String expression(int i) {
        return switch (i % 6) {
            case 0 -> "type = 'order.placed' AND subject = 'customer-" + i + "'";
            case 1 -> "subject LIKE 'customer-" + i + "-%' OR EXISTS tenant";
            case 2 -> "tenant IN ('a', 'b', 'tenant-" + i + "') AND NOT (region = 'eu')";
            case 3 -> "LENGTH(subject) > " + i % 100 + " AND UPPER(region) = 'REGION-" + i + "'";
            case 4 -> "(priority + " + i + ") * 2 >= 10 AND (source LIKE '/shop/%' OR source LIKE '/web/%')";
            default -> "CONCAT(LEFT(type, 5), '-', tenant) = 'order-" + i + "'";
        };
    }

    @Benchmark
    public void ours(Blackhole blackhole) {
        for (String expression : expressions) {
            blackhole.consume(Filter.cesql(expression));
        }
    }

    @Benchmark
    public void cloudEventsSdk(Blackhole blackhole) {
        for (String expression : expressions) {
            blackhole.consume(sdk.parse(expression));
        }
    }
}
