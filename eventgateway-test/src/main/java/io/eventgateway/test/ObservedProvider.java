package io.eventgateway.test;

import io.eventgateway.FunctionDefinition;
import io.eventgateway.InvocationResult;
import io.eventgateway.spi.Invocation;
import io.eventgateway.spi.Invoker;
import io.eventgateway.spi.InvokerContext;
import io.eventgateway.spi.InvokerProvider;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.json.JsonMapper;

/** A provider that remembers what another one's invokers do. Thread-safe. */
final class ObservedProvider implements InvokerProvider {
    /**
     * A call of an invoker.
     *
     * @param held how long the call held its thread
     */
    record ObservedCall(Invocation invocation, CompletionStage<InvocationResult> stage, Duration held) {}

    private final InvokerProvider provider;
    private final List<ObservedInvoker> invokers = new CopyOnWriteArrayList<>();
    private final List<ObservedCall> calls = new CopyOnWriteArrayList<>();
    private final List<String> changedPayloads = new CopyOnWriteArrayList<>();

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

    /** Returns the calls whose stage is known. */
    List<ObservedCall> calls() {
        return List.copyOf(calls);
    }

    /** Returns the functions whose calls changed the payload that they shared with others. */
    List<String> changedPayloads() {
        return List.copyOf(changedPayloads);
    }

    /** An invoker that is observed. */
    final class ObservedInvoker implements Invoker {
        private final FunctionDefinition function;
        private final Invoker invoker;
        private final ObservedContext context;
        private final AtomicInteger closed = new AtomicInteger();

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

        @Override
        public CompletionStage<InvocationResult> invoke(Invocation invocation) {
            byte[] before = payloadOf(invocation);
            long start = System.nanoTime();
            CompletionStage<InvocationResult> stage = invoker.invoke(invocation);
            calls.add(new ObservedCall(invocation, stage, Duration.ofNanos(System.nanoTime() - start)));
            return before.length == 0
                    ? stage
                    : stage.whenComplete((result, failure) -> {
                        if (!Arrays.equals(before, payloadOf(invocation))) {
                            changedPayloads.add(function.functionId());
                        }
                    });
        }

        @Override
        public void close() {
            invoker.close();
            closed.incrementAndGet();
        }
    }

    /** A copy of the payload of one event; empty for a batch, whose payload may not be there. */
    private static byte[] payloadOf(Invocation invocation) {
        if (invocation.isBatch() || invocation.event().getData() == null) {
            return new byte[0];
        }
        return invocation.event().dataAs(byte[].class);
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
        public <T> T configuration(FunctionDefinition function, Class<T> type) {
            return context.configuration(function, type);
        }

        @Override
        public CompletionStage<InvocationResult> invoke(String functionId, Invocation invocation) {
            called.add(functionId);
            return context.invoke(functionId, invocation);
        }
    }
}
