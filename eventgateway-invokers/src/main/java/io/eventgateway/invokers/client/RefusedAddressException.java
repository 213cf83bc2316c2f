package io.eventgateway.invokers.client;

import java.io.IOException;

/** A connection was not made, since a network policy refuses its address. */
final class RefusedAddressException extends IOException {
    private static final long serialVersionUID = 1L;

    RefusedAddressException(String message) {
        super(message);
    }
}
