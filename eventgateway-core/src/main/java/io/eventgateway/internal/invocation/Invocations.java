package io.eventgateway.internal.invocation;

import io.cloudevents.CloudEvent;
import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.EventGatewayException;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.FunctionHandler;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import io.eventgateway.InvocationResult;
import io.eventgateway.Subscription;
import io.eventgateway.error.DataConversionException;
import io.eventgateway.error.EventRejectedException;
import io.eventgateway.error.InvalidEventException;
import io.eventgateway.internal.event.Returned;
import io.eventgateway.internal.json.Mappers;
import io.eventgateway.spi.Invocation;
import io.eventgateway.spi.InvocationInterceptor;
import io.eventgateway.spi.Invoker;
import io.eventgateway.spi.InvokerContext;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Calls functions: interceptors, system events, then the handler or the invoker; and makes a result or an
 * {@link InvocationException} of whatever comes back, so that callers see nothing else.
 */
public final class Invocations {
    /** What the call of a handler that returned null ends with; one for all, so that such a call allocates no future. */
    private static final CompletableFuture<InvocationResult> DONE =
            CompletableFuture.completedFuture(InvocationResult.empty());

    private static final String INTERCEPTOR_OF = "an interceptor of function";

    /** What this room is set up with. */
    public record Setup(
            InvokerProviders providers,
            List<InvocationInterceptor> interceptors,
            @Nullable JsonMapper mapper,
            InstantSource clock,
            LongSupplier timer,
            int maxPayloadSize,
            Emitter emitter,
            Reshaping reshaping,
            BiFunction<String, String, @Nullable RegisteredFunction> functions) {
        /** Copies the interceptors. */
        public Setup {
            interceptors = List.copyOf(interceptors);
        }
    }

    private final Setup setup;
    private final Configuration configuration;
    private final boolean intercepted;

    /** The room. */
    public Invocations(Setup setup) {
        this.setup = setup;
        this.configuration = new Configuration(setup.mapper());
        this.intercepted = !setup.interceptors().isEmpty();
    }

    /** Where the time of day comes from. */
    public InstantSource clock() {
        return setup.clock();
    }

    /** The timer of deadlines, in nanoseconds of its own origin. */
    public LongSupplier timer() {
        return setup.timer();
    }

    int maxPayloadSize() {
        return setup.maxPayloadSize();
    }

    /** The way back to the intake. */
    public Emitter emitter() {
        return setup.emitter();
    }

    /** An invoker for the function, not made yet. */
    public PreparedInvoker prepare(FunctionDefinition definition, String space) {
        return new PreparedInvoker(definition, new LeasedInvoker(definition, made -> setup.providers()
                .create(made, new Context(space))));
    }

    /**
     * Calls a function of which the outcome is wanted by a time.
     *
     * @param emission what the event came with; null for {@code invoke} and {@code handle}
     * @return a future that ends with the result or with an {@link InvocationException}
     */
    public CompletableFuture<InvocationResult> invoke(
            RegisteredFunction function,
            @Nullable Subscription subscription,
            Event event,
            @Nullable Emission emission,
            int attempt,
            long deadlineNanos) {
        return invoke(Call.until(deadlineNanos, this, function, subscription, event, emission, attempt));
    }

    /** As {@link #invoke}, with several events in one call, each as it is to be handed over. */
    public CompletableFuture<InvocationResult> invokeBatch(
            RegisteredFunction function,
            Subscription subscription,
            List<Event> events,
            int attempt,
            long deadlineNanos) {
        return invoke(Call.batch(deadlineNanos, this, function, subscription, events, attempt));
    }

    /**
     * Calls a function on the emitter's thread.
     *
     * @param transformed whether the subscription has a transform
     * @return null when it succeeded and returned nothing, else a future as {@link #invoke}'s
     */
    public @Nullable CompletableFuture<InvocationResult> invokeDirectly(
            RegisteredFunction function,
            Subscription subscription,
            Event event,
            Emission emission,
            int attempt,
            long timeoutNanos,
            boolean transformed) {
        Call call = Call.direct(this, function, subscription, event, emission, attempt, timeoutNanos);
        CompletableFuture<InvocationResult> outcome = transformed ? invokeReshaped(call) : begin(call);
        return outcome == DONE ? null : outcome;
    }

