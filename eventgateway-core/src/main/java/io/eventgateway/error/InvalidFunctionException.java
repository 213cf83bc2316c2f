package io.eventgateway.error;

import io.eventgateway.EventGatewayException;
import org.jspecify.annotations.Nullable;

/** A function definition can't be registered: its id, its type or its configuration is not valid. */
public final class InvalidFunctionException extends EventGatewayException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception with a message that names the thing, the value and what would be accepted. */
    public InvalidFunctionException(String message) {
        super(message);
    }

    /** Creates the exception as the other constructor does, with its cause. */
    public InvalidFunctionException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
