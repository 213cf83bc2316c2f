package io.eventgateway.internal.invocation;

import io.eventgateway.Event;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import io.eventgateway.InvocationResult;
import io.eventgateway.Subscription;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The invocation of a function for several deliveries, each of which gets an outcome of its own.
 *
 * <p>It is one call wherever that is possible. Events that can't be handed over fail alone and are left out. Where the payload is
 * larger than the gateway sends, the batch is called for in halves, and where its invoker keeps events apart, in as many parts as it has
 * {@linkplain io.eventgateway.spi.Invoker#batchKey keys}: one after the other within the same deadline.
 */
public final class BatchInvocation {
    private static final Object DELIVERED = "delivered";

    private final Invocations invocations;
    private final RegisteredFunction function;
    private final Subscription subscription;
    private final List<? extends Cause> members;
    private final int attempt;
    private final long deadlineNanos;
    /** The outcome of each member: null until it has ended, {@link #DELIVERED}, or the exception that it failed with. */
    private final AtomicReferenceArray<@Nullable Object> ended;
    /** The call that was made last, of which more may be known than has ended. Written before the call is made. */
    private volatile @Nullable Part underWay;

    private final BatchOutcome outcome = new BatchOutcome();

    /** Some of the members, by index, and the batch that is handed over for them. */
    private record Part(List<Integer> indices, Batch batch) {}

    BatchInvocation(
            Invocations invocations,
            RegisteredFunction function,
            Subscription subscription,
            List<? extends Cause> members,
            int attempt,
            long deadlineNanos) {
        this.invocations = invocations;
        this.function = function;
        this.subscription = subscription;
        this.members = members;
        this.attempt = attempt;
        this.deadlineNanos = deadlineNanos;
        this.ended = new AtomicReferenceArray<>(members.size());
    }

    /** The member that is deepest in its chain, the first of them: what caused an event is what its chain is guarded by. */
    public static <C extends Cause> C deepest(List<C> members) {
        C deepest = members.get(0);
        for (C member : members) {
            if (member.emitted().getChainDepth() > deepest.emitted().getChainDepth()) {
                deepest = member;
            }
        }
        return deepest;
    }

    /** Makes the call. The future ends, without a result, when every member has its outcome. */
    public CompletableFuture<InvocationResult> begin() {
        List<Integer> sendable = new ArrayList<>(members.size());
        List<Event> events = new ArrayList<>(members.size());
        for (int i = 0; i < members.size(); i++) {
            try {
                events.add(invocations.reshaped(members.get(i).emitted(), subscription, function.space()));
                sendable.add(i);
            } catch (InvocationException e) {
                ended.set(i, e);
            }
        }
        boolean outermost = invocations.hasOwnThreads() && InterruptFlag.enter();
        CompletionStage<Void> all;
        try {
            all = callApart(sendable, events);
        } finally {
            InterruptFlag.leave(outermost);
        }
        all.whenComplete((done, e) -> {
            if (e == null) {
                outcome.complete(InvocationResult.empty());
            } else {
                outcome.completeExceptionally(CallFailures.ofGateway(e, function.id()));
            }
        });
        return outcome;
    }

    /**
     * Why a member failed; null when it was delivered.
     *
     * @param failure what the whole attempt failed with; null when it ended by itself
     */
    public @Nullable InvocationException failure(int index, @Nullable InvocationException failure) {
        Object own = ended.get(index);
        if (own != null) {
            return own instanceof InvocationException failed ? failed : null;
        }
        return failure == null || wasHandled(index) ? null : failure;
    }

    /** Returns whether a member's event had been handled when the time of the whole batch was up. */
    private boolean wasHandled(int index) {
        Part part = underWay;
        if (part == null) {
            return false;
        }
        int at = part.indices().indexOf(index);
        return at >= 0 && part.batch().wasHandled(at);
    }

    /** Calls for the events of each key of the function's invoker apart. */
    private CompletionStage<Void> callApart(List<Integer> indices, List<Event> events) {
        Map<Object, List<Integer>> places = new LinkedHashMap<>();
        for (int i = 0; i < events.size(); i++) {
            places.computeIfAbsent(function.batchKey(events.get(i)), key -> new ArrayList<>())
                    .add(i);
        }
        if (places.size() <= 1) {
            return call(indices, events);
        }
        CompletionStage<Void> all = CompletableFuture.completedFuture(null);
        for (List<Integer> together : places.values()) {
            all = all.thenCompose(done -> call(
                    together.stream().map(indices::get).toList(),
                    together.stream().map(events::get).toList()));
        }
        return all;
    }

    private CompletionStage<Void> call(List<Integer> indices, List<Event> events) {
        if (indices.isEmpty() || outcome.isDone()) {
            return CompletableFuture.completedFuture(null);
        }
        if (invocations.timer().getAsLong() - deadlineNanos >= 0) {
            InvocationException late = CallFailures.timeout(function.id(), null);
            indices.forEach(index -> ended.compareAndSet(index, null, late));
            return CompletableFuture.completedFuture(null);
        }
        Part part =
                new Part(indices, new Batch(indices.stream().map(members::get).toList(), events));
        underWay = part;
        CompletableFuture<InvocationResult> call = invocations.begin(
                Call.batch(deadlineNanos, invocations, function, subscription, part.batch(), attempt));
        outcome.waitsFor(call);
        if (outcome.isDone()) { // it was given up while the call began
            Invocations.abandon(call, CallFailures.timeout(function.id(), null));
        }
        return call.handle((result, failure) -> next(part, result, failure)).thenCompose(next -> next);
    }

    private CompletionStage<Void> next(Part part, @Nullable InvocationResult result, @Nullable Throwable failure) {
        Batch batch = part.batch();
        int size = part.indices().size();
        if (failure != null && batch.hasUnsendable()) {
            endFailed(part, null);
            return call(part, IntStream.range(0, size).filter(i -> batch.failure(i) == null));
        }
        if (failure != null && batch.isTooLarge() && size > 1) {
            int half = size / 2;
            return call(part, IntStream.range(0, half)).thenCompose(done -> call(part, IntStream.range(half, size)));
        }
        end(part, result == null ? InvocationResult.empty() : result, failure);
        return CompletableFuture.completedFuture(null);
    }

    private CompletionStage<Void> call(Part of, IntStream places) {
        List<Integer> indices = new ArrayList<>();
        List<Event> events = new ArrayList<>();
        places.forEach(i -> {
            indices.add(of.indices().get(i));
            events.add(of.batch().events().get(i));
        });
        return call(indices, events);
    }

    private void end(Part part, InvocationResult result, @Nullable Throwable failure) {
        if (failure != null) {
            InvocationException all = CallFailures.ofGateway(failure, function.id());
            endFailed(part, all.calledFunctionId());
            part.indices().forEach(index -> ended.compareAndSet(index, null, all));
            return;
        }
        endFailed(part, result.calledFunctionId());
        endHandled(part);
        Map<Integer, InvocationException> failed;
        try {
            failed = BatchAnswer.failures(result, part.batch().events(), function.id());
        } catch (BatchAnswer.Malformed e) {
            InvocationException malformed = new InvocationException(
                    Kind.FUNCTION_ERROR,
                    true,
                    "the answer of function '" + function.id() + "' to a batch of "
                            + part.indices().size() + " events " + e.getMessage());
            part.indices().forEach(index -> ended.compareAndSet(index, null, malformed));
            return;
        }
        for (int i = 0; i < part.indices().size(); i++) {
            InvocationException own = failed.get(i);
            ended.compareAndSet(part.indices().get(i), null, own == null ? DELIVERED : own);
        }
    }

    /** Ends the members whose events are known to have failed by themselves. */
    private void endFailed(Part part, @Nullable String calledFunctionId) {
        for (int i = 0; i < part.indices().size(); i++) {
            InvocationException own = part.batch().failure(i);
            if (own != null) {
                ended.set(
                        part.indices().get(i),
                        calledFunctionId != null && own.calledFunctionId() == null
                                ? own.withCalledFunctionId(calledFunctionId)
                                : own);
            }
        }
    }

    /** Ends the members whose events are known to have been handled, each by itself. */
    private void endHandled(Part part) {
        for (int i = 0; i < part.indices().size(); i++) {
            if (part.batch().wasHandled(i)) {
                ended.set(part.indices().get(i), DELIVERED);
            }
        }
    }
}
