package io.eventgateway.error;

import io.eventgateway.EventGatewayException;
import org.jspecify.annotations.Nullable;

/** The backlog is full, and its policy refuses the event or the time to wait for room is over. The event was delivered to nobody. */
public final class BacklogFullException extends EventGatewayException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception with a message that names the thing, the value and what would be accepted. */
    public BacklogFullException(String message) {
        super(message);
    }

    /** Creates the exception as the other constructor does, with its cause. */
    public BacklogFullException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
