package io.eventgateway.error;

import io.eventgateway.EventGatewayException;
import org.jspecify.annotations.Nullable;

/** A transform is not valid in its language. The message says where, what was found there, and what would be accepted. */
public final class InvalidTransformException extends EventGatewayException {
    private static final long serialVersionUID = 1L;

    private final String language;
    private final String position;

    /** Creates the exception for a transform of a language that is not valid at a position. The cause may be null. */
    public InvalidTransformException(String language, String position, String problem, @Nullable Throwable cause) {
        super(language + " transform, at " + position + ": " + problem, cause);
        this.language = language;
        this.position = position;
    }

    /** The language: {@code template}, {@code path}, {@code constant}, {@code jsonata}, or {@code json} for the form that is stored. */
    public String language() {
        return language;
    }

    /** Where the problem is: {@code line 1, column 8} of a text, or a JSON pointer (RFC 6901) into a document. */
    public String position() {
        return position;
    }
}
