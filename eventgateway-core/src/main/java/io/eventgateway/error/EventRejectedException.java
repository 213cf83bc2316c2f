package io.eventgateway.error;

import io.eventgateway.EventGatewayException;
import org.jspecify.annotations.Nullable;

/** The gateway, or an interceptor, refused an event; it was delivered to nobody. */
public final class EventRejectedException extends EventGatewayException {
    private static final long serialVersionUID = 1L;

    /** A message that names the thing, the value and what would be accepted. */
    public EventRejectedException(String message) {
        super(message);
    }

    /** As above, with what led to it. */
    public EventRejectedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
