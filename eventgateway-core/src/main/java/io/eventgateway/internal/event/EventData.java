package io.eventgateway.internal.event;

import io.eventgateway.Event;
import io.eventgateway.TypeRef;
import io.eventgateway.error.DataConversionException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** Reads the data of an event, and names the event where that fails. */
public final class EventData {
    private EventData() {}

    /**
     * Reads the data as an instance of a class.
     *
     * @throws DataConversionException if there is no data, or it can't be read as that
     */
    public static <T> T as(Class<T> type, Event event, @Nullable Payload data) {
        Objects.requireNonNull(type, "type must not be null");
        if (data == null) {
            throw missing(event, type.getName());
        }
        try {
            return data.as(type);
        } catch (DataConversionException e) {
            throw named(event, e);
        }
    }

    /**
     * Reads the data as an instance of a type with type arguments.
     *
     * @throws DataConversionException if there is no data, or it can't be read as that
     */
    public static <T> T as(TypeRef<T> type, Event event, @Nullable Payload data) {
        Objects.requireNonNull(type, "type must not be null");
        if (data == null) {
            throw missing(event, type.toString());
        }
        try {
            return data.as(type);
        } catch (DataConversionException e) {
            throw named(event, e);
        }
    }

    /**
     * Reads the data as a JSON tree; the missing node when there is none.
     *
     * @throws DataConversionException if the data is of another content type, or is not valid JSON
     */
    public static JsonNode asJson(Event event, @Nullable Payload data) {
        if (data == null) {
            return MissingNode.getInstance();
        }
        try {
            return data.toJson();
        } catch (DataConversionException e) {
            throw named(event, e);
        }
    }

    private static DataConversionException missing(Event event, String type) {
        return new DataConversionException(name(event) + " has no data to read as " + type);
    }

    private static DataConversionException named(Event event, DataConversionException e) {
        return new DataConversionException(
                name(event) + ": " + e.getMessage(), e.getCause() == null ? e : e.getCause());
    }

    private static String name(Event event) {
        return "event '" + event.getId() + "' of type '" + event.getType() + "'";
    }
}
