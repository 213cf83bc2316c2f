package io.eventgateway.internal.transform;

import io.eventgateway.Event;

/** What makes a payload of an event. Thread-safe. */
@FunctionalInterface
public interface Shaper {
    /** The subscription that an event is shaped for. */
    record Scope(String space, String subscriptionId, String functionId) {}

    /**
     * A payload: bytes, text or a JSON tree.
     *
     * @param data the payload
     * @param contentType what it is
     */
    record Shaped(Object data, String contentType) {}

    /** An event can't be shaped. The message says what failed, and where in the transform. */
    class Failed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Failed(String message) {
            super(message);
        }

        Failed(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * The payload of an event.
     *
     * @throws Failed if there is none
     */
    Shaped shape(Event event, Scope scope);
}
