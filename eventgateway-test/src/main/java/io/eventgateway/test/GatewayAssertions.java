package io.eventgateway.test;

import io.eventgateway.EventGateway;

/** The entry to assertions about a gateway; import it statically beside AssertJ's. */
public final class GatewayAssertions {
    private GatewayAssertions() {}

    /**
     * Assertions on a gateway of {@link GatewayTest}, {@link TestGateway} or {@link TestGateways}.
     *
     * @throws IllegalArgumentException if the gateway is another, or a view of a space
     */
    public static GatewayAssert assertThat(EventGateway gateway) {
        if (gateway instanceof TestGateway recording) {
            return new GatewayAssert(recording);
        }
        throw new IllegalArgumentException(
                "only a gateway of @GatewayTest, TestGateway or TestGateways records what it delivers, not " + gateway);
    }
}
