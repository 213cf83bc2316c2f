package io.eventgateway.internal.gateway;

import io.eventgateway.EventGateway;

/** Looks into a gateway's engine; for tests. */
public final class EngineInspection {
    private EngineInspection() {}

    /**
     * Checks that the registry of live deliveries, the backlog and the permits agree; at any time, also under load.
     *
     * @throws IllegalStateException if they don't, or the gateway is of another kind
     */
    public static void check(EventGateway gateway) {
        if (!(gateway instanceof DefaultEventGateway own)) {
            throw new IllegalStateException("only a gateway that the builder made can be checked, was " + gateway);
        }
        own.checkInvariants();
    }
}
