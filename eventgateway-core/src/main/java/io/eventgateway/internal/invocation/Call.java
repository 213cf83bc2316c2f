package io.eventgateway.internal.invocation;

import io.cloudevents.CloudEvent;
import io.cloudevents.CloudEventData;
import io.eventgateway.Emission;
import io.eventgateway.EmitOptions;
import io.eventgateway.Event;
import io.eventgateway.FunctionContext;
import io.eventgateway.FunctionHandler;
import io.eventgateway.InvocationException;
import io.eventgateway.Subscription;
import io.eventgateway.SubscriptionMode;
import io.eventgateway.error.DataConversionException;
import io.eventgateway.internal.event.Batches;
import io.eventgateway.internal.http.HttpFields;
import io.eventgateway.spi.Invocation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One call of one function: what its invoker, its interceptors and its handler may know of it. One object serves them all, since
 * a direct call should allocate little more than this.
 */
public final class Call implements Invocation, FunctionContext, Cause, Batches.Members {
    private static final byte[] NO_PAYLOAD = new byte[0];
    /** CloudEvents JSON event format 1.0, section 4. */
    private static final String BATCH_CONTENT_TYPE = "application/cloudevents-batch+json";
    /** CloudEvents correlation extension. */
    private static final String CAUSATION_ID = "causationid";

    private final Invocations room;
    private final RegisteredFunction function;
    private final @Nullable Subscription subscription;
    private final Event event;
    /** What the transform or an interceptor made of the event; null when nothing did, or the call is not begun. */
    private final Reshaping.@Nullable Reshaped reshaped;
    /** All events of a call with several; null for a call with one event. */
    private final @Nullable Batch batch;

    private final @Nullable Emission emission;
    private final int attempt;
    private final long timeoutNanos;
    /** When the time is up on the room's timer; 0 until the call of a sync subscription is first asked, which starts then. */
    private long deadlineNanos;

    /** The first outcome that there was for this call, which is the function's own. */
    private volatile @Nullable Outcome innermost;

    private Call(
            Invocations room,
            RegisteredFunction function,
            @Nullable Subscription subscription,
            Event event,
            Reshaping.@Nullable Reshaped reshaped,
            @Nullable Batch batch,
            @Nullable Emission emission,
            int attempt,
            long timeoutNanos,
            long deadlineNanos) {
        this.room = room;
        this.function = function;
        this.subscription = subscription;
        this.event = event;
        this.reshaped = reshaped;
        this.batch = batch;
        this.emission = emission;
        this.attempt = attempt;
        this.timeoutNanos = timeoutNanos;
        this.deadlineNanos = deadlineNanos;
    }

    /** A call that has to end by a time of the room's timer. */
    static Call until(
            long deadlineNanos,
            Invocations room,
            RegisteredFunction function,
            @Nullable Subscription subscription,
            Event event,
            @Nullable Emission emission,
            int attempt) {
        return new Call(room, function, subscription, event, null, null, emission, attempt, 0, deadlineNanos);
    }

    /** A call with several events. What it leads to is caused by the one that is deepest in its chain, unless more is known. */
    static Call batch(
            long deadlineNanos,
            Invocations room,
            RegisteredFunction function,
            Subscription subscription,
            Batch batch,
            int attempt) {
        Cause cause = batch.deepest();
        return new Call(
                room,
                function,
                subscription,
                cause.emitted(),
                null,
                batch,
                cause.emission(),
                attempt,
                0,
                deadlineNanos);
    }

    /** The call as it would be for one event of its batch alone. */
    @SuppressWarnings("ReferenceEquality") // to compare data is to run foreign code
    Call member(int index) {
        Batch all = Objects.requireNonNull(batch, "batch");
        Cause cause = all.member(index);
        Event given = all.events().get(index);
        return new Call(
                room,
                function,
                subscription,
                cause.emitted(),
                given == cause.emitted() ? null : new Reshaping.Reshaped(given, Map.of()),
                null,
                cause.emission(),
                attempt,
                timeoutNanos,
                deadlineNanos);
    }

    @Override
    public @Nullable Object handleEach(FunctionHandler handler, List<Event> events) {
        return new OneByOne(this, batch, room.results()).handle(handler, events);
    }

    /** What a reply is caused by: of a batch, the event whose id it has as {@code causationid}, where it has one. */
    Cause causeOf(CloudEvent reply) {
        int named = batch == null ? -1 : batch.indexOf(reply.getExtension(CAUSATION_ID));
        return named < 0 ? this : member(named);
    }

    /** Whether it is made on the emitter's thread, which is not the gateway's to interrupt, or to keep from an interruption. */
    boolean isDirect() {
        return timeoutNanos != 0;
    }

    /** A call on the emitter's thread, whose deadline nobody enforces; it is computed when it is asked for. */
    static Call direct(
            Invocations room,
            RegisteredFunction function,
            Subscription subscription,
            Event event,
            Emission emission,
            int attempt,
            long timeoutNanos) {
        return new Call(room, function, subscription, event, null, null, emission, attempt, timeoutNanos, 0);
    }

