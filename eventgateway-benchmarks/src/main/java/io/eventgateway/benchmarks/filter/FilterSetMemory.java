package io.eventgateway.benchmarks.filter;

import io.eventgateway.benchmarks.Figures;
import io.eventgateway.internal.filter.FilterIndex;
import io.eventgateway.internal.filter.Filters;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import software.amazon.event.ruler.Machine;

/** Prints how many bytes of heap each of 10,000 filters takes in five rounds, beside event-ruler's for the same patterns. */
public final class FilterSetMemory {
    private static final int FILTERS = 10_000;
    private static final int ROUNDS = 5;

    private FilterSetMemory() {}

    /** Runs it. */
    public static void main(String[] arguments) throws Exception {
        List<String> patterns = Samples.patterns(FILTERS);
        Callable<Object> ours = () -> {
            FilterIndex<Integer> index = new FilterIndex<>();
            for (int i = 0; i < FILTERS; i++) {
                index.put(
                        Integer.toString(i), i, Filters.pattern(patterns.get(i)).condition());
            }
            return index;
        };
        Callable<Object> theirs = () -> {
            Machine machine = Machine.builder().build();
            for (int i = 0; i < FILTERS; i++) {
                machine.addRule(Integer.toString(i), patterns.get(i));
            }
            return machine;
        };
        ours.call(); // what classes and caches take is there before
        theirs.call();
        List<Long> ourSizes = new ArrayList<>();
        List<Long> theirSizes = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            ourSizes.add(retained(ours));
            theirSizes.add(retained(theirs));
        }
        ourSizes.forEach(size -> Figures.print("ours", (double) size / FILTERS, "B"));
        theirSizes.forEach(size -> Figures.print("event-ruler", (double) size / FILTERS, "B"));
    }

    private static long retained(Callable<Object> maker) throws Exception {
        long before = used();
        Object made = maker.call();
        long after = used();
        if (made.hashCode() == 0) {
            System.out.println(); // it is alive until here
        }
        return after - before;
    }

    private static long used() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
