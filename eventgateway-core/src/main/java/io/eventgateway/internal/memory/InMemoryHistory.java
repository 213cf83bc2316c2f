package io.eventgateway.internal.memory;

import io.eventgateway.Event;
import io.eventgateway.history.EventQuery;
import io.eventgateway.history.RecordedEvent;
import io.eventgateway.history.Retention;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The newest events, as far as they are kept, and how far consumers have read them. It also gives events their positions, so that an
 * event is there as soon as its position counts.
 *
 * <p>An event that deliveries or dead letters still need stays beyond its age. So the history holds at most the retention's number
 * of events, and one more for each pending delivery and each dead letter.
 *
 * <p>{@code lock} guards everything.
 */
final class InMemoryHistory {
    private record Consumer(String space, String name) {}

    private record Entry(String space, RecordedEvent recorded) {}

    private final Retention retention;
    private final ReentrantLock lock = new ReentrantLock();
    private final NavigableMap<Long, Entry> events = new TreeMap<>();
    /** The number of deliveries and dead letters that need the event of a position. */
    private final Map<Long, Integer> needs = new HashMap<>();
    /** The positions of the events that nothing needs. */
    private final NavigableSet<Long> free = new TreeSet<>();

    private final Map<Consumer, Long> consumed = new HashMap<>();
    private long last;

    InMemoryHistory(Retention retention) {
        this.retention = retention;
    }

    boolean isKept() {
        return !retention.isNone();
    }

    /** The newest position that was given. */
    long last() {
        lock.lock();
        try {
            return last;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Gives an event its position, and records it where a history is kept.
     *
     * @param needed how many deliveries need it, each of which is to be {@link #release released}
     */
    long record(String space, Instant now, Event event, int needed) {
        lock.lock();
        try {
            long position = ++last;
            if (isKept()) {
                events.put(position, new Entry(space, new RecordedEvent(position, now, event)));
                free.add(position);
                need(position, needed);
                forget(now);
            }
            return position;
        } finally {
            lock.unlock();
        }
    }

    /** Counts more deliveries that need the event of a position; returns false when a history is kept and does not have it. */
    boolean need(long position, int needed) {
        if (!isKept()) {
            return true;
        }
        lock.lock();
        try {
            if (!events.containsKey(position)) {
                return false;
            }
            if (needed > 0) {
                needs.merge(position, needed, Integer::sum);
                free.remove(position);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** A delivery or a dead letter does not need the event of a position any more. */
    void release(long position) {
        if (!isKept()) {
            return;
        }
        lock.lock();
        try {
            Integer needed = needs.get(position);
            if (needed == null) {
                return;
            }
            if (needed > 1) {
                needs.put(position, needed - 1);
                return;
            }
            needs.remove(position);
            if (events.containsKey(position)) {
                free.add(position);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes as long as there is something to forget, however many events are needed. */
    private void forget(Instant now) {
        Instant oldest = oldest(now);
        long first = last - retention.events();
        Iterator<Long> candidates = free.iterator();
        while (candidates.hasNext()) {
            Long position = candidates.next();
            Entry entry = events.get(position);
            if (entry != null
                    && position > first
                    && !entry.recorded().recordedAt().isBefore(oldest)) {
                return;
            }
            candidates.remove();
            events.remove(position);
        }
    }

    private Instant oldest(Instant now) {
        try {
            return now.minus(retention.age());
        } catch (DateTimeException | ArithmeticException e) {
            return Instant.MIN; // an age without end
        }
    }

    List<RecordedEvent> events(String space, EventQuery query, Instant now) {
        lock.lock();
        try {
            forget(now);
            return events.tailMap(query.after(), false).values().stream()
                    .filter(entry -> entry.space().equals(space))
                    .map(Entry::recorded)
                    .filter(query::matches)
                    .limit(query.pageSize())
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    long erase(String space, String subject) {
        lock.lock();
        try {
            int before = events.size();
            events.values()
                    .removeIf(entry -> entry.space().equals(space)
                            && subject.equals(entry.recorded().event().getSubject()));
            free.retainAll(events.keySet());
            return (long) before - events.size();
        } finally {
            lock.unlock();
        }
    }

    long consumed(String space, String consumer) {
        lock.lock();
        try {
            return consumed.getOrDefault(new Consumer(space, consumer), 0L);
        } finally {
            lock.unlock();
        }
    }

    void consumed(String space, String consumer, long position) {
        lock.lock();
        try {
            if (position == 0) {
                consumed.remove(new Consumer(space, consumer));
            } else {
                consumed.put(new Consumer(space, consumer), position);
            }
        } finally {
            lock.unlock();
        }
    }

    long advance(String space, String consumer, long expected, long position) {
        lock.lock();
        try {
            Consumer key = new Consumer(space, consumer);
            long known = consumed.getOrDefault(key, 0L);
            if (known != expected) {
                return known;
            }
            consumed.put(key, position);
            return position;
        } finally {
            lock.unlock();
        }
    }
}
