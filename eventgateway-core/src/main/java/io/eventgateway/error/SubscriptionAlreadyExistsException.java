package io.eventgateway.error;

import io.eventgateway.EventGatewayException;
import org.jspecify.annotations.Nullable;

/** The space already has a subscription of that id. An id that was not given follows from what is bound, so binding the same things twice is refused. */
public final class SubscriptionAlreadyExistsException extends EventGatewayException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception with a message that names the thing, the value and what would be accepted. */
    public SubscriptionAlreadyExistsException(String message) {
        super(message);
    }

    /** Creates the exception as the other constructor does, with its cause. */
    public SubscriptionAlreadyExistsException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
