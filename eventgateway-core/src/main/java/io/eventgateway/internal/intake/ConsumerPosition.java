package io.eventgateway.internal.intake;

import io.eventgateway.spi.EventStore;
import org.jspecify.annotations.Nullable;

/**
 * The position of a named replay as the store keeps it, which a running replay only moves forward. Not thread-safe.
 *
 * <p>Each move is a compare and set. When another replay of the name is further, its position stays, and this replay goes on from
 * there once it is further itself. When the position was set back on purpose, it is not this replay's any more.
 */
final class ConsumerPosition {
    private final EventStore store;
    private final String space;
    private final @Nullable String consumer;
    /** The position that the store had when it was last read or moved. */
    private long known;

    private boolean setBack;

    /** Reads the position of a consumer; null for one that keeps none and begins at 0. */
    ConsumerPosition(EventStore store, String space, @Nullable String consumer) {
        this.store = store;
        this.space = space;
        this.consumer = consumer;
        this.known = consumer == null ? 0 : store.consumed(space, consumer);
    }

    /** Returns the position that the store had when it was last read or moved. */
    long known() {
        return known;
    }

    /** Has the store keep a position that the replay has reached. */
    void moveTo(long reached) {
        if (consumer == null) {
            return;
        }
        while (!setBack && reached > known) {
            long found = store.advance(space, consumer, known, reached);
            setBack = found < known;
            known = found;
        }
    }
}
