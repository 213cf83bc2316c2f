package io.eventgateway.test;

import io.eventgateway.EventGateway;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.UnaryOperator;

/** Gateways that {@link GatewayAssertions} can ask what they delivered. */
public final class TestGateways {
    private static final Map<EventGateway, DeliveryRecorder> RECORDERS =
            Collections.synchronizedMap(new WeakHashMap<>());

    private TestGateways() {}

    /** A gateway with the defaults. */
    public static EventGateway create() {
        return create(builder -> builder);
    }

    /** A gateway with what the test sets. */
    public static EventGateway create(UnaryOperator<EventGateway.Builder> settings) {
        DeliveryRecorder recorder = new DeliveryRecorder();
        EventGateway gateway = settings.apply(EventGateway.builder().invocationInterceptor(recorder))
                .build();
        RECORDERS.put(gateway, recorder);
        return gateway;
    }

    static DeliveryRecorder recorderOf(EventGateway gateway) {
        DeliveryRecorder recorder = RECORDERS.get(gateway);
        if (recorder == null) {
            throw new IllegalArgumentException(
                    "only a gateway of @GatewayTest or TestGateways records what it delivers, not " + gateway);
        }
        return recorder;
    }
}
