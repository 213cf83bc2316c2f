package io.eventgateway.delivery;

import com.fasterxml.jackson.annotation.JsonValue;
import io.eventgateway.Event;
import io.eventgateway.InvocationException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a function that gets batches may answer: which of the events failed, so that only these are delivered again. An answer
 * that names no failures means that all succeeded; one that names an event that was not in the batch, or is malformed, that all
 * failed. Its JSON form, which functions elsewhere answer, is AWS Lambda's partial batch response:
 * {@code {"batchItemFailures":[{"itemIdentifier":"<event id>"}]}}.
 *
 * <p>An id is unique for its source only, so a batch may have several events of one id. Those who name failures by {@linkplain
 * #failed(List, Map) place} tell them apart; an id alone, as in the JSON form, names all of them.
 *
 * @param failures the events that failed. Unmodifiable.
 */
public record BatchResult(List<Failure> failures) {
    /** Copies the list. */
    public BatchResult {
        failures = List.copyOf(failures);
    }

    /**
     * The failure of an event of a batch.
     *
     * @param eventId the id of the event
     * @param index the place of the event among those of the call, from 0; null when every event of the batch with the id failed. No
     *     part of the JSON form.
     * @param cause why the event failed; null when that is not known, which is a retryable {@link
     *     InvocationException.Kind#FUNCTION_ERROR}. No part of the JSON form.
     */
    public record Failure(
            String eventId,
            @Nullable Integer index,
            @Nullable InvocationException cause) {
        /**
         * Checks the components.
         *
         * @throws IllegalArgumentException if the place is negative
         */
        public Failure {
            Objects.requireNonNull(eventId, "eventId");
            if (index != null && index < 0) {
                throw new IllegalArgumentException("index must be 0 or more, was " + index);
            }
        }
    }

    /** The result of a batch of which the events with those ids failed, and the others succeeded. */
    public static BatchResult failed(Collection<String> eventIds) {
        return new BatchResult(
                eventIds.stream().map(id -> new Failure(id, null, null)).toList());
    }

    /**
     * The result of a batch of which the events with those ids failed, each with its cause, which says whether it is delivered again and
     * when.
     */
    public static BatchResult failed(Map<String, InvocationException> causes) {
        return new BatchResult(causes.entrySet().stream()
                .map(each -> new Failure(each.getKey(), null, each.getValue()))
                .toList());
    }

    /**
     * The result of a batch of which the events at those places failed, each with its cause, which says whether it is delivered again and
     * when. It tells events apart that have the same id and different sources.
     *
     * @param events the events of the call, all of them and in their order
     * @param causes the causes by the places of the events that failed, from 0
     * @throws IllegalArgumentException if no event is at one of the places
     */
    public static BatchResult failed(List<Event> events, Map<Integer, InvocationException> causes) {
        return new BatchResult(new TreeMap<>(causes)
                .entrySet().stream()
                        .map(each -> new Failure(idAt(each.getKey(), events), each.getKey(), each.getValue()))
                        .toList());
    }

    private static String idAt(int index, List<Event> events) {
        if (index < 0 || index >= events.size()) {
            throw new IllegalArgumentException(
                    "the index of a failed event must be from 0 to " + (events.size() - 1) + ", was " + index);
        }
        return events.get(index).getId();
    }

    @JsonValue
    Map<String, List<Map<String, String>>> json() {
        return Map.of(
                "batchItemFailures",
                failures.stream()
                        .map(failure -> Map.of("itemIdentifier", failure.eventId()))
                        .toList());
    }
}
