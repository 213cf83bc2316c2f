package io.eventgateway;

import org.jspecify.annotations.Nullable;

/** The root of all that the gateway throws. Each message names the thing, the value and what would be accepted. */
public class EventGatewayException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception with a message that names the thing, the value and what would be accepted. */
    public EventGatewayException(String message) {
        super(message);
    }

    /** Creates the exception as the other constructor does, with its cause. */
    public EventGatewayException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
