package io.eventgateway.internal.delivery;

import io.eventgateway.InvocationResult;
import io.eventgateway.delivery.BatchResult;
import io.eventgateway.error.DataConversionException;
import java.util.LinkedHashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** Which events of a batch failed, by what its function answered: a {@link BatchResult}, or its JSON form. */
final class PartialFailures {
    private static final String FAILURES = "batchItemFailures";
    private static final String ID = "itemIdentifier";

    private PartialFailures() {}

    /**
     * The ids of the events that failed.
     *
     * @throws IllegalArgumentException if the answer names failures in another form
     */
    static Set<String> of(InvocationResult answer) {
        if (answer.value() instanceof BatchResult result) {
            return new LinkedHashSet<>(result.failedEventIds());
        }
        Set<String> ids = new LinkedHashSet<>();
        JsonNode failures = json(answer).path(FAILURES);
        if (failures.isMissingNode() || failures.isNull()) {
            return ids;
        }
        for (JsonNode each : failures) {
            JsonNode id = each.path(ID);
            if (!id.isString()) {
                throw new IllegalArgumentException(
                        FAILURES + " that are not all of the form {\"" + ID + "\":\"<event id>\"}");
            }
            ids.add(id.stringValue());
        }
        return ids;
    }

    private static JsonNode json(InvocationResult answer) {
        try {
            return answer.isEmpty() ? MissingNode.getInstance() : answer.asJson();
        } catch (DataConversionException e) {
            return MissingNode.getInstance(); // an answer that is not JSON names no failures
        }
    }
}
