package io.eventgateway.internal.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What is to run at a later time, in the order of these times.
 *
 * <p>A calendar queue (Brown, 1988): the entries of one tick are a list, and only the ticks that have entries are sorted. A
 * million entries have thousands of ticks, so putting one in, taking it out and taking all that are due cost little whatever
 * their number. {@code lock} guards everything.
 */
final class Timers {
    /** An entry; it is also its place in the list of its tick. */
    static final class Entry {
        private final Runnable task;
        private final long atNanos;
        private @Nullable Tick tick;
        private @Nullable Entry before;
        private @Nullable Entry after;

        Entry(Runnable task, long atNanos) {
            this.task = task;
            this.atNanos = atNanos;
        }

        Runnable task() {
            return task;
        }
    }

    private static final class Tick {
        private final long number;
        private @Nullable Entry first;
        private @Nullable Entry last;

        Tick(long number) {
            this.number = number;
        }

        void add(Entry entry) {
            entry.tick = this;
            Entry end = last;
            entry.before = end;
            if (end == null) {
                first = entry;
            } else {
                end.after = entry;
            }
            last = entry;
        }

        void remove(Entry entry) {
            Entry previous = entry.before;
            Entry next = entry.after;
            if (previous == null) {
                first = next;
            } else {
                previous.after = next;
            }
            if (next == null) {
                last = previous;
            } else {
                next.before = previous;
            }
            entry.before = null;
            entry.after = null;
            entry.tick = null;
        }
    }

    private final int shift;
    private final ReentrantLock lock = new ReentrantLock();
    private final TreeMap<Long, Tick> ticks = new TreeMap<>();
    /** The tick of the last entry: what fails together comes back together. */
    private @Nullable Tick recent;
    /** Read without the lock. */
    private volatile long nextNanos = Long.MAX_VALUE;

    /** Timers with ticks of {@code 2^shift} nanoseconds: entries may be late by one, and are in no order within it. */
    Timers(int shift) {
        this.shift = shift;
    }

    /**
     * Puts a task in.
     *
     * @return whether it is due before all others
     */
    boolean add(Entry entry) {
        lock.lock();
        try {
            long number = (entry.atNanos + (1L << shift) - 1) >> shift; // not before its time
            Tick tick = recent;
            if (tick == null || tick.number != number) {
                tick = ticks.computeIfAbsent(number, Tick::new);
                recent = tick;
            }
            tick.add(entry);
            long at = number << shift;
            if (at < nextNanos) {
                nextNanos = at;
                return true;
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Takes a task out again; false when it was taken out before, perhaps to be run. */
    boolean cancel(Entry entry) {
        lock.lock();
        try {
            Tick tick = entry.tick;
            if (tick == null) {
                return false;
            }
            tick.remove(entry);
            if (tick.first == null) {
                ticks.remove(tick.number);
                forget(tick);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void forget(Tick tick) {
        if (recent == tick) {
            recent = null;
        }
        Map.Entry<Long, Tick> next = ticks.firstEntry();
        nextNanos = next == null ? Long.MAX_VALUE : next.getKey() << shift;
    }

    /** When the first is due; {@link Long#MAX_VALUE} when there is none. */
    long nextNanos() {
        return nextNanos;
    }

    /** Takes out what is due, and says in which order it is to be run. */
    List<Runnable> due(long nowNanos) {
        if (nextNanos > nowNanos) {
            return List.of();
        }
        List<Runnable> due = new ArrayList<>();
        lock.lock();
        try {
            while (!ticks.isEmpty() && nextNanos <= nowNanos) {
                takeOut(ticks.pollFirstEntry().getValue(), due);
            }
        } finally {
            lock.unlock();
        }
        return due;
    }

    private void takeOut(Tick tick, List<Runnable> due) {
        Entry entry = tick.first;
        while (entry != null) {
            Entry next = entry.after;
            entry.before = null;
            entry.after = null;
            entry.tick = null;
            due.add(entry.task);
            entry = next;
        }
        forget(tick);
    }

    /** Takes out everything. */
    List<Runnable> clear() {
        return due(Long.MAX_VALUE);
    }
}
