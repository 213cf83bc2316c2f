package io.eventgateway.internal.delivery;

import io.eventgateway.BacklogFullException;
import io.eventgateway.BacklogPolicy;
import io.eventgateway.BacklogStatus;
import io.eventgateway.DeliveryStatus;
import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.EventGatewayException;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationResult;
import io.eventgateway.Subscription;
import io.eventgateway.internal.invocation.Causes;
import io.eventgateway.internal.invocation.Invocations;
import io.eventgateway.internal.invocation.RegisteredFunction;
import io.eventgateway.spi.EventStore;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes events to their targets: sync ones on the emitter's thread, all others on the gateway's. */
public final class Deliveries {
    private static final Logger log = LoggerFactory.getLogger(Deliveries.class);

    private final Invocations invocations;
    private final Backlog backlog;
    private final Workers workers;
    private final Deadlines deadlines;
    private final Ledger ledger;

    /** The bounds of this room. */
    public record Limits(int backlog, BacklogPolicy policy, Duration backlogWait, int workerThreads) {}

    /** The room, with its threads. */
    public Deliveries(Invocations invocations, EventStore store, String instance, Limits limits) {
        this.invocations = invocations;
        this.backlog = new Backlog(limits.backlog(), limits.policy(), limits.backlogWait());
        this.workers = Workers.of(limits.workerThreads());
        this.deadlines = new Deadlines(invocations.timer());
        this.ledger = new Ledger(store, instance, invocations.clock());
    }

    Invocations invocations() {
        return invocations;
    }

    Backlog backlog() {
        return backlog;
    }

    Workers workers() {
        return workers;
    }

    Deadlines deadlines() {
        return deadlines;
    }

    /** How full the backlog is. */
    public BacklogStatus status() {
        return backlog.status();
    }

    /**
     * Delivers an event. Room for the async deliveries is taken before anything is delivered, so that a full backlog leaves
     * nothing half-done.
     *
     * @param slot the cause slot of this thread
     * @throws BacklogFullException if the backlog has no room
     */
    public Emission deliver(Event event, Target[] sync, Target[] async, @Nullable Object[] slot) {
        PendingEmission emission = new PendingEmission(event, sync, async);
        if (async.length > 0) {
            handOver(emission, event, async.length, slot[0] != null);
        }
        if (sync.length > 0) {
            Object outer = slot[0];
            slot[0] = event;
            try {
                for (int i = 0; i < sync.length; i++) {
                    Target target = sync[i];
                    CompletableFuture<InvocationResult> outcome = invocations.invokeDirectly(
                            target.function(), target.subscription(), event, target.timeoutNanos());
                    if (outcome != null) {
                        settle(emission, i, target, outcome);
                    }
                }
            } finally {
                slot[0] = outer;
            }
        }
        return emission;
    }

    private void handOver(PendingEmission emission, Event event, int count, boolean insideHandler) {
        if (!backlog.take(count, insideHandler)) {
            BacklogFullException full = new BacklogFullException("the backlog is full ("
                    + backlog.status().bound() + " unfinished deliveries) and its policy is to drop");
            for (int i = 0; i < count; i++) {
                emission.asyncEnded(i, DeliveryStatus.DROPPED, 0, null, full);
            }
            return;
        }
        long first;
        try {
            first = ledger.accept(event, emission.asyncTargets());
        } catch (RuntimeException e) {
            backlog.giveBack(count);
            throw e;
        }
        for (int i = 0; i < count; i++) {
            enqueue(new EmittedDelivery(this, emission, i, event, first + i));
        }
    }

    private void enqueue(Delivery delivery) {
        try {
            workers.execute(delivery);
        } catch (RejectedExecutionException e) {
            delivery.abandon(); // accepted while the gateway closed
        }
    }

