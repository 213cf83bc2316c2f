package io.eventgateway.error;

import io.eventgateway.EventGatewayException;
import org.jspecify.annotations.Nullable;

/** The gateway is closed, or closing; the event was delivered to nobody. */
public final class GatewayClosedException extends EventGatewayException {
    private static final long serialVersionUID = 1L;

    /** A message that names the thing, the value and what would be accepted. */
    public GatewayClosedException(String message) {
        super(message);
    }

    /** As above, with what led to it. */
    public GatewayClosedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
