package io.eventgateway.internal.invocation;

import io.eventgateway.Event;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import io.eventgateway.error.DataConversionException;
import io.eventgateway.internal.event.Thrown;
import io.eventgateway.internal.json.Mappers;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The events of one call that has several, and what becomes known of each while the call is made: that it can't be sent, or that
 * its function has handled it. All copies of a call share one.
 */
final class Batch {
    /** The outcome of an event that its function has handled. */
    private static final Object HANDLED = "handled";

    private final List<? extends Cause> members;
    private final List<Event> events;
    /**
     * The outcome of each event: null while nothing is known of it, {@link #HANDLED}, or the exception that it failed
     * with.
     */
    private final AtomicReferenceArray<@Nullable Object> known;

    private volatile boolean tooLarge;
    private volatile boolean unsendable;

    /**
     * A batch.
     *
     * @param members for whom each event is delivered
     * @param events what is handed over for each, in the same order
     */
    Batch(List<? extends Cause> members, List<Event> events) {
        this.members = List.copyOf(members);
        this.events = List.copyOf(events);
        this.known = new AtomicReferenceArray<>(events.size());
    }

    List<Event> events() {
        return events;
    }

    Cause member(int index) {
        return members.get(index);
    }

    /** The member whose event is deepest in its chain. */
    Cause deepest() {
        return BatchInvocation.deepest(members);
    }

    /** The place of an event whose end is not known yet; -1 when there is none. */
    @SuppressWarnings(
            "ReferenceEquality") // an event may be in a batch twice, and to compare data is to run foreign code
    int indexOfOpen(Event event) {
        for (int i = 0; i < events.size(); i++) {
            if (events.get(i) == event && known.get(i) == null) {
                return i;
            }
        }
        return -1;
    }

    /** The place of the first event with the id; -1 when there is none. */
    int indexOf(@Nullable Object eventId) {
        for (int i = 0; eventId != null && i < events.size(); i++) {
            if (events.get(i).getId().equals(eventId)) {
                return i;
            }
        }
        return -1;
    }

    /** The place of an event that was handed over: of that object, else of the first event with its source and id; -1 for none. */
    @SuppressWarnings("ReferenceEquality") // two events of a batch may have the same source and id after a transform
    int placeOf(Event event) {
        for (int i = 0; i < events.size(); i++) {
            if (events.get(i) == event) {
                return i;
            }
        }
        for (int i = 0; i < events.size(); i++) {
            if (Call.isSame(events.get(i), event)) {
                return i;
            }
        }
        return -1;
    }

    void handled(int index) {
        known.set(index, HANDLED);
    }

    void failed(int index, InvocationException failure) {
        known.set(index, failure);
    }

    boolean wasHandled(int index) {
        return known.get(index) == HANDLED;
    }

    /** Why the event failed by itself; null when that is not known, or it did not. */
    @Nullable InvocationException failure(int index) {
        return known.get(index) instanceof InvocationException failure ? failure : null;
    }

    /**
     * Returns whether the payload could not be made since some of the events can't be sent, which {@link #failure} says
     * of each.
     */
    boolean hasUnsendable() {
        return unsendable;
    }

    /** Returns whether the payload of all events was larger than the gateway sends. */
    boolean isTooLarge() {
        return tooLarge;
    }

    /**
     * The events in the CloudEvents JSON batch format 1.0.
     *
     * @throws InvocationException if some of them can't be sent, or all of them are too large together
     */
    byte[] payload(@Nullable JsonMapper mapper, int largest, String functionId) {
        List<byte[]> parts = new ArrayList<>(events.size());
        long size = 2; // the brackets
        for (int i = 0; i < events.size(); i++) {
            byte[] part = part(i, mapper, largest, functionId);
            if (part != null) {
                parts.add(part);
                size += part.length + (parts.size() > 1 ? 1 : 0);
            }
        }
        unsendable = parts.size() < events.size();
        if (unsendable) {
            throw new InvocationException(
                    Kind.CALL_FAILED,
                    false,
                    (events.size() - parts.size()) + " of the " + events.size()
                            + " events of a batch can't be sent to function '" + functionId + "'");
        }
        tooLarge = size > largest;
        if (tooLarge) {
            throw new InvocationException(
                    Kind.CALL_FAILED,
                    false,
                    "a batch of " + events.size() + " events can't be sent to function '" + functionId + "': it has "
                            + size + " bytes, the gateway's largest payload is " + largest);
        }
        ByteArrayOutputStream payload = new ByteArrayOutputStream((int) size);
        for (int i = 0; i < parts.size(); i++) {
            payload.write(i == 0 ? '[' : ',');
            payload.writeBytes(parts.get(i));
        }
        payload.write(']');
        return payload.toByteArray();
    }

    /** The part of an event in the payload; null when the event can't be sent, which counts as its failure. */
    private byte @Nullable [] part(int index, @Nullable JsonMapper mapper, int largest, String functionId) {
        Event event = events.get(index);
        try {
            byte[] part = Mappers.orShared(mapper).writeValueAsBytes(event.toJson());
            int alone = part.length + 2;
            if (alone <= largest) {
                return part;
            }
            failed(
                    index,
                    unsendable(
                            event,
                            functionId,
                            "it has " + alone + " bytes as a batch of its own, the gateway's largest payload is "
                                    + largest,
                            new PayloadTooLarge(alone, largest)));
        } catch (DataConversionException e) {
            failed(index, unsendable(event, functionId, String.valueOf(e.getMessage()), e));
        } catch (Throwable e) { // foreign code: the data is the application's
            failed(index, unsendable(event, functionId, Thrown.text(e), e));
        }
        return null;
    }

    private static InvocationException unsendable(Event event, String functionId, String why, Throwable cause) {
        return new InvocationException(
                Kind.CALL_FAILED,
                false,
                "event '" + event.getId() + "' can't be sent to function '" + functionId + "': " + why,
                cause);
    }
}
