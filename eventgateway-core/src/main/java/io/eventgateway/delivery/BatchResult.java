package io.eventgateway.delivery;

import com.fasterxml.jackson.annotation.JsonValue;
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
 */
public record BatchResult(List<String> failedEventIds) {
    /** Copies the list. */
    public BatchResult {
        failedEventIds = List.copyOf(failedEventIds);
    }

    /** Those events failed, the others succeeded. */
    public static BatchResult failed(Collection<String> eventIds) {
        return new BatchResult(List.copyOf(eventIds));
    }

    @JsonValue
    Map<String, List<Map<String, String>>> json() {
        return Map.of(
                "batchItemFailures",
                failedEventIds.stream().map(id -> Map.of("itemIdentifier", id)).toList());
    }
}
