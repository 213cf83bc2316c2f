package io.eventgateway.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forgets what is not to be kept any more, in small transactions, for as long as a gateway is attached. Several processes may do
 * so at the same time.
 *
 * <p>{@code this} guards the thread and the number of gateways.
 */
final class Maintenance {
    private static final Logger log = LoggerFactory.getLogger(Maintenance.class);
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long IDLE_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final long FAILED_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long ROUND_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int AT_ONCE = 500;

    /** Forgets rows of a table in a small transaction. */
    @FunctionalInterface
    interface Purge {
        /** Forgets at most so many rows; returns whether there may be more. */
        boolean some(int atMost);
    }

    private final Database database;
    private final HistoryTable history;
    private final DeadLetterTable deadLetters;
    private final Gateways gateways;
    private final LeftoverTurns turns;
    private final List<Purge> others;
    private int attached;
    private @Nullable Thread thread;
    /** How far the history has been purged; only the maintenance thread uses it. */
    private long purgedTo;

    private int rounds;

    Maintenance(
            Database database,
            HistoryTable history,
            DeadLetterTable deadLetters,
            Gateways gateways,
            List<Purge> others) {
        this.database = database;
        this.history = history;
        this.deadLetters = deadLetters;
        this.gateways = gateways;
        this.turns = new LeftoverTurns(database);
        this.others = List.copyOf(others);
    }

    synchronized void attach() {
        attached++;
        if (thread == null) {
            Thread started = new Thread(this::run, "eventgateway-jdbc-maintenance");
            started.setDaemon(true);
            thread = started;
            started.start();
        }
    }

    synchronized void detach() {
        attached--;
        Thread running = thread;
        if (attached == 0 && running != null) {
            thread = null;
            LockSupport.unpark(running);
        }
    }

    private synchronized boolean isWanted() {
        return thread == Thread.currentThread();
    }

    private void run() {
        boolean failing = false;
        while (isWanted()) {
            LockSupport.parkNanos(failing ? FAILED_PAUSE_NANOS : purgedTo > 0 ? PAUSE_NANOS : IDLE_PAUSE_NANOS);
            if (!isWanted()) {
                return;
            }
            List<RuntimeException> failures = round();
            if (!failing && !failures.isEmpty()) {
                log.warn(
                        "Old events could not be forgotten; that is tried again until it succeeds: {}",
                        failures.get(0).toString());
            }
            failing = !failures.isEmpty();
        }
    }

    /** Forgets everything that is not to be kept any more, in small transactions. */
    void purgeAll() {
        long after = 0;
        do {
            after = history.purge(after, AT_ONCE);
        } while (after > 0);
        while (deadLetters.keepBound(database.settings().maxDeadLetters(), AT_ONCE)) {
            // the condition does the work
        }
        for (Purge other : others) {
            while (other.some(AT_ONCE)) {
                // the condition does the work
            }
        }
        findLeftovers();
    }

    /** Forgets what there is to forget, for about a second at most; what fails does not keep the rest from it. Returns the failures. */
    List<RuntimeException> round() {
        long until = System.nanoTime() + ROUND_NANOS;
        Purge other = others.get(rounds++ % others.size()); // one a round, so that an idle gateway asks for little
        List<RuntimeException> failures = new ArrayList<>(0);
        List.<Runnable>of(
                        this::findLeftovers,
                        () -> purgeHistory(until),
                        () -> deadLetters.keepBound(database.settings().maxDeadLetters(), AT_ONCE),
                        () -> purge(other, until))
                .forEach(step -> {
                    try {
                        step.run();
                    } catch (RuntimeException e) {
                        failures.add(e);
                    }
                });
        return failures;
    }

    private void purgeHistory(long until) {
        do {
            purgedTo = history.purge(purgedTo, AT_ONCE);
        } while (purgedTo > 0 && System.nanoTime() - until < 0);
    }

    private void findLeftovers() {
        database.change("what gateways that are gone left over could not be found", connection -> {
            gateways.findLateLeases(connection);
            gateways.forgetLongGone(connection);
            turns.forget(connection);
        });
    }

    private static void purge(Purge other, long until) {
        while (other.some(AT_ONCE) && System.nanoTime() - until < 0) {
            // the condition does the work
        }
    }
}
