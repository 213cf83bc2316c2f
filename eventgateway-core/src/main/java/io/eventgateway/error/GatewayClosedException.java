package io.eventgateway.error;

import io.eventgateway.EventGatewayException;
import org.jspecify.annotations.Nullable;

/** The gateway is closed or closing. The event was delivered to nobody. */
public final class GatewayClosedException extends EventGatewayException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception with a message that names the thing, the value and what would be accepted. */
    public GatewayClosedException(String message) {
        super(message);
    }

    /** Creates the exception as the other constructor does, with its cause. */
    public GatewayClosedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
