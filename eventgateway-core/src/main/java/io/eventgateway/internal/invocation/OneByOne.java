package io.eventgateway.internal.invocation;

import io.cloudevents.CloudEvent;
import io.eventgateway.Event;
import io.eventgateway.FunctionHandler;
import io.eventgateway.InvocationException;
import io.eventgateway.delivery.BatchResult;
import io.eventgateway.internal.event.Returned;
import io.eventgateway.internal.time.DrivenClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A batch for a handler of single events: each is handled as if it had come alone, so that it fails alone, and what it leads to is
 * caused by it. For one thread.
 */
final class OneByOne {
    private static final Duration GRACE = Duration.ofMillis(500);

    private final Call call;
    private final @Nullable Batch batch;
    private final Results results;
    private final List<String> failedIds = new ArrayList<>();
    private @Nullable InvocationException first;
    /** Why the events after one are not handled any more: the thread was told to stop. */
    private @Nullable InvocationException stopped;

    /** True when the handler has left the thread's interrupt flag set for one of the events. */
    private boolean flagged;

    private final Invocations invocations;
    /** The delivery that this thread is running; null for none. */
    private final @Nullable Cause running;

    OneByOne(Call call, @Nullable Batch batch, Invocations invocations) {
        this.call = call;
        this.batch = batch;
        this.invocations = invocations;
        this.results = invocations.results();
        this.running = (Cause) Causes.slot()[1];
    }

    /**
     * Handles each event.
     *
     * @return which of them failed; null for none
     * @throws InvocationException the first one's, if all of them failed
     */
    @Nullable BatchResult handle(FunctionHandler handler, List<Event> events) {
        for (Event event : events) {
            int index = batch == null ? -1 : batch.indexOfOpen(event);
            InvocationException failure =
                    stopped != null ? stopped : handle(handler, event, index < 0 ? call : call.member(index));
            clearFlag();
            if (failure == null) {
                handled(index);
            } else {
                failed(index, event, failure);
            }
        }
        if (flagged && !invocations.hasOwnThreads()) {
            Thread.currentThread().interrupt();
        }
        if (first != null && failedIds.size() == events.size()) {
            throw first;
        }
        return failedIds.isEmpty() ? null : BatchResult.failed(failedIds);
    }

    /** A flag that one event left is not for the next. On a thread of the application's it is set again after the last. */
    private void clearFlag() {
        flagged |= Thread.interrupted();
        if (stopped == null && running != null && !running.isWanted()) {
            stopped = CallFailures.timeout(call.functionId(), null);
        }
    }

    private void handled(int index) {
        if (batch != null && index >= 0) {
            batch.handled(index);
        }
    }

    private void failed(int index, Event event, InvocationException failure) {
        first = first == null ? failure : first;
        failedIds.add(event.getId());
        if (batch != null && index >= 0) {
            batch.failed(index, failure);
        }
    }

    /** Waits for a stage. Where a test's clock drives, this thread alone can let the time pass that the call has. */
    private @Nullable Object await(CompletableFuture<?> stage, Call own)
            throws InterruptedException, ExecutionException, TimeoutException {
        DrivenClock driver = DrivenClock.of(invocations.clock());
        if (driver == null) {
            return stage.get();
        }
        if (!driver.await(stage::isDone, () -> true, GRACE)) {
            driver.awaitAsleep(stage::isDone, () -> true, own.remaining());
        }
        return stage.get(0, TimeUnit.NANOSECONDS);
    }

    private @Nullable InvocationException handle(FunctionHandler handler, Event event, Call own) {
        @Nullable Object[] slot = Causes.slot();
        Object outer = slot[0];
        slot[0] = own;
        try {
            Object returned = Returned.unwrapped(handler.handle(event, own));
            if (returned instanceof CompletionStage<?> stage) {
                returned = Returned.unwrapped(await(stage.toCompletableFuture(), own));
            }
            if (returned instanceof BatchResult answer) {
                BatchAnswer.requireTaken(answer, event, own.functionId());
            }
            List<CloudEvent> replies = returned == null ? List.of() : Returned.replies(returned, own.functionId());
            if (!replies.isEmpty()) {
                results.emit(replies, own);
            }
            return null;
        } catch (InterruptedException e) {
            InvocationException failure = own.remaining().isZero()
                    ? CallFailures.timeout(own.functionId(), e)
                    : CallFailures.ofFunction(e, own.functionId());
            if (own.remaining().isZero() || (running != null && !running.isWanted())) {
                stopped = failure;
            }
            return failure;
        } catch (TimeoutException e) {
            stopped = CallFailures.timeout(own.functionId(), e);
            return stopped;
        } catch (ExecutionException e) {
            return CallFailures.ofFunction(e.getCause() == null ? e : e.getCause(), own.functionId());
        } catch (Throwable e) { // foreign code: an Error too is the failure of this event alone
            return CallFailures.ofFunction(e, own.functionId());
        } finally {
            slot[0] = outer;
        }
    }
}
