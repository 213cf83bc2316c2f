package io.eventgateway.test;

import io.cloudevents.CloudEvent;
import io.eventgateway.Emission;
import io.eventgateway.EmitOptions;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.FunctionContext;
import java.sql.Connection;
import java.time.Instant;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The context of a call that no gateway makes, for a unit test of one handler. It says what the test sets and remembers what the
 * handler emits, which goes to nobody. Thread-safe.
 *
 * <pre>{@code
 * RecordingContext context = new RecordingContext("shipping").attempt(3);
 * handler.handle(Event.of("order.placed", order), context);
 * assertThat(context.lastEmitted().getType()).isEqualTo("order.shipped");
 * }</pre>
 */
public final class RecordingContext implements FunctionContext {
    private final String functionId;
    private final List<Event> emitted = new CopyOnWriteArrayList<>();
    private volatile @Nullable String subscriptionId;
    private volatile String space = EventGateway.DEFAULT_SPACE;
    private volatile int attempt = 1;
    private volatile Instant deadline = Instant.MAX;
    private volatile boolean handledBefore;

    /** Creates the context of a first attempt in the default space, without a subscription, whose deadline never comes. */
    public RecordingContext(String functionId) {
        this.functionId = Objects.requireNonNull(functionId, "functionId");
    }

    /** Sets the subscription that the event is delivered for; null for a call by {@code invoke}. */
    public RecordingContext subscriptionId(@Nullable String id) {
        this.subscriptionId = id;
        return this;
    }

    /** Sets the space. */
    public RecordingContext space(String name) {
        this.space = Objects.requireNonNull(name, "name");
        return this;
    }

    /**
     * Sets the number of the attempt.
     *
     * @throws IllegalArgumentException if the number is less than 1
     */
    public RecordingContext attempt(int number) {
        if (number < 1) {
            throw new IllegalArgumentException("attempt must be at least 1, was " + number);
        }
        this.attempt = number;
        return this;
    }

    /** Sets the deadline. */
    public RecordingContext deadline(Instant at) {
        this.deadline = Objects.requireNonNull(at, "at");
        return this;
    }

    /** Sets whether the event was handled before, which is the opposite of what {@link #inbox(Connection)} answers. */
    public RecordingContext handledBefore(boolean before) {
        this.handledBefore = before;
        return this;
    }

    @Override
    public String functionId() {
        return functionId;
    }

    @Override
    public @Nullable String subscriptionId() {
        return subscriptionId;
    }

    @Override
    public String space() {
        return space;
    }

    @Override
    public int attempt() {
        return attempt;
    }

    @Override
    public Instant deadline() {
        return deadline;
    }

    /** Answers what the test says with {@link #handledBefore}; the connection is not used. */
    @Override
    public boolean inbox(Connection connection) {
        return !handledBefore;
    }

    /** Answers what the test says with {@link #handledBefore}; the connection is not used. */
    @Override
    public boolean inbox(Connection connection, Event event) {
        return !handledBefore;
    }

    @Override
    public Emission emit(String type, @Nullable Object data) {
        return emit(Event.of(type, data));
    }

    @Override
    public Emission emit(CloudEvent event) {
        Event recorded = Event.from(event);
        emitted.add(recorded);
        return Emission.none(recorded);
    }

    @Override
    public Emission emit(String type, @Nullable Object data, EmitOptions options) {
        return emit(Event.of(type, data), options);
    }

    /** Remembers the event; the extensions of the options are added, and the rest of them is not looked at. */
    @Override
    public Emission emit(CloudEvent event, EmitOptions options) {
        Event.Builder changed = Event.from(event).toBuilder();
        options.extensions().forEach(changed::extension);
        return emit(changed.build());
    }

    /** Returns the events that the handler emitted, in their order. */
    public List<Event> emitted() {
        return List.copyOf(emitted);
    }

    /**
     * Returns the last event that the handler emitted.
     *
     * @throws NoSuchElementException if the handler emitted none
     */
    public Event lastEmitted() {
        List<Event> all = emitted();
        if (all.isEmpty()) {
            throw new NoSuchElementException("the handler emitted no event");
        }
        return all.get(all.size() - 1);
    }
}
