package io.eventgateway.examples.firsthour;

// tag::first-hour[]
import io.eventgateway.Emission;
import io.eventgateway.EventGateway;

public class FirstHour {
    record Order(String id, int total) {}

    public static void main(String[] arguments) {
        try (EventGateway gateway = EventGateway.create()) {
            gateway.subscribe("order.*", event -> System.out.println("shipping " + event.dataAs(Order.class)));

            Emission emission = gateway.emit("order.placed", new Order("o-1", 120));

            System.out.println("delivered: " + emission.completion().join().allDelivered());
        }
    }
}
// end::first-hour[]
