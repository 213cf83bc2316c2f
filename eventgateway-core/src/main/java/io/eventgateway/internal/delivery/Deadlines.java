package io.eventgateway.internal.delivery;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Ends deliveries whose time is up.
 *
 * <p>One thread looks at every watched delivery every few milliseconds, and sleeps while there is none. A timer that is armed
 * and disarmed for each delivery would cost more than the hand-off itself, and hardly any delivery ever reaches its deadline.
 */
final class Deadlines {
    /** How closely deadlines are kept. */
    static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final LongSupplier timer;
    private final Set<Delivery> watched = ConcurrentHashMap.newKeySet();
    private volatile boolean idle;
    private volatile boolean stopped;
    private final Thread thread;

    Deadlines(LongSupplier timer) {
        this.timer = timer;
        this.thread = Workers.startWatch(this::run);
    }

    long now() {
        return timer.getAsLong();
    }

    void watch(Delivery delivery) {
        watched.add(delivery);
        if (stopped) {
            delivery.abandon(); // it was started while the gateway closed, and nobody looks at it any more
        }
        if (idle) {
            idle = false;
            LockSupport.unpark(thread);
        }
    }

    void unwatch(Delivery delivery) {
        watched.remove(delivery);
    }

    private void run() {
        while (!stopped) {
            if (watched.isEmpty()) {
                idle = true;
                if (watched.isEmpty() && !stopped) {
                    LockSupport.park(this);
                }
                idle = false;
            } else {
                LockSupport.parkNanos(this, TICK_NANOS);
            }
            long now = timer.getAsLong();
            for (Delivery delivery : watched) {
                if (delivery.deadlineNanos() - now <= 0) {
                    delivery.expire();
                }
            }
        }
    }

    /** Stops watching; what is still watched is the caller's to end. */
    Set<Delivery> stop() {
        stopped = true;
        LockSupport.unpark(thread);
        return watched;
    }
}
