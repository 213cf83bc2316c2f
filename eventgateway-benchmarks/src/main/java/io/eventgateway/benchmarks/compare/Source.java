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
     * @param benchmark class and method, without the package {@code io.eventgateway.benchmarks} that most are in
     * @param params the values of the benchmark's parameters
     * @param statistic {@link #SCORE}, {@link #ALLOCATION}, or a percentile of a sampled time such as {@code p99.9}
     */
    record Jmh(String benchmark, Map<String, String> params, String statistic) implements Source {
        /** The statistic of most benchmarks: their score. */
        static final String SCORE = "score";

        /** How many bytes of heap an operation allocates. */
        static final String ALLOCATION = "allocation";

        public Jmh {
            params = Map.copyOf(params);
        }

        boolean isAllocation() {
            return statistic.equals(ALLOCATION);
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
     * @param program the program
     * @param figure the name that it prints
     */
    record Program(Programs.Program program, String figure) implements Source {
        @Override
        public String key() {
            return program.name() + " " + figure;
        }
    }
}
