package io.eventgateway.internal.delivery;

import io.eventgateway.delivery.Batching;
import io.eventgateway.internal.invocation.RegisteredFunction;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The deliveries of a subscription that are called alike, as soon as the limits let them, first come first served. What goes to
 * another function, or with another transform, has a queue of its own. Guarded by the lock of its limits.
 */
final class ReadyQueue {
    private static final int COMPACTED_FROM = 16;

    private final Target.CallShape shape;
    private final Deque<EmittedDelivery> queue = new ArrayDeque<>(4);
    /** How many of those that wait have ended. */
    private int over;

    ReadyQueue(Target.CallShape shape) {
        this.shape = shape;
    }

    RegisteredFunction function() {
        return shape.function();
    }

    private @Nullable Batching batching() {
        return shape.batching();
    }

    /** Adds a delivery behind all others; before them if it has its place already, since they may be waiting for that. */
    void add(EmittedDelivery delivery) {
        if (delivery.hasPlace()) {
            queue.addFirst(delivery);
        } else {
            queue.add(delivery);
        }
    }

    /** Adds a delivery before all others but those that have their places. */
    void addFirst(EmittedDelivery delivery) {
        Deque<EmittedDelivery> placed = new ArrayDeque<>(1);
        while (!delivery.hasPlace() && firstHasPlace()) {
            placed.push(queue.removeFirst());
        }
        queue.addFirst(delivery);
        placed.forEach(queue::addFirst);
    }

    /** Returns whether the first that waits has its place among the calls of all gateways. */
    boolean firstHasPlace() {
        return !isEmpty() && queue.getFirst().hasPlace();
    }

    /** Returns whether nothing waits that has not ended. */
    boolean isEmpty() {
        while (!queue.isEmpty() && queue.getFirst().isOver()) {
            queue.removeFirst();
            over--;
        }
        return queue.isEmpty();
    }

    /** Counts a waiting delivery that has ended: when many have, they are taken out. */
    void left() {
        if (++over >= COMPACTED_FROM && over * 2 >= queue.size()) {
            queue.removeIf(EmittedDelivery::isOver);
            over = 0;
        }
    }

    /** Returns how long until there are enough for a batch, or the first has waited long enough; for one that is not empty. */
    long nanosUntilDue(long now) {
        Batching batching = batching();
        if (batching == null || queue.size() - Math.max(0, over) >= batching.maxEvents()) {
            return 0;
        }
        EmittedDelivery first = Objects.requireNonNull(queue.peek());
        return first.enteredAt() + batching.maxWait().toNanos() - now;
    }

    /** Takes out what goes into one call. */
    void poll(List<EmittedDelivery> call) {
        Batching batching = batching();
        int wanted = batching == null ? 1 : batching.maxEvents();
        while (call.size() < wanted && !queue.isEmpty()) {
            EmittedDelivery delivery = queue.poll();
            if (delivery.isOver()) {
                over--;
            } else {
                call.add(delivery);
            }
        }
    }

    void forEach(Consumer<? super EmittedDelivery> action) {
        queue.forEach(action);
    }
}
