package io.eventgateway.schema;

import io.eventgateway.EventTypeDefinition;
import java.time.Instant;
import java.util.Objects;

/**
 * What a gateway has learned of an event type from the events that passed. An immutable value.
 *
 * @param eventType the type
 * @param schema the schema that all sampled events have, as JSON
 * @param events how many events of the type have passed since
 * @param sampled how many of them were looked at
 * @param since when the gateway began to look
 */
public record Discovery(String eventType, String schema, long events, long sampled, Instant since) {
    /** Refuses nulls. */
    public Discovery {
        Objects.requireNonNull(eventType, "eventType");
        Objects.requireNonNull(schema, "schema");
        Objects.requireNonNull(since, "since");
    }

    /** The definition of the type with the schema, to be registered. */
    public EventTypeDefinition toDefinition() {
        return EventTypeDefinition.of(eventType).schema(schema).build();
    }
}
