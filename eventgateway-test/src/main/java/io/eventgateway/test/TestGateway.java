package io.eventgateway.test;

import io.cloudevents.CloudEvent;
import io.eventgateway.Emission;
import io.eventgateway.EmitOptions;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.EventHandler;
import io.eventgateway.EventTypes;
import io.eventgateway.Explanation;
import io.eventgateway.Finding;
import io.eventgateway.Functions;
import io.eventgateway.GatewayCounters;
import io.eventgateway.GatewayDescription;
import io.eventgateway.InvocationResult;
import io.eventgateway.Subscription;
import io.eventgateway.Subscriptions;
import io.eventgateway.delivery.BacklogStatus;
import io.eventgateway.delivery.DeadLetters;
import io.eventgateway.history.EventHistory;
import io.eventgateway.history.Replay;
import io.eventgateway.http.HttpRequest;
import io.eventgateway.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;

/**
 * A gateway that a test owns: its time stands still until the test moves it, everything runs on the test's thread, and it
 * remembers what happened, for {@linkplain GatewayAssertions assertions} and {@linkplain #track tracking}.
 */
public final class TestGateway implements EventGateway {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration GRACE = TestClockDriver.GRACE;
    private static final Duration LOOK_AGAIN = Duration.ofMillis(5);
    private static final Duration HORIZON = Duration.ofDays(400);

    private final EventGateway gateway;
    private final @Nullable TestClock clock;
    private final Recorder recorder;

    private TestGateway(EventGateway gateway, @Nullable TestClock clock, Recorder recorder) {
        this.gateway = gateway;
        this.clock = clock;
        this.recorder = recorder;
    }

    /** A gateway with the defaults that goes by a new {@link TestClock}. */
    public static TestGateway create() {
        return create(new TestClock(), builder -> builder);
    }

    /** A gateway with what the test sets that goes by a new {@link TestClock}. */
    public static TestGateway create(UnaryOperator<Builder> settings) {
        return create(new TestClock(), settings);
    }

    /**
     * A gateway with what the test sets that goes by the clock. Several may go by one. Its {@link #close} waits for nothing
     * unless the test sets a shutdown timeout, which is real time.
     */
    public static TestGateway create(TestClock clock, UnaryOperator<Builder> settings) {
        Recorder recorder = new Recorder(clock);
        Builder builder = EventGateway.builder().clock(clock).shutdownTimeout(Duration.ZERO);
        return new TestGateway(settings.apply(recorder.record(builder)).build(), clock, recorder);
    }

    /** As {@link #roundTripping(TestClock, UnaryOperator)}, with the defaults and a new clock. */
    public static TestGateway roundTripping() {
        return roundTripping(new TestClock(), builder -> builder);
    }

    /** As {@link #roundTripping(TestClock, UnaryOperator)}, with a new clock. */
    public static TestGateway roundTripping(UnaryOperator<Builder> settings) {
        return roundTripping(new TestClock(), settings);
    }

    /**
     * A gateway as {@link #create(TestClock, UnaryOperator)} makes it, which has every event that is emitted pass through its JSON form
     * before it is delivered, as a durable store does. So functions get what they would get after a restart, and not the object that
     * was emitted. Data that does not survive this is refused: {@code emit} then throws an {@link
     * io.eventgateway.error.InvalidEventException} that names the event and what can't be written or read back. What {@code invoke} and
     * {@code handle} give to functions, and system events, are never kept, and stay as they are.
     */
    public static TestGateway roundTripping(TestClock clock, UnaryOperator<Builder> settings) {
        RoundTrip roundTrip = new RoundTrip();
        return create(clock, builder -> roundTrip.make(settings.apply(builder)));
    }

    /** A gateway with what the test sets that has threads, and goes by the clock that is set or the system's. */
    static TestGateway withThreads(UnaryOperator<Builder> settings) {
        Recorder recorder = new Recorder(InstantSource.system());
        return new TestGateway(
                settings.apply(recorder.record(EventGateway.builder())).build(), null, recorder);
    }

    /**
     * The clock that it goes by.
     *
     * @throws IllegalStateException if it goes by the system's, with threads of its own
     */
    public TestClock clock() {
        if (clock == null) {
            throw new IllegalStateException("this gateway goes by real time; TestGateway.create() goes by a TestClock");
        }
        return clock;
    }

    /** Moves the clock on; everything that becomes due on the way runs at its time, on this thread. */
    public void advance(Duration by) {
        clock().advance(by);
    }

    /**
     * Runs an action and everything that it sets off, moving the clock as far as that takes (400 days at most): chains, retries and
     * delays, calls by {@code invokeAsync} and {@code handleAsync}, redriven dead letters, replays whatever their rate, system events that somebody listens to, and the functions that get
     * dead letters. What other threads have yet to bring (the answer of an HTTP server, say) is waited for half a
     * second of real time before the clock moves on, to its deadline in the end.
     *
     * @return what it set off
     * @throws AssertionError if something has not ended then, with what is known of it; or if the action threw a checked
     *     exception
     */
    public TrackedSession track(ThrowingCallable action) {
        Mark before = new Mark(recorder.emissions().size(), recorder.replays().size(), recorder.awaitedCalls());
        try {
            action.call();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("the tracked action threw " + e, e);
        }
        boolean settled = settle(before);
        List<Recorder.Emitted> all = recorder.emissions();
        TrackedSession session = new TrackedSession(all.subList(before.emissions(), all.size()), recorder.timeline());
        if (!settled) {
            throw new AssertionError("what the action set off has not ended:\n" + session);
        }
        return session;
    }

