package io.eventgateway.internal.event;

import io.eventgateway.SystemEvent;
import org.jspecify.annotations.Nullable;

/**
 * A step on an event's way in this process: the event before it, and the function that handled that event.
 *
 * @param space the function's; null where it is not known, and where no function handled the event
 * @param isAfterSystemEvent whether that event, or one before it, is a system event
 */
public record Step(
        @Nullable Step before,
        String eventId,
        String eventType,
        @Nullable String space,
        @Nullable String functionId,
        boolean isAfterSystemEvent) {
    /** The step from an event, which came about by a step of its own or is the first. */
    public static Step from(
            @Nullable Step before,
            String eventId,
            String eventType,
            @Nullable String space,
            @Nullable String functionId) {
        boolean system = SystemEvent.isSystemType(eventType) || (before != null && before.isAfterSystemEvent());
        return new Step(before, eventId, eventType, space, functionId, system);
    }
}
