package io.eventgateway.internal.filter;

/** How much a filter may be, so that none makes matching slow: its time is at most its conditions times the event's values. */
final class Limits {
    /** Characters of a filter's text. */
    static final int MAX_TEXT = 65_536;
    /** Levels of a filter's JSON, and of filters within filters. */
    static final int MAX_DEPTH = 64;
    /** Conditions of a filter, those of its {@code $or} multiplied out. */
    static final int MAX_CONDITIONS = 2_000;
    /** Attributes, literals and functions of a CESQL expression. */
    static final int MAX_OPERANDS = 10_000;
    /** Stars of one wildcard. */
    static final int MAX_STARS = 32;

    private Limits() {}
}
