package io.eventgateway.error;

import io.eventgateway.EventGatewayException;

/** There is no dead letter of that id: it was redriven or purged, a full store discarded it, or it never existed. */
public final class DeadLetterNotFoundException extends EventGatewayException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception with a message that names the id. */
    public DeadLetterNotFoundException(String message) {
        super(message, null);
    }
}
