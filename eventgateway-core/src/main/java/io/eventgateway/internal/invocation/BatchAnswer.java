package io.eventgateway.internal.invocation;

import io.eventgateway.Event;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import io.eventgateway.InvocationResult;
import io.eventgateway.delivery.BatchResult;
import io.eventgateway.error.DataConversionException;
import io.eventgateway.internal.http.MediaTypes;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The events of a batch that failed, by the answer of its function: a {@link BatchResult}, or its JSON form, AWS
 * Lambda's partial batch response. As AWS has it, an answer that names failures in another form, or an event that was
 * not in the batch, fails the whole batch, since nobody knows what the function did.
 */
final class BatchAnswer {
    private static final String FAILURES = "batchItemFailures";
    private static final String ID = "itemIdentifier";
    private static final String ACCEPTED =
            FAILURES + " of the form [{\"" + ID + "\": \"<id of an event of the batch>\"}]";

    /** An answer that can't be read. The message says what it has, and what would be accepted. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message, null, false, false);
        }
    }

    private BatchAnswer() {}

    /**
     * The ids of the events that failed.
     *
     * @throws Malformed if the answer does not say it as it should
     */
    static Set<String> failedIds(InvocationResult answer, List<Event> batch) throws Malformed {
        Set<String> failed = answer.value() instanceof BatchResult result
                ? new LinkedHashSet<>(result.failedEventIds())
                : named(answer);
        requireKnown(failed, batch);
        return failed;
    }

    /**
     * Checks what a handler answered to one event: a {@link BatchResult} means there what it means for a batch of one.
     *
     * @throws InvocationException if it names the event as failed, or another one
     */
    static void requireTaken(BatchResult answer, Event event, String functionId) {
        for (String id : answer.failedEventIds()) {
            if (!id.equals(event.getId())) {
                throw new InvocationException(
                        Kind.FUNCTION_ERROR,
                        true,
                        "the answer of function '" + functionId + "' to event '" + event.getId() + "' names '" + id
                                + "' as failed, which is another event; accepted are null, a value, and a BatchResult that"
                                + " names no event but this one");
            }
        }
        if (!answer.failedEventIds().isEmpty()) {
            InvocationException cause = answer.causes().get(event.getId());
            throw cause != null
                    ? cause
                    : new InvocationException(
                            Kind.FUNCTION_ERROR,
                            true,
                            "function '" + functionId + "' answered that event '" + event.getId() + "' failed");
        }
    }

    private static void requireKnown(Collection<String> failed, List<Event> batch) throws Malformed {
        if (failed.isEmpty()) {
            return;
        }
        Set<String> known = new HashSet<>();
        batch.forEach(event -> known.add(event.getId()));
        for (String id : failed) {
            if (!known.contains(id)) {
                throw new Malformed(
                        "names '" + id + "' as failed, which is no event of the batch; accepted are " + ACCEPTED);
            }
        }
    }

    private static Set<String> named(InvocationResult answer) throws Malformed {
        JsonNode failures = json(answer).path(FAILURES);
        Set<String> ids = new LinkedHashSet<>();
        if (failures.isMissingNode() || failures.isNull()) {
            return ids;
        }
        if (!failures.isArray()) {
            throw new Malformed("has a " + failures.getNodeType() + " as " + FAILURES + "; accepted are " + ACCEPTED);
        }
        for (JsonNode each : failures) {
            JsonNode id = each.path(ID);
            if (!id.isString()) {
                throw new Malformed(
                        "has an entry of " + FAILURES + " without a text as " + ID + "; accepted are " + ACCEPTED);
            }
            ids.add(id.stringValue());
        }
        return ids;
    }

    /** The answer as JSON; an answer that does not claim to be JSON names no failures. */
    private static JsonNode json(InvocationResult answer) throws Malformed {
        try {
            return answer.asJson();
        } catch (DataConversionException e) {
            if (answer.value() instanceof byte[] && MediaTypes.isJson(answer.contentType())) {
                throw new Malformed(
                        "is said to be JSON and can't be read: " + e.getMessage() + "; accepted are " + ACCEPTED);
            }
            return tools.jackson.databind.node.MissingNode.getInstance();
        }
    }
}
