package io.eventgateway.delivery;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.eventgateway.InvocationResult;
import io.eventgateway.error.DataConversionException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a function that gets batches may answer: which of the events failed, so that only these are delivered again. Any other
 * answer means that all succeeded. Its JSON form, which functions elsewhere answer, is AWS Lambda's partial batch response:
 * {@code {"batchItemFailures":[{"itemIdentifier":"<event id>"}]}}.
 *
 * @param batchItemFailures the events that failed
 */
public record BatchResult(List<ItemFailure> batchItemFailures) {
    private static final String FAILURES = "batchItemFailures";
    private static final String ID = "itemIdentifier";

    /**
     * An event that failed.
     *
     * @param itemIdentifier its id
     */
    public record ItemFailure(@JsonProperty(ID) String itemIdentifier) {}

    /** Copies the list. */
    public BatchResult {
        batchItemFailures = List.copyOf(batchItemFailures);
    }

    /** Those events failed, the others succeeded. */
    public static BatchResult failed(Collection<String> eventIds) {
        return new BatchResult(eventIds.stream().map(ItemFailure::new).toList());
    }

    /**
     * The ids of the events that failed, by a function's answer.
     *
     * @throws IllegalArgumentException if it names failures in another form
     */
    public static Set<String> failedIds(InvocationResult answer) {
        Set<String> ids = new LinkedHashSet<>();
        if (answer.value() instanceof BatchResult result) {
            result.batchItemFailures.forEach(each -> ids.add(each.itemIdentifier()));
            return ids;
        }
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
            return answer.isEmpty() ? JsonMapper.shared().missingNode() : answer.asJson();
        } catch (DataConversionException e) {
            return JsonMapper.shared().missingNode(); // an answer that is not JSON names no failures
        }
    }
}
