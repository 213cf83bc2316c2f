package io.eventgateway.internal.delivery;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The end of a gateway's deliveries: waiting for those that can end in a time, and ending the others when the gateway closes. Nothing is
 * waited for that is put off beyond the wait. Thread-safe.
 */
final class Drain {
    private final DeliveryEngine engine;
    private volatile boolean begun;

    Drain(DeliveryEngine engine) {
        this.engine = engine;
    }

    /** Returns whether the gateway closes. */
    boolean hasBegun() {
        return begun;
    }

    /**
     * Waits until no delivery runs, is ready, or is due before the wait is over.
     *
     * @param own deliveries that are not waited for, because the thread is running them
     */
    boolean awaitIdle(Duration atMost, Set<Delivery> own) {
        long until = engine.scheduler().now() + DeliveryScheduler.nanos(atMost);
        AtomicReference<@Nullable Delivery> seen = new AtomicReference<>();
        return engine.backlog().await(() -> isIdle(until, own, seen), atMost);
    }

    private boolean isIdle(long until, Set<Delivery> own, AtomicReference<@Nullable Delivery> seen) {
        Delivery last = seen.get();
        if (last != null && !last.isOver() && last.goesOnAt() <= until) {
            return false; // it is enough to know of one
        }
        if (engine.status().pending() > engine.live().size()) {
            return false; // an emitter that has room and no delivery yet is about to have one
        }
        // after that, so that it sees what is registered meanwhile
        Delivery found = engine.live().goingOnUpTo(until, own);
        seen.set(found);
        return found == null;
    }

    /** Waits for what can end in that time, then ends what is left, and says what that was. Each step is done, whatever happens. */
    void close(Duration atMost) {
        boolean interrupted = Thread.interrupted();
        try {
            Set<Delivery> own = Delivery.onThisThread();
            begun = true;
            engine.backlog().close();
            engine.queues().pump(); // batches that are not full: nothing else comes
            awaitIdle(atMost, own);
            interrupted |= Thread.interrupted();
            engine.live().close();
            engine.sharing().close();
            Abandoned abandoned = new Abandoned();
            abandoned.abandon(engine.live().all().stream()
                    .filter(left -> !own.contains(left))
                    .toList());
            engine.dispatcher().close();
            engine.scheduler().stop();
            engine.sharing().leave();
            abandoned.report(atMost);
            engine.failureLog().tellAll();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
