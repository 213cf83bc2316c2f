package io.eventgateway.schema;

/** What a new schema of an event type must go on to say. The words are those of Confluent's Schema Registry. */
public enum Compatibility {
    /** Anything may change. */
    NONE,
    /** Who reads by the new schema can read what was written by the old one: every event of the old schema has the new one. */
    BACKWARD,
    /** Who reads by the old schema can read what is written by the new one: every event of the new schema has the old one. */
    FORWARD,
    /** Both. */
    FULL
}
