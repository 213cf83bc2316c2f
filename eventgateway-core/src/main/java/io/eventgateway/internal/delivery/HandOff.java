package io.eventgateway.internal.delivery;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The steps that a thread takes when it hands something on: the next delivery of a key, a call that may begin now. A step that
 * hands on in turn only adds to the list, so that a chain of thousands needs no deeper stack than one.
 */
final class HandOff {
    private static final ThreadLocal<@Nullable Deque<Runnable>> STEPS = new ThreadLocal<>();

    private HandOff() {}

    /** Takes a step: now, or after the step that this thread is taking. */
    static void run(Runnable step) {
        Deque<Runnable> later = STEPS.get();
        if (later != null) {
            later.add(step);
            return;
        }
        Deque<Runnable> steps = new ArrayDeque<>(4);
        STEPS.set(steps);
        try {
            Runnable next = step;
            while (next != null) {
                next.run();
                next = steps.poll();
            }
        } finally {
            STEPS.remove();
            steps.forEach(Runnable::run); // only where one of them failed; the others are for other deliveries
        }
    }
}
