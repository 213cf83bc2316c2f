package io.eventgateway.test;

import io.eventgateway.Event;
import io.eventgateway.Finding;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/**
 * What a gateway delivered. Every method asserts by itself, and what is chained to it narrows what was found.
 *
 * <p>A check first runs what is ready, without moving the clock; a gateway with threads is waited for, at most 10 s. A check that
 * fails prints the whole timeline.
 */
public final class GatewayAssert extends AbstractAssert<GatewayAssert, TestGateway> {
    GatewayAssert(TestGateway gateway) {
        super(gateway, GatewayAssert.class);
    }

    /** At least one call for an event of the type succeeded. */
    public Deliveries delivered(String eventType) {
        return new Deliveries(eventType, null, Outcome.DELIVERED).orMore();
    }

    /** At least one call for an event of the type failed. */
    public Deliveries failedToDeliver(String eventType) {
        return new Deliveries(eventType, null, Outcome.FAILED).orMore();
    }

    /** No call for an event of the type succeeded. */
    public GatewayAssert neverDelivered(String eventType) {
        return none(new Deliveries(eventType, null, Outcome.DELIVERED));
    }

    /** No call of the function for an event of the type succeeded. */
    public GatewayAssert neverDelivered(String eventType, String functionId) {
        return none(new Deliveries(eventType, functionId, Outcome.DELIVERED));
    }

    /** No call for an event of the type failed. */
    public GatewayAssert neverFailedToDeliver(String eventType) {
        return none(new Deliveries(eventType, null, Outcome.FAILED));
    }

    /** No call of the function for an event of the type failed. */
    public GatewayAssert neverFailedToDeliver(String eventType, String functionId) {
        return none(new Deliveries(eventType, functionId, Outcome.FAILED));
    }

    private GatewayAssert none(Deliveries unwanted) {
        unwanted.exactly(0);
        return this;
    }

    /** There are that many dead letters in the default space. */
    public GatewayAssert hasDeadLetters(int expected) {
        settle();
        long count = actual.deadLetters().count();
        if (count != expected) {
            throw failure(
                    "expected %d dead letters, was %d: %s; the gateway's timeline:%n%s",
                    expected, count, actual.deadLetters().list(), actual.timeline());
        }
        return this;
    }

    /** {@link io.eventgateway.EventGateway#check} finds nothing that looks wrong in the default space. */
    public GatewayAssert hasNoFindings() {
        return hasNoFindings(finding -> false);
    }

    /**
     * {@link io.eventgateway.EventGateway#check} finds nothing that looks wrong in the default space, but for what is meant to be so.
     *
     * @param meant whether a finding is left out
     */
    public GatewayAssert hasNoFindings(Predicate<? super Finding> meant) {
        Objects.requireNonNull(meant, "meant");
        List<Finding> findings =
                actual.check().stream().filter(finding -> !meant.test(finding)).toList();
        if (!findings.isEmpty()) {
            throw failure(
                    "expected no findings, had %d:%n%s",
                    findings.size(),
                    findings.stream()
                            .map(finding -> "  " + finding)
                            .collect(Collectors.joining(System.lineSeparator())));
        }
        return this;
    }

    private void settle() {
        if (!actual.settle()) {
            throw failure("the gateway had not delivered everything in time; so far:%n%s", actual.timeline());
        }
    }

    private enum Outcome {
        DELIVERED("be delivered"),
        FAILED("fail to be delivered");

        private final String words;

        Outcome(String words) {
            this.words = words;
        }
    }

    /** The calls with one outcome, for one type of event, of one function or of all; there is at least one. */
    public final class Deliveries {
        private final String eventType;
        private final @Nullable String functionId;
        private final Outcome outcome;
        private final List<Recorder.Call> calls;

        private Deliveries(String eventType, @Nullable String functionId, Outcome outcome) {
            this.eventType = Objects.requireNonNull(eventType, "eventType");
            this.functionId = functionId;
            this.outcome = outcome;
            settle();
            this.calls =
                    actual.recorder().calls().stream().filter(this::isMeant).toList();
        }