    /** How much had been recorded when a tracked action began. */
    private record Mark(int emissions, int replays, long awaitedCalls) {}

    private boolean settle(Mark from) {
        if (clock == null) {
            return settleInRealTime(from);
        }
        Instant limit = clock.instant().plus(HORIZON);
        while (true) {
            int known;
            do { // at once, unless another thread has yet to bring something; what it brings may lead to more of that
                known = recorder.size();
            } while (!gateway.awaitIdle(GRACE) && recorder.size() != known);
            if (haveEnded(from)) {
                return true;
            }
            if (!clock.advanceToNext(limit)) {
                gateway.awaitIdle(PATIENCE);
                return haveEnded(from);
            }
        }
    }

    /** With threads: what has begun is waited for, and then what it has led to. */
    private boolean settleInRealTime(Mark from) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!gateway.awaitIdle(Duration.ofNanos(Math.max(0, until - System.nanoTime()))) || !haveEnded(from)) {
            if (System.nanoTime() - until >= 0 || Thread.currentThread().isInterrupted()) {
                return haveEnded(from);
            }
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
        return true;
    }

    private boolean haveEnded(Mark from) {
        if (recorder.isAwaited(from.awaitedCalls())) {
            return false;
        }
        List<Replay> replays = recorder.replays();
        for (Replay replay : replays.subList(from.replays(), replays.size())) {
            if (!replay.completion().isDone()) {
                return false;
            }
        }
        List<Recorder.Emitted> all = recorder.emissions();
        for (Recorder.Emitted emitted : all.subList(from.emissions(), all.size())) {
            Emission emission = emitted.emission();
            if (emission != null && !emission.completion().isDone()) {
                return false;
            }
        }
        return true;
    }

    Recorder recorder() {
        return recorder;
    }

    /** Runs what is ready; with threads, waits until everything has ended. False when that takes too long. */
    boolean settle() {
        return gateway.awaitIdle(PATIENCE) || clock != null;
    }

    /** What has happened so far, a line each. */
    public String timeline() {
        return recorder.timeline();
    }

    @Override
    public Emission emit(String type, @Nullable Object data) {
        return gateway.emit(type, data);
    }

    @Override
    public Emission emit(String type, @Nullable Object data, EmitOptions options) {
        return gateway.emit(type, data, options);
    }

    @Override
    public Emission emit(CloudEvent event) {
        return gateway.emit(event);
    }

    @Override
    public Emission emit(CloudEvent event, EmitOptions options) {
        return gateway.emit(event, options);
    }

    @Override
    public List<Emission> emitAll(Collection<? extends CloudEvent> events) {
        return gateway.emitAll(events);
    }

    @Override
    public List<Emission> emitAll(Collection<? extends CloudEvent> events, EmitOptions options) {
        return gateway.emitAll(events, options);
    }

    @Override
    public InvocationResult invoke(String functionId, @Nullable Object dataOrEvent) {
        return gateway.invoke(functionId, dataOrEvent);
    }

    @Override
    public CompletableFuture<InvocationResult> invokeAsync(String functionId, @Nullable Object dataOrEvent) {
        return gateway.invokeAsync(functionId, dataOrEvent);
    }

    @Override
    public HttpResponse handle(HttpRequest request) {
        return gateway.handle(request);
    }

    @Override
    public CompletableFuture<HttpResponse> handleAsync(HttpRequest request) {
        return gateway.handleAsync(request);
    }

    @Override
    public Subscription subscribe(String eventType, EventHandler<? super Event> handler) {
        return gateway.subscribe(eventType, handler);
    }

    @Override
    public <T> Subscription subscribe(String eventType, Class<T> dataType, EventHandler<? super T> handler) {
        return gateway.subscribe(eventType, dataType, handler);
    }

    @Override
    public <T> Subscription subscribe(Class<T> annotated, EventHandler<? super T> handler) {
        return gateway.subscribe(annotated, handler);
    }

    @Override
    public Subscription subscribeAsync(
            String eventType, Function<? super Event, ? extends CompletionStage<?>> handler) {
        return gateway.subscribeAsync(eventType, handler);
    }

    @Override
    public Functions functions() {
        return gateway.functions();
    }

    @Override
    public EventTypes eventTypes() {
        return gateway.eventTypes();
    }

    @Override
    public Subscriptions subscriptions() {
        return gateway.subscriptions();
    }

    @Override
    public DeadLetters deadLetters() {
        return gateway.deadLetters();
    }

    @Override
    public EventHistory history() {
        return gateway.history();
    }

    @Override
    public Explanation explain(CloudEvent event) {
        return gateway.explain(event);
    }

    @Override
    public GatewayDescription describe() {
        return gateway.describe();
    }

    @Override
    public List<Finding> check() {
        return gateway.check();
    }

    @Override
    public GatewayCounters counters() {
        return gateway.counters();
    }

    @Override
    public EventGateway space(String name) {
        return gateway.space(name);
    }

    @Override
    public BacklogStatus backlog() {
        return gateway.backlog();
    }

    /** Runs what is ready, without moving the clock; what waits for the clock is not idle. */
    @Override
    public boolean awaitIdle(Duration atMost) {
        return gateway.awaitIdle(atMost);
    }

    @Override
    public void close() {
        gateway.close();
    }

    @Override
    public String toString() {
        return "TestGateway[" + gateway + "]";
    }
}
