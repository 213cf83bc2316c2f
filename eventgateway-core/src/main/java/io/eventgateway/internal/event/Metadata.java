package io.eventgateway.internal.event;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** The labels of functions and subscriptions. */
public final class Metadata {
    private Metadata() {}

    public static Map<String, String> copy(
            Map<String, String> labels, Function<String, ? extends RuntimeException> refusal) {
        for (Map.Entry<String, String> label : labels.entrySet()) {
            if (label.getKey() == null || label.getKey().isEmpty() || label.getValue() == null) {
                throw refusal.apply("metadata must have names of at least one character and values, had '"
                        + label.getKey() + "' = " + label.getValue());
            }
        }
        return Collections.unmodifiableMap(new TreeMap<>(labels));
    }
}
