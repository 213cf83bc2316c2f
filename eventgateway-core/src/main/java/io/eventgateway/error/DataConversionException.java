package io.eventgateway.error;

import io.eventgateway.EventGatewayException;
import org.jspecify.annotations.Nullable;

/** An event's data, a request's body or a function's result can't be read or written as what was asked for. */
public final class DataConversionException extends EventGatewayException {
    private static final long serialVersionUID = 1L;

    /** A message that names the thing, the value and what would be accepted. */
    public DataConversionException(String message) {
        super(message);
    }

    /** As above, with what led to it. */
    public DataConversionException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
