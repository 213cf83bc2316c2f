package io.eventgateway.aws;

import io.eventgateway.Event;
import io.eventgateway.error.DataConversionException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Finds a key in an event: the first of several places that has a value. A place is an attribute, an extension, or a path into JSON data such
 * as {@code data.user.id}. Immutable.
 */
public final class EventKey {
    /** The CloudEvents partitioning extension, else the subject, else the id. */
    public static final List<String> PARTITION = List.of("partitionkey", "subject", "id");

    private static final String DATA = "data.";
    private static final int MAX_PLACES = 10;

    private final List<String> places;

    /** A key that is in one of these places; in one of the others when null. The list must have passed {@link #check}. */
    public EventKey(@Nullable List<String> places, List<String> others) {
        this.places = List.copyOf(places == null ? others : places);
    }

    /**
     * Checks the places of a configuration's entry.
     *
     * @throws IllegalArgumentException if there are none, or too many, or one is no name and no path
     */
    public static void check(String entry, @Nullable List<String> places) {
        if (places == null) {
            return;
        }
        if (places.isEmpty()
                || places.size() > MAX_PLACES
                || places.stream()
                        .anyMatch(place ->
                                place == null || !place.matches("[a-z0-9]{1,64}|data(\\.[^.\\s]{1,128}){1,16}"))) {
            throw new IllegalArgumentException("'" + entry + "' must be a list of 1 to " + MAX_PLACES
                    + " attributes, extensions and paths such as data.user.id, was " + places);
        }
    }

    /** The key; null when the event has none. */
    public @Nullable String of(Event event) {
        for (String place : places) {
            String value = place.startsWith(DATA) ? inData(event, place) : attribute(event, place);
            if (value != null && !value.isEmpty()) {
                return value;
            }
        }
        return null;
    }

    private static @Nullable String attribute(Event event, String name) {
        Object value =
                switch (name) {
                    case "id", "source", "type", "subject", "time", "datacontenttype", "dataschema" ->
                        event.getAttribute(name);
                    default -> event.getExtension(name);
                };
        return value == null ? null : value.toString();
    }

    private static @Nullable String inData(Event event, String path) {
        try {
            JsonNode node = event.dataAsJson();
            for (String step : path.substring(DATA.length()).split("\\.", -1)) {
                node = node.isArray() && step.matches("\\d{1,9}") ? node.path(Integer.parseInt(step)) : node.path(step);
            }
            return node.isMissingNode() || node.isNull()
                    ? null
                    : node.isString() ? node.stringValue() : node.toString();
        } catch (DataConversionException e) {
            return null; // data that is not JSON has no members
        }
    }
}
