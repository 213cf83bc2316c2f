package io.eventgateway.invokers.client;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The {@code validate} entry of a function's configuration: what an endpoint is asked for before events are sent to it ("HTTP 1.1 Web Hooks
 * for Event Delivery", section 4). An immutable value.
 *
 * @param origin the DNS name that stands for the sending system, and for no single host of it
 * @param rate the requests a minute that are asked for; null to ask for none
 */
public record ValidationSettings(String origin, @Nullable Integer rate) {
    private static final String DEFAULT_ORIGIN = "eventgateway";
    private static final Set<String> MEMBERS = Set.of("origin", "rate");
    private static final String LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
    private static final int LONGEST_NAME = 253;

    /** Checks both. */
    public ValidationSettings {
        if (origin.length() > LONGEST_NAME || !origin.matches(LABEL + "(\\." + LABEL + ")*")) {
            throw new IllegalArgumentException(
                    "'validate.origin' must be a DNS name such as events.example.com, was '" + origin + "'");
        }
        if (rate != null && rate < 1) {
            throw new IllegalArgumentException("'validate.rate' must be requests a minute, at least 1, was " + rate);
        }
    }

    /** The settings that a configuration says: {@code true}, or an object of {@code origin} and {@code rate}; null for {@code false}. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static @Nullable ValidationSettings of(Object json) {
        if (json instanceof Boolean wanted) {
            return wanted ? new ValidationSettings(DEFAULT_ORIGIN, null) : null;
        }
        if (!(json instanceof Map<?, ?> members) || !MEMBERS.containsAll(members.keySet())) {
            throw refused();
        }
        Object origin = members.get("origin");
        Object rate = members.get("rate");
        if ((origin != null && !(origin instanceof String)) || (rate != null && !(rate instanceof Integer))) {
            throw refused();
        }
        return new ValidationSettings(origin == null ? DEFAULT_ORIGIN : (String) origin, (Integer) rate);
    }

    private static IllegalArgumentException refused() {
        return new IllegalArgumentException("'validate' must be true, false or an object such as"
                + " {\"origin\": \"events.example.com\", \"rate\": 120}");
    }
}
