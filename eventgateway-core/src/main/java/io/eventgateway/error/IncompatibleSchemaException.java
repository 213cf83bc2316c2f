package io.eventgateway.error;

import io.eventgateway.EventGatewayException;
import io.eventgateway.schema.SchemaDifference;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The new schema of an event type breaks what the type's compatibility promises. Nothing was changed. */
public final class IncompatibleSchemaException extends EventGatewayException {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable List<SchemaDifference> differences;

    /** Creates the exception with a message that names the type, its compatibility and the differences that break it. */
    public IncompatibleSchemaException(String message, List<SchemaDifference> differences) {
        super(message);
        this.differences = List.copyOf(differences);
    }

    /** The differences that break the compatibility. Unmodifiable; empty after serialisation. */
    public List<SchemaDifference> differences() {
        return differences == null ? List.of() : differences;
    }
}
