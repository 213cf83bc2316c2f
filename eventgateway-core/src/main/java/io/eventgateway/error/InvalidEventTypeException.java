package io.eventgateway.error;

import io.eventgateway.EventGatewayException;
import org.jspecify.annotations.Nullable;

/** An event type, its schema or an example of it is not valid. */
public final class InvalidEventTypeException extends EventGatewayException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception with a message that names the thing, the value and what would be accepted. */
    public InvalidEventTypeException(String message) {
        super(message);
    }

    /** Creates the exception as the other constructor does, with its cause. */
    public InvalidEventTypeException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
