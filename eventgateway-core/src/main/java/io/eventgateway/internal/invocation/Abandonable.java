package io.eventgateway.internal.invocation;

import io.eventgateway.InvocationException;
import io.eventgateway.InvocationResult;
import java.util.concurrent.CompletableFuture;

/** The outcome of work under way, which can be given up. */
abstract class Abandonable extends CompletableFuture<InvocationResult> {
    /** Ends with the failure, and the work behind it is cancelled. */
    abstract void abandon(InvocationException failure);
}
