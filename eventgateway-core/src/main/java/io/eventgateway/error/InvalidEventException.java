package io.eventgateway.error;

import io.eventgateway.EventGatewayException;
import org.jspecify.annotations.Nullable;

/** What was emitted is not a valid CloudEvents 1.0 event. */
public final class InvalidEventException extends EventGatewayException {
    private static final long serialVersionUID = 1L;

    /** A message that names the thing, the value and what would be accepted. */
    public InvalidEventException(String message) {
        super(message);
    }

    /** As above, with what led to it. */
    public InvalidEventException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