    /**
     * What the subscription's transform makes of an event that is to go into a batch.
     *
     * @throws InvocationException if the transform fails for it
     */
    public Event reshaped(Event event, Subscription subscription, String space) {
        return subscription.transform() == null
                ? event
                : setup.reshaping().reshape(event, subscription, space).event();
    }

    private CompletableFuture<InvocationResult> invoke(Call call) {
        return call.isToBeReshaped() ? invokeReshaped(call) : begin(call);
    }

    /** Calls a function with what it is to get. */
    private CompletableFuture<InvocationResult> begin(Call call) {
        if (intercepted) {
            return through(0, call);
        }
        return call.function().systemEvents().wantsCalls(call.emitted()) ? observed(call) : call(call);
    }

    private CompletableFuture<InvocationResult> invokeReshaped(Call call) {
        Call reshaped;
        try {
            reshaped = call.reshaped(setup.reshaping());
        } catch (InvocationException e) {
            call.function().systemEvents().failed(call, Duration.ZERO, e);
            return failed(e);
        }
        return begin(reshaped);
    }

    /** Several events in the CloudEvents JSON batch format. */
    byte[] batchPayload(List<Event> events, Function<DataConversionException, InvocationException> refusal) {
        try {
            List<JsonNode> batch = new ArrayList<>(events.size());
            for (Event event : events) {
                batch.add(event.toJson());
            }
            return Mappers.orShared(setup.mapper()).writeValueAsBytes(batch);
        } catch (DataConversionException e) {
            throw refusal.apply(e);
        }
    }

    private CompletableFuture<InvocationResult> through(int index, Call call) {
        if (index == setup.interceptors().size()) {
            return call.function().systemEvents().wantsCalls(call.emitted()) ? observed(call) : call(call);
        }
        InvocationInterceptor interceptor = setup.interceptors().get(index);
        try {
            return adopted(
                    interceptor.intercept(call, passed -> through(index + 1, ours(passed, call))),
                    call,
                    interceptor,
                    thrown -> failure(thrown, call, INTERCEPTOR_OF));
        } catch (Throwable e) { // foreign code: whatever it throws is the failure of this call
            return failed(failure(e, call, INTERCEPTOR_OF));
        }
    }

    /** The call that goes on; where an interceptor has put an invocation of its own in its place, with what that one changes. */
    private static Call ours(Invocation passed, Call call) {
        if (passed instanceof Call given) {
            return given;
        }
        Call changed = passed.event().equals(call.event()) ? call : call.withEvent(passed.event());
        return passed.headers().equals(call.headers()) ? changed : changed.withHeaders(passed.headers());
    }

    private CompletableFuture<InvocationResult> observed(Call call) {
        SystemEvents events = call.function().systemEvents();
        events.invoking(call);
        long start = System.nanoTime();
        CompletableFuture<InvocationResult> outcome = call(call);
        outcome.whenComplete((result, failure) -> {
            Duration duration = Duration.ofNanos(System.nanoTime() - start);
            if (failure == null) {
                events.invoked(call, duration);
            } else {
                events.failed(call, duration, failure(failure, call, "function"));
            }
        });
        return outcome;
    }

