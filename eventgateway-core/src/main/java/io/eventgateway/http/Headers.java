package io.eventgateway.http;

import io.eventgateway.internal.http.HttpFields;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Header fields in order of their names, which are compared without regard to case (RFC 9110, section 5.1). Immutable. */
final class Headers {
    static final Headers NONE = new Headers(new TreeMap<>(String.CASE_INSENSITIVE_ORDER));

    private final Map<String, List<String>> values;
    private final Map<String, String> combined;

    private Headers(Map<String, List<String>> fields) {
        TreeMap<String, List<String>> copies = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        TreeMap<String, String> joined = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        fields.forEach((name, list) -> {
            copies.put(name, List.copyOf(list));
            joined.put(name, String.join(", ", list));
        });
        this.values = Collections.unmodifiableMap(copies);
        this.combined = Collections.unmodifiableMap(joined);
    }

    List<String> values(String name) {
        return values.getOrDefault(name, List.of());
    }

    Map<String, List<String>> all() {
        return values;
    }

    Map<String, String> combined() {
        return combined;
    }

    /** Collects fields and checks them as RFC 9110, section 5 asks, so that no header can smuggle in another. */
    static final class Builder {
        private final TreeMap<String, List<String>> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

        void add(String name, String value) {
            fields.computeIfAbsent(HttpFields.checkName(name), key -> new ArrayList<>(1))
                    .add(HttpFields.checkValue(name, value));
        }

        void set(String name, String value) {
            fields.remove(HttpFields.checkName(name));
            add(name, value);
        }

        Headers build() {
            return fields.isEmpty() ? NONE : new Headers(fields);
        }
    }
}
