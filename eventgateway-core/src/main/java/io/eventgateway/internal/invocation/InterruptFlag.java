package io.eventgateway.internal.invocation;

import org.jspecify.annotations.Nullable;

/**
 * The interrupt flag of a thread of the gateway's own. An interruption there tells the call that is under way to stop, so a flag
 * that is set when the outermost call on the thread returns is for nobody, and would hit what runs there next. A call within
 * another, as by {@code invoke} in a handler, leaves the flag to the outer one, which may be meant.
 */
final class InterruptFlag {
    private static final int CALLING = 2;

    private InterruptFlag() {}

    /** A call begins; whether it is the outermost on this thread, to be said to {@link #leave}. */
    static boolean enter() {
        @Nullable Object[] slot = Causes.slot();
        if (slot[CALLING] != null) {
            return false;
        }
        slot[CALLING] = true;
        return true;
    }

    /** A call has returned. */
    @SuppressWarnings("ResultOfMethodCallIgnored") // there is nobody to tell
    static void leave(boolean outermost) {
        if (outermost) {
            Causes.slot()[CALLING] = null;
            Thread.interrupted();
        }
    }
}
