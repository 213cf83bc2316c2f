package io.eventgateway;

import io.eventgateway.error.InvalidFunctionException;
import io.eventgateway.spi.Invocation;
import io.eventgateway.spi.Invoker;
import io.eventgateway.spi.InvokerContext;
import io.eventgateway.spi.InvokerProvider;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** Providers for tests of the SPI's caller. */
final class FakeInvokers {
    private FakeInvokers() {}

    /** A provider whose invokers all answer by one function, and whose closing can be seen. */
    static class Provider implements InvokerProvider {
        private final String type;
        private final Function<Invocation, CompletionStage<InvocationResult>> behaviour;
        final List<FakeInvoker> made = new CopyOnWriteArrayList<>();

        Provider(String type, Function<Invocation, CompletionStage<InvocationResult>> behaviour) {
            this.type = type;
            this.behaviour = behaviour;
        }

        @Override
        public String type() {
            return type;
        }

        @Override
        public Invoker create(FunctionDefinition function, InvokerContext context) {
            if (function.configuration().containsKey("broken")) {
                throw new InvalidFunctionException("broken must not be set");
            }
            FakeInvoker invoker = new FakeInvoker(behaviour);
            made.add(invoker);
            return invoker;
        }

        @Override
        public Set<String> references(FunctionDefinition function) {
            return function.configuration().get("calls") instanceof String called ? Set.of(called) : Set.of();
        }
    }

    /** An invoker that knows whether it is closed, and refuses calls from then on. */
    static final class FakeInvoker implements Invoker {
        private final Function<Invocation, CompletionStage<InvocationResult>> behaviour;
        volatile boolean closed;

        FakeInvoker(Function<Invocation, CompletionStage<InvocationResult>> behaviour) {
            this.behaviour = behaviour;
        }

        @Override
        public CompletionStage<InvocationResult> invoke(Invocation invocation) {
            if (closed) {
                throw new IllegalStateException("called after close");
            }
            return behaviour.apply(invocation);
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
