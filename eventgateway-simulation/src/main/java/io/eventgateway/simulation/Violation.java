package io.eventgateway.simulation;

/** A promise of the library that a history broke. */
@SuppressWarnings("serial")
final class Violation extends RuntimeException {
    private final String kind;

    /**
     * A broken promise.
     *
     * @param kind the short name of the promise, the same for every history that breaks it
     */
    Violation(String kind, String message) {
        super(kind + ": " + message);
        this.kind = kind;
    }

    Violation(String kind, String message, Throwable cause) {
        super(kind + ": " + message, cause);
        this.kind = kind;
    }

    String kind() {
        return kind;
    }
}
