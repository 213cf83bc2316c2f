package io.eventgateway.internal.http;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The names of header fields and query parameters whose values are credentials. Names are judged by the words in them, since
 * every service has a field of its own; a field too many that is hidden costs nothing.
 */
public final class CredentialNames {
    /** Stands in place of a credential. */
    public static final String HIDDEN = "***";

    private static final List<String> WORDS = List.of(
            "auth",
            "cookie",
            "token",
            "secret",
            "passw",
            "apikey",
            "credential",
            "session",
            "signature",
            "jwt",
            "assertion");
    private static final Set<String> WHOLE = Set.of("key", "sig", "code", "pwd");

    private CredentialNames() {}

    /**
     * Returns whether a header field or a query parameter of the name carries a credential: when the name, without regard to case,
     * dashes and underscores, has one of the words in it, is {@code key}, {@code sig}, {@code code} or {@code pwd}, or ends in
     * {@code -key}.
     */
    public static boolean include(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (WHOLE.contains(lower) || lower.endsWith("-key") || lower.endsWith("_key")) {
            return true;
        }
        String joined = lower.replace("-", "").replace("_", "");
        return WORDS.stream().anyMatch(joined::contains);
    }
}
