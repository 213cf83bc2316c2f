package io.eventgateway.error;

import io.eventgateway.EventGatewayException;
import org.jspecify.annotations.Nullable;

/** No function of that id is registered in the space. */
public final class FunctionNotFoundException extends EventGatewayException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception with a message that names the thing, the value and what would be accepted. */
    public FunctionNotFoundException(String message) {
        super(message);
    }

    /** Creates the exception as the other constructor does, with its cause. */
    public FunctionNotFoundException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
