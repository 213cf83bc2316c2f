package io.eventgateway.examples.firsthour;

// tag::first-hour[]
import io.eventgateway.Emission;
import io.eventgateway.EventGateway;
import java.time.Duration;

public class FirstHour {
    record Order(String id, int total) {}

    public static void main(String[] arguments) {
        try (EventGateway gateway = EventGateway.create()) {
            gateway.subscribe("order.*", Order.class, order -> System.out.println("shipping " + order));

            Emission emission = gateway.emit("order.placed", new Order("o-1", 120));

            System.out.println(
                    "delivered: " + emission.await(Duration.ofSeconds(5)).allDelivered());
        }
    }
}
// end::first-hour[]
