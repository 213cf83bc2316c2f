package io.eventgateway.invokers.client;

import io.eventgateway.internal.http.HttpFields;

/** The headers that a configuration may not say, since the HTTP client makes them of the URL, the body and the connection. */
public final class OwnHeaders {
    private OwnHeaders() {}

    /**
     * Checks that a header is not one of them.
     *
     * @param entry of the configuration, for the message
     * @throws IllegalArgumentException if it is
     */
    public static void check(String entry, String name) {
        if (name.equalsIgnoreCase("Host") || HttpFields.isOfTheConnection(name)) {
            throw new IllegalArgumentException(
                    "'" + entry + "' must be a header that the HTTP client does not make itself, was '" + name + "'");
        }
    }
}
