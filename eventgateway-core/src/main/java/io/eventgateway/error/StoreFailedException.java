package io.eventgateway.error;

import io.eventgateway.EventGatewayException;
import org.jspecify.annotations.Nullable;

/** A store failed; its own exception is the cause. The call that failed registered and changed nothing. */
public final class StoreFailedException extends EventGatewayException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception with a message that names the thing, the value and what would be accepted. */
    public StoreFailedException(String message) {
        super(message);
    }

    /** Creates the exception as the other constructor does, with its cause. */
    public StoreFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
