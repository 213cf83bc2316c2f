package io.eventgateway.error;

import io.eventgateway.EventGatewayException;

/** There is no dead letter of that id: it was redriven or purged, fell out of a full store, or never was. */
public final class DeadLetterNotFoundException extends EventGatewayException {
    private static final long serialVersionUID = 1L;

    /** A message that names the id. */
    public DeadLetterNotFoundException(String message) {
        super(message, null);
    }
}