        /** At least one of the calls was one of the function; what follows is about the calls of that function. */
        public Deliveries to(String function) {
            return new Deliveries(eventType, Objects.requireNonNull(function, "function"), outcome).orMore();
        }

        /**
         * There were that many.
         *
         * @throws IllegalArgumentException if the number is less than 1; {@link GatewayAssert#neverDelivered} says "none"
         */
        public Deliveries times(int expected) {
            if (expected < 1) {
                throw new IllegalArgumentException("times must be at least 1, was " + expected
                        + "; neverDelivered(...) and neverFailedToDeliver(...) assert that there was no call");
            }
            return exactly(expected);
        }

        /** There was one. */
        public Deliveries once() {
            return times(1);
        }

        private Deliveries exactly(int expected) {
            if (calls.size() != expected) {
                throw failure(
                        "expected '%s' to %s %d times, was %d times; the gateway's timeline:%n%s",
                        eventType, what(), expected, calls.size(), actual.timeline());
            }
            return this;
        }

        private Deliveries orMore() {
            if (calls.isEmpty()) {
                throw failure(
                        "expected '%s' to %s at least once, was never; the gateway's timeline:%n%s",
                        eventType, what(), actual.timeline());
            }
            return this;
        }

        /** Each of them ended that long after its event was emitted, or later. */
        public Deliveries after(Duration atLeast) {
            for (Recorder.Call call : calls) {
                Duration took = Duration.between(emittedAt(call.event()), call.at());
                if (took.compareTo(atLeast) < 0) {
                    throw failure(
                            "expected '%s' to %s after %s, was after %s; the gateway's timeline:%n%s",
                            eventType, what(), atLeast, took, actual.timeline());
                }
            }
            return this;
        }

        /** Each of them ended at most that long after its event was emitted. */
        public Deliveries within(Duration atMost) {
            for (Recorder.Call call : calls) {
                Duration took = Duration.between(emittedAt(call.event()), call.at());
                if (took.compareTo(atMost) > 0) {
                    throw failure(
                            "expected '%s' to %s within %s, was after %s; the gateway's timeline:%n%s",
                            eventType, what(), atMost, took, actual.timeline());
                }
            }
            return this;
        }

        /** The first of them ended after an event of another type had been delivered. */
        public Deliveries after(String otherType) {
            List<Recorder.Call> all = actual.recorder().calls();
            int other = -1;
            for (int i = 0; i < all.size() && other < 0; i++) {
                other = all.get(i).event().getType().equals(otherType)
                                && all.get(i).failure() == null
                        ? i
                        : -1;
            }
            if (other < 0 || all.indexOf(calls.get(0)) < other) {
                throw failure(
                        "expected '%s' to %s after '%s' was delivered; the gateway's timeline:%n%s",
                        eventType, what(), otherType, actual.timeline());
            }
            return this;
        }

        private Instant emittedAt(Event event) {
            return actual.recorder().emissions().stream()
                    .filter(emitted -> emitted.event().getId().equals(event.getId()))
                    .map(Recorder.Emitted::at)
                    .findFirst()
                    .orElseThrow(() -> failure("event %s was not emitted but given to invoke or handle", event));
        }

        private String what() {
            return outcome.words + (functionId == null ? "" : " to '" + functionId + "'");
        }

        private boolean isMeant(Recorder.Call call) {
            return call.event().getType().equals(eventType)
                    && (call.failure() != null) == (outcome == Outcome.FAILED)
                    && (functionId == null || functionId.equals(call.functionId()));
        }

        /** At least one other call, for an event of the type, succeeded. */
        public Deliveries delivered(String otherType) {
            return GatewayAssert.this.delivered(otherType);
        }

        /** At least one other call, for an event of the type, failed. */
        public Deliveries failedToDeliver(String otherType) {
            return GatewayAssert.this.failedToDeliver(otherType);
        }

        /** The gateway as a whole. */
        public GatewayAssert and() {
            return GatewayAssert.this;
        }
    }
}
