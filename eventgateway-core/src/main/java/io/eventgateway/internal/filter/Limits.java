package io.eventgateway.internal.filter;

/** How much a filter may be, so that none makes matching slow: its time is at most its conditions times the event's values. */
final class Limits {
    /** Characters of a filter's text. */
    static final int MAX_TEXT = 65_536;
    /** Levels of a filter's JSON, and of filters within filters. */
    static final int MAX_DEPTH = 64;
    /**
     * Conditions of a filter, those of its {@code $or} multiplied out. Each value of a list that has to be tried by itself is one, such
     * as a prefix; texts and numbers, which are looked up, are one together.
     */
    static final int MAX_CONDITIONS = 2_000;
    /** Attributes, literals and functions of a CESQL expression. */
    static final int MAX_OPERANDS = 10_000;
    /** Values that the tests of a filter compare with: each text, number, prefix or range of their lists. */
    static final int MAX_VALUES = 10_000;
    /** Characters of a filter's JSON form: the longest text of any language, with each character escaped. */
    static final int MAX_FORM = 8 * MAX_TEXT;
    /** Levels of a filter's JSON form: an object in an array for each filter within filters, and below them a filter's own. */
    static final int MAX_FORM_DEPTH = 3 * MAX_DEPTH;
    /** Stars of one wildcard. */
    static final int MAX_STARS = 32;

    private Limits() {}
}
