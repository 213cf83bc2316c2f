package io.eventgateway;

import io.cloudevents.CloudEvent;
import io.eventgateway.error.InvalidEventException;

/** What was given in place of something else, with the call that was meant. */
final class Misplaced {
    private Misplaced() {}

    /** Data that can only be meant as an event, or as what is to hold for its emission. */
    static InvalidEventException data(String type, Object data) {
        String given = "the data of an event of type '" + type + "' can't be ";
        if (data instanceof EmitOptions) {
            return new InvalidEventException(
                    given
                            + "EmitOptions; they are the last argument, as in emit(type, data, options) and emit(event, options)");
        }
        if (data instanceof CloudEvent event) {
            return new InvalidEventException(
                    given + "an event, as '" + event.getId()
                            + "' is; emit(event) emits it as it is, and an event in an event is made by Event.builder(type).data(event)");
        }
        return new InvalidEventException(
                given + "a builder of an event (" + data.getClass().getName() + "); emit what its build() returns");
    }

    /** The refusal of an object that is to be emitted by itself, and whose class names no event type. */
    static InvalidEventException notAnnotated(Object given) {
        String what = given instanceof String
                ? "a String, which may be the type of an event whose data is missing; use emit(type, data)"
                : given instanceof CloudEvent
                        ? "an event already; use emit(event)"
                        : "a " + given.getClass().getName()
                                + ", which has no @EventType; annotate the class, or use emit(type, data)";
        return new InvalidEventException("what is emitted by itself must be of a class with @EventType, was " + what);
    }
}
