package io.eventgateway.error;

import io.eventgateway.EventGatewayException;
import org.jspecify.annotations.Nullable;

/** The backlog is full and its policy is to refuse, or the time to wait for room is over; the event was delivered to nobody. */
public final class BacklogFullException extends EventGatewayException {
    private static final long serialVersionUID = 1L;

    /** A message that names the thing, the value and what would be accepted. */
    public BacklogFullException(String message) {
        super(message);
    }

    /** As above, with what led to it. */
    public BacklogFullException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
