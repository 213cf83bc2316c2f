package io.eventgateway.internal.delivery;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What is to run at a later time, in the order of these times.
 *
 * <p>A calendar queue (Brown, 1988): the entries of one tick are a list. The near ticks are a ring with a bit for each that has
 * entries; the far ones, and those of the past, are sorted. A million entries have thousands of ticks, so putting one in, taking
 * it out and taking all that are due cost little whatever their number. {@code lock} guards everything.
 */
public final class Timers {
    /** How many ticks the ring has, a power of two: a second and more, where ticks are a millisecond. */
    private static final int RING = 2048;

    /** An entry; it is also its place in the list of its tick. It may be put in again once it was taken out. */
    public abstract static class Entry {
        private long atNanos;
        private @Nullable Tick tick;
        private @Nullable Entry before;
        private @Nullable Entry after;

        final long atNanos() {
            return atNanos;
        }

        /** Sets the time of an entry that is not in. */
        final void atNanos(long nanos) {
            atNanos = nanos;
        }

        /** Its time has come. */
        abstract void due();
    }

    /** An entry that runs a task. */
    static final class Task extends Entry {
        private final Runnable task;

        Task(Runnable task, long atNanos) {
            atNanos(atNanos);
            this.task = task;
        }

        @Override
        void due() {
            task.run();
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
    /** The ticks from {@code base} on, each at its number modulo the size. */
    private final @Nullable Tick[] ring = new Tick[RING];

    private final BitSet used = new BitSet(RING);
    private final TreeMap<Long, Tick> others = new TreeMap<>();
    private long base = Long.MIN_VALUE;
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
    boolean add(Entry entry, long nowNanos) {
        long number = (entry.atNanos + (1L << shift) - 1) >> shift; // not before its time
        lock.lock();
        try {
            if (used.isEmpty()) {
                base = nowNanos >> shift;
            }
            tick(number).add(entry);
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

    private Tick tick(long number) {
        if (number - base < 0 || number - base >= RING) {
            return others.computeIfAbsent(number, Tick::new);
        }
        int place = place(number);
        Tick tick = ring[place];
        if (tick == null) {
            tick = new Tick(number);
            ring[place] = tick;
            used.set(place);
        }
        return tick;
    }

    private static int place(long number) {
        return (int) (number & (RING - 1));
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
                forget(tick);
                findNext();
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void forget(Tick tick) {
        int place = place(tick.number);
        if (ring[place] == tick) {
            ring[place] = null;
            used.clear(place);
        } else {
            others.remove(tick.number);
        }
    }

    private @Nullable Tick first() {
        Tick near = null;
        if (!used.isEmpty()) {
            int place = used.nextSetBit(place(base));
            near = ring[place >= 0 ? place : used.nextSetBit(0)];
        }
        Tick other = others.isEmpty() ? null : others.firstEntry().getValue();
        return near == null || (other != null && other.number <= near.number) ? other : near;
    }

    private void findNext() {
        Tick next = first();
        nextNanos = next == null ? Long.MAX_VALUE : next.number << shift;
    }

    /** Returns when the first is due; {@link Long#MAX_VALUE} when there is none. */
    long nextNanos() {
        return nextNanos;
    }

    /** Takes out what is due, and says in which order it is to be run. */
    List<Entry> due(long nowNanos) {
        if (nextNanos > nowNanos) {
            return List.of();
        }
        List<Entry> due = new ArrayList<>();
        lock.lock();
        try {
            Tick tick = first();
            while (tick != null && tick.number << shift <= nowNanos) {
                takeOut(tick, due);
                tick = first();
            }
            base = Math.max(base, nowNanos >> shift); // all that the ring still has is later
            findNext();
        } finally {
            lock.unlock();
        }
        return due;
    }

    private void takeOut(Tick tick, List<Entry> due) {
        Entry entry = tick.first;
        while (entry != null) {
            Entry next = entry.after;
            entry.before = null;
            entry.after = null;
            entry.tick = null;
            due.add(entry);
            entry = next;
        }
        forget(tick);
    }

    /** Takes out everything. */
    void clear() {
        due(Long.MAX_VALUE);
    }
}
