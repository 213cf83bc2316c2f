package io.eventgateway.test;

import io.eventgateway.EventGateway;
import java.util.function.UnaryOperator;

/**
 * Gateways with threads and real time that {@link GatewayAssertions} can ask what they delivered, for tests of what really runs
 * at the same time. {@link TestGateway} owns its time.
 */
public final class TestGateways {
    private TestGateways() {}

    /** A gateway with the defaults. */
    public static EventGateway create() {
        return create(builder -> builder);
    }

    /** A gateway with what the test sets. */
    public static EventGateway create(UnaryOperator<EventGateway.Builder> settings) {
        return TestGateway.withThreads(settings);
    }
}
