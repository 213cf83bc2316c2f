package io.eventgateway.invokers.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The form of {@code Retry-After} that is a number of seconds (RFC 9110, section 10.2.3). */
public final class DelaySeconds {
    private static final int MAX_DIGITS = 9;
    private static final Duration LONGEST = Duration.ofSeconds(999_999_999);

    private DelaySeconds() {}

    /** The time that a text says, 999,999,999 s for every longer one; null when the text is no whole number. */
    public static @Nullable Duration parse(@Nullable String text) {
        if (text == null || !text.matches("[0-9]+")) {
            return null;
        }
        String digits = text.replaceFirst("^0+(?=.)", "");
        return digits.length() > MAX_DIGITS ? LONGEST : Duration.ofSeconds(Long.parseLong(digits));
    }
}
