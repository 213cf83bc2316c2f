package io.eventgateway.internal.invocation;

import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.FunctionHandler;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import io.eventgateway.InvocationResult;
import io.eventgateway.Subscription;
import io.eventgateway.http.NetworkPolicy;
import io.eventgateway.internal.eventtype.Upcasters;
import io.eventgateway.spi.EventStore;
import io.eventgateway.spi.Invocation;
import io.eventgateway.spi.InvocationInterceptor;
import io.eventgateway.spi.Secrets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Calls functions: interceptors, system events, then the handler or the invoker; and makes a result or an
 * {@link InvocationException} of whatever comes back, so that callers see nothing else.
 */
public final class Invocations {
    /**
     * What the calls of a gateway are set up with.
     *
     * @param ownThreads whether calls that nobody makes on a thread of their own are made on the gateway's threads alone
     */
    public record Setup(
            InvokerProviders providers,
            List<InvocationInterceptor> interceptors,
            @Nullable JsonMapper mapper,
            InstantSource clock,
            LongSupplier timer,
            int maxPayloadSize,
            boolean ownThreads,
            Emitter emitter,
            Reshaping reshaping,
            Upcasters upcasters,
            Outside outside,
            EventStore store,
            BiFunction<String, String, @Nullable RegisteredFunction> functions) {
        /** Copies the interceptors. */
        public Setup {
            interceptors = List.copyOf(interceptors);
        }
    }

    /**
     * What functions elsewhere may use.
     *
     * @param network the places they may be called at
     * @param secrets what their configurations may refer to
     */
    public record Outside(NetworkPolicy network, List<Secrets> secrets) {
        /** Copies the sources. */
        public Outside {
            secrets = List.copyOf(secrets);
        }
    }

    private final Setup setup;
    private final Configuration configuration;
    private final Results results;
    private final boolean intercepted;
    private final boolean ownThreads;

    /** The calls of a gateway. */
    public Invocations(Setup setup) {
        this.setup = setup;
        this.configuration = new Configuration(setup.mapper(), setup.outside().secrets());
        this.results = new Results(setup.emitter(), setup.mapper());
        this.ownThreads = setup.ownThreads();
        this.intercepted = !setup.interceptors().isEmpty();
    }

    /** The clock that tells the time of day. */
    public InstantSource clock() {
        return setup.clock();
    }

    /** The timer of deadlines, in nanoseconds of its own origin. */
    public LongSupplier timer() {
        return setup.timer();
    }

    /** The providers that make invokers. */
    public InvokerProviders providers() {
        return setup.providers();
    }

    @Nullable JsonMapper mapper() {
        return setup.mapper();
    }

    Results results() {
        return results;
    }

    int maxPayloadSize() {
        return setup.maxPayloadSize();
    }

    /** The event store, which has the inbox of functions. */
    EventStore store() {
        return setup.store();
    }

    /** Emits what functions return and emit, and system events. */
    public Emitter emitter() {
        return setup.emitter();
    }

    /** An invoker for the function, not made yet. */
    public PreparedInvoker prepare(FunctionDefinition definition, String space) {
        return new PreparedInvoker(definition, new LeasedInvoker(definition, made -> setup.providers()
                .create(made, new SpaceContext(space, this, setup, configuration))));
    }

    /**
     * Calls a function of which the outcome is wanted by a time.
     *
     * @param emission what the event came with; null for {@code invoke} and {@code handle}
     * @param mayBeRepeated whether the function may get this attempt twice
     * @return a future that ends with the result or with an {@link InvocationException}
     */
    public CompletableFuture<InvocationResult> invoke(
            RegisteredFunction function,
            @Nullable Subscription subscription,
            Event event,
            @Nullable Emission emission,
            int attempt,
            long deadlineNanos,
            boolean mayBeRepeated) {
        Event lifted;
        try {
            lifted = lifted(event, function.space(), function.id());
        } catch (InvocationException e) {
            return CallFailures.failed(e);
        }
        Call call = Call.until(deadlineNanos, this, function, subscription, lifted, emission, attempt);
        call.setRepeatable(mayBeRepeated);
        if (!ownThreads) {
            return invoke(call);
        }
        boolean outermost = InterruptFlag.enter();
        try {
            return invoke(call);
        } finally {
            InterruptFlag.leave(outermost);
        }
    }

    /**
     * A call of a function for several deliveries, to be {@linkplain BatchInvocation#begin begun}.
     *
     * @param members for whom the events are delivered
     */
    public BatchInvocation batch(
            RegisteredFunction function,
            Subscription subscription,
            List<? extends Cause> members,
            int attempt,
            long deadlineNanos) {
        return new BatchInvocation(this, function, subscription, members, attempt, deadlineNanos);
    }

    boolean hasOwnThreads() {
        return ownThreads;
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
        CompletableFuture<InvocationResult> outcome;
        try {
            Call call = Call.direct(this, function, subscription, event, emission, attempt, timeoutNanos);
            outcome = transformed ? invokeReshaped(call) : begin(call);
        } catch (Throwable e) { // the emitter's other functions get the event, whatever happened on the way to this one
            return CallFailures.failed(CallFailures.ofGateway(e, function.id()));
        }
        return outcome == Results.DONE ? null : outcome;
    }

    /** An event in the version that the gateway's code knows, be it that a store has kept it since another was current. */
    private Event lifted(Event event, String space, String functionId) {
        try {
            return setup.upcasters().lift(space, event);
        } catch (Upcasters.Failed e) {
            throw new InvocationException(
                    Kind.CALL_FAILED, false, "function '" + functionId + "' can't be called: " + e.getMessage(), e);
        }
    }

