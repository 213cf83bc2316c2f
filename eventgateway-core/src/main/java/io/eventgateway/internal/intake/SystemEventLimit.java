package io.eventgateway.internal.intake;

import io.eventgateway.internal.log.LogLimit;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The limit on unfinished async deliveries of system events: so many of each type, so that a slow listener holds up neither what
 * applications emit nor the listeners of other types. A system event beyond the limit is lost; the log says so, and how many were.
 *
 * <p>Thread-safe. Taking and giving back is one step on a type's counter; there are as many counters as types.
 */
final class SystemEventLimit {
    private static final Logger log = LoggerFactory.getLogger(SystemEventLimit.class);

    /** How many deliveries of one type may be unfinished. */
    static final int MOST = 500;

    private static final Duration PERIOD = Duration.ofMinutes(1);

    private final Map<String, AtomicInteger> taken = new ConcurrentHashMap<>();
    private final LogLimit lines;

    SystemEventLimit(InstantSource clock) {
        this.lines = new LogLimit(
                clock,
                1,
                PERIOD,
                64,
                (type, lost) -> log.warn("... and {} more system events of type {} were lost", lost, type));
    }

    /** Counts all async deliveries of an event of the type, or none when these are too many; returns whether they are counted. */
    boolean take(String type, int deliveries) {
        AtomicInteger count = taken.computeIfAbsent(type, added -> new AtomicInteger());
        if (count.addAndGet(deliveries) <= MOST) {
            return true;
        }
        count.addAndGet(-deliveries);
        return false;
    }

    void giveBack(String type, int deliveries) {
        AtomicInteger count = taken.get(type);
        if (count != null) {
            count.addAndGet(-deliveries);
        }
    }

    /** A system event got to none of its async listeners. */
    void lost(String space, String type, String eventId) {
        if (lines.admits(type)) {
            log.warn(
                    "In space '{}', the system event {} about event '{}' was lost: {} deliveries of its type are unfinished, which is the bound",
                    space,
                    type,
                    eventId,
                    MOST);
        }
    }
}
