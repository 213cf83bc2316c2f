package io.eventgateway.error;

import io.eventgateway.EventGatewayException;
import org.jspecify.annotations.Nullable;

/** An emitted event is not a valid CloudEvents 1.0 event. */
public final class InvalidEventException extends EventGatewayException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception with a message that names the thing, the value and what would be accepted. */
    public InvalidEventException(String message) {
        super(message);
    }

    /** Creates the exception as the other constructor does, with its cause. */
    public InvalidEventException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
