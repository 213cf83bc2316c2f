package io.eventgateway.internal.delivery;

import io.eventgateway.spi.EventStore;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What an emitter wants beyond the ordinary; null parts for nothing.
 *
 * @param transaction what the event is to be written in
 * @param afterCommit is given what is to run after the transaction's commit
 * @param once that the store must not keep the event twice; null when it may, or the store does not see to it
 * @param replayOf the position of the event that is delivered again; 0 for a new one
 */
public record EmitSettings(
        @Nullable Instant notBefore,
        @Nullable Duration expiry,
        @Nullable Object transaction,
        @Nullable Consumer<Runnable> afterCommit,
        EventStore.@Nullable Once once,
        long replayOf) {
    static final EmitSettings NONE = new EmitSettings(null, null, null, null, null, 0);

    /** The settings for an event of the history that is delivered again. */
    public static EmitSettings replayOf(long position) {
        return new EmitSettings(null, null, null, null, null, position);
    }

    /** Returns whether it is too early for the emitter's thread to call sync functions. */
    public boolean isForLater() {
        return notBefore != null || transaction != null;
    }
}
