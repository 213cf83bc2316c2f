package io.eventgateway.invokers.router;

import org.jspecify.annotations.Nullable;

/**
 * The configuration of a {@code router} function.
 *
 * @param space the space of this gateway that events go to; this or {@code gateway} is required
 * @param gateway the name of another gateway that events go to, as the application gave it to the provider
 * @param eventType the type that events get; their own unless said
 * @param awaitDelivery whether a call ends when the event's deliveries have ended; false unless said: it ends when the event is
 *     accepted
 */
record RouterConfiguration(
        @Nullable String space,
        @Nullable String gateway,
        @Nullable String eventType,
        @Nullable Boolean awaitDelivery) {
    private static final int LONGEST_NAME = 256;

    RouterConfiguration {
        if ((space == null) == (gateway == null)) {
            throw new IllegalArgumentException("'space' or 'gateway' must say where events go, "
                    + (space == null ? "both were missing" : "both were there"));
        }
        if (space != null && (space.length() > LONGEST_NAME || !space.matches("[a-zA-Z0-9._-]+"))) {
            throw new IllegalArgumentException("'space' must be 1 to 256 of a-z A-Z 0-9 . - _, was '" + space + "'");
        }
        if (eventType != null && eventType.isEmpty()) {
            throw new IllegalArgumentException("'eventType' must be the type of an event, was empty");
        }
    }

    boolean awaits() {
        return Boolean.TRUE.equals(awaitDelivery);
    }
}
