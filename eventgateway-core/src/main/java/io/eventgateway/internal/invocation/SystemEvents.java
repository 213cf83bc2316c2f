package io.eventgateway.internal.invocation;

import io.eventgateway.Event;
import io.eventgateway.InvocationException;
import io.eventgateway.SystemEvent;
import io.eventgateway.http.Authorization;
import io.eventgateway.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/** The system events of one space. Until somebody subscribes to one of them, each costs the test of a bit. */
public final class SystemEvents {
    private static final List<String> TYPES = List.of(
            SystemEvent.EVENT_RECEIVED,
            SystemEvent.FUNCTION_INVOKING,
            SystemEvent.FUNCTION_INVOKED,
            SystemEvent.FUNCTION_INVOCATION_FAILED,
            SystemEvent.DELIVERY_DEAD_LETTERED,
            SystemEvent.EVENT_UNROUTED,
            SystemEvent.EVENT_DROPPED,
            SystemEvent.SUBSCRIPTION_PAUSED);
    private static final int RECEIVED = 1;
    private static final int INVOKING = 1 << 1;
    private static final int INVOKED = 1 << 2;
    private static final int FAILED = 1 << 3;
    private static final int DEAD_LETTERED = 1 << 4;
    private static final int UNROUTED = 1 << 5;
    private static final int DROPPED = 1 << 6;
    private static final int PAUSED = 1 << 7;

    private final String space;
    private final Emitter emitter;
    private volatile int wanted;

    /** The system events of a space, to which nobody listens yet. */
    public SystemEvents(String space, Emitter emitter) {
        this.space = space;
        this.emitter = emitter;
    }

    /** Takes note of which types somebody subscribes to. */
    public void listened(Predicate<String> hasSubscription) {
        int bits = 0;
        for (int i = 0; i < TYPES.size(); i++) {
            bits |= hasSubscription.test(TYPES.get(i)) ? 1 << i : 0;
        }
        wanted = bits;
    }

    private boolean wants(int bit, Event event) {
        return (wanted & bit) != 0 && !SystemEvent.isSystemType(event.getType());
    }

    /** Returns whether a call of a function for the event has to be told of. */
    boolean wantsCalls(Event event) {
        return wants(INVOKING | INVOKED | FAILED, event);
    }

    /** The event as others are told of it: a request's without the credentials of its client. */
    private static Event told(Event event) {
        boolean ofRequest = event.getType().equals(HttpRequest.EVENT_TYPE)
                || event.getType().equals(Authorization.EVENT_TYPE);
        if (ofRequest && event.dataAs(Object.class) instanceof HttpRequest request) {
            return event.toBuilder().data(request.withoutCredentials()).build();
        }
        return event;
    }

    /** An event was accepted. */
    public void received(Event event) {
        if (wants(RECEIVED, event)) {
            emitter.emitSystem(
                    space, SystemEvent.EVENT_RECEIVED, new SystemEvent.EventReceived(space, told(event)), event);
        }
    }

    /** Nobody subscribes to an event. */
    public void unrouted(Event event) {
        if (wants(UNROUTED, event)) {
            emitter.emitSystem(
                    space, SystemEvent.EVENT_UNROUTED, new SystemEvent.EventUnrouted(space, told(event)), event);
        }
    }

    /** Tells that a number of deliveries of an event were dropped. */
    public void dropped(Event event, int deliveries) {
        if (wants(DROPPED, event)) {
            emitter.emitSystem(
                    space, SystemEvent.EVENT_DROPPED, new SystemEvent.EventDropped(space, deliveries, event), event);
        }
    }

    /** The gateway paused a subscription whose attempts keep failing. */
    public void paused(SystemEvent.SubscriptionPaused told) {
        if (wants(PAUSED, told.event())) {
            emitter.emitSystem(space, SystemEvent.SUBSCRIPTION_PAUSED, told, told.event());
        }
    }

    /** A delivery was given up. */
    public void deadLettered(SystemEvent.DeliveryDeadLettered told) {
        if (wants(DEAD_LETTERED, told.event())) {
            emitter.emitSystem(space, SystemEvent.DELIVERY_DEAD_LETTERED, told, told.event());
        }
    }

    void invoking(Call call) {
        if (wants(INVOKING, call.emitted())) {
            emitter.emitSystem(
                    space,
                    SystemEvent.FUNCTION_INVOKING,
                    new SystemEvent.FunctionInvoking(
                            space, call.functionId(), call.subscriptionId(), call.attempt(), told(call.emitted())),
                    call.emitted());
        }
    }

    void invoked(Call call, Duration duration) {
        if (wants(INVOKED, call.emitted())) {
            emitter.emitSystem(
                    space,
                    SystemEvent.FUNCTION_INVOKED,
                    new SystemEvent.FunctionInvoked(
                            space,
                            call.functionId(),
                            call.subscriptionId(),
                            call.attempt(),
                            duration,
                            told(call.emitted())),
                    call.emitted());
        }
    }

    void failed(Call call, Duration duration, InvocationException failure) {
        if (wants(FAILED, call.emitted())) {
            emitter.emitSystem(
                    space,
                    SystemEvent.FUNCTION_INVOCATION_FAILED,
                    new SystemEvent.FunctionInvocationFailed(
                            space,
                            call.functionId(),
                            call.subscriptionId(),
                            call.attempt(),
                            duration,
                            failure.kind(),
                            failure.retryable(),
                            Objects.requireNonNullElse(failure.getMessage(), ""),
                            told(call.emitted())),
                    call.emitted());
        }
    }
}
