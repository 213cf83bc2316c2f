package io.eventgateway.error;

import io.eventgateway.EventGatewayException;
import org.jspecify.annotations.Nullable;

/** A function definition that can't be registered: its id, its type or its provider configuration is not valid. */
public final class InvalidFunctionException extends EventGatewayException {
    private static final long serialVersionUID = 1L;

    /** A message that names the thing, the value and what would be accepted. */
    public InvalidFunctionException(String message) {
        super(message);
    }

    /** As above, with what led to it. */
    public InvalidFunctionException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
