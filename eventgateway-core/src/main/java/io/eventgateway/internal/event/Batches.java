package io.eventgateway.internal.event;

import io.eventgateway.Event;
import io.eventgateway.FunctionContext;
import io.eventgateway.FunctionHandler;
import io.eventgateway.delivery.BatchResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A batch for a handler that handles one event at a time. */
public final class Batches {
    private static final Logger log = LoggerFactory.getLogger(Batches.class);

    private Batches() {}

    /** A context that knows each event's own part in its call: who is told of its end, and what its replies are caused by. */
    public interface Members {
        /**
         * Handles each of the events as if it had come alone.
         *
         * @throws Exception when all of them failed
         */
        @Nullable Object handleEach(FunctionHandler handler, List<Event> events) throws Exception;
    }

    /** Handles each event of a batch. The events that the handler returns are emitted. */
    public static @Nullable Object handleEach(FunctionHandler handler, List<Event> events, FunctionContext context)
            throws Exception {
        return context instanceof Members members
                ? members.handleEach(handler, events)
                : handleEachOutsideOfAGateway(handler, events, context);
    }

    /** Handles each event in a context that is not the gateway's, as in a test of a handler alone. */
    private static @Nullable Object handleEachOutsideOfAGateway(
            FunctionHandler handler, List<Event> events, FunctionContext context) throws Exception {
        List<String> failed = new ArrayList<>();
        Exception first = null;
        for (Event event : events) {
            try {
                Object returned = handler.handle(event, context);
                if (returned instanceof CompletionStage<?> stage) {
                    returned = stage.toCompletableFuture().get();
                }
                returned = Returned.unwrapped(returned);
                if (returned != null) {
                    Returned.replies(returned, context.functionId()).forEach(context::emit);
                }
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) { // foreign code: the event that it was called for is delivered again
                log.debug("Function '{}' failed for event '{}' of a batch", context.functionId(), event.getId(), e);
                failed.add(event.getId());
                first = first == null ? e : first;
            }
        }
        if (first != null && failed.size() == events.size()) {
            throw first;
        }
        return failed.isEmpty() ? null : BatchResult.failed(failed);
    }
}
