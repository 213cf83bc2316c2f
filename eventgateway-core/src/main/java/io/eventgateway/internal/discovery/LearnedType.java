package io.eventgateway.internal.discovery;

import io.eventgateway.schema.Discovery;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What was learned of one event type. Thread-safe: the lock guards the value, and whoever only wants to add to it does not wait. */
final class LearnedType {
    private final AtomicLong events = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private final LearnedValue value;
    private long sampled;

    LearnedType(int maxMembers) {
        this.value = LearnedValue.root(maxMembers);
    }

    /** Counts an event; returns its number. */
    long count() {
        return events.incrementAndGet();
    }

    void learn(JsonNode data) {
        if (!lock.tryLock()) {
            return;
        }
        try {
            value.learn(data);
            sampled++;
        } finally {
            lock.unlock();
        }
    }

    /** What was learned; null when no event was looked at. */
    @Nullable Discovery discovery(String eventType, Instant since) {
        lock.lock();
        try {
            if (sampled == 0) {
                return null;
            }
            ObjectNode schema = value.schema();
            schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
            return new Discovery(eventType, schema.toString(), events.get(), sampled, since);
        } finally {
            lock.unlock();
        }
    }

    /** The value as it is now; null when no event was looked at. */
    @Nullable LearnedValue copy() {
        lock.lock();
        try {
            return sampled == 0 ? null : value.copy();
        } finally {
            lock.unlock();
        }
    }
}
