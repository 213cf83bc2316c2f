package io.eventgateway.internal.delivery;

import java.util.concurrent.ThreadLocalRandom;

/** The choice of the calls that are measured: looking at the clock takes longer than all else that is counted of a call. */
final class Sampling {
    /** One of so many is measured; a power of two. */
    private static final int ONE_OF = 64;

    private Sampling() {}

    static boolean now() {
        return (ThreadLocalRandom.current().nextInt() & (ONE_OF - 1)) == 0;
    }
}
