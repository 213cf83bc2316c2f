package io.eventgateway.simulation;

import io.eventgateway.Emission;
import io.eventgateway.delivery.DeliveryReport;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An event that was emitted. */
final class Emitted {
    final String id;
    final Node node;
    final String type;
    final @Nullable String key;
    /** Its place among those that were emitted together. */
    final int index;

    /** What is the same for those that were emitted together; null for one that was not. */
    @Nullable Object group;

    final boolean plain;
    final int beganStep;
    /** Whether its subject was erased, so that what waits of it is not called any more. */
    boolean erased;

    /** True when the emitter was told that the store had failed. */
    boolean refusedByStore;

    int returnedStep = Integer.MAX_VALUE;

    @Nullable Emission emission;
    /** How many of its subscriptions are async. */
    int async;
    /** The ids of its sync subscriptions. */
    Set<String> sync = Set.of();

    @Nullable DeliveryReport report;

    /** The report that an interceptor got. */
    @Nullable DeliveryReport watched;

    int completedStep = Integer.MAX_VALUE;
    long acceptedNanos;

    /**
     * An event.
     *
     * @param plain whether it is to be delivered at once, with no time of its own
     */
    Emitted(String id, Node node, String type, @Nullable String key, int index, boolean plain, int beganStep) {
        this.id = id;
        this.node = node;
        this.type = type;
        this.key = key;
        this.index = index;
        this.plain = plain;
        this.beganStep = beganStep;
    }

    boolean isAccepted() {
        return emission != null;
    }

    boolean isComplete() {
        return report != null;
    }

    /** Whether it was accepted before the other surely. */
    boolean isBefore(Emitted other) {
        return returnedStep < other.beganStep || (group != null && group == other.group && index < other.index);
    }

    @Override
    public String toString() {
        return id + " (" + type + (key == null ? "" : ", " + key) + ", " + node + ")";
    }
}
