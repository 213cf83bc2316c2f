package io.eventgateway.benchmarks.filter;

import io.eventgateway.internal.filter.FilterIndex;
import io.eventgateway.internal.filter.Filters;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import software.amazon.event.ruler.Machine;

/**
 * A set of filters of mixed kinds as it changes: compiled from their texts, and with one filter more and taken out again, which
 * has to cost the same however many there are.
 */
@State(Scope.Thread)
@Fork(2)
public class FilterSetBenchmark {
    /** How many filters. */
    @Param({"100", "10000"})
    public int filters;

    private List<String> patterns;
    private String another;
    private FilterIndex<String> index;
    private Machine machine;

    @Setup(Level.Trial)
    public void setUp(FilterApplication application) throws Exception {
        patterns = Samples.patterns(filters);
        another = Samples.patterns(filters + 10).get(filters + 3);
        index = ours();
        machine = theirs();
    }

    private FilterIndex<String> ours() {
        FilterIndex<String> made = new FilterIndex<>();
        int number = 0;
        for (String pattern : patterns) {
            String name = Integer.toString(number++);
            made.put(name, name, Filters.pattern(pattern).condition());
        }
        return made;
    }

    private Machine theirs() throws Exception {
        Machine made = Machine.builder().build();
        int number = 0;
        for (String pattern : patterns) {
            made.addRule(Integer.toString(number++), pattern);
        }
        return made;
    }

    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    @Warmup(iterations = 4, time = 1)
    @Measurement(iterations = 4, time = 1)
    public Object compileOurs() {
        return ours();
    }

    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    @Warmup(iterations = 4, time = 1)
    @Measurement(iterations = 4, time = 1)
    public Object compileEventRuler() throws Exception {
        return theirs();
    }

    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    @OutputTimeUnit(TimeUnit.MICROSECONDS)
    @Warmup(iterations = 4, time = 1)
    @Measurement(iterations = 4, time = 1)
    public void addAndRemoveOurs() {
        index.put("another", "another", Filters.pattern(another).condition());
        index.remove("another");
    }

    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    @OutputTimeUnit(TimeUnit.MICROSECONDS)
    @Warmup(iterations = 4, time = 1)
    @Measurement(iterations = 4, time = 1)
    public void addAndRemoveEventRuler() throws Exception {
        machine.addRule("another", another);
        machine.deleteRule("another", another);
    }
}
