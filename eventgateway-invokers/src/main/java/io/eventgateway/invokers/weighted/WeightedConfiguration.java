package io.eventgateway.invokers.weighted;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the provider configuration of a weighted group may say.
 *
 * @param weights function ids with weights of at least 0, not all of them 0; required
 * @param sticky what keeps events together: an attribute, an extension, or a path into the data such as {@code data.user.id}
 */
record WeightedConfiguration(
        @Nullable Map<String, @Nullable Object> weights,
        @Nullable String sticky) {
    WeightedConfiguration {
        if (weights == null || weights.isEmpty()) {
            throw new IllegalArgumentException("'weights' must name at least one function with its weight");
        }
        long total = 0;
        for (Map.Entry<String, @Nullable Object> member : weights.entrySet()) {
            total += checked(member.getKey(), member.getValue());
        }
        if (total == 0) {
            throw new IllegalArgumentException("'weights' must not all be 0, were " + weights);
        }
        if (total > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "'weights' must add up to at most " + Integer.MAX_VALUE + ", do to " + total);
        }
        if (sticky != null && !StickyKey.isPossible(sticky)) {
            throw new IllegalArgumentException("'sticky' must be an attribute, an extension, or a path such as"
                    + " data.user.id, was " + (sticky.isEmpty() ? "empty" : "'" + sticky + "'"));
        }
    }

    private static int checked(String id, @Nullable Object weight) {
        if (weight instanceof Integer known && known >= 0) {
            return known;
        }
        throw new IllegalArgumentException("'weights." + id + "' must be an integer from 0 to " + Integer.MAX_VALUE
                + ", was " + (weight == null || weight instanceof Number ? weight : "no number"));
    }

    /** The functions that can be chosen. */
    Map<String, Integer> positive() {
        Map<String, Integer> members = new LinkedHashMap<>();
        if (weights != null) {
            weights.forEach((id, weight) -> {
                if (weight instanceof Integer known && known > 0) {
                    members.put(id, known);
                }
            });
        }
        return members;
    }
}
