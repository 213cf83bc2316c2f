package io.eventgateway.schema;

import tools.jackson.databind.JsonNode;

/** Lifts the data of an event from one version of its type to a later one. Thread-safe. */
@FunctionalInterface
public interface Upcaster {
    /**
     * Returns the data as the later version has it.
     *
     * @param data a copy of the caller's own, which may be changed; the missing node where the event has no data
     * @throws Exception if the data can't be lifted; the delivery then fails and is not retried
     */
    JsonNode lift(JsonNode data) throws Exception;
}