    /**
     * Applies the subscription's transform to an event that is to go into a batch.
     *
     * @throws InvocationException if the transform fails for it
     */
    Event reshaped(Event given, Subscription subscription, String space) {
        Event event = lifted(given, space, subscription.functionId());
        if (subscription.transform() == null) {
            return event;
        }
        try {
            return setup.reshaping().reshape(event, subscription, space).event();
        } catch (Throwable e) { // the data is foreign code
            throw CallFailures.ofGateway(e, subscription.functionId());
        }
    }

    CompletableFuture<InvocationResult> invoke(Call call) {
        return call.isToBeReshaped() ? invokeReshaped(call) : begin(call);
    }

    /** Calls a function with what it is to get. */
    CompletableFuture<InvocationResult> begin(Call call) {
        if (intercepted) {
            return through(0, call);
        }
        return call.function().systemEvents().wantsCalls(call.emitted()) ? observed(call) : call(call);
    }

    private CompletableFuture<InvocationResult> invokeReshaped(Call call) {
        Call reshaped;
        try {
            reshaped = call.reshaped(setup.reshaping());
        } catch (Throwable e) { // the data is foreign code
            InvocationException failure = CallFailures.ofGateway(e, call.functionId());
            call.function().systemEvents().failed(call, Duration.ZERO, failure);
            return CallFailures.failed(failure);
        }
        return begin(reshaped);
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
                    "interceptor");
        } catch (Throwable e) { // foreign code: whatever it throws is the failure of this call
            return CallFailures.failed(CallFailures.ofInterceptor(e, interceptor, call.functionId()));
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
                events.failed(call, duration, CallFailures.ofFunction(failure, call.functionId()));
            }
        });
        return outcome;
    }

    private CompletableFuture<InvocationResult> call(Call call) {
        RegisteredFunction.Registration registration = call.function().registration();
        if (registration == null) {
            RegisteredFunction successor = setup.functions().apply(call.space(), call.functionId());
            if (successor != null && successor != call.function()) {
                return call(call.to(successor)); // it was deleted, and registered again, while the delivery waited
            }
            return CallFailures.failed(new InvocationException(
                    Kind.CALL_FAILED,
                    true,
                    "function '" + call.functionId() + "' is not registered in space '" + call.space() + "'"));
        }
        FunctionHandler handler = registration.handler();
        if (handler != null) {
            return handle(handler, call);
        }
        LeasedInvoker invoker = registration.invoker();
        if (invoker == null) {
            return CallFailures.failed(new InvocationException(
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
            if (call.isDirect()) {
                Thread.currentThread()
                        .interrupt(); // it was the emitter who was told to stop, and who is to find that out
            }
            return CallFailures.failed(
                    call.remaining().isZero()
                            ? CallFailures.timeout(call.functionId(), e)
                            : CallFailures.ofFunction(e, call.functionId()));
        } catch (Throwable e) { // foreign code: an Error too ends this delivery, not the thread it runs on
            return CallFailures.failed(CallFailures.ofFunction(e, call.functionId()));
        }
        return results.outcome(returned, call);
    }

    private CompletableFuture<InvocationResult> invoke(LeasedInvoker leased, Call call) {
        CompletableFuture<InvocationResult> outcome;
        try {
            outcome = adopted(leased.invoker().invoke(call), call, leased.invoker(), "invoker");
        } catch (Throwable e) { // foreign code: whatever it throws is the failure of this call
            outcome = CallFailures.failed(CallFailures.ofInvoker(e, call.functionId()));
        }
        outcome.whenComplete((result, failure) -> leased.release());
        return outcome;
    }

    /**
     * A foreign stage as a future of our own, whose failures are all {@link InvocationException}s.
     *
     * @param from the interceptor or the invoker that gave the stage
     * @param role what that is called in a message
     */
    private static CompletableFuture<InvocationResult> adopted(
            @Nullable CompletionStage<InvocationResult> stage, Call call, Object from, String role) {
        if (stage == null) {
            return CallFailures.failed(new InvocationException(
                    Kind.CALL_FAILED,
                    false,
                    "the " + role + " " + from.getClass().getName() + " of function '" + call.functionId()
                            + "' returned null, not a stage"));
        }
        if (stage == Results.DONE) {
            return Results.DONE;
        }
        CompletableFuture<InvocationResult> outcome = new Outcome(stage, call);
        CompletionStage<?> unused = stage.handle((result, failure) -> {
            if (failure != null) {
                outcome.completeExceptionally(
                        from instanceof InvocationInterceptor interceptor
                                ? CallFailures.ofInterceptor(failure, interceptor, call.functionId())
                                : CallFailures.ofInvoker(failure, call.functionId()));
            } else {
                outcome.complete(Objects.requireNonNullElse(result, InvocationResult.empty()));
            }
            return null;
        });
        return outcome;
    }

    /** A function that did not end in time. */
    public static InvocationException timeout(String functionId, @Nullable Throwable cause) {
        return CallFailures.timeout(functionId, cause);
    }

    /** Gives up an outcome of {@link #invoke}: it ends with the failure, and the work behind it is cancelled. */
    public static void abandon(CompletableFuture<InvocationResult> outcome, InvocationException failure) {
        if (outcome instanceof Abandonable ours) {
            ours.abandon(failure);
        }
    }
}
