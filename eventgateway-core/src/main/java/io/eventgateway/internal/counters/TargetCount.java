package io.eventgateway.internal.counters;

import org.jspecify.annotations.Nullable;

/**
 * The counts of a subscription's deliveries to one function. Those of a pattern are counted for the type of each event, too; those of one
 * type are added to its counts when somebody asks. Thread-safe.
 */
public final class TargetCount {
    private final SpaceCounters space;
    private final String functionId;
    private final String eventType;
    private final boolean isOfPattern;
    private final DeliveryCount count = new DeliveryCount();

    TargetCount(SpaceCounters space, String functionId, String eventType) {
        this.space = space;
        this.functionId = functionId;
        this.eventType = eventType;
        this.isOfPattern = eventType.indexOf('*') >= 0;
    }

    String functionId() {
        return functionId;
    }

    boolean isFor(String otherFunction, String otherType) {
        return functionId.equals(otherFunction) && eventType.equals(otherType);
    }

    /** The type whose counts these are a part of; null for those of a pattern. */
    @Nullable String exactType() {
        return isOfPattern ? null : eventType;
    }

    private @Nullable DeliveryCount ofType(String type) {
        return isOfPattern ? space.type(type).deliveries() : null;
    }

    /** Deliveries were accepted, of events of one type. */
    public void routed(String type, long sync, long async) {
        count.routed(sync, async);
        DeliveryCount other = ofType(type);
        if (other != null) {
            other.routed(sync, async);
        }
    }

    /** An async delivery succeeded. */
    public void delivered(String type) {
        count.deliveredAsync();
        DeliveryCount other = ofType(type);
        if (other != null) {
            other.deliveredAsync();
        }
    }

    /** An attempt failed. */
    public void failedAttempt(String type, boolean isRetried) {
        failedAttempt(count, isRetried);
        DeliveryCount other = ofType(type);
        if (other != null) {
            failedAttempt(other, isRetried);
        }
    }

    private static void failedAttempt(DeliveryCount count, boolean isRetried) {
        count.failedAttempt();
        if (isRetried) {
            count.retried();
        }
    }

    /** A delivery was given up, and is a dead letter; or it was dropped, or expired, and nothing is kept of it. */
    public void lost(String type, boolean isSync, boolean isDead) {
        lost(count, isSync, isDead);
        DeliveryCount other = ofType(type);
        if (other != null) {
            lost(other, isSync, isDead);
        }
    }

    private static void lost(DeliveryCount count, boolean isSync, boolean isDead) {
        if (isSync) {
            count.lostSync();
        }
        if (isDead) {
            count.dead();
        } else {
            count.dropped();
        }
    }

    /** A call that a caller waited for has ended. */
    public void called(boolean succeeded, long nanos) {
        count.routed(1, 0);
        count.took(nanos);
        if (!succeeded) {
            count.lostSync();
            count.failedAttempt();
        }
    }

    /** A call took some time. */
    public void took(String type, long nanos) {
        count.took(nanos);
        DeliveryCount other = ofType(type);
        if (other != null) {
            other.took(nanos);
        }
    }

    void addTo(CountSum sum) {
        count.addTo(sum);
    }
}
