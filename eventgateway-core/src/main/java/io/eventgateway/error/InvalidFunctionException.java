package io.eventgateway.error;

import io.eventgateway.EventGatewayException;
import io.eventgateway.internal.event.FailureText;
import org.jspecify.annotations.Nullable;

/** A function definition can't be registered: its id, its type or its configuration is not valid. */
public final class InvalidFunctionException extends EventGatewayException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception with a message that names the thing, the value and what would be accepted. Characters that act on a terminal or do not show are replaced, since the value is foreign. */
    public InvalidFunctionException(String message) {
        super(FailureText.of(message));
    }

    /** Creates the exception as the other constructor does, with its cause. */
    public InvalidFunctionException(String message, @Nullable Throwable cause) {
        super(FailureText.of(message), cause);
    }
}
