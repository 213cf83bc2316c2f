package io.eventgateway.application;

import io.eventgateway.EventGateway;
import java.util.concurrent.CountDownLatch;

/** The smallest application: ends when the first event has reached its function. */
public final class FirstDelivery {
    private FirstDelivery() {}

    /** Delivers one event. */
    public static void main(String[] arguments) throws Exception {
        EventGateway gateway = EventGateway.create();
        CountDownLatch delivered = new CountDownLatch(1);
        gateway.subscribe("order.placed", event -> delivered.countDown());
        gateway.emit("order.placed", "o-1");
        delivered.await();
        System.out.println("delivered");
        Runtime.getRuntime().halt(0); // without closing, which is not what is looked at
    }
}
