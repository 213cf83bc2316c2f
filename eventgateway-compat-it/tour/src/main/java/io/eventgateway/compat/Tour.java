package io.eventgateway.compat;

import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.Filter;
import io.eventgateway.InvocationResult;
import io.eventgateway.Subscription;
import io.eventgateway.Transform;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * What every application here does with its gateway: it delivers an event, filters it in each language, transforms it in both, and
 * reads it as a record. Each step uses another of the libraries that the core brings.
 */
public final class Tour {
    private static final String TYPE = "order.placed";

    /** An order, read from JSON by the application's Jackson 3. */
    public record Order(String id, int total) {}

    private final EventGateway gateway;
    private final Queue<String> received = new ConcurrentLinkedQueue<>();

    private Tour(EventGateway gateway) {
        this.gateway = gateway;
    }

    /**
     * Uses a gateway, and prints what it ran on.
     *
     * @throws IllegalStateException if an event did not come to where it should, with the missing and the surplus ones
     */
    public static void of(EventGateway gateway) throws Exception {
        Tour tour = new Tour(gateway);
        tour.subscribeAll();
        tour.emit("vip-1", "{\"id\":\"o-1\",\"total\":250}");
        tour.emit("any-2", "{\"id\":\"o-2\",\"total\":20}");
        tour.requireReceived(Set.of(
                "all o-1",
                "all o-2",
                "pattern o-1",
                "cesql o-1",
                "cloudEvents o-1",
                "eventGrid o-1",
                "template {\"order\":\"o-1\"}",
                "template {\"order\":\"o-2\"}",
                "jsonata {\"order\":\"o-1\",\"dear\":true}",
                "jsonata {\"order\":\"o-2\",\"dear\":false}"));
        System.out.println("toured on Java " + Runtime.version().feature() + " with Jackson "
                + tools.jackson.databind.cfg.PackageVersion.VERSION);
    }

    private void subscribeAll() {
        gateway.functions().register("all", (event, context) -> record("all", event));
        gateway.subscribe(TYPE, "all");
        filtered("pattern", Filter.pattern("{\"data\":{\"total\":[{\"numeric\":[\">\",100]}]}}"));
        filtered("cesql", Filter.cesql("subject LIKE 'vip-%'"));
        filtered("cloudEvents", Filter.cloudEvents("{\"prefix\":{\"subject\":\"vip\"}}"));
        filtered("eventGrid", Filter.eventGrid("{\"subjectBeginsWith\":\"vip\"}"));
        transformed("template", Transform.template(Map.of("id", "$.data.id"), "{\"order\":<id>}"));
        transformed("jsonata", Transform.jsonata("{\"order\": data.id, \"dear\": data.total > 100}"));
    }

    private void filtered(String name, Filter filter) {
        gateway.functions().register(name, (event, context) -> record(name, event));
        gateway.subscriptions()
                .create(Subscription.to(TYPE).function(name).filter(filter).build());
    }

    private void transformed(String name, Transform transform) {
        gateway.functions().register(name, (event, context) -> {
            received.add(name + " " + event.dataAsJson());
            return null;
        });
        gateway.subscriptions()
                .create(Subscription.to(TYPE)
                        .function(name)
                        .transform(transform)
                        .build());
    }

    private InvocationResult record(String name, Event event) {
        received.add(name + " " + event.dataAs(Order.class).id());
        return InvocationResult.empty();
    }

    private void emit(String subject, String data) throws Exception {
        boolean delivered = gateway.emit(Event.builder(TYPE)
                        .subject(subject)
                        .data("application/json", data.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                        .build())
                .completion()
                .get(30, TimeUnit.SECONDS)
                .allDelivered();
        if (!delivered || !gateway.awaitIdle(Duration.ofSeconds(30))) {
            throw new IllegalStateException("an event of subject '" + subject + "' was not delivered to all");
        }
    }

    private void requireReceived(Set<String> wanted) {
        Set<String> missing = new TreeSet<>(wanted);
        missing.removeAll(received);
        Set<String> surplus = new TreeSet<>(received);
        surplus.removeAll(wanted);
        if (!missing.isEmpty() || !surplus.isEmpty()) {
            throw new IllegalStateException("missing " + missing + ", surplus " + surplus);
        }
    }
}
