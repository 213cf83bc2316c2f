package io.eventgateway.jsonschema;

import com.networknt.schema.SchemaException;

/** Ends a validation that takes more than it may. It is one of the library's exceptions, because others are logged on their way. */
final class EffortExceeded extends SchemaException {
    private static final long serialVersionUID = 1L;

    EffortExceeded(String message) {
        super(message);
    }

    @Override
    public Throwable fillInStackTrace() {
        return this; // it is caught close by, and says all
    }
}
