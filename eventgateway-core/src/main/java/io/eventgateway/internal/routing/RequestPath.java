package io.eventgateway.internal.routing;

import io.eventgateway.internal.http.PercentCoding;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A request's path, split and then decoded, and which of its segments a search has given to parameters. For one search. */
final class RequestPath {
    private static final int NOTHING = -1;
    private static final int USUAL_DEPTH = 8;

    private final String raw;
    /** Where each segment starts, and after the last one where the next would. */
    private int[] starts = new int[USUAL_DEPTH + 1];

    private final String[] segments;
    private final int size;
    private final boolean encoded;
    private int[] taken = {};
    private int restFrom = NOTHING;

    RequestPath(String raw) {
        this.raw = raw;
        int count = 0;
        for (int slash = 0; slash >= 0; slash = raw.indexOf('/', slash + 1)) {
            if (count + 1 == starts.length) {
                starts = Arrays.copyOf(starts, starts.length * 2);
            }
            starts[count++] = slash + 1;
        }
        starts[count] = raw.length() + 1;
        this.size = count;
        this.segments = new String[count];
        this.encoded = raw.indexOf('%') >= 0;
        for (int i = 0; i < count; i++) {
            segments[i] = decoded(raw.substring(starts[i], starts[i + 1] - 1));
        }
    }

    private String decoded(String part) {
        return encoded ? PercentCoding.decode(part) : part;
    }

    int size() {
        return size;
    }

    String segment(int index) {
        return segments[index];
    }

    boolean hasRest(int from) {
        return starts[from] < raw.length();
    }

    /** Notes what a parameter takes. The search calls it on its way back, so only for those of the pattern that it found. */
    void take(int parameter, int segment) {
        if (taken.length <= parameter) {
            taken = Arrays.copyOf(taken, parameter + 1);
        }
        taken[parameter] = segment;
    }

    void takeRest(int from) {
        restFrom = from;
    }

    Map<String, String> taken(List<String> names) {
        if (names.isEmpty()) {
            return Map.of();
        }
        if (names.size() == 1) {
            return Map.of(
                    names.get(0), restFrom == NOTHING ? segments[taken[0]] : decoded(raw.substring(starts[restFrom])));
        }
        Map<String, String> params = new LinkedHashMap<>();
        int parameters = restFrom == NOTHING ? names.size() : names.size() - 1;
        for (int i = 0; i < parameters; i++) {
            params.put(names.get(i), segments[taken[i]]);
        }
        if (restFrom != NOTHING) {
            params.put(names.get(parameters), decoded(raw.substring(starts[restFrom])));
        }
        return params;
    }
}
