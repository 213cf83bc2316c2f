package io.eventgateway.internal.intake;

import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.delivery.DeliveryReport;
import io.eventgateway.internal.delivery.Routed;
import io.eventgateway.internal.delivery.Target;
import io.eventgateway.internal.invocation.Cause;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An event of an {@code emitAll} as the interceptors around it see its emission: it is known whom it goes to, and it is accepted
 * when all the others can be.
 */
final class PlannedEmission implements Emission {
    private final Routed routed;
    private final @Nullable Cause cause;
    private final CompletableFuture<DeliveryReport> completion = new CompletableFuture<>();
    private volatile @Nullable Emission outcome;
    private @Nullable Consumer<@Nullable Emission> settled;

    PlannedEmission(Routed routed, @Nullable Cause cause) {
        this.routed = routed;
        this.cause = cause;
    }

    /** The cause of the event; null for none. */
    @Nullable Cause cause() {
        return cause;
    }

    Routed routed() {
        return routed;
    }

    /** Sets the listener that is told, once, what became of this: the emission, or null when there is none. */
    void whenSettled(Consumer<@Nullable Emission> listener) {
        settled = listener;
    }

    /** The event was accepted, or is a duplicate of an accepted event. */
    void became(Emission accepted) {
        outcome = accepted;
        if (completion.getNumberOfDependents() > 0) {
            accepted.completion().thenAccept(completion::complete);
        }
    }

    /** Accepts nothing any more; what was accepted before stays so. */
    void refuse(Throwable why) {
        settle();
        if (outcome == null) {
            completion.completeExceptionally(why);
        }
    }

    /** Tells what came of this, now that its sync functions have been called too. */
    void settle() {
        Consumer<@Nullable Emission> listener = settled;
        settled = null;
        if (listener != null) {
            listener.accept(outcome);
        }
    }

    /** The emission that came of it; the plan itself until then. */
    Emission outcome() {
        Emission known = outcome;
        return known == null ? this : known;
    }

    @Override
    public Event event() {
        Emission known = outcome;
        return known == null ? routed.event() : known.event();
    }

    @Override
    public List<String> subscriptionIds() {
        Emission known = outcome;
        return known == null
                ? Stream.concat(Stream.of(routed.sync()), Stream.of(routed.async()))
                        .map(Target::subscription)
                        .map(subscription -> subscription.id())
                        .toList()
                : known.subscriptionIds();
    }

    @Override
    public boolean duplicate() {
        Emission known = outcome;
        return known != null && known.duplicate();
    }

    /** Ends exceptionally when the event was not accepted, since another of the same {@code emitAll} could not be. */
    @Override
    public CompletableFuture<DeliveryReport> completion() {
        Emission known = outcome;
        return known == null ? completion.copy() : known.completion();
    }

    @Override
    public DeliveryReport await(Duration atMost) {
        Emission known = outcome;
        if (known == null) {
            throw new IllegalStateException(
                    "the events of an emitAll are accepted after all of them have been intercepted;"
                            + " an interceptor can't wait for the deliveries of one of them");
        }
        return known.await(atMost);
    }

    @Override
    public DeliveryReport soFar() {
        Emission known = outcome;
        return known == null ? DeliveryReport.empty() : known.soFar();
    }
}