    private CompletableFuture<InvocationResult> call(Call call) {
        RegisteredFunction.Occupant occupant = call.function().occupant();
        if (occupant == null) {
            RegisteredFunction successor = setup.functions().apply(call.space(), call.functionId());
            if (successor != null && successor != call.function()) {
                return call(call.to(successor)); // it was deleted, and registered again, while the delivery waited
            }
            return failed(new InvocationException(
                    Kind.CALL_FAILED,
                    true,
                    "function '" + call.functionId() + "' is not registered in space '" + call.space() + "'"));
        }
        FunctionHandler handler = occupant.handler();
        if (handler != null) {
            return handle(handler, call);
        }
        LeasedInvoker invoker = occupant.invoker();
        if (invoker == null) {
            return failed(new InvocationException(
                    Kind.CALL_FAILED,
                    true,
                    "function '" + call.functionId()
                            + "' is of type java and has no handler in this process; register one"));
        }
        // lost the race with an update: its successor is in place, or will be
        return invoker.lease() ? invoke(invoker, call) : call(call);
    }

    private CompletableFuture<InvocationResult> handle(FunctionHandler handler, Call call) {
        Object returned;
        try {
            returned = call.isBatch() ? handler.handleBatch(call.events(), call) : handler.handle(call.event(), call);
        } catch (InterruptedException e) {
            return failed(call.remaining().isZero() ? timeout(call.functionId(), e) : failure(e, call, "function"));
        } catch (Throwable e) { // foreign code: an Error too ends this delivery, not the thread it runs on
            return failed(failure(e, call, "function"));
        }
        if (returned == null) {
            return DONE;
        }
        return returned instanceof CompletionStage<?> stage ? settled(stage, call) : completed(returned, call);
    }

    private CompletableFuture<InvocationResult> settled(CompletionStage<?> stage, Call call) {
        CompletableFuture<InvocationResult> outcome = new Outcome(stage, call);
        stage.whenComplete((value, failure) -> {
            try {
                if (failure != null) {
                    outcome.completeExceptionally(failure(failure, call, "function"));
                } else {
                    outcome.complete(result(value, call));
                }
            } catch (InvocationException e) {
                outcome.completeExceptionally(e);
            }
        });
        return outcome;
    }

    private CompletableFuture<InvocationResult> completed(Object value, Call call) {
        try {
            return CompletableFuture.completedFuture(result(value, call));
        } catch (InvocationException e) {
            return failed(e);
        }
    }

    /** Emits what is a reply; everything else is the result. */
    private InvocationResult result(@Nullable Object value, Call call) {
        if (value == null) {
            return InvocationResult.empty();
        }
        List<CloudEvent> replies = Returned.replies(value, call.functionId());
        if (replies.isEmpty()) {
            JsonMapper mapper = setup.mapper();
            return mapper == null ? InvocationResult.of(value) : InvocationResult.of(value, mapper);
        }
        for (CloudEvent reply : replies) {
            reply(reply, call);
        }
        return InvocationResult.empty();
    }

    private void reply(CloudEvent reply, Call call) {
        try {
            setup.emitter().emit(call.space(), reply, null, call);
        } catch (RuntimeException
                | StackOverflowError e) { // the latter when sync functions reply to each other without end
            throw new InvocationException(
                    Kind.PROVIDER_ERROR,
                    !(e instanceof EventRejectedException
                            || e instanceof InvalidEventException), // as the next one would be
                    "the reply of function '" + call.functionId() + "' was not accepted: "
                            + (e instanceof StackOverflowError
                                    ? "sync functions reply to each other without end"
                                    : e.getMessage()),
                    e);
        }
    }

    private CompletableFuture<InvocationResult> invoke(LeasedInvoker leased, Call call) {
        CompletableFuture<InvocationResult> outcome;
        try {
            Invoker invoker = leased.invoker();
            outcome = adopted(invoker.invoke(call), call, invoker, thrown -> invokerFailure(thrown, call));
        } catch (Throwable e) { // foreign code: whatever it throws is the failure of this call
            outcome = failed(invokerFailure(e, call));
        }
        outcome.whenComplete((result, failure) -> leased.release());
        return outcome;
    }

