package io.eventgateway;

/** What becomes of an event whose data does not have the schema of its type. */
public enum Validation {
    /** The data is not looked at. */
    OFF,
    /** The event is accepted, counted, and now and then logged. */
    WARN,
    /** The event is refused with an {@link io.eventgateway.error.EventRejectedException} that has the violations. */
    ENFORCE
}
