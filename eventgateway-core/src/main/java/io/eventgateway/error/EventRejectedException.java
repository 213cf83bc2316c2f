package io.eventgateway.error;

import io.eventgateway.EventGatewayException;
import org.jspecify.annotations.Nullable;

/** The gateway or an interceptor refused an event. The event was delivered to nobody. */
public final class EventRejectedException extends EventGatewayException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception with a message that names the thing, the value and what would be accepted. */
    public EventRejectedException(String message) {
        super(message);
    }

    /** Creates the exception as the other constructor does, with its cause. */
    public EventRejectedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
