package io.eventgateway.internal.intake;

import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.internal.delivery.Routed;
import io.eventgateway.internal.invocation.Cause;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The events of one {@code emitAll} that the interceptors have let pass, before they are accepted together. An interceptor may go
 * on with an event on any thread, so the lock of this object guards what it holds.
 */
final class EmissionBatch {
    private final List<PlannedEmission> planned = new ArrayList<>();
    private boolean ended;

    /**
     * Plans an event's emission.
     *
     * @throws IllegalStateException if all events have been intercepted, so that this one comes too late
     */
    Emission plan(Event event, @Nullable Cause cause, Supplier<Routed> routing) {
        if (isEnded()) {
            throw tooLate(event);
        }
        PlannedEmission emission = new PlannedEmission(routing.get(), cause); // filters may run, so not under the lock
        synchronized (this) {
            if (ended) {
                throw tooLate(event);
            }
            planned.add(emission);
        }
        return emission;
    }

    private static IllegalStateException tooLate(Event event) {
        return new IllegalStateException("event '" + event.getId() + "' of type '" + event.getType()
                + "' was passed on after the emitAll that it came with had gone on without it; an interceptor must call"
                + " chain.proceed before it returns");
    }

    private synchronized boolean isEnded() {
        return ended;
    }

    /** All events have been intercepted, or one was refused. */
    synchronized void end() {
        ended = true;
    }

    synchronized List<PlannedEmission> planned() {
        return List.copyOf(planned);
    }

    void refuse(Throwable why) {
        end();
        planned().forEach(emission -> emission.refuse(why));
    }

    /** The emission that the emitter gets for an interceptor's answer. */
    static Emission outcome(Emission answered) {
        return answered instanceof PlannedEmission planned ? planned.outcome() : answered;
    }
}
