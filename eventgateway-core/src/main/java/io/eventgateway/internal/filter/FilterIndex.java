package io.eventgateway.internal.filter;

import io.eventgateway.Event;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Targets with filters, found by what an event has in it.
 *
 * <p>Each target is registered under the keys of one test of its filter: the one that is expected to let the fewest events
 * through, by what has been seen of events and of other filters. An event is read at the paths that filters name; its values
 * lead to the targets that it may match, and those are verified. A target that is verified often and in vain moves to the test that
 * failed. Filters that have no such test are tried for every event.
 *
 * <p>Thread-safe. {@code lock} guards every change, of which each costs what its target costs. Readers take no lock. A change
 * that moves or replaces a target puts it in its new place before it takes it from its old one, and counts {@code moves}
 * in between: a reader that looked at the one too early and at the other too late sees that the count has changed, and
 * looks again. So does one that may have read past a member before a new filter named it. Any other change is seen or is not. Who has to look too
 * often tries all targets one by one. The application's predicates are called once for an event, and without the lock.
 */
public final class FilterIndex<T> {
    private static final int POOLED = 16;
    private static final int TRIES = 10;
    /** Stands for a number of matches that is not known. */
    private static final int MOVED = -1;

    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicReferenceArray<@Nullable Scratch> pool = new AtomicReferenceArray<>(POOLED);
    private volatile IndexTables<T> tables = new IndexTables<>();
    private final AtomicInteger moves = new AtomicInteger();
    private volatile int size;
    /** Counted without a lock, since a count that is lost makes no difference. */
    private long events;

    /** Returns whether there are no targets. */
    public boolean isEmpty() {
        return size == 0;
    }

    /** Returns whether there is a target with an id. */
    public boolean contains(String id) {
        lock.lock();
        try {
            return tables.entries.containsKey(id);
        } finally {
            lock.unlock();
        }
    }

    /** All targets, in the order in which they were added. */
    public List<T> targets() {
        lock.lock();
        try {
            return tables.entries.values().stream().map(Entry::target).toList();
        } finally {
            lock.unlock();
        }
    }

    /** The number of events for which the filter of a target could not be evaluated; 0 when the target is not there. */
    public long errors(String id) {
        lock.lock();
        try {
            Entry<T> entry = tables.entries.get(id);
            return entry == null ? 0 : entry.errors().sum();
        } finally {
            lock.unlock();
        }
    }

    /** Adds a target, or puts it in the place of the one with the same id. */
    public void put(String id, T target, Condition condition) {
        lock.lock();
        try {
            IndexTables<T> all = tables;
            Entry<T> before = all.entries.get(id);
            int ordinal = before == null ? all.ordinals++ : before.ordinal();
            int slots = all.slots;
            Entry<T> entry = all.entry(target, ordinal, condition, 0);
            if (slots < all.slots) {
                moves.incrementAndGet();
            }
            all.entries.put(id, entry);
            place(all, entry, best(all, entry));
            if (before != null) {
                moves.incrementAndGet();
                all.leave(before);
                all.release(before.condition());
            }
            size = all.entries.size();
        } finally {
            lock.unlock();
        }
    }

    /** Takes a target out. */
    public void remove(String id) {
        lock.lock();
        try {
            IndexTables<T> all = tables;
            Entry<T> entry = all.entries.remove(id);
            if (entry == null) {
                return;
            }
            all.leave(entry);
            all.release(entry.condition());
            size = all.entries.size();
            if (all.isWasteful()) {
                tables = renewed(all);
                moves.incrementAndGet();
            }
        } finally {
            lock.unlock();
        }
    }

    private IndexTables<T> renewed(IndexTables<T> old) {
        IndexTables<T> fresh = new IndexTables<>();
        old.entries.forEach((id, entry) -> {
            Entry<T> copy = fresh.entry(
                    entry.target(),
                    fresh.ordinals++,
                    entry.condition(),
                    entry.errors().sum());
            fresh.entries.put(id, copy);
            place(fresh, copy, best(fresh, copy));
        });
        return fresh;
    }

    /** The cover that is expected to let the fewest events through; null when there is none. */
    private @Nullable Cover best(IndexTables<T> all, Entry<?> entry) {
        Cover best = null;
        double lowest = Double.MAX_VALUE;
        for (Cover cover : entry.covers(key -> cost(all, key))) {
            double expected = cover.cost(key -> cost(all, key));
            if (expected < lowest) {
                lowest = expected;
                best = cover;
            }
        }
        return best;
    }

    /** Which part of the events is expected to have a key. */
    private double cost(IndexTables<T> all, Key key) {
        Bucket known = all.node(key.path()).find(key);
        double share = known == null ? -1 : known.share(events);
        return share < 0 ? Selectivity.guess(key, known == null ? 0 : known.size()) : share;
    }

    /** Puts an entry that nobody has seen yet under its keys. */
    private void place(IndexTables<T> all, Entry<?> entry, @Nullable Cover cover) {
        entry.current(cover);
        all.enter(entry, cover, events);
    }

