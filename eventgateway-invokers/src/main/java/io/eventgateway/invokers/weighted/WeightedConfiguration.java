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
        @Nullable Map<String, @Nullable Integer> weights,
        @Nullable String sticky) {
    WeightedConfiguration {
        if (weights == null || weights.isEmpty()) {
            throw new IllegalArgumentException("'weights' must name at least one function with its weight");
        }
        long total = 0;
        for (Map.Entry<String, @Nullable Integer> member : weights.entrySet()) {
            Integer weight = member.getValue();
            if (weight == null || weight < 0) {
                throw new IllegalArgumentException(
                        "'weights." + member.getKey() + "' must be an integer of at least 0, was " + weight);
            }
            total += weight;
        }
        if (total == 0) {
            throw new IllegalArgumentException("'weights' must not all be 0, were " + weights);
        }
        if (total > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "'weights' must add up to at most " + Integer.MAX_VALUE + ", do to " + total);
        }
        if (sticky != null && sticky.isEmpty()) {
            throw new IllegalArgumentException(
                    "'sticky' must be an attribute or a path such as data.user.id, was empty");
        }
    }

    /** The functions that can be chosen. */
    Map<String, Integer> positive() {
        Map<String, Integer> members = new LinkedHashMap<>();
        if (weights != null) {
            weights.forEach((id, weight) -> {
                if (weight != null && weight > 0) {
                    members.put(id, weight);
                }
            });
        }
        return members;
    }
}
