package io.eventgateway.internal.event;

import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * UUIDs of version 7 (RFC 9562, section 5.7): they sort by the time they were made, and within this process strictly so.
 *
 * <p>The 12 bits after the millisecond count up (section 6.2, method 1) and run over into the millisecond when more are asked
 * for than they hold. They are identifiers, not secrets: the random part is not from a cryptographic source.
 */
public final class TimeOrderedId {
    private static final int COUNTER_BITS = 12;
    private static final AtomicLong LAST = new AtomicLong();

    private TimeOrderedId() {}

    /** A new id of the time, in epoch milliseconds. */
    public static String at(long epochMillis) {
        long now = epochMillis << COUNTER_BITS;
        long last;
        long stamp;
        do {
            last = LAST.get();
            stamp = now > last ? now : last + 1;
        } while (!LAST.compareAndSet(last, stamp));
        long millis = stamp >>> COUNTER_BITS;
        long counter = stamp & 0xfff;
        long high = (millis << 16) | 0x7000 | counter;
        long low = (ThreadLocalRandom.current().nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low).toString();
    }
}
