package io.eventgateway.internal.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Ends the deliveries of one subscription whose time runs out while they wait. One timer does for all of them: the earliest time is known, and
 * all that wait are looked at then. {@code lock} guards the timer.
 */
final class Expiry {
    private final DeliveryEngine engine;
    private final Consumer<Consumer<EmittedDelivery>> waiting;
    private final ReentrantLock lock = new ReentrantLock();
    /** When the first of those that wait may expire, in milliseconds of the clock. */
    private long nextMillis = Long.MAX_VALUE;

    private Timers.@Nullable Entry next;

    /**
     * The expiry of a subscription's deliveries.
     *
     * @param waiting shows all that wait
     */
    Expiry(DeliveryEngine engine, Consumer<Consumer<EmittedDelivery>> waiting) {
        this.engine = engine;
        this.waiting = waiting;
    }

    /** Something waits whose time is out then. */
    void lookAt(long millis) {
        lock.lock();
        try {
            if (millis >= nextMillis) {
                return;
            }
            if (next != null) {
                engine.scheduler().cancel(next);
            }
            nextMillis = millis;
            long in = Math.max(1, millis - engine.clock().millis());
            next = engine.scheduler().schedule(Duration.ofMillis(in), this::look);
        } finally {
            lock.unlock();
        }
    }

    private void look() {
        lock.lock();
        try {
            next = null;
            nextMillis = Long.MAX_VALUE;
        } finally {
            lock.unlock();
        }
        long now = engine.clock().millis();
        List<EmittedDelivery> expired = new ArrayList<>();
        long[] later = {Long.MAX_VALUE};
        waiting.accept(delivery -> {
            if (delivery.expiresAtMillis() <= now) {
                expired.add(delivery);
            } else if (!delivery.isOver()) {
                later[0] = Math.min(later[0], delivery.expiresAtMillis());
            }
        });
        if (later[0] != Long.MAX_VALUE) {
            lookAt(later[0]);
        }
        expired.forEach(EmittedDelivery::expireWhileItWaits);
    }
}
