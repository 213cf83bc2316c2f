package io.eventgateway.test;

import io.cloudevents.CloudEventData;
import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.InvocationResult;
import io.eventgateway.http.NetworkPolicy;
import io.eventgateway.spi.Invocation;
import io.eventgateway.spi.Invoker;
import io.eventgateway.spi.InvokerContext;
import io.eventgateway.spi.InvokerProvider;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** A provider that remembers what another one's invokers do. Thread-safe. */
final class ObservedProvider implements InvokerProvider {
    /**
     * A call of an invoker.
     *
     * @param held how long the call held its thread
     * @param payload the hash of the payload before the call; that of no bytes for a batch, whose payload may not be there
     */
    record ObservedCall(Invocation invocation, CompletionStage<InvocationResult> stage, Duration held, int payload) {
        /** Returns whether the payload, which is shared, is as it was before the call. */
        boolean leftPayload() {
            return payload == payloadOf(invocation);
        }
    }

    private final InvokerProvider provider;
    private final List<ObservedInvoker> invokers = new CopyOnWriteArrayList<>();
    private final List<ObservedCall> calls = new CopyOnWriteArrayList<>();

    ObservedProvider(InvokerProvider provider) {
        this.provider = provider;
    }

    @Override
    public String type() {
        return provider.type();
    }

    @Override
    public Set<String> references(FunctionDefinition function) {
        return provider.references(function);
    }

    @Override
    public Invoker create(FunctionDefinition function, InvokerContext context) {
        ObservedContext seen = new ObservedContext(context);
        ObservedInvoker invoker = new ObservedInvoker(function, provider.create(function, seen), seen);
        invokers.add(invoker);
        return invoker;
    }

    /** Returns the invokers that were made. */
    List<ObservedInvoker> invokers() {
        return List.copyOf(invokers);
    }

    /** Returns the invoker that was made for a function. */
    ObservedInvoker invoker(String functionId) {
        return invokers.stream()
                .filter(invoker -> invoker.function().functionId().equals(functionId))
                .findFirst()
                .orElseThrow();
    }

    /** Returns the calls whose stage is known. */
    List<ObservedCall> calls() {
        return List.copyOf(calls);
    }

    /** An invoker that is observed. */
    final class ObservedInvoker implements Invoker {
        private final FunctionDefinition function;
        private final Invoker invoker;
        private final ObservedContext context;
        private final AtomicInteger closed = new AtomicInteger();
        private final CompletableFuture<Void> end = new CompletableFuture<>();

        ObservedInvoker(FunctionDefinition function, Invoker invoker, ObservedContext context) {
            this.function = function;
            this.invoker = invoker;
            this.context = context;
        }

        FunctionDefinition function() {
            return function;
        }

        /** Returns the functions that it called. */
        List<String> called() {
            return List.copyOf(context.called);
        }

        /** Returns how often it was closed without a failure. */
        int closed() {
            return closed.get();
        }

        /** Waits until it is closed. */
        void awaitClosed(Duration atMost) {
            end.orTimeout(atMost.toMillis(), TimeUnit.MILLISECONDS).join();
        }

        @Override
        public CompletionStage<InvocationResult> invoke(Invocation invocation) {
            int before = payloadOf(invocation);
            long start = System.nanoTime();
            CompletionStage<InvocationResult> stage = invoker.invoke(invocation);
            calls.add(new ObservedCall(invocation, stage, Duration.ofNanos(System.nanoTime() - start), before));
            return stage;
        }

        @Override
        public boolean isCallable() {
            return invoker.isCallable();
        }

        @Override
        public void close() {
            invoker.close();
            closed.incrementAndGet();
            end.complete(null);
        }
    }

    private static int payloadOf(Invocation invocation) {
        CloudEventData data = invocation.isBatch() ? null : invocation.event().getData();
        return data == null ? 0 : Arrays.hashCode(data.toBytes());
    }

    /** A context that remembers which functions were called. */
    private static final class ObservedContext implements InvokerContext {
        private final InvokerContext context;
        private final List<String> called = new CopyOnWriteArrayList<>();

        ObservedContext(InvokerContext context) {
            this.context = context;
        }

        @Override
        public String space() {
            return context.space();
        }

        @Override
        public JsonMapper jsonMapper() {
            return context.jsonMapper();
        }

        @Override
        public InstantSource clock() {
            return context.clock();
        }

        @Override
        public NetworkPolicy networkPolicy() {
            return context.networkPolicy();
        }

        @Override
        public <T> T configuration(FunctionDefinition function, Class<T> type) {
            return context.configuration(function, type);
        }

        @Override
        public @Nullable Object batchKey(String functionId, Event event) {
            return context.batchKey(functionId, event);
        }

        @Override
        public boolean isCallable(String functionId) {
            return context.isCallable(functionId);
        }

        @Override
        public CompletionStage<InvocationResult> invoke(String functionId, Invocation invocation) {
            called.add(functionId);
            return context.invoke(functionId, invocation);
        }

        @Override
        public Emission emit(String space, Event event, Invocation cause) {
            return context.emit(space, event, cause);
        }

        @Override
        public Emission emit(EventGateway gateway, Event event, Invocation cause) {
            return context.emit(gateway, event, cause);
        }
    }
}
