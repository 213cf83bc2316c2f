package io.eventgateway.jsonschema;

import org.jspecify.annotations.Nullable;

/**
 * What the regular expressions of one validation may take: a number of reads of characters, so that the same event always has the same
 * answer. Confined to the thread that validates.
 */
final class Effort {
    /** About a twentieth of a second. */
    private static final int MOST_READS = 5_000_000;

    private static final ThreadLocal<@Nullable Effort> CURRENT = new ThreadLocal<>();

    private int reads;

    private Effort() {}

    /** Begins a validation on this thread, which {@link #end} ends. */
    static void begin() {
        CURRENT.set(new Effort());
    }

    static void end() {
        CURRENT.remove();
    }

    /** The effort of the validation that this thread is in. */
    static Effort current() {
        Effort current = CURRENT.get();
        if (current == null) {
            throw new IllegalStateException("no data is being validated on this thread");
        }
        return current;
    }

    void read() {
        reads++;
        if (reads > MOST_READS) {
            throw new EffortExceeded("regular expressions read characters more than " + MOST_READS + " times");
        }
    }
}
