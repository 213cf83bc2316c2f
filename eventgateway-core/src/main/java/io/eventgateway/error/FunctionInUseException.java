package io.eventgateway.error;

import io.eventgateway.EventGatewayException;
import org.jspecify.annotations.Nullable;

/** The function can't be deleted: a subscription or another function still names it. */
public final class FunctionInUseException extends EventGatewayException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception with a message that names the thing, the value and what would be accepted. */
    public FunctionInUseException(String message) {
        super(message);
    }

    /** Creates the exception as the other constructor does, with its cause. */
    public FunctionInUseException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
