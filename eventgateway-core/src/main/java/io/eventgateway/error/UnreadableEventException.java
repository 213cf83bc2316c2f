package io.eventgateway.error;

import io.eventgateway.EventGatewayException;
import org.jspecify.annotations.Nullable;

/**
 * A store keeps an event that can't be read: its data was encrypted with a key that the store was not given, or its row is
 * damaged. The event stays where it is.
 */
public final class UnreadableEventException extends EventGatewayException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception with a message that names the event and why it can't be read. */
    public UnreadableEventException(String message) {
        super(message);
    }

    /** Creates the exception as the other constructor does, with its cause. */
    public UnreadableEventException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
