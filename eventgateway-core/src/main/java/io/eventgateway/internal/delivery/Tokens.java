package io.eventgateway.internal.delivery;

/** The tokens of a rate limit, of which each call takes one. Guarded by the lock of its limits. */
sealed interface Tokens permits TokenBucket, SharedTokens {
    /** Returns how long until there may be a token, in nanoseconds; 0 or less when there may be one now. */
    long nanosUntilToken(long now);

    /** Asks for a token for a call that needs nothing else; returns whether there is one to {@link #take}. */
    boolean ask(long now);

    /** Takes a token that there is. */
    void take(long now);

    /** Puts a token back that was taken for a call which is not made. */
    void putBack();
}
