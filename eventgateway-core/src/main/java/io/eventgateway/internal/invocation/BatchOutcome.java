package io.eventgateway.internal.invocation;

import io.eventgateway.InvocationException;
import io.eventgateway.InvocationResult;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The outcome of a batch, which may take more than one call. Giving it up gives up the call that is under way. */
final class BatchOutcome extends Abandonable {
    private volatile @Nullable CompletableFuture<InvocationResult> call;

    void waitsFor(CompletableFuture<InvocationResult> next) {
        call = next;
    }

    @Override
    void abandon(InvocationException failure) {
        completeExceptionally(failure); // first, so that no other call begins
        CompletableFuture<InvocationResult> underWay = call;
        if (underWay != null) {
            Invocations.abandon(underWay, failure);
        }
    }
}