    /** Waits for a stage that a sync subscription's function returned. */
    private void settle(
            PendingEmission emission, int index, Target target, CompletableFuture<InvocationResult> outcome) {
        long deadline = deadlines.now() + target.timeoutNanos();
        try {
            while (true) {
                try {
                    InvocationResult result = outcome.get(Deadlines.TICK_NANOS, TimeUnit.NANOSECONDS);
                    if (!result.isEmpty()) {
                        emission.syncEnded(index, result, null);
                    }
                    return;
                } catch (TimeoutException e) {
                    if (deadline - deadlines.now() <= 0) {
                        InvocationException timeout =
                                Invocations.timeout(target.function().id(), e);
                        Invocations.abandon(outcome, timeout);
                        emission.syncEnded(index, null, timeout);
                        return;
                    }
                }
            }
        } catch (ExecutionException e) {
            emission.syncEnded(index, null, (InvocationException) e.getCause());
        } catch (InterruptedException e) {
            InvocationException interrupted = new InvocationException(
                    InvocationException.Kind.CALL_FAILED,
                    true,
                    "the emitter was interrupted while function '"
                            + target.function().id() + "' ran",
                    e);
            Invocations.abandon(outcome, interrupted);
            emission.syncEnded(index, null, interrupted);
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Calls a function for a caller who waits for the outcome, within the time from now on.
     *
     * <p>On a pool's thread the call is made right there: waiting for another thread of the pool could be for ever.
     *
     * @return a future that ends with the result or an {@link InvocationException}, in time
     * @throws BacklogFullException if the backlog has no room
     */
    public CompletableFuture<InvocationResult> call(
            RegisteredFunction function, @Nullable Subscription subscription, Event event, Duration timeout) {
        backlog.takeForCaller(Causes.slot()[0] != null);
        AwaitedDelivery delivery = new AwaitedDelivery(this, function, subscription, event, timeout.toNanos());
        delivery.startClock();
        if (Workers.onPoolThread()) {
            delivery.run();
        } else {
            enqueue(delivery);
        }
        return delivery.result();
    }

    /** As {@link #call(RegisteredFunction, Subscription, Event, Duration)}, for a subscription. */
    public CompletableFuture<InvocationResult> call(Target target, Event event) {
        return call(target.function(), target.subscription(), event, Duration.ofNanos(target.timeoutNanos()));
    }

    /** The result of {@link #call}, waited for; it ends by itself. */
    public static InvocationResult await(CompletableFuture<InvocationResult> result, String functionId) {
        try {
            return result.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof InvocationException failure) {
                throw failure;
            }
            throw new CompletionException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InvocationException(
                    InvocationException.Kind.CALL_FAILED,
                    true,
                    "the caller was interrupted while it waited for function '" + functionId + "'",
                    e);
        }
    }

    /** Runs what may run foreign callbacks on a worker; here, when there is none any more. */
    public void offThisThread(Runnable ending) {
        try {
            workers.execute(ending);
        } catch (RejectedExecutionException e) {
            ending.run();
        }
    }

    /** Waits until every accepted delivery has ended. */
    public boolean awaitIdle(Duration atMost) {
        return backlog.awaitPending(Delivery.onThisThread().size(), atMost);
    }

    /** Waits for accepted deliveries, then ends what is left as dropped and says how many those were. */
    public void close(Duration drain) {
        Set<Delivery> own = Delivery.onThisThread();
        boolean drained = backlog.awaitPending(own.size(), drain);
        int abandoned = 0;
        for (Runnable waiting : workers.refuse()) {
            if (waiting instanceof Delivery delivery) {
                abandoned += delivery.abandon() ? 1 : 0;
            } else {
                waiting.run(); // the ending of a delivery, which must not get lost
            }
        }
        for (Delivery running : deadlines.stop()) {
            if (!own.contains(running)) {
                abandoned += running.abandon() ? 1 : 0;
            }
        }
        if (!drained) {
            log.warn("Closed after {} with {} deliveries unfinished; they ended as DROPPED", drain, abandoned);
        }
    }

    /** A delivery for an emission. */
    private static final class EmittedDelivery extends Delivery {
        private final Ledger ledger;
        private final PendingEmission emission;
        private final int index;
        private final long number;

        EmittedDelivery(Deliveries room, PendingEmission emission, int index, Event event, long number) {
            this(room, emission, index, event, number, emission.asyncTargets()[index]);
        }

        private EmittedDelivery(
                Deliveries room, PendingEmission emission, int index, Event event, long number, Target target) {
            super(room, target.function(), target.subscription(), event, target.timeoutNanos());
            this.ledger = room.ledger;
            this.emission = emission;
            this.index = index;
            this.number = number;
        }

        @Override
        void ended(
                DeliveryStatus status,
                int attempts,
                @Nullable InvocationResult result,
                @Nullable EventGatewayException failure) {
            switch (status) {
                case DELIVERED -> ledger.delivered(number);
                case DEAD_LETTERED -> ledger.givenUp(number, attempts, elapsed(), (InvocationException) failure);
                default -> ledger.leftOver(number);
            }
            emission.asyncEnded(index, status, attempts, result, failure);
        }
    }

    /** A delivery whose result a caller waits for. */
    private static final class AwaitedDelivery extends Delivery {
        private final CompletableFuture<InvocationResult> result = new CompletableFuture<>();

        AwaitedDelivery(
                Deliveries room,
                RegisteredFunction function,
                @Nullable Subscription subscription,
                Event event,
                long timeoutNanos) {
            super(room, function, subscription, event, timeoutNanos);
        }

        CompletableFuture<InvocationResult> result() {
            return result;
        }

        @Override
        void ended(
                DeliveryStatus status,
                int attempts,
                @Nullable InvocationResult value,
                @Nullable EventGatewayException failure) {
            if (failure != null) {
                result.completeExceptionally(failure);
            } else {
                result.complete(value);
            }
        }
    }
}
