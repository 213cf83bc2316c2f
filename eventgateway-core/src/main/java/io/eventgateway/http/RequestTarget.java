package io.eventgateway.http;

import io.eventgateway.internal.http.CredentialNames;
import io.eventgateway.internal.http.PercentCoding;
import io.eventgateway.internal.http.ShownText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A request's target: its path and query, as they came and decoded. Immutable. */
record RequestTarget(String rawPath, @Nullable String rawQuery, String path, Map<String, List<String>> query) {
    /**
     * The target of a text.
     *
     * @throws IllegalArgumentException if it does not start with {@code /}, has control characters, or is not properly percent-encoded
     */
    static RequestTarget parse(String target) {
        Objects.requireNonNull(target, "target must not be null");
        if (!target.startsWith("/")) {
            throw new IllegalArgumentException(
                    "target must be a path that starts with '/', was '" + ShownText.of(target) + "'");
        }
        checkCharacters(target);
        int fragment = target.indexOf('#');
        String withoutFragment = fragment < 0 ? target : target.substring(0, fragment);
        int mark = withoutFragment.indexOf('?');
        return of(
                mark < 0 ? withoutFragment : withoutFragment.substring(0, mark),
                mark < 0 ? null : withoutFragment.substring(mark + 1));
    }

    /** Control characters are percent-encoded in a target (RFC 3986, section 2); raw ones would split lines that it is written into. */
    private static void checkCharacters(String target) {
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c < ' ' || c == 0x7f) {
                throw new IllegalArgumentException("target must have its control characters percent-encoded, has U+"
                        + String.format(Locale.ROOT, "%04X", (int) c) + " at position " + i + " of '"
                        + ShownText.of(target) + "'");
            }
        }
    }

    private static RequestTarget of(String rawPath, @Nullable String rawQuery) {
        return new RequestTarget(
                rawPath, rawQuery, PercentCoding.decode(rawPath), rawQuery == null ? Map.of() : parseQuery(rawQuery));
    }

    /** The target that could not be parsed, taken for a path. */
    static RequestTarget malformed(String target) {
        return new RequestTarget(target, null, target, Map.of());
    }

    private static Map<String, List<String>> parseQuery(String query) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (String pair : query.split("&", -1)) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                values.computeIfAbsent(nameOf(pair, equals), key -> new ArrayList<>(1))
                        .add(equals < 0 ? "" : PercentCoding.decodeForm(pair.substring(equals + 1)));
            }
        }
        values.replaceAll((name, list) -> List.copyOf(list));
        return Collections.unmodifiableMap(values);
    }

    private static String nameOf(String pair, int equals) {
        return PercentCoding.decodeForm(equals < 0 ? pair : pair.substring(0, equals));
    }

    String text() {
        return rawQuery == null ? rawPath : rawPath + "?" + rawQuery;
    }

    /** This target with the values of credentials hidden; itself when it has none. */
    RequestTarget withoutCredentials() {
        if (rawQuery == null || query.keySet().stream().noneMatch(CredentialNames::include)) {
            return this;
        }
        List<String> pairs = new ArrayList<>();
        for (String pair : rawQuery.split("&", -1)) {
            int equals = pair.indexOf('=');
            pairs.add(
                    equals >= 0 && CredentialNames.include(nameOf(pair, equals))
                            ? pair.substring(0, equals + 1) + CredentialNames.HIDDEN
                            : pair);
        }
        return of(rawPath, String.join("&", pairs));
    }
}
