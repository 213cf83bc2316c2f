package io.eventgateway.delivery;

import com.fasterxml.jackson.annotation.JsonValue;
import io.eventgateway.InvocationException;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * What a function that gets batches may answer: which of the events failed, so that only these are delivered again. An answer
 * that names no failures means that all succeeded; one that names an event that was not in the batch, or is malformed, that all
 * failed. Its JSON form, which functions elsewhere answer, is AWS Lambda's partial batch response:
 * {@code {"batchItemFailures":[{"itemIdentifier":"<event id>"}]}}.
 *
 * @param failedEventIds the ids of the events that failed. Unmodifiable.
 * @param causes why events failed, by the ids of those of which it is known; an event without a cause failed with a retryable
 *     {@link InvocationException.Kind#FUNCTION_ERROR}. No part of the JSON form. Unmodifiable.
 */
public record BatchResult(List<String> failedEventIds, Map<String, InvocationException> causes) {
    /**
     * Copies the list and the map.
     *
     * @throws IllegalArgumentException if an event has a cause and is not named as failed
     */
    public BatchResult {
        failedEventIds = List.copyOf(failedEventIds);
        causes = Map.copyOf(causes);
        if (!failedEventIds.containsAll(causes.keySet())) {
            throw new IllegalArgumentException(
                    "causes must be of events in failedEventIds " + failedEventIds + ", were of " + causes.keySet());
        }
    }

    /** Those events failed, the others succeeded. */
    public static BatchResult failed(Collection<String> eventIds) {
        return new BatchResult(List.copyOf(eventIds), Map.of());
    }

    /** The result of a batch of which those events failed, each with its cause, which says whether it is delivered again and when. */
    public static BatchResult failed(Map<String, InvocationException> causes) {
        return new BatchResult(List.copyOf(causes.keySet()), causes);
    }

    @JsonValue
    Map<String, List<Map<String, String>>> json() {
        return Map.of(
                "batchItemFailures",
                failedEventIds.stream().map(id -> Map.of("itemIdentifier", id)).toList());
    }
}
