package io.eventgateway.test;

import io.eventgateway.EventGateway;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/** What a gateway delivered. Each check first waits until the gateway is idle, at most 10 s. */
public final class GatewayAssert extends AbstractAssert<GatewayAssert, EventGateway> {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final DeliveryRecorder recorder;

    GatewayAssert(EventGateway gateway) {
        super(gateway, GatewayAssert.class);
        this.recorder = TestGateways.recorderOf(gateway);
    }

    /** Calls that succeeded, for events of the type. */
    public Deliveries delivered(String eventType) {
        return new Deliveries(eventType, false);
    }

    /** Calls that failed, for events of the type. */
    public Deliveries failedToDeliver(String eventType) {
        return new Deliveries(eventType, true);
    }

    private List<DeliveryRecorder.Call> settled() {
        if (!actual.awaitIdle(PATIENCE)) {
            throw failure(
                    "the gateway had not delivered everything after %s; so far:%n%s",
                    PATIENCE, timeline(recorder.calls()));
        }
        return recorder.calls();
    }

    private static String timeline(List<DeliveryRecorder.Call> calls) {
        return calls.isEmpty()
                ? "  nothing"
                : calls.stream().map(call -> "  " + call).collect(Collectors.joining(System.lineSeparator()));
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
        public GatewayAssert times(int expected) {
            List<DeliveryRecorder.Call> calls = settled();
            long count = calls.stream().filter(this::isMeant).count();
            if (count != expected) {
                throw failure(
                        "expected '%s' to be %s%s %d times, was %d times; the gateway's calls:%n%s",
                        eventType,
                        failed ? "failed" : "delivered",
                        functionId == null ? "" : " to '" + functionId + "'",
                        expected,
                        count,
                        timeline(calls));
            }
            return GatewayAssert.this;
        }

        /** There was one. */
        public GatewayAssert once() {
            return times(1);
        }

        /** There was none. */
        public GatewayAssert never() {
            return times(0);
        }

        private boolean isMeant(DeliveryRecorder.Call call) {
            return call.eventType().equals(eventType)
                    && (call.failure() != null) == failed
                    && (functionId == null || functionId.equals(call.functionId()));
        }
    }
}
