package io.eventgateway.error;

import io.eventgateway.EventGatewayException;
import org.jspecify.annotations.Nullable;

/** No invoker provider for the function's type was found on the class path, the module path or in the builder. */
public final class UnknownFunctionTypeException extends EventGatewayException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception with a message that names the thing, the value and what would be accepted. */
    public UnknownFunctionTypeException(String message) {
        super(message);
    }

    /** Creates the exception as the other constructor does, with its cause. */
    public UnknownFunctionTypeException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
