package io.eventgateway.internal.invocation;

import io.eventgateway.Event;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import io.eventgateway.InvocationResult;
import io.eventgateway.delivery.BatchResult;
import io.eventgateway.delivery.BatchResult.Failure;
import io.eventgateway.error.DataConversionException;
import io.eventgateway.internal.http.MediaTypes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
     * Why events failed, by their places in the batch.
     *
     * @throws Malformed if the answer does not say it as it should
     */
    static Map<Integer, InvocationException> failures(InvocationResult answer, List<Event> batch, String functionId)
            throws Malformed {
        Map<Integer, InvocationException> failed = new HashMap<>();
        for (Failure failure : answer.value() instanceof BatchResult result ? result.failures() : named(answer)) {
            boolean isKnown = false;
            for (int i = 0; i < batch.size(); i++) {
                if (isOf(failure, i, batch.get(i))) {
                    isKnown = true;
                    failed.putIfAbsent(i, causeOf(failure, functionId));
                }
            }
            if (!isKnown) {
                throw new Malformed("names '" + failure.eventId() + "'" + place(failure)
                        + " as failed, which is no event of the batch; accepted are " + ACCEPTED);
            }
        }
        return failed;
    }

    private static boolean isOf(Failure failure, int index, Event event) {
        return failure.eventId().equals(event.getId()) && (failure.index() == null || failure.index() == index);
    }

    private static String place(Failure failure) {
        return failure.index() == null ? "" : " at index " + failure.index();
    }

    /** The cause that the answer gives, where it gives one. */
    private static InvocationException causeOf(Failure failure, String functionId) {
        InvocationException cause = failure.cause();
        return cause != null
                ? cause
                : new InvocationException(
                        Kind.FUNCTION_ERROR,
                        true,
                        "function '" + functionId + "' answered that event '" + failure.eventId()
                                + "' of the batch failed");
    }

    /**
     * Checks what a handler answered to one event: a {@link BatchResult} means there what it means for a batch of one.
     *
     * @throws InvocationException if it names the event as failed, or another one
     */
    static void requireTaken(BatchResult answer, Event event, String functionId) {
        for (Failure failure : answer.failures()) {
            if (!isOf(failure, 0, event)) {
                throw new InvocationException(
                        Kind.FUNCTION_ERROR,
                        true,
                        "the answer of function '" + functionId + "' to event '" + event.getId() + "' names '"
                                + failure.eventId() + "'" + place(failure)
                                + " as failed, which is another event; accepted are null, a value, and a BatchResult that"
                                + " names no event but this one");
            }
        }
        if (!answer.failures().isEmpty()) {
            InvocationException cause = answer.failures().get(0).cause();
            throw cause != null
                    ? cause
                    : new InvocationException(
                            Kind.FUNCTION_ERROR,
                            true,
                            "function '" + functionId + "' answered that event '" + event.getId() + "' failed");
        }
    }

    private static List<Failure> named(InvocationResult answer) throws Malformed {
        JsonNode failures = json(answer).path(FAILURES);
        List<Failure> named = new ArrayList<>();
        if (failures.isMissingNode() || failures.isNull()) {
            return named;
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
            named.add(new Failure(id.stringValue(), null, null));
        }
        return named;
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
