package io.eventgateway.test;

import io.eventgateway.InvocationResult;
import io.eventgateway.spi.Invocation;
import io.eventgateway.spi.InvocationInterceptor;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Remembers every call of a function and how it ended. */
final class DeliveryRecorder implements InvocationInterceptor {
    /** One call; {@code failure} is null when it succeeded. */
    record Call(
            String space,
            String eventType,
            String functionId,
            @Nullable String subscriptionId,
            @Nullable Throwable failure) {
        @Override
        public String toString() {
            return eventType + " -> " + functionId + (failure == null ? "" : " failed: " + failure.getMessage());
        }
    }

    private final List<Call> calls = new CopyOnWriteArrayList<>();

    @Override
    public CompletionStage<InvocationResult> intercept(Invocation invocation, Chain chain) {
        return chain.proceed(invocation)
                .whenComplete((result, failure) -> calls.add(new Call(
                        invocation.space(),
                        invocation.event().getType(),
                        invocation.functionId(),
                        invocation.subscriptionId(),
                        failure)));
    }

    List<Call> calls() {
        return List.copyOf(calls);
    }
}
