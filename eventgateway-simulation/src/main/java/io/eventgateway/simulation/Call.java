package io.eventgateway.simulation;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A call of a function, as the function saw it. */
final class Call {
    /** How a call ended. */
    enum End {
        /** It has not. */
        OPEN,
        /** The function took what it was called with, but for the failed events. */
        SUCCEEDED,
        /** The function failed. */
        FAILED
    }

    final Node node;
    final String function;
    /** Whether it is made on the thread that emits. */
    final boolean sync;
    /** Null for a caller who waits. */
    final @Nullable String subscription;

    final List<String> events;
    final int attempt;
    final int beganStep;
    final long beganNanos;
    final long deadlineNanos;
    /** How often there had been nothing left to run when it began. */
    int beganRest;

    final Set<String> failedEvents = new HashSet<>();
    End end = End.OPEN;
    int endedStep = Integer.MAX_VALUE;
    long endedNanos = Long.MAX_VALUE;
    /** Whether it answered with events, whose refusal fails it. */
    boolean replied;
    /** Whether the failure tells against the function. */
    boolean retryable;

    Call(
            Node node,
            String function,
            boolean sync,
            @Nullable String subscription,
            List<String> events,
            int attempt,
            int beganStep,
            long beganNanos,
            long deadlineNanos) {
        this.node = node;
        this.function = function;
        this.sync = sync;
        this.subscription = subscription;
        this.events = events;
        this.attempt = attempt;
        this.beganStep = beganStep;
        this.beganNanos = beganNanos;
        this.deadlineNanos = deadlineNanos;
    }

    /** Whether the gateway counts it as under way: it has not ended, and its time has not run out. */
    boolean isUnderWay(long nanos) {
        return end == End.OPEN && nanos < deadlineNanos && !node.isDead();
    }

    /** Whether the function took the event in time. */
    boolean tookInTime(String event) {
        return end == End.SUCCEEDED && !replied && endedNanos < deadlineNanos && !failedEvents.contains(event);
    }

    /** Whether the function took the event, in time or not. */
    boolean took(String event) {
        return end == End.SUCCEEDED && !failedEvents.contains(event);
    }

    @Override
    public String toString() {
        return function + " for " + subscription + " with " + events + ", attempt " + attempt + ", steps " + beganStep
                + "-" + (end == End.OPEN ? "" : endedStep) + " " + end;
    }
}
