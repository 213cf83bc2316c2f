package io.eventgateway;

import io.eventgateway.internal.filter.AzureLimits;
import java.util.List;
import java.util.Objects;
import tools.jackson.databind.JsonNode;

/**
 * The limits of Azure Event Grid's filters, which this library does not have ("Understand event filtering for Event Grid
 * subscriptions", section "Limitations"). A filter that is to go back to Azure can be checked against them:
 *
 * <pre>{@code
 * List<EventGridLimits.Problem> problems = EventGridLimits.check(filter.as(Filter.Language.EVENT_GRID));
 * }</pre>
 */
public final class EventGridLimits {
    /** How many advanced filters a subscription may have. */
    public static final int MAX_ADVANCED_FILTERS = 25;
    /** How many values the advanced filters of a subscription may have in all; a range is one. */
    public static final int MAX_VALUES = 25;
    /** How many characters a string that is compared with may have. */
    public static final int MAX_STRING = 512;

    private EventGridLimits() {}

    /**
     * A part of a filter that Azure would refuse or change.
     *
     * @param position where, as a JSON pointer (RFC 6901) into the Event Grid filter
     * @param found what is there
     * @param limit what would be accepted
     */
    public record Problem(String position, String found, String limit) {
        /** The problem in a sentence. */
        @Override
        public String toString() {
            return "at " + position + ": found " + found + "; Azure accepts " + limit;
        }
    }

    /**
     * The problems of a filter, in its order: too many advanced filters, too many values, strings that are too long, and numbers with
     * more digits than a double holds, which is what Azure's API takes them for.
     *
     * @return an empty list if Azure accepts the filter as it is
     * @throws IllegalArgumentException if the filter is not in Event Grid's language; {@link Filter#as} makes it so
     */
    public static List<Problem> check(Filter filter) {
        Objects.requireNonNull(filter, "filter");
        JsonNode form = filter.isStorable() ? filter.json().get(Filter.Language.EVENT_GRID.word()) : null;
        if (form == null) {
            throw new IllegalArgumentException(filter
                    + " is no Event Grid filter; accepted is what Filter.eventGrid or filter.as(EVENT_GRID) made");
        }
        return AzureLimits.problems(form);
    }
}
