package io.eventgateway.benchmarks.compare;

import io.eventgateway.benchmarks.Application;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Optional;

/**
 * Measures with JMH.
 *
 * <p>The forks of the contenders of a section take turns: each is measured once in a process of its own, then each once more. What
 * the machine does besides, minute by minute, then meets all of them.
 */
final class JmhRuns {
    private static final String PACKAGE = Application.class.getPackageName() + ".";
    /** What a fork takes besides its iterations: its start, its set-up and the application's mix. */
    private static final double OVERHEAD_SECONDS = 2;
    /** What JMH's profiler of the garbage collector calls the bytes that an operation allocates. */
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    private final Settings.Effort effort;
    private final OutputFormat log;
    private final Progress progress;

    JmhRuns(Settings.Effort effort, PrintStream log, Progress progress) {
        this.effort = effort;
        this.log = OutputFormatFactory.createFormatInstance(log, VerboseMode.NORMAL);
        this.progress = progress;
    }

    /** Measures the sources and puts their results into the run, or why there is none. */
    void measure(List<Source.Jmh> sources, Run run) {
        Map<String, List<Source.Jmh>> wanted = new LinkedHashMap<>();
        for (Source.Jmh source : sources) {
            if (!run.has(source)) {
                wanted.computeIfAbsent(source.run(), key -> new ArrayList<>()).add(source);
            }
        }
        Map<String, List<BenchmarkResult>> forks = new LinkedHashMap<>();
        for (int round = 1; round <= effort.rounds(); round++) {
            for (Map.Entry<String, List<Source.Jmh>> each : wanted.entrySet()) {
                Source.Jmh source = each.getValue().get(0);
                long begun = System.nanoTime();
                try {
                    RunResult result = fork(source, each.getValue().stream().anyMatch(Source.Jmh::isAllocation));
                    forks.computeIfAbsent(each.getKey(), key -> new ArrayList<>())
                            .addAll(result.getBenchmarkResults());
                    progress.measured(
                            each.getKey(),
                            round,
                            result.getPrimaryResult().getScore(),
                            result.getPrimaryResult().getScoreUnit());
                } catch (RunnerException e) {
                    each.getValue().forEach(failed -> run.failed(failed, String.valueOf(e.getMessage())));
                    progress.failed(each.getKey(), String.valueOf(e.getMessage()));
                }
                run.took(source, (System.nanoTime() - begun) / 1e9);
            }
        }
        forks.forEach((key, results) -> {
            RunResult merged = new RunResult(results.get(0).getParams(), results);
            for (Source.Jmh source : wanted.get(key)) {
                run.measured(source, result(source, merged));
            }
        });
    }

    private static Result result(Source.Jmh source, RunResult run) {
        var primary = run.getPrimaryResult();
        String unit = primary.getScoreUnit().replace("/op", "");
        if (source.statistic().equals(Source.Jmh.SCORE)) {
            return new Result(primary.getScore(), primary.getScoreError(), unit);
        }
        if (source.isAllocation()) {
            var allocated = run.getSecondaryResults().get(ALLOCATED);
            return new Result(allocated.getScore(), allocated.getScoreError(), "B");
        }
        double percentile = Double.parseDouble(source.statistic().substring(1));
        return new Result(primary.getStatistics().getPercentile(percentile), 0, unit);
    }

    private RunResult fork(Source.Jmh source, boolean allocation) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("^" + Pattern.quote(name(source)) + "$")
                .forks(1)
                .shouldFailOnError(true)
                .shouldDoGC(true);
        source.params().forEach(options::param);
        if (allocation) {
            options.addProfiler(GCProfiler.class);
        }
        Iterations warmup = warmup(source);
        Iterations measurement = measurement(source);
        options.warmupIterations(warmup.count()).measurementIterations(measurement.count());
        if (warmup.time() != null && measurement.time() != null) {
            options.warmupTime(warmup.time()).measurementTime(measurement.time());
        }
        return new Runner(options.build(), log).runSingle();
    }

    /** Returns the whole name; one that has a package of its own starts with it. */
    static String name(Source.Jmh source) {
        return source.benchmark().startsWith("io.") ? source.benchmark() : PACKAGE + source.benchmark();
    }

    /**
     * The iterations of a fork.
     *
     * @param count how many there are
     * @param time how long each takes; null for single shots
     */
    private record Iterations(int count, @Nullable TimeValue time) {
        /** Returns about how many seconds they take; a single shot is taken for one. */
        double seconds() {
            return count * (time == null ? 1 : time.convertTo(TimeUnit.MILLISECONDS) / 1e3);
        }
    }

    private Iterations warmup(Source.Jmh source) {
        BenchmarkListEntry entry = entry(source);
        return iterations(entry, entry.getWarmupIterations(), entry.getWarmupTime());
    }

    private Iterations measurement(Source.Jmh source) {
        BenchmarkListEntry entry = entry(source);
        return iterations(entry, entry.getMeasurementIterations(), entry.getMeasurementTime());
    }

    /** Returns the iterations that the benchmark's annotations ask for, or less where less is to be measured. */
    private Iterations iterations(BenchmarkListEntry entry, Optional<Integer> count, Optional<TimeValue> time) {
        TimeValue each = entry.getMode() == Mode.SingleShotTime ? null : time.orElse(TimeValue.seconds(1));
        return switch (effort) {
            case FULL -> new Iterations(count.orElse(1), each);
            case QUICK -> new Iterations((count.orElse(1) + 1) / 2, each);
            case SMOKE -> new Iterations(1, each == null ? null : TimeValue.milliseconds(50));
        };
    }

    private BenchmarkListEntry entry(Source.Jmh source) {
        String name = name(source);
        return BenchmarkList.defaultList().find(log, List.of("^" + Pattern.quote(name) + "$"), List.of()).stream()
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("there is no benchmark '" + name + "'"));
    }

    /** Returns about how many seconds the sources take. */
    double seconds(List<Source.Jmh> sources) {
        TreeSet<String> runs = new TreeSet<>();
        return sources.stream()
                .filter(source -> runs.add(source.run()))
                .mapToDouble(source -> effort.rounds()
                        * (OVERHEAD_SECONDS
                                + warmup(source).seconds()
                                + measurement(source).seconds()))
                .sum();
    }
}
