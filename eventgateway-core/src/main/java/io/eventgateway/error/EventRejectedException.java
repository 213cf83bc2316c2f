package io.eventgateway.error;

import io.eventgateway.EventGatewayException;
import io.eventgateway.schema.Violation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The gateway or an interceptor refused an event. The event was delivered to nobody. */
public final class EventRejectedException extends EventGatewayException {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable List<Violation> violations;

    /** Creates the exception with a message that names the thing, the value and what would be accepted. */
    public EventRejectedException(String message) {
        this(message, (Throwable) null);
    }

    /** Creates the exception as the other constructor does, with its cause. */
    public EventRejectedException(String message, @Nullable Throwable cause) {
        super(message, cause);
        this.violations = null;
    }

    /** Creates the exception of an event whose data does not have the schema of its type. */
    public EventRejectedException(String message, List<Violation> violations) {
        super(message);
        this.violations = List.copyOf(violations);
    }

    /**
     * What of the event's data is not as the schema of its type says; empty when it was refused for something else, and after
     * serialisation. What was found is data of the event, which the message leaves out. Unmodifiable.
     */
    public List<Violation> violations() {
        return violations == null ? List.of() : violations;
    }
}
