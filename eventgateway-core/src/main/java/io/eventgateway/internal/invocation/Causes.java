package io.eventgateway.internal.invocation;

import org.jspecify.annotations.Nullable;

/**
 * The event that each thread is handling, which is the cause of what is emitted on that thread meanwhile; and the
 * delivery that the thread is running, if it is one of the gateway's.
 *
 * <p>A thread's slot is an array, so that one look-up serves to read, set and restore it; and an array of a JDK class, so that
 * an application's threads keep nothing of ours alive.
 */
public final class Causes {
    private static final ThreadLocal<@Nullable Object[]> SLOT = ThreadLocal.withInitial(() -> new Object[4]);

    private Causes() {}

    /** This thread's slot: at 0 the cause, at 1 the delivery that runs on this thread, at 2 whether a call is under way, at 3 the last call that broke off. */
    public static @Nullable Object[] slot() {
        return SLOT.get();
    }

    /** The cause in a slot; null when its thread handles nothing. */
    public static @Nullable Cause in(@Nullable Object[] slot) {
        return (Cause) slot[0];
    }
}