    /**
     * A foreign stage as a future of our own, whose failures are all {@link InvocationException}s.
     *
     * @param giver the interceptor or the invoker that gave the stage
     * @param failures what a failure of the stage is
     */
    private static CompletableFuture<InvocationResult> adopted(
            @Nullable CompletionStage<InvocationResult> stage,
            Call call,
            Object giver,
            Function<Throwable, InvocationException> failures) {
        if (stage == null) {
            return failed(new InvocationException(
                    Kind.CALL_FAILED,
                    false,
                    (giver instanceof InvocationInterceptor ? "the interceptor " : "the invoker ")
                            + giver.getClass().getName() + " of function '" + call.functionId()
                            + "' returned null, not a stage"));
        }
        if (stage == DONE) {
            return DONE;
        }
        CompletableFuture<InvocationResult> outcome = new Outcome(stage, call);
        stage.whenComplete((result, failure) -> {
            if (failure != null) {
                outcome.completeExceptionally(failures.apply(failure));
            } else {
                outcome.complete(Objects.requireNonNullElse(result, InvocationResult.empty()));
            }
        });
        return outcome;
    }

    private static CompletableFuture<InvocationResult> failed(InvocationException failure) {
        return CompletableFuture.failedFuture(failure);
    }

    /** A function that did not end in time. */
    public static InvocationException timeout(String functionId, @Nullable Throwable cause) {
        return new InvocationException(
                Kind.TIMEOUT, true, "function '" + functionId + "' did not end before its deadline", cause);
    }

    /** Gives up an outcome of {@link #invoke}: it ends with the failure, and the work behind it is cancelled. */
    public static void abandon(CompletableFuture<InvocationResult> outcome, InvocationException failure) {
        if (outcome instanceof Outcome ours) {
            ours.abandon(failure);
        }
    }

    /** What a function's own code threw. */
    private static InvocationException failure(Throwable thrown, Call call, String who) {
        Throwable cause = unwrapped(thrown);
        return cause instanceof InvocationException failure
                ? failure
                : new InvocationException(
                        Kind.FUNCTION_ERROR,
                        !(cause instanceof EventRejectedException), // what it emits would be rejected again
                        who + " '" + call.functionId() + "' threw " + cause,
                        cause);
    }

    private static InvocationException invokerFailure(Throwable thrown, Call call) {
        Throwable cause = unwrapped(thrown);
        if (cause instanceof InvocationException failure) {
            return failure;
        }
        boolean lasting = cause instanceof EventGatewayException
                || cause instanceof JacksonException // the event would be written in the same way again
                || cause instanceof LinkageError;
        return new InvocationException(
                Kind.CALL_FAILED, !lasting, "function '" + call.functionId() + "' can't be called: " + cause, cause);
    }

    private static Throwable unwrapped(Throwable thrown) {
        Throwable cause = thrown;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** What an invoker may use of the gateway. */
    private final class Context implements InvokerContext {
        private final String space;

        Context(String space) {
            this.space = space;
        }

        @Override
        public String space() {
            return space;
        }

        @Override
        public JsonMapper jsonMapper() {
            return Mappers.orShared(setup.mapper());
        }

        @Override
        public <T> T configuration(FunctionDefinition function, Class<T> type) {
            return configuration.read(function, type);
        }

        @Override
        public CompletionStage<InvocationResult> invoke(String functionId, Invocation invocation) {
            RegisteredFunction member = setup.functions().apply(space, functionId);
            if (!(invocation instanceof Call call)) {
                throw new IllegalArgumentException(
                        "the invocation must be the one that the invoker was called with, was a "
                                + invocation.getClass().getName());
            }
            if (member == null) {
                return failed(new InvocationException(
                        Kind.CALL_FAILED,
                        true,
                        "function '" + functionId + "' is not registered in space '" + space + "'"));
            }
            return Invocations.this.invoke(call.to(member)).handle((result, failure) -> {
                if (failure == null) {
                    return result.calledFunctionId() == null ? result.withCalledFunctionId(functionId) : result;
                }
                InvocationException known = failure(failure, call, "function");
                throw known.calledFunctionId() == null ? known.withCalledFunctionId(functionId) : known;
            });
        }
    }
}
