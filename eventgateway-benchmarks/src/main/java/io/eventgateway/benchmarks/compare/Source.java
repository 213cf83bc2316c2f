package io.eventgateway.benchmarks.compare;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Where one figure comes from. */
sealed interface Source {
    /** What names the figure in a saved run: the same in every run that measures the same. */
    String key();

    /**
     * A score of a JMH benchmark.
     *
     * @param benchmark class and method, without the package that all benchmarks are below
     * @param params the values of the benchmark's parameters
     * @param statistic {@code score}, or a percentile of a sampled time such as {@code p99.9}
     */
    record Jmh(String benchmark, Map<String, String> params, String statistic) implements Source {
        /** The statistic of most benchmarks: their score. */
        static final String SCORE = "score";

        public Jmh {
            params = Map.copyOf(params);
        }

        /** What is run, which several statistics may be taken from. */
        String run() {
            return benchmark
                    + new TreeMap<>(params)
                            .entrySet().stream()
                                    .map(each -> " " + each.getKey() + "=" + each.getValue())
                                    .collect(Collectors.joining());
        }

        @Override
        public String key() {
            return statistic.equals(SCORE) ? run() : run() + " " + statistic;
        }
    }

    /**
     * A figure that a program prints.
     *
     * @param program the program's name in {@link Programs}
     * @param figure the name that it prints
     */
    record Program(String program, String figure) implements Source {
        @Override
        public String key() {
            return program + " " + figure;
        }
    }
}
