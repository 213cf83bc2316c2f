package io.eventgateway.error;

import io.eventgateway.EventGatewayException;
import org.jspecify.annotations.Nullable;

/** There is no event type of that name in the space. */
public final class EventTypeNotFoundException extends EventGatewayException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception with a message that names the thing, the value and what would be accepted. */
    public EventTypeNotFoundException(String message) {
        super(message);
    }

    /** Creates the exception as the other constructor does, with its cause. */
    public EventTypeNotFoundException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
