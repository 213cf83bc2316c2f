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
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A call of a function: what its invoker, its interceptors and its handler may know of it. One object serves them all, since
 * a direct call should allocate little more than this.
 */
public final class Call implements Invocation, FunctionContext, Cause, Batches.Members {
    private static final byte[] NO_PAYLOAD = new byte[0];
    /** CloudEvents JSON event format 1.0, section 4. */
    private static final String BATCH_CONTENT_TYPE = "application/cloudevents-batch+json";
    /** CloudEvents correlation extension. */
    private static final String CAUSATION_ID = "causationid";

    private final Invocations invocations;
    private final RegisteredFunction function;
    private final @Nullable Subscription subscription;
    private final Event event;
    /** What the transform or an interceptor made of the event; null when nothing did, or the call is not begun. */
    private final Reshaping.@Nullable Reshaped reshaped;
    /** All events of a call with several; null for a call with one event. */
    private final @Nullable Batch batch;

    private final @Nullable Emission emission;
    private final int attempt;
    /** True when the function may get this attempt twice. Set before the call is made. */
    private boolean repeatable;
    /** How long a call on the emitter's thread may take; 0 for any other call, whose deadline is known. */
    private long timeoutNanos;
    /**
     * When the time is up on the gateway's timer; 0 until the call of a sync subscription is first asked, which starts
     * then.
     */
    private long deadlineNanos;

    /** The first outcome that there was for this call, which is the function's own. */
    private volatile @Nullable Outcome innermost;

    private Call(
            Invocations invocations,
            RegisteredFunction function,
            @Nullable Subscription subscription,
            Event event,
            @Nullable Emission emission,
            int attempt) {
        this.invocations = invocations;
        this.function = function;
        this.subscription = subscription;
        this.event = event;
        this.reshaped = null;
        this.batch = null;
        this.emission = emission;
        this.attempt = attempt;
    }

    /** A copy of a call, but for what is given. */
    private Call(
            Call other,
            RegisteredFunction function,
            Event event,
            Reshaping.@Nullable Reshaped reshaped,
            @Nullable Batch batch,
            @Nullable Emission emission) {
        this.invocations = other.invocations;
        this.function = function;
        this.subscription = other.subscription;
        this.event = event;
        this.reshaped = reshaped;
        this.batch = batch;
        this.emission = emission;
        this.attempt = other.attempt;
        this.repeatable = other.repeatable;
        this.timeoutNanos = other.timeoutNanos;
        this.deadlineNanos = other.deadlineNanos;
    }

    /** A call that has to end by a time of the gateway's timer. */
    static Call until(
            long deadlineNanos,
            Invocations invocations,
            RegisteredFunction function,
            @Nullable Subscription subscription,
            Event event,
            @Nullable Emission emission,
            int attempt) {
        Call call = new Call(invocations, function, subscription, event, emission, attempt);
        call.deadlineNanos = deadlineNanos;
        return call;
    }

    /** A call on the emitter's thread, whose deadline nobody enforces; it is computed when it is asked for. */
    static Call direct(
            Invocations invocations,
            RegisteredFunction function,
            Subscription subscription,
            Event event,
            Emission emission,
            int attempt,
            long timeoutNanos) {
        Call call = new Call(invocations, function, subscription, event, emission, attempt);
        call.timeoutNanos = timeoutNanos;
        return call;
    }

    /** A call with several events. What it leads to is caused by the one that is deepest in its chain, unless more is known. */
    static Call batch(
            long deadlineNanos,
            Invocations invocations,
            RegisteredFunction function,
            Subscription subscription,
            Batch batch,
            int attempt) {
        Cause cause = batch.deepest();
        Event event = cause.emitted();
        Call single = until(deadlineNanos, invocations, function, subscription, event, cause.emission(), attempt);
        return new Call(single, function, event, null, batch, cause.emission());
    }

    @Override
    public Call alone(int index) {
        Objects.checkIndex(index, events().size());
        return batch == null ? this : member(index);
    }

    /** The call as it would be for one event of its batch alone. */
    @SuppressWarnings("ReferenceEquality") // to compare data is to run foreign code
    Call member(int index) {
        Batch all = Objects.requireNonNull(batch, "batch");
        Cause cause = all.member(index);
        Event given = all.events().get(index);
        Reshaping.Reshaped own = given == cause.emitted() ? null : new Reshaping.Reshaped(given, Map.of());
        return new Call(this, function, cause.emitted(), own, null, cause.emission());
    }

    @Override
    public @Nullable Object handleEach(FunctionHandler handler, List<Event> events) {
        return new OneByOne(this, batch, invocations).handle(handler, events);
    }

