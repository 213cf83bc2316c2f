package io.eventgateway.error;

import io.eventgateway.EventGatewayException;
import org.jspecify.annotations.Nullable;

/** An http subscription's method and path match exactly the same requests as those of another one. */
public final class PathConflictException extends EventGatewayException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception with a message that names the thing, the value and what would be accepted. */
    public PathConflictException(String message) {
        super(message);
    }

    /** Creates the exception as the other constructor does, with its cause. */
    public PathConflictException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
