package io.eventgateway.internal.invocation;

import io.cloudevents.CloudEvent;
import io.eventgateway.Event;
import io.eventgateway.FunctionHandler;
import io.eventgateway.InvocationException;
import io.eventgateway.delivery.BatchResult;
import io.eventgateway.internal.event.Returned;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A batch for a handler of single events: each is handled as if it had come alone, so that it fails alone, and what it leads to is
 * caused by it. For one thread.
 */
final class OneByOne {
    private final Call call;
    private final @Nullable Batch batch;
    private final Results results;
    private final List<String> failedIds = new ArrayList<>();
    private @Nullable InvocationException first;
    /** Why the events after one are not handled any more: the thread was told to stop. */
    private @Nullable InvocationException interrupted;

    OneByOne(Call call, @Nullable Batch batch, Results results) {
        this.call = call;
        this.batch = batch;
        this.results = results;
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
                    interrupted != null ? interrupted : handle(handler, event, index < 0 ? call : call.member(index));
            if (failure == null) {
                handled(index);
            } else {
                failed(index, event, failure);
            }
        }
        if (first != null && failedIds.size() == events.size()) {
            throw first;
        }
        return failedIds.isEmpty() ? null : BatchResult.failed(failedIds);
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

    private @Nullable InvocationException handle(FunctionHandler handler, Event event, Call own) {
        @Nullable Object[] slot = Causes.slot();
        Object outer = slot[0];
        slot[0] = own;
        try {
            Object returned = Returned.unwrapped(handler.handle(event, own));
            if (returned instanceof CompletionStage<?> stage) {
                returned = Returned.unwrapped(stage.toCompletableFuture().get());
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
            interrupted = own.remaining().isZero()
                    ? CallFailures.timeout(own.functionId(), e)
                    : CallFailures.ofFunction(e, own.functionId());
            return interrupted;
        } catch (ExecutionException e) {
            return CallFailures.ofFunction(e.getCause() == null ? e : e.getCause(), own.functionId());
        } catch (Throwable e) { // foreign code: an Error too is the failure of this event alone
            return CallFailures.ofFunction(e, own.functionId());
        } finally {
            slot[0] = outer;
        }
    }
}