    /** Adds the targets of one index after the other whose filters the event passes to a list. */
    public static <T> void match(List<FilterIndex<T>> indexes, Event event, List<? super T> matched) {
        int[] moves = new int[indexes.size()];
        List<PathNode> roots = new ArrayList<>(moves.length);
        for (int i = 0; i < moves.length; i++) {
            moves[i] = indexes.get(i).moves.get();
            roots.add(indexes.get(i).tables.root);
        }
        JsonNode data = moves.length == 1 ? null : EventReader.readFor(roots, event);
        for (int i = 0; i < moves.length; i++) {
            indexes.get(i).match(event, data, moves[i], matched);
        }
    }

    /** Adds the targets whose filters the event passes to a list, in the order in which they were added. */
    public void match(Event event, List<? super T> matched) {
        match(event, null, moves.get(), matched);
    }

    private void match(Event event, @Nullable JsonNode data, int moved, List<? super T> matched) {
        if (size == 0) {
            return;
        }
        int place = (int) (Thread.currentThread().getId() & (POOLED - 1));
        Scratch pooled = pool.getAndSet(place, null);
        Scratch scratch = pooled == null ? new Scratch() : pooled;
        try {
            int found = find(event, data, moved, scratch);
            if (found == MOVED) {
                lookThroughAll(event, scratch, matched);
            }
            for (int i = 0; i < found; i++) {
                @SuppressWarnings("unchecked") // only this index's own entries are among its candidates
                Entry<T> entry = (Entry<T>) scratch.candidateAt(i);
                matched.add(entry.target());
            }
        } finally {
            scratch.finish();
            pool.set(place, scratch);
        }
    }

    /** How many candidates match, the first ones; {@link #MOVED} when the index was changed under every look. */
    private int find(Event event, @Nullable JsonNode data, int moved, Scratch scratch) {
        events++;
        scratch.countErrors(true);
        int found = look(event, data, scratch);
        scratch.countErrors(false); // an event that is looked at again is counted once
        int before = moved;
        for (int i = 1; i < TRIES; i++) {
            int now = moves.get();
            if (before == now) {
                return found;
            }
            before = now;
            scratch.end();
            found = look(event, null, scratch);
        }
        return before == moves.get() ? found : MOVED;
    }

    /** Tries every filter, without the index, which others change all the time. They wait for a copy of the list alone. */
    private void lookThroughAll(Event event, Scratch scratch, List<? super T> matched) {
        List<Entry<T>> all;
        lock.lock();
        try {
            all = new ArrayList<>(tables.entries.values());
        } finally {
            lock.unlock();
        }
        all.sort(Comparator.comparingInt(Entry::ordinal));
        View view = new TreeView(event, scratch.verdicts());
        for (Entry<T> entry : all) {
            if (holds(entry.condition(), view)) {
                matched.add(entry.target());
            }
        }
    }

    private static boolean holds(Condition condition, View view) {
        try {
            return Evaluation.holds(condition, view);
        } catch (Evaluation.Failed e) {
            return false; // counted when the event was looked at first
        }
    }

    /** The matches are the first candidates. */
    private int look(Event event, @Nullable JsonNode data, Scratch scratch) {
        IndexTables<T> all = tables;
        scratch.begin(event);
        all.always.collect(scratch);
        EventReader.read(event, data, all.root, scratch);
        int found = 0;
        boolean sorted = true;
        for (int i = 0; i < scratch.count(); i++) {
            Entry<?> entry = scratch.candidateAt(i);
            if (entry.matches(scratch, scratch.hitsOf(i, entry.operand()))) {
                sorted &= found == 0 || scratch.candidateAt(found - 1).ordinal() < entry.ordinal();
                scratch.keep(found, entry);
                found++;
            } else if (entry.isDueForReview()) {
                review(all, entry);
            }
        }
        if (!sorted) {
            scratch.sort(found);
        }
        return found;
    }

    /** The keys of the operand that fails, which is certain to help; else what is expected to be best by now. */
    private @Nullable Cover better(IndexTables<T> all, Entry<?> due, int failing) {
        for (Cover cover : due.covers(key -> cost(all, key))) {
            if (cover.operand() == failing) {
                return cover;
            }
        }
        return best(all, due);
    }

    private void review(IndexTables<T> all, Entry<?> due) {
        if (!lock.tryLock()) {
            return; // it stays due
        }
        try {
            int failing = due.reviewed();
            if (tables == all && !due.isGone()) {
                Cover before = due.current();
                Cover better = better(all, due, failing);
                if (better != null && (before == null || !better.keys().equals(before.keys()))) {
                    all.enter(due, better, events);
                    moves.incrementAndGet(); // whoever looked before has not seen all that leads there by the new keys
                    due.current(better);
                    all.leave(due, before);
                }
            }
        } finally {
            lock.unlock();
        }
    }
}
