package io.eventgateway.spi;

import io.eventgateway.EventGatewayException;
import org.jspecify.annotations.Nullable;

/** A store refused a change because the entry is not at the version the change was based on. */
public final class StoreConflictException extends EventGatewayException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception with a message that names the thing, the value and what would be accepted. */
    public StoreConflictException(String message) {
        super(message);
    }

    /** Creates the exception as the other constructor does, with its cause. */
    public StoreConflictException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
