package io.eventgateway.http;

import io.eventgateway.internal.http.HttpFields;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

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
            // RFC 9113, section 8.2.3: the parts of a Cookie are joined in another way than those of any other field
            joined.put(name, String.join(name.equalsIgnoreCase("Cookie") ? "; " : ", ", list));
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

        Builder() {}

        Builder(Headers from) {
            from.values.forEach((name, list) -> fields.put(name, new ArrayList<>(list)));
        }

        /** Adds a value; null adds nothing. */
        void add(String name, @Nullable String value) {
            if (value == null) {
                HttpFields.checkName(name);
                return;
            }
            fields.computeIfAbsent(HttpFields.checkName(name), key -> new ArrayList<>(1))
                    .add(HttpFields.checkValue(name, value));
        }

        void set(String name, String value) {
            remove(name);
            add(name, value);
        }

        void remove(String name) {
            fields.remove(HttpFields.checkName(name));
        }

        Headers build() {
            return fields.isEmpty() ? NONE : new Headers(fields);
        }
    }
}
