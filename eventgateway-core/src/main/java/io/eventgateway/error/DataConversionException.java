package io.eventgateway.error;

import io.eventgateway.EventGatewayException;
import org.jspecify.annotations.Nullable;

/** An event's data, a request's body or a function's result can't be converted to the requested form. */
public final class DataConversionException extends EventGatewayException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception with a message that names the thing, the value and what would be accepted. */
    public DataConversionException(String message) {
        super(message);
    }

    /** Creates the exception as the other constructor does, with its cause. */
    public DataConversionException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
