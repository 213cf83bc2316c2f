package io.eventgateway.schema;

/**
 * How a gateway learns the schemas of the events that pass. An immutable value.
 *
 * @param sampleEvery one of how many events of a type is looked at; 0 when discovery is off. The first 100 of a type always are.
 * @param maxTypes of how many types at most
 * @param maxMembers how many members of objects are kept of a type at most, all depths together
 */
public record DiscoveryOptions(int sampleEvery, int maxTypes, int maxMembers) {
    private static final DiscoveryOptions OFF = new DiscoveryOptions(0, 1_000, 1_000);

    /** Checks the numbers. */
    public DiscoveryOptions {
        if (sampleEvery < 0) {
            throw new IllegalArgumentException("sampleEvery must be 0 (off) or more, was " + sampleEvery);
        }
        if (maxTypes < 1 || maxTypes > 100_000) {
            throw new IllegalArgumentException("maxTypes must be 1 to 100000, was " + maxTypes);
        }
        if (maxMembers < 1 || maxMembers > 100_000) {
            throw new IllegalArgumentException("maxMembers must be 1 to 100000, was " + maxMembers);
        }
    }

    /** Nothing is learned, which is so unless other options are given. */
    public static DiscoveryOptions off() {
        return OFF;
    }

    /** One of 100 events is looked at, of 1,000 types at most with 1,000 members each. */
    public static DiscoveryOptions sampled() {
        return OFF.withSampleEvery(100);
    }

    /** These options with another rate. */
    public DiscoveryOptions withSampleEvery(int events) {
        return new DiscoveryOptions(events, maxTypes, maxMembers);
    }

    /** These options with another bound of types. */
    public DiscoveryOptions withMaxTypes(int types) {
        return new DiscoveryOptions(sampleEvery, types, maxMembers);
    }

    /** These options with another bound of members. */
    public DiscoveryOptions withMaxMembers(int members) {
        return new DiscoveryOptions(sampleEvery, maxTypes, members);
    }
}
