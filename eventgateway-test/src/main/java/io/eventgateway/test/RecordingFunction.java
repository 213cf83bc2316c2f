package io.eventgateway.test;

import io.eventgateway.Event;
import io.eventgateway.FunctionContext;
import io.eventgateway.FunctionHandler;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A function that remembers the events it got, answers what it is told, and fails when it is told to. Thread-safe. */
public final class RecordingFunction implements FunctionHandler {
    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final AtomicInteger failures = new AtomicInteger();
    private volatile FunctionHandler answer = (event, context) -> null;
    private volatile @Nullable Exception failure;

    /** A function that answers nothing. */
    public RecordingFunction() {}

    /** Answers every event with the value. */
    public RecordingFunction answering(@Nullable Object value) {
        return answering((event, context) -> value);
    }

    /** Answers as the handler does. */
    public RecordingFunction answering(FunctionHandler handler) {
        this.answer = handler;
        return this;
    }

    /** Fails the next so many calls with the exception, then goes on as before. */
    public RecordingFunction failing(int times, Exception with) {
        this.failure = with;
        failures.set(times);
        return this;
    }

    @Override
    public @Nullable Object handle(Event event, FunctionContext context) throws Exception {
        events.add(event);
        Exception planned = failure;
        if (planned != null && failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw planned;
        }
        return answer.handle(event, context);
    }

    /** The events it was called with, failed calls included, in the order of their arrival. */
    public List<Event> events() {
        return List.copyOf(events);
    }

    /**
     * The last of these events.
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
