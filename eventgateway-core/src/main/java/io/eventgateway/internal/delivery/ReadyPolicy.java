package io.eventgateway.internal.delivery;

import io.eventgateway.InvocationException;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.spi.EventStore;
import java.time.Instant;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A policy with what each delivery would else work out again: its times as numbers, its rule for retries with its predicate. */
final class ReadyPolicy {
    private final DeliveryPolicy delivery;
    private final Predicate<InvocationException> retried;
    private final long timeoutNanos;
    private final long timeToLiveMillis;
    private final boolean keepsDeadLetters;

    ReadyPolicy(DeliveryPolicy delivery, @Nullable Predicate<InvocationException> predicate, boolean keepsDeadLetters) {
        this.keepsDeadLetters = keepsDeadLetters;
        this.delivery = delivery;
        this.retried = Decision.retried(delivery.retryOn(), predicate);
        this.timeoutNanos = delivery.timeout().toNanos();
        this.timeToLiveMillis = delivery.timeToLive().toMillis();
    }

    DeliveryPolicy delivery() {
        return delivery;
    }

    Predicate<InvocationException> retried() {
        return retried;
    }

    long timeoutNanos() {
        return timeoutNanos;
    }

    /** Whether what is given up is a dead letter; not when it is itself the handing on of one. */
    boolean keepsDeadLetters() {
        return keepsDeadLetters;
    }

    /** When a delivery's time is out, in milliseconds of the clock. */
    long expiresAtMillis(EventStore.Terms terms) {
        long byPolicy = terms.acceptedAt().toEpochMilli() + timeToLiveMillis;
        Instant byEmitter = terms.expiresAt();
        return byEmitter == null ? byPolicy : Math.min(byPolicy, byEmitter.toEpochMilli());
    }
}
