package io.eventgateway.internal.event;

import org.jspecify.annotations.Nullable;

/**
 * How an event came about in this process: the event before it, and the function that handled that.
 *
 * @param space the function's; null where it is not known, and where no function handled the event
 */
public record Step(
        @Nullable Step before,
        String eventId,
        String eventType,
        @Nullable String space,
        @Nullable String functionId) {}
