package io.eventgateway.benchmarks.compare;

/**
 * One of those that a row compares.
 *
 * @param name what the table calls it
 * @param source where its figure comes from
 * @param role what it is compared as
 */
record Contender(String name, Source source, Role role) {
    /** What a contender is compared as. */
    enum Role {
        OURS,
        /** A library or code that does the same; the best of them is what the ratio is against. */
        PEER,
        /** A figure to see beside the others, which does less than they do. */
        REFERENCE
    }
}
