package io.eventgateway.internal.invocation;

import io.eventgateway.InvocationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The outcome of work under way, which can be given up. */
final class Outcome extends Abandonable {
    private final CompletionStage<?> work;
    private final Call call;

    Outcome(CompletionStage<?> work, Call call) {
        this.work = work;
        this.call = call;
        call.isAbout(this);
    }

    /** Goes from the innermost outcome outwards, so that each layer around the call sees why. */
    @Override
    void abandon(InvocationException failure) {
        Outcome innermost = call.innermost();
        if (innermost != null && innermost != this && innermost != work) {
            innermost.abandon(
                    failure); // interceptors may have put stages of their own around it, which pass nothing on
        }
        if (work instanceof Outcome inner) {
            inner.abandon(failure);
        } else if (work instanceof CompletableFuture<?> future) {
            completeExceptionally(failure); // before the cancellation, which would pass for the function's own
            future.cancel(true);
        }
        completeExceptionally(failure);
    }
}
