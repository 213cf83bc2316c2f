package io.eventgateway.error;

import io.eventgateway.EventGatewayException;
import org.jspecify.annotations.Nullable;

/** A subscription of that id, or one that binds the same things, exists in the space already. */
public final class SubscriptionAlreadyExistsException extends EventGatewayException {
    private static final long serialVersionUID = 1L;

    /** A message that names the thing, the value and what would be accepted. */
    public SubscriptionAlreadyExistsException(String message) {
        super(message);
    }

    /** As above, with what led to it. */
    public SubscriptionAlreadyExistsException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
