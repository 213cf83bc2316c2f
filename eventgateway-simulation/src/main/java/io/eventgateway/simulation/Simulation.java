package io.eventgateway.simulation;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Runs histories of new seeds for some time, on every processor, and prints those that fail. */
public final class Simulation {
    private Simulation() {}

    /**
     * Runs; the system properties are {@code simulation.minutes}, {@code simulation.seed}, {@code simulation.without},
     * {@code simulation.store} ({@code memory} or {@code h2}).
     */
    public static void main(String[] arguments) throws InterruptedException {
        Set<Feature> allowed = EnumSet.allOf(Feature.class);
        for (String without : System.getProperty("simulation.without", "").split(",", -1)) {
            if (!without.isBlank()) {
                allowed.remove(Feature.valueOf(without.strip()));
            }
        }
        StoreKind store = StoreKind.valueOf(
                System.getProperty("simulation.store", "memory").toUpperCase(Locale.ROOT));
        String seed = System.getProperty("simulation.seed");
        if (seed != null) {
            System.out.println(explain(Long.parseLong(seed), allowed, store));
            return;
        }
        double minutes = Double.parseDouble(System.getProperty("simulation.minutes", "1"));
        int threads = Integer.getInteger("simulation.threads", 2);
        AtomicLong next = new AtomicLong(Long.getLong("simulation.from", System.nanoTime() & 0xffff_ffffL));
        AtomicInteger count = new AtomicInteger();
        AtomicLong steps = new AtomicLong();
        Map<String, Integer> kinds = new TreeMap<>();
        Map<String, String> seeds = new TreeMap<>();
        long began = System.nanoTime();
        long until = began + (long) (minutes * 60e9);
        Thread[] workers = new Thread[threads];
        for (int i = 0; i < threads; i++) {
            workers[i] = new Thread(() -> {
                Batons batons = new Batons();
                while (System.nanoTime() < until) {
                    Plan plan = Plan.of(next.getAndIncrement(), allowed, store);
                    History.Outcome outcome = History.run(plan, batons, false);
                    count.incrementAndGet();
                    steps.addAndGet(outcome.steps());
                    Violation violation = outcome.violation();
                    if (Boolean.getBoolean("simulation.twice")) {
                        History.Outcome again = History.run(plan, batons, false);
                        if (again.steps() != outcome.steps()) {
                            System.out.println("seed " + plan.seed() + " had " + outcome.steps() + " steps and then "
                                    + again.steps() + " " + plan.setting());
                        }
                    }
                    if (violation != null) {
                        synchronized (kinds) {
                            kinds.merge(violation.kind(), 1, Integer::sum);
                            seeds.merge(violation.kind(), " " + plan.seed(), (a, b) -> a.length() < 200 ? a + b : a);
                        }
                        if (violation.kind().equals("stuck")) {
                            batons = new Batons();
                        }
                    }
                }
            });
            workers[i].start();
        }
        for (Thread worker : workers) {
            worker.join();
        }
        double took = (System.nanoTime() - began) / 60e9;
        System.out.printf(
                "%d histories, %.0f a minute, %.0f steps each%n",
                count.get(), count.get() / took, (double) steps.get() / Math.max(1, count.get()));
        kinds.forEach((kind, times) -> System.out.println(kind + ": " + times + " of seeds" + seeds.get(kind)));
    }

    /** Runs one seed, shrinks its history if it fails, and tells it. */
    static String explain(long seed, Set<Feature> allowed, StoreKind store) {
        Batons batons = new Batons();
        Plan plan = Plan.of(seed, allowed, store);
        History.Outcome outcome = History.run(plan, batons, false);
        Violation violation = outcome.violation();
        Plan shortest = violation == null || Boolean.getBoolean("simulation.whole")
                ? plan
                : Shrinker.shrink(plan, violation, batons);
        History.Outcome told = History.run(shortest, batons, true);
        String text = History.describe(told);
        return violation != null && told.violation() == null
                ? text + "It failed before with: " + violation.getMessage()
                : text;
    }
}
