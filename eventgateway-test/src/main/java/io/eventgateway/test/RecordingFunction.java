package io.eventgateway.test;

import io.eventgateway.Event;
import io.eventgateway.FunctionContext;
import io.eventgateway.FunctionHandler;
import io.eventgateway.InvocationException;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A function that remembers its events and does what the test says: it answers, fails, or does not end until it is released.
 * Thread-safe.
 */
public final class RecordingFunction implements FunctionHandler {
    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final AtomicInteger failures = new AtomicInteger();
    private final List<CompletableFuture<@Nullable Object>> held = new ArrayList<>();
    private volatile FunctionHandler answer = (event, context) -> null;
    private volatile @Nullable Exception failure;
    private volatile boolean holding;

    /** Creates a function with empty results. */
    public RecordingFunction() {}

    /** Answers every event with the value. */
    public RecordingFunction answering(@Nullable Object value) {
        return answering((event, context) -> value);
    }

    /** Answers as the handler does. */
    public RecordingFunction answering(FunctionHandler handler) {
        this.answer = Objects.requireNonNull(handler, "handler");
        return this;
    }

    /** Fails that many of the next calls with the exception, then goes on as before. */
    public RecordingFunction failing(int times, Exception with) {
        if (times < 0) {
            throw new IllegalArgumentException("times must be at least 0, was " + times);
        }
        this.failure = Objects.requireNonNull(with, "with must not be null: it is what the calls fail with");
        failures.set(times);
        return this;
    }

    /** Fails that many of the next calls with a failure of the kind, retryable unless the kind is ACCESS_DENIED. */
    public RecordingFunction failing(int times, InvocationException.Kind kind) {
        return failing(
                times,
                new InvocationException(
                        kind, kind != InvocationException.Kind.ACCESS_DENIED, "the test said to fail with " + kind));
    }

    /** Fails every call with the exception, until it is told otherwise. */
    public RecordingFunction alwaysFailing(Exception with) {
        return failing(Integer.MAX_VALUE, with);
    }

    /** Ends no call until {@link #release}. A held call holds no thread, so its time can run out. */
    public RecordingFunction blocking() {
        this.holding = true;
        return this;
    }

    /** Ends every held call with an empty result, and holds no further calls. */
    public void release() {
        List<CompletableFuture<@Nullable Object>> ending;
        synchronized (held) {
            holding = false;
            ending = List.copyOf(held);
            held.clear();
        }
        ending.forEach(each -> each.complete(null));
    }

    /** Returns how many calls are held and not given up. */
    public int held() {
        synchronized (held) {
            return (int) held.stream().filter(each -> !each.isDone()).count();
        }
    }

    @Override
    public @Nullable Object handle(Event event, FunctionContext context) throws Exception {
        events.add(event);
        Exception planned = failure;
        if (planned != null && failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw planned;
        }
        synchronized (held) {
            if (holding) {
                CompletableFuture<@Nullable Object> end = new CompletableFuture<>();
                held.add(end);
                return end;
            }
        }
        return answer.handle(event, context);
    }

    /** Returns the events of all calls, failed ones included, in the order of their arrival. */
    public List<Event> events() {
        return List.copyOf(events);
    }

    /**
     * Returns the event of the last call.
     *
     * @throws NoSuchElementException if there was none
     */
    public Event lastEvent() {
        List<Event> seen = events();
        if (seen.isEmpty()) {
            throw new NoSuchElementException("the function was not called");
        }
        return seen.get(seen.size() - 1);
    }
}