    /** The same call, of another function. */
    Call to(RegisteredFunction other) {
        return new Call(
                room, other, subscription, event, reshaped, batch, emission, attempt, timeoutNanos, deadlineNanos);
    }

    /** Whether what the subscription's transform makes has to be handed over, and is not made yet. */
    boolean isToBeReshaped() {
        return subscription != null && subscription.transform() != null && reshaped == null && batch == null;
    }

    /** The same call, with what the subscription's transform makes of the event. */
    Call reshaped(Reshaping by) {
        Reshaping.Reshaped made = subscription == null ? null : by.reshape(event, subscription, space());
        return made == null ? this : handingOver(made);
    }

    @Override
    public Event emitted() {
        return event;
    }

    @Override
    public Map<String, String> headers() {
        return reshaped == null ? Map.of() : reshaped.headers();
    }

    @Override
    public @Nullable Emission emission() {
        return emission;
    }

    @Override
    public boolean isBatch() {
        return batch != null;
    }

    @Override
    public List<Event> events() {
        return batch == null ? List.of(event()) : batch.events();
    }

    @Override
    public Call withEvent(Event other) {
        Objects.requireNonNull(other, "event");
        if (batch != null) {
            throw new IllegalStateException(
                    "this call of function '" + functionId() + "' has a batch of "
                            + batch.events().size()
                            + " events, which can't be replaced by one; an EmitInterceptor or a transform changes each of them");
        }
        return handingOver(new Reshaping.Reshaped(other, headers()));
    }

    @Override
    public Call withHeaders(Map<String, String> headers) {
        headers.forEach((name, value) -> HttpFields.checkValue(HttpFields.checkName(name), value));
        return handingOver(new Reshaping.Reshaped(event(), Map.copyOf(headers)));
    }

    private Call handingOver(Reshaping.Reshaped made) {
        return new Call(
                room, function, subscription, event, made, batch, emission, attempt, timeoutNanos, deadlineNanos);
    }

    void isAbout(Outcome outcome) {
        if (innermost == null) {
            innermost = outcome;
        }
    }

    @Nullable Outcome innermost() {
        return innermost;
    }

    RegisteredFunction function() {
        return function;
    }

    @Override
    public Event event() {
        if (batch != null) {
            return batch.events().get(0);
        }
        return reshaped == null ? event : reshaped.event();
    }

    @Override
    public String functionId() {
        return function.id();
    }

    @Override
    public @Nullable String subscriptionId() {
        return subscription == null ? null : subscription.id();
    }

    @Override
    public @Nullable SubscriptionMode subscriptionMode() {
        return subscription == null ? null : subscription.mode();
    }

    @Override
    public String space() {
        return function.space();
    }

    @Override
    public int attempt() {
        return attempt;
    }

    @Override
    public Instant deadline() {
        return room.clock().instant().plusNanos(remainingNanos());
    }

    @Override
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, remainingNanos()));
    }

    private long remainingNanos() {
        if (deadlineNanos == 0) {
            deadlineNanos = room.timer().getAsLong() + timeoutNanos;
        }
        return deadlineNanos - room.timer().getAsLong();
    }

    @Override
    public byte[] payload() {
        if (batch != null) {
            return batch.payload(room.mapper(), room.maxPayloadSize(), functionId());
        }
        CloudEventData data = event().getData();
        if (data == null) {
            return NO_PAYLOAD;
        }
        try {
            return checked(data.toBytes());
        } catch (DataConversionException e) {
            throw unsendable(e);
        }
    }

    private InvocationException unsendable(DataConversionException e) {
        return new InvocationException(
                InvocationException.Kind.CALL_FAILED,
                false,
                "event '" + event.getId() + "' can't be sent to function '" + functionId() + "': " + e.getMessage(),
                e);
    }

    private byte[] checked(byte[] bytes) {
        if (bytes.length > room.maxPayloadSize()) {
            throw new InvocationException(
                    InvocationException.Kind.CALL_FAILED,
                    false,
                    "event '" + event.getId() + "' can't be sent to function '" + functionId() + "': its data has "
                            + bytes.length + " bytes, the gateway's largest payload is " + room.maxPayloadSize(),
                    new PayloadTooLarge(bytes.length, room.maxPayloadSize()));
        }
        return bytes;
    }

    @Override
    public @Nullable String payloadContentType() {
        return batch == null ? event().getDataContentType() : BATCH_CONTENT_TYPE;
    }

    @Override
    public Emission emit(String type, @Nullable Object data) {
        return room.emitter().emit(space(), type, data, null, this);
    }

    @Override
    public Emission emit(CloudEvent caused) {
        return room.emitter().emit(space(), caused, null, this);
    }

    @Override
    public Emission emit(String type, @Nullable Object data, EmitOptions options) {
        return room.emitter().emit(space(), type, data, Objects.requireNonNull(options, "options"), this);
    }

    @Override
    public Emission emit(CloudEvent caused, EmitOptions options) {
        return room.emitter().emit(space(), caused, Objects.requireNonNull(options, "options"), this);
    }

    @Override
    public String toString() {
        return "Call[" + functionId() + ", " + event + ", attempt " + attempt + "]";
    }
}
