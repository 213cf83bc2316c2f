package io.eventgateway.aws;

import io.eventgateway.Event;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationResult;
import io.eventgateway.delivery.BatchResult;
import io.eventgateway.invokers.aws.AwsFailures;
import io.eventgateway.spi.Invocation;
import io.eventgateway.spi.Invoker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Hands events to a service that takes entries: one, or those of a batch in as few calls as the service's limits let it. Of a batch, the
 * events whose entries the service did not take fail alone.
 */
public final class EntryInvoker<E> implements Invoker {
    private final EntryService<E> service;
    private final EventContent content;
    private final AwsFailures failures;
    private final JsonMapper mapper;

    /** An invoker that owns the service. */
    public EntryInvoker(EntryService<E> service, EventContent content, AwsFailures failures, JsonMapper mapper) {
        this.service = service;
        this.content = content;
        this.failures = failures;
        this.mapper = mapper;
    }

    @Override
    public CompletionStage<InvocationResult> invoke(Invocation invocation) {
        List<byte[]> contents = content.of(invocation);
        Handover handover = new Handover(invocation);
        handover.begin(contents);
        return handover.result;
    }

    @Override
    public void close() {
        service.close();
    }

    /** An entry, and the place of its event among those of the invocation. */
    private record Placed<E>(int place, E entry) {}

    /** The entries of one call to the service. */
    private List<List<Placed<E>>> calls(List<Placed<E>> entries) {
        List<List<Placed<E>>> calls = new ArrayList<>();
        List<Placed<E>> last = new ArrayList<>();
        long bytes = 0;
        for (Placed<E> each : entries) {
            int size = service.size(each.entry());
            if (!last.isEmpty() && (last.size() == service.maxEntries() || bytes + size > service.maxBytes())) {
                calls.add(last);
                last = new ArrayList<>();
                bytes = 0;
            }
            last.add(each); // an entry that is too large goes alone, so that the service says so of it alone
            bytes += size;
        }
        if (!last.isEmpty()) {
            calls.add(last);
        }
        return calls;
    }

    /** One invocation: the calls it takes, within one time. */
    private final class Handover {
        final CompletableFuture<InvocationResult> result = new CompletableFuture<>();
        private final Invocation invocation;
        private final List<Event> events;
        /** The outcome of each event; null until it is known. */
        private final AtomicReferenceArray<EntryService.@Nullable Outcome> outcomes;

        private final Queue<CompletableFuture<?>> underWay = new ConcurrentLinkedQueue<>();

        Handover(Invocation invocation) {
            this.invocation = invocation;
            this.events = invocation.events();
            this.outcomes = new AtomicReferenceArray<>(events.size());
        }

        void begin(List<byte[]> contents) {
            List<Placed<E>> entries = new ArrayList<>(events.size());
            for (int i = 0; i < events.size(); i++) {
                try {
                    entries.add(new Placed<>(i, service.entry(events.get(i), contents.get(i), i)));
                } catch (InvocationException e) {
                    outcomes.set(i, EntryService.Outcome.refused(e));
                }
            }
            result.whenComplete((value, failure) -> {
                if (result.isCancelled()) {
                    underWay.forEach(call -> call.cancel(true));
                }
            });
            CompletableFuture<?> all = CompletableFuture.completedFuture(null);
            for (List<Placed<E>> call : calls(entries)) {
                all = service.inOrder()
                        ? all.thenCompose(before -> send(call))
                        : CompletableFuture.allOf(all, send(call));
            }
            all.whenComplete((done, failure) -> {
                try {
                    if (failure != null) {
                        result.completeExceptionally(failures.of(failure));
                    } else if (invocation.isBatch()) {
                        endBatch();
                    } else {
                        endSingle();
                    }
                } catch (Throwable e) { // whatever it is, nobody else would end the result before the deadline
                    result.completeExceptionally(e);
                }
            });
        }

        /** Makes one call. The future always ends normally: what the call failed with is the outcome of its entries. */
        private CompletableFuture<Void> send(List<Placed<E>> entries) {
            CompletableFuture<List<EntryService.Outcome>> call;
            try {
                Duration remaining = invocation.remaining();
                call = result.isDone()
                        ? new CompletableFuture<>()
                        : service.send(
                                entries.stream().map(Placed::entry).toList(),
                                remaining.isZero() ? Duration.ofMillis(1) : remaining);
                underWay.add(call);
                if (result.isDone()) { // it was cancelled meanwhile
                    call.cancel(true);
                }
            } catch (RuntimeException e) {
                call = CompletableFuture.failedFuture(e);
            }
            return call.handle((answered, failure) -> {
                EntryService.Outcome all = failure == null ? null : EntryService.Outcome.refused(failures.of(failure));
                for (int i = 0; i < entries.size(); i++) {
                    EntryService.Outcome own = all != null
                            ? all
                            : i < answered.size()
                                    ? answered.get(i)
                                    : EntryService.Outcome.refused(
                                            failures.ofEntry("InternalFailure", "it said nothing of the entry", null));
                    outcomes.set(entries.get(i).place(), own);
                }
                return null;
            });
        }

        private void endSingle() {
            EntryService.Outcome outcome = outcomes.get(0);
            if (outcome == null || outcome.failure() != null) {
                result.completeExceptionally(
                        outcome == null || outcome.failure() == null
                                ? failures.ofEntry("InternalFailure", "it said nothing of the entry", null)
                                : outcome.failure());
            } else {
                result.complete(
                        outcome.receipt().isEmpty()
                                ? InvocationResult.empty()
                                : InvocationResult.of(outcome.receipt(), mapper));
            }
        }

        private void endBatch() {
            Map<Integer, InvocationException> causes = new HashMap<>();
            InvocationException common = null;
            boolean isCommon = true;
            for (int i = 0; i < events.size(); i++) {
                EntryService.Outcome outcome = outcomes.get(i);
                InvocationException failure = outcome == null ? null : outcome.failure();
                isCommon &= failure != null && (common == null || sameCall(common, failure));
                common = failure;
                if (failure != null) {
                    causes.put(i, failure);
                }
            }
            if (isCommon && common != null) {
                result.completeExceptionally(common);
            } else {
                result.complete(
                        causes.isEmpty()
                                ? InvocationResult.empty()
                                : InvocationResult.of(BatchResult.failed(events, causes)));
            }
        }

        /** Returns whether two failures are of one call that failed as a whole. */
        @SuppressWarnings("ReferenceEquality") // the failure of a call is one object for all its entries
        private boolean sameCall(InvocationException one, InvocationException other) {
            return one == other;
        }
    }
}
