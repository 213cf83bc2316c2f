package io.eventgateway.internal.invocation;

import io.eventgateway.Event;
import org.jspecify.annotations.Nullable;

/**
 * The event that each thread is handling, which is the cause of what is emitted on that thread meanwhile.
 *
 * <p>A thread's slot is an array, so that one look-up serves to read, set and restore it; and an array of a JDK class, so that
 * an application's threads keep nothing of ours alive.
 */
public final class Causes {
    private static final ThreadLocal<@Nullable Object[]> SLOT = ThreadLocal.withInitial(() -> new Object[1]);

    private Causes() {}

    /** This thread's slot. */
    public static @Nullable Object[] slot() {
        return SLOT.get();
    }

    /** The event in a slot; null when its thread handles none. */
    public static @Nullable Event in(@Nullable Object[] slot) {
        return (Event) slot[0];
    }
}
