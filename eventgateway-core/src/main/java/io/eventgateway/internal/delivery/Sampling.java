package io.eventgateway.internal.delivery;

import java.util.concurrent.ThreadLocalRandom;

/**
 * The choice of the calls that are measured, one in 128: looking at the clock takes longer than all else that is counted of a call, so of
 * an emission's calls one is measured at most.
 */
final class Sampling {
    private static final int ONE_OF_BITS = 7;
    private static final int NONE = -1;

    private Sampling() {}

    /** Returns whether a call is to be measured. */
    static boolean now() {
        return oneOf(1) == 0;
    }

    /** Returns which of some calls is to be measured; a negative number for none. */
    static int oneOf(int calls) {
        int random = ThreadLocalRandom.current().nextInt();
        return (random & ((1 << ONE_OF_BITS) - 1)) == 0 ? (random >>> ONE_OF_BITS) % calls : NONE;
    }
}