    /** The cause of an event: in a batch, the event whose id it has as {@code causationid}, or that it is, if there is one. */
    Cause causeOf(CloudEvent caused) {
        int named = batch == null ? -1 : batch.indexOf(caused.getExtension(CAUSATION_ID));
        if (named < 0 && batch != null && caused instanceof Event event) {
            named = batch.placeOf(event);
        }
        return named < 0 ? this : member(named);
    }

    /**
     * Returns whether the call is on the emitter's thread, which the gateway neither interrupts nor keeps from
     * interruptions.
     */
    boolean isDirect() {
        return timeoutNanos != 0;
    }

    /** This call as a call of another function. */
    Call to(RegisteredFunction other) {
        return new Call(this, other, event, reshaped, batch, emission);
    }

    void setRepeatable(boolean mayBeRepeated) {
        this.repeatable = mayBeRepeated;
    }

    @Override
    public boolean mayBeRepeated() {
        return repeatable || batch != null; // a batch is delivered at least once
    }

    /** Returns whether the subscription's transform has to be applied and has not been. */
    boolean isToBeReshaped() {
        return subscription != null && subscription.transform() != null && reshaped == null && batch == null;
    }

    /** This call with what the subscription's transform makes of the event. */
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
        return new Call(this, function, event, made, batch, emission);
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
        return invocations.clock().instant().plusNanos(remainingNanos());
    }

    @Override
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, remainingNanos()));
    }

    private long remainingNanos() {
        if (deadlineNanos == 0) {
            deadlineNanos = invocations.timer().getAsLong() + timeoutNanos;
        }
        return deadlineNanos - invocations.timer().getAsLong();
    }

    @Override
    public byte[] payload() {
        if (batch != null) {
            return batch.payload(invocations.mapper(), invocations.maxPayloadSize(), functionId());
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
        if (bytes.length > invocations.maxPayloadSize()) {
            throw new InvocationException(
                    InvocationException.Kind.CALL_FAILED,
                    false,
                    "event '" + event.getId() + "' can't be sent to function '" + functionId() + "': its data has "
                            + bytes.length + " bytes, the gateway's largest payload is " + invocations.maxPayloadSize(),
                    new PayloadTooLarge(bytes.length, invocations.maxPayloadSize()));
        }
        return bytes;
    }

    @Override
    public @Nullable String payloadContentType() {
        return batch == null ? event().getDataContentType() : BATCH_CONTENT_TYPE;
    }

    @Override
    public boolean inbox(Connection connection) {
        if (batch != null) {
            throw new IllegalStateException("this call of function '" + functionId() + "' has a batch of "
                    + batch.events().size() + " events; note each of them with inbox(connection, event)");
        }
        return noted(connection, event);
    }

    @Override
    public boolean inbox(Connection connection, Event given) {
        Objects.requireNonNull(given, "event");
        if (batch != null) {
            int index = batch.placeOf(given);
            if (index >= 0) {
                return noted(connection, batch.member(index).emitted());
            }
        } else if (isSame(given, event()) || isSame(given, event)) {
            return noted(connection, event);
        }
        throw new IllegalArgumentException(
                "event '" + given.getId() + "' is not one that this call of function '" + functionId() + "' was given");
    }

    /** Returns whether two events have the same source and id. */
    static boolean isSame(Event one, Event other) {
        return one.getId().equals(other.getId()) && one.getSource().equals(other.getSource());
    }

    private boolean noted(Connection connection, Event handled) {
        Objects.requireNonNull(connection, "connection");
        if (subscription == null) {
            throw new IllegalStateException(
                    "function '" + functionId() + "' was called without a subscription, for which"
                            + " its inbox would note the event; only deliveries have an inbox");
        }
        return invocations.store().inbox(space(), subscription.id(), handled, connection);
    }

    @Override
    public Emission emit(String type, @Nullable Object data) {
        return invocations.emitter().emit(space(), type, data, null, this);
    }

    @Override
    public Emission emit(CloudEvent caused) {
        return invocations.emitter().emit(space(), caused, null, this);
    }

    @Override
    public Emission emit(String type, @Nullable Object data, EmitOptions options) {
        return invocations.emitter().emit(space(), type, data, Objects.requireNonNull(options, "options"), this);
    }

    @Override
    public Emission emit(CloudEvent caused, EmitOptions options) {
        return invocations.emitter().emit(space(), caused, Objects.requireNonNull(options, "options"), this);
    }

    @Override
    public String toString() {
        return "Call[" + functionId() + ", " + event + ", attempt " + attempt + "]";
    }
}
