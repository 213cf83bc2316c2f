package io.eventgateway.history;

/**
 * How far a chain of events may go: events that functions emit for events that functions emit.
 *
 * @param maxDepth how many events may have led to one, 64 unless said; it goes with the event, so other processes keep it too
 * @param maxVisits how often one function may be on the path from the chain's first event to a delivery, 16 unless said
 * @param maxEvents how many events of one chain, those of one correlation id, may be emitted in this process, 10,000 unless said;
 *     counted for the newest 100,000 chains of the last hour, as far as their ids fit into 32 MiB. The events of {@code handle} and
 *     {@code invoke} are not emitted, and do not count
 */
public record ChainLimits(int maxDepth, int maxVisits, int maxEvents) {
    private static final ChainLimits DEFAULT = new ChainLimits(64, 16, 10_000);

    /** Checks that each is at least 1. */
    public ChainLimits {
        atLeastOne("maxDepth", maxDepth);
        atLeastOne("maxVisits", maxVisits);
        atLeastOne("maxEvents", maxEvents);
    }

    private static void atLeastOne(String what, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(what + " must be at least 1, was " + value);
        }
    }

    /** The limits of a gateway that says nothing else. */
    public static ChainLimits defaults() {
        return DEFAULT;
    }

    /** The same with another depth. */
    public ChainLimits withMaxDepth(int depth) {
        return new ChainLimits(depth, maxVisits, maxEvents);
    }

    /** The same with another number of visits. */
    public ChainLimits withMaxVisits(int visits) {
        return new ChainLimits(maxDepth, visits, maxEvents);
    }

    /** The same with another number of events. */
    public ChainLimits withMaxEvents(int events) {
        return new ChainLimits(maxDepth, maxVisits, events);
    }
}
