package io.eventgateway;

import io.eventgateway.delivery.BatchResult;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.internal.event.Batches;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A function in this process.
 *
 * <p>Called by many threads at once. It is interrupted when its deadline has passed (async subscriptions, {@code invoke} and
 * {@code handle}); one that ignores the interruption keeps its thread until it returns, and what it returns is discarded.
 * On Java 21 and later it runs on a virtual thread, so one that computes for long without ever blocking should do that on
 * threads of its own. An interrupt flag that it leaves set is cleared on the gateway's own threads, and is the emitter's where it
 * runs on the emitter's thread (sync subscriptions), which also finds its flag set when the handler throws {@link
 * InterruptedException}.
 */
@FunctionalInterface
public interface FunctionHandler {
    /**
     * Handles one event.
     *
     * @return null; or a value, which becomes the result; or a {@link io.cloudevents.CloudEvent}, or a non-empty collection or
     *     array of them, which are emitted as replies, all or none, and leave the result empty; or an {@link java.util.Optional
     *     Optional} of one of these, which stands for what is in it; or a {@link java.util.concurrent.CompletionStage
     *     CompletionStage} of one of these, whose thread is not held while it runs. What nobody would wait for or read is a failure
     *     that is not retried and says what to return: a {@code Future} that is no stage, a {@code Publisher}, a {@code Stream}, a
     *     stage of a stage, a builder of an event, events mixed with other values. A {@link BatchResult} means what it means for a
     *     batch of one: a retryable failure if it names the event, else success with an empty result
     * @throws Exception any failure: a retryable {@code FUNCTION_ERROR}, unless it is an {@link InvocationException}, which says
     *     itself what it is
     */
    @Nullable Object handle(Event event, FunctionContext context) throws Exception;

    /**
     * Handles several events in one call, where the subscription's policy asks for {@linkplain DeliveryPolicy#batching batches}.
     * Unless overridden, it handles one after the other, each as if it had come alone, and answers which of them failed.
     *
     * @return as {@link #handle}; a {@link BatchResult} for those that failed, which alone are delivered again. A reply is caused by
     *     the event of the batch whose id is its extension {@code causationid}, else by the one that is deepest in its chain,
     *     whose id it then gets as {@code causationid}
     * @throws Exception when all of them failed
     */
    default @Nullable Object handleBatch(List<Event> events, FunctionContext context) throws Exception {
        return Batches.handleEach(this, events, context);
    }
}
