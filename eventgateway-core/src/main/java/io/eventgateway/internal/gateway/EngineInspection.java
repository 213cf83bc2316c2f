package io.eventgateway.internal.gateway;

import io.eventgateway.EventGateway;
import io.eventgateway.internal.delivery.DeliveryEngine;

/** Looks into a gateway's engine; for tests. */
public final class EngineInspection {
    private EngineInspection() {}

    /**
     * Checks that the registry of live deliveries, the backlog and the permits agree; at any time, also under load.
     *
     * @throws IllegalStateException if they don't, or the gateway is of another kind
     */
    public static void check(EventGateway gateway) {
        engine(gateway).checkInvariants();
    }

    /**
     * Returns how many queues of subscriptions the gateway has.
     *
     * @throws IllegalStateException if the gateway is of another kind
     */
    public static int queues(EventGateway gateway) {
        return engine(gateway).queueCount();
    }

    /**
     * Returns how many breakers of functions the gateway has.
     *
     * @throws IllegalStateException if the gateway is of another kind
     */
    public static int breakers(EventGateway gateway) {
        return engine(gateway).breakerCount();
    }

    private static DeliveryEngine engine(EventGateway gateway) {
        if (!(gateway instanceof DefaultEventGateway own)) {
            throw new IllegalStateException("only a gateway that the builder made can be inspected, was " + gateway);
        }
        return own.deliveries();
    }
}
