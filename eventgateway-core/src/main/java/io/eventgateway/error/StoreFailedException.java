package io.eventgateway.error;

import io.eventgateway.EventGatewayException;
import org.jspecify.annotations.Nullable;

/** A store could not do what was asked; its own exception is the cause. Nothing was registered or changed by the call that failed. */
public final class StoreFailedException extends EventGatewayException {
    private static final long serialVersionUID = 1L;

    /** A message that names the thing, the value and what would be accepted. */
    public StoreFailedException(String message) {
        super(message);
    }

    /** As above, with what led to it. */
    public StoreFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
