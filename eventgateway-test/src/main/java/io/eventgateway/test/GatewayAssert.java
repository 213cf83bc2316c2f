package io.eventgateway.test;

import io.eventgateway.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/**
 * What a gateway delivered. Each check first runs what is ready, without moving the clock; a gateway with threads is waited for,
 * at most 10 s. A check that fails prints the whole timeline.
 */
public final class GatewayAssert extends AbstractAssert<GatewayAssert, TestGateway> {
    GatewayAssert(TestGateway gateway) {
        super(gateway, GatewayAssert.class);
    }

    /** Calls that succeeded, for events of the type. */
    public Deliveries delivered(String eventType) {
        return new Deliveries(eventType, false);
    }

    /** Calls that failed, for events of the type. */
    public Deliveries failedToDeliver(String eventType) {
        return new Deliveries(eventType, true);
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

    private void settle() {
        if (!actual.settle()) {
            throw failure("the gateway had not delivered everything in time; so far:%n%s", actual.timeline());
        }
    }

    /** The calls for one type of event, of one function or of all. */
    public final class Deliveries {
        private final String eventType;
        private final boolean failed;
        private @Nullable String functionId;

        Deliveries(String eventType, boolean failed) {
            this.eventType = eventType;
            this.failed = failed;
        }

        /** Only those of the function. */
        public Deliveries to(String function) {
            this.functionId = function;
            return this;
        }

        /** There were that many. */
        public Counted times(int expected) {
            settle();
            List<Recorder.Call> calls =
                    actual.recorder().calls().stream().filter(this::isMeant).toList();
            if (calls.size() != expected) {
                throw failure(
                        "expected '%s' to be %s %d times, was %d times; the gateway's timeline:%n%s",
                        eventType, what(), expected, calls.size(), actual.timeline());
            }
            return new Counted(this, calls);
        }

        /** There was one. */
        public Counted once() {
            return times(1);
        }

        /** There was none. */
        public Counted never() {
            return times(0);
        }

        private String what() {
            return (failed ? "failed" : "delivered") + (functionId == null ? "" : " to '" + functionId + "'");
        }

        private boolean isMeant(Recorder.Call call) {
            return call.event().getType().equals(eventType)
                    && (call.failure() != null) == failed
                    && (functionId == null || functionId.equals(call.functionId()));
        }
    }

    /** Calls whose number was as expected, for what else is expected of them or of others. */
    public final class Counted {
        private final Deliveries meant;
        private final List<Recorder.Call> calls;

        Counted(Deliveries meant, List<Recorder.Call> calls) {
            this.meant = meant;
            this.calls = calls;
        }

        /** Each of them ended that long after its event was emitted, or later. */
        public Counted after(Duration atLeast) {
            for (Recorder.Call call : calls) {
                Duration took = Duration.between(emittedAt(call.event()), call.at());
                if (took.compareTo(atLeast) < 0) {
                    throw failure(
                            "expected '%s' to be %s after %s, was after %s; the gateway's timeline:%n%s",
                            meant.eventType, meant.what(), atLeast, took, actual.timeline());
                }
            }
            return this;
        }

        /** Each of them ended at most that long after its event was emitted. */
        public Counted within(Duration atMost) {
            for (Recorder.Call call : calls) {
                Duration took = Duration.between(emittedAt(call.event()), call.at());
                if (took.compareTo(atMost) > 0) {
                    throw failure(
                            "expected '%s' to be %s within %s, was after %s; the gateway's timeline:%n%s",
                            meant.eventType, meant.what(), atMost, took, actual.timeline());
                }
            }
            return this;
        }

        /** The first of them ended after an event of another type had been delivered. */
        public Counted after(String otherType) {
            List<Recorder.Call> all = actual.recorder().calls();
            int other = -1;
            for (int i = 0; i < all.size() && other < 0; i++) {
                other = all.get(i).event().getType().equals(otherType)
                                && all.get(i).failure() == null
                        ? i
                        : -1;
            }
            if (other < 0 || calls.isEmpty() || all.indexOf(calls.get(0)) < other) {
                throw failure(
                        "expected '%s' to be %s after '%s' was delivered; the gateway's timeline:%n%s",
                        meant.eventType, meant.what(), otherType, actual.timeline());
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

        /** Other calls that succeeded. */
        public Deliveries delivered(String eventType) {
            return GatewayAssert.this.delivered(eventType);
        }

        /** Other calls that failed. */
        public Deliveries failedToDeliver(String eventType) {
            return GatewayAssert.this.failedToDeliver(eventType);
        }

        /** The gateway as a whole. */
        public GatewayAssert and() {
            return GatewayAssert.this;
        }
    }
}
