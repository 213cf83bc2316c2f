package io.eventgateway.error;

import io.eventgateway.EventGatewayException;
import org.jspecify.annotations.Nullable;

/** A subscription can't be created: a part of it is not valid. */
public final class InvalidSubscriptionException extends EventGatewayException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception with a message that names the thing, the value and what would be accepted. */
    public InvalidSubscriptionException(String message) {
        super(message);
    }

    /** Creates the exception as the other constructor does, with its cause. */
    public InvalidSubscriptionException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
