package io.eventgateway.internal.intake;

import io.eventgateway.Event;
import io.eventgateway.history.ChainLimits;
import io.eventgateway.internal.delivery.Target;
import io.eventgateway.internal.invocation.Cause;
import io.eventgateway.internal.routing.Route;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Stops chains of events that go too far. An event that nothing led to is only looked at for its depth. */
final class ChainGuard {
    private static final int CHAINS = 100_000;
    private static final long BYTES = 32L << 20;
    private static final int COUNT_BYTES = 16;
    private static final Duration REMEMBERED = Duration.ofHours(1);

    private final ChainLimits limits;
    private final Stamp stamp;
    /** The number of emitted events that each chain has had, by correlation id. */
    private final MadeOnce<MostRecent<String, AtomicInteger>> events;

    ChainGuard(ChainLimits limits, Stamp stamp, LongSupplier timer) {
        this.limits = limits;
        this.stamp = stamp;
        this.events = new MadeOnce<>(() -> new MostRecent<>(CHAINS, BYTES, timer));
    }

    /** Why the event goes too far; null when it does not. */
    @Nullable String objection(Event event, Route route, @Nullable Cause cause) {
        if (event.getChainDepth() > limits.maxDepth()) {
            return "it is " + event.getChainDepth() + " deep in its chain, the limit is " + limits.maxDepth();
        }
        if (cause == null) {
            return null;
        }
        Target visited = visitedTooOften(event, route.async());
        if (visited == null) {
            visited = visitedTooOften(event, route.sync());
        }
        if (visited != null) {
            return "function '" + visited.functionId() + "' is on its path " + visits(event, visited)
                    + " times already, the limit is " + limits.maxVisits();
        }
        String chain = event.getCorrelationId();
        if (chain == null) {
            return null;
        }
        int count = events.get()
                .renew(
                        chain,
                        () -> new AtomicInteger(emittedBefore(chain, cause)),
                        Outline.bytes(chain) + COUNT_BYTES,
                        REMEMBERED)
                .incrementAndGet();
        return count > limits.maxEvents()
                ? "its chain '" + chain + "' has " + (count - 1) + " events already, the limit is " + limits.maxEvents()
                : null;
    }

    /**
     * Returns how many events the chain has had before its first effect: the cause, if it was emitted, and is in the chain. A request or
     * an event of {@code invoke} was not emitted, and an event with a correlation id of its own is in another chain than its cause.
     */
    private static int emittedBefore(String chain, Cause cause) {
        return cause.emission() != null && chain.equals(cause.emitted().getCorrelationId()) ? 1 : 0;
    }

    /** An event that was counted is not accepted after all. */
    void takeBack(Event event) {
        String chain = event.getCorrelationId();
        AtomicInteger count =
                chain == null || !events.isMade() ? null : events.get().get(chain);
        if (count != null) {
            count.decrementAndGet();
        }
    }

    private @Nullable Target visitedTooOften(Event event, Target[] targets) {
        for (Target target : targets) {
            if (visits(event, target) >= limits.maxVisits()) {
                return target;
            }
        }
        return null;
    }

    private int visits(Event event, Target target) {
        return stamp.visits(event, target.function().space(), target.functionId());
    }
}
