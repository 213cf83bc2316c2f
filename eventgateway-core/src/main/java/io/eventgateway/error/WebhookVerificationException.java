package io.eventgateway.error;

import io.eventgateway.EventGatewayException;
import org.jspecify.annotations.Nullable;

/** A webhook is not what its sender signed, or not of now. The message says why, for the log: a client is not told. */
public final class WebhookVerificationException extends EventGatewayException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception with a message that says why; it shows neither secrets nor the body. */
    public WebhookVerificationException(String message) {
        super(message);
    }

    /** Creates the exception as the other constructor does, with its cause. */
    public WebhookVerificationException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
