package io.eventgateway.internal.invocation;

import io.cloudevents.CloudEvent;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationResult;
import io.eventgateway.delivery.BatchResult;
import io.eventgateway.internal.event.Returned;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Makes the result of what a function in this process returned: replies are emitted, everything else is the result. */
final class Results {
    /** The result of a handler that returned null; one for all such calls, so that they allocate no future. */
    static final CompletableFuture<InvocationResult> DONE = CompletableFuture.completedFuture(InvocationResult.empty());

    private final Emitter emitter;
    private final @Nullable JsonMapper mapper;

    Results(Emitter emitter, @Nullable JsonMapper mapper) {
        this.emitter = emitter;
        this.mapper = mapper;
    }

    /** The outcome of a call whose handler returned. */
    CompletableFuture<InvocationResult> outcome(@Nullable Object returned, Call call) {
        if (returned == null) {
            return DONE;
        }
        try {
            Object value = Returned.unwrapped(returned);
            return value instanceof CompletionStage<?> stage
                    ? settled(stage, call)
                    : CompletableFuture.completedFuture(of(value, call));
        } catch (Throwable e) { // foreign code: stages, and events that are not ours
            return CallFailures.failed(CallFailures.ofFunction(e, call.functionId()));
        }
    }

    private CompletableFuture<InvocationResult> settled(CompletionStage<?> stage, Call call) {
        CompletableFuture<InvocationResult> outcome = new Outcome(stage, call);
        // not whenComplete, whose own stage would take over the failure, and ask it what it says of itself
        CompletionStage<?> unused = stage.handle((value, failure) -> {
            try {
                if (failure != null) {
                    outcome.completeExceptionally(CallFailures.ofFunction(failure, call.functionId()));
                } else {
                    outcome.complete(of(Returned.unwrapped(value), call));
                }
            } catch (Throwable e) { // foreign code; nobody else would end the outcome
                outcome.completeExceptionally(CallFailures.ofFunction(e, call.functionId()));
            }
            return null;
        });
        return outcome;
    }

    /**
     * The result that a value is, after its replies were emitted.
     *
     * @throws InvocationException if nobody would read the value, it says that the event failed, or its replies were not accepted
     */
    private InvocationResult of(@Nullable Object value, Call call) {
        if (value == null) {
            return InvocationResult.empty();
        }
        if (value instanceof BatchResult answer && !call.isBatch()) {
            BatchAnswer.requireTaken(answer, call.event(), call.functionId());
            return InvocationResult.empty();
        }
        List<CloudEvent> replies = Returned.replies(value, call.functionId());
        if (replies.isEmpty()) {
            return mapper == null ? InvocationResult.of(value) : InvocationResult.of(value, mapper);
        }
        emit(replies, call);
        return InvocationResult.empty();
    }

    /**
     * Emits the replies of a call: all of them, or none.
     *
     * @throws InvocationException if they were not accepted
     */
    void emit(List<CloudEvent> replies, Call call) {
        try {
            if (replies.size() == 1) {
                CloudEvent only = replies.get(0);
                emitter.emit(call.space(), only, null, call.causeOf(only));
            } else {
                emitter.emitReplies(
                        call.space(),
                        replies.stream()
                                .map(reply -> new Emitter.Reply(reply, call.causeOf(reply)))
                                .toList());
            }
        } catch (Throwable e) { // interceptors, and events that are not ours, are foreign code
            throw CallFailures.ofReplies(e, call.functionId(), replies.size());
        }
    }
}
