package io.eventgateway.error;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP request is not what the function that got it reads it as, its body or the events that it carries: the client's mistake. {@code handle} answers 400
 * with {@link #reason()}, when a handler lets it pass.
 */
public final class InvalidRequestException extends DataConversionException {
    private static final long serialVersionUID = 1L;

    private final String reason;

    /**
     * A message for the log, and a reason for the client.
     *
     * @param reason which part of the request must be what; shows no data
     */
    public InvalidRequestException(String message, String reason, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = Objects.requireNonNull(reason, "reason");
    }

    /** The reason, for the client: the part of the request, and what it must be; never data. */
    public String reason() {
        return reason;
    }
}
