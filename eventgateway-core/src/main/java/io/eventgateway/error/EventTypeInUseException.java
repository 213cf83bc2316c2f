package io.eventgateway.error;

import io.eventgateway.EventGatewayException;
import org.jspecify.annotations.Nullable;

/** The event type can't be deleted: subscriptions still name it. */
public final class EventTypeInUseException extends EventGatewayException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception with a message that names the thing, the value and what would be accepted. */
    public EventTypeInUseException(String message) {
        super(message);
    }

    /** Creates the exception as the other constructor does, with its cause. */
    public EventTypeInUseException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
