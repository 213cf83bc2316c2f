package io.eventgateway.internal.eventtype;

import io.eventgateway.Event;
import io.eventgateway.internal.access.FacadeAccess;
import io.eventgateway.schema.Upcaster;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * What lifts the events of a gateway to the versions of their types that its code knows. Thread-safe: the steps are an immutable
 * snapshot. A gateway without upcasters pays one read for each event.
 */
public final class Upcasters {
    /** The failure of an upcaster, or of an event whose data it can't be given. The message holds nothing of the data. */
    public static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Failed(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private record Name(String space, String eventType) {}

    private record Step(int to, Upcaster upcaster) {}

    private final FacadeAccess access;
    private volatile Map<Name, Map<Integer, Step>> steps = Map.of();

    /** No upcasters. */
    public Upcasters(FacadeAccess access) {
        this.access = access;
    }

    /**
     * Adds a step.
     *
     * @throws IllegalArgumentException if the versions are not valid, or there is a step from that version
     */
    public synchronized void add(String space, String eventType, int from, int to, Upcaster upcaster) {
        if (from < 1 || to <= from) {
            throw new IllegalArgumentException("an upcaster of event type '" + eventType
                    + "' must lift a version of 1 or more to a later one, was given from " + from + " to " + to);
        }
        Map<Name, Map<Integer, Step>> next = new HashMap<>(steps);
        Name name = new Name(space, eventType);
        Map<Integer, Step> ofType = new TreeMap<>(next.getOrDefault(name, Map.of()));
        Step known = ofType.putIfAbsent(from, new Step(to, upcaster));
        if (known != null) {
            throw new IllegalArgumentException("event type '" + eventType + "' has an upcaster from version " + from
                    + " already, to version " + known.to());
        }
        next.put(name, Map.copyOf(ofType));
        steps = Map.copyOf(next);
    }

    /**
     * The event in the latest version that there are steps to; the event itself when there are none.
     *
     * @throws Failed if a step fails
     */
    public Event lift(String space, Event event) {
        Map<Name, Map<Integer, Step>> known = steps;
        if (known.isEmpty()) {
            return event;
        }
        Map<Integer, Step> ofType = known.get(new Name(space, event.getType()));
        if (ofType == null) {
            return event;
        }
        int version = EventVersion.of(event);
        Step step = ofType.get(version);
        return step == null ? event : lifted(event, version, step, ofType);
    }

    private Event lifted(Event event, int from, Step first, Map<Integer, Step> ofType) {
        int version = from;
        try {
            JsonNode data = event.getData() == null
                    ? MissingNode.getInstance()
                    : event.dataAsJson().deepCopy();
            for (Step step = first; step != null; step = ofType.get(version)) {
                data = step.upcaster().lift(data);
                if (data == null) {
                    throw new IllegalStateException("the upcaster returned null, not a tree");
                }
                version = step.to();
            }
            return access.lifted(event, data, version);
        } catch (Exception | StackOverflowError e) { // foreign code
            throw new Failed(
                    "event '" + event.getId() + "' of type '" + event.getType() + "' can't be lifted from version "
                            + version + ": " + e.getClass().getName(),
                    e);
        }
    }
}
