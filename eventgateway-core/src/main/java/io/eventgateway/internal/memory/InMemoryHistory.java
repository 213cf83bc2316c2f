package io.eventgateway.internal.memory;

import io.eventgateway.Event;
import io.eventgateway.history.EventQuery;
import io.eventgateway.history.RecordedEvent;
import io.eventgateway.history.Retention;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/** The newest events, as far as they are kept, and how far consumers have read them. {@code lock} guards everything. */
final class InMemoryHistory {
    private record Consumer(String space, String name) {}

    private record Entry(String space, RecordedEvent recorded) {}

    private final Retention retention;
    private final ReentrantLock lock = new ReentrantLock();
    private final NavigableMap<Long, Entry> events = new TreeMap<>();
    private final Map<Consumer, Long> consumed = new HashMap<>();

    InMemoryHistory(Retention retention) {
        this.retention = retention;
    }

    boolean isKept() {
        return !retention.isNone();
    }

    void record(String space, long position, Instant now, Event event) {
        lock.lock();
        try {
            events.put(position, new Entry(space, new RecordedEvent(position, now, event)));
            forget(now);
        } finally {
            lock.unlock();
        }
    }

    private void forget(Instant now) {
        Instant oldest = now.minus(retention.age());
        while (!events.isEmpty()
                && (events.size() > retention.events()
                        || events.firstEntry()
                                .getValue()
                                .recorded()
                                .recordedAt()
                                .isBefore(oldest))) {
            events.pollFirstEntry();
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
}
