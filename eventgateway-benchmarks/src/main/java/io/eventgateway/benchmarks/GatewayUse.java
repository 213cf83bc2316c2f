package io.eventgateway.benchmarks;

import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.Filter;
import io.eventgateway.FunctionContext;
import io.eventgateway.FunctionHandler;
import io.eventgateway.Subscription;
import io.eventgateway.SystemEvent;
import io.eventgateway.Transform;
import io.eventgateway.delivery.BacklogPolicy;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.openjdk.jmh.infra.Blackhole;

/** An application's mix of uses of a gateway, which is closed afterwards. */
final class GatewayUse {
    private static final int ROUNDS = 1_000;
    private static final byte[] BYTES =
            "{\"total\": 140, \"items\": [{\"sku\": \"a\"}]}".getBytes(StandardCharsets.UTF_8);

    /** A function that is an object with a name of its own. */
    private record Audit(Blackhole blackhole) implements FunctionHandler {
        @Override
        public Object handle(Event event, FunctionContext context) {
            blackhole.consume(event.getType());
            blackhole.consume(context.attempt());
            return Map.of("seen", event.getId());
        }
    }

    private GatewayUse() {}

    static void run(Blackhole blackhole) {
        try (EventGateway gateway =
                EventGateway.builder().backlog(10_000, BacklogPolicy.BLOCK).build()) {
            subscribe(gateway, blackhole);
            Event complete = Event.builder("order.placed")
                    .source("/orders")
                    .subject("42")
                    .data(new Handlers.Order(140))
                    .build();
            for (int i = 0; i < ROUNDS; i++) {
                gateway.emit("order.placed", new Handlers.Order(i));
                gateway.emit(complete);
                gateway.emit("order.paid", Map.of("total", i));
                gateway.emit("order.noted", "a note");
                gateway.emit("nobody.listens", null);
                gateway.emit(Event.builder("order.received")
                        .data("application/json", BYTES)
                        .build());
                blackhole.consume(gateway.invoke("price", new Handlers.Order(i)));
                blackhole.consume(gateway.handle(HttpRequest.get("/orders/" + i).build()));
                if (i % 100 == 0) {
                    gateway.emit("order.failed", i);
                    gateway.emit("order.asked", i).completion().join();
                }
            }
            gateway.awaitIdle(Duration.ofSeconds(30));
        }
    }

    private static void subscribe(EventGateway gateway, Blackhole blackhole) {
        for (int i = 0; i < Handlers.CLASSES; i++) {
            gateway.functions().register("f" + i, Handlers.function(i, blackhole));
            gateway.subscriptions()
                    .create(Subscription.to("order.placed")
                            .function("f" + i)
                            .sync()
                            .build());
        }
        gateway.functions().register("audit", new Audit(blackhole));
        gateway.functions()
                .register("stage", (event, context) -> CompletableFuture.completedFuture(event.getSubject()));
        gateway.functions().register("reply", (event, context) -> Event.builder("order.confirmed")
                .data(event.getId())
                .build());
        gateway.functions().register("replies", (event, context) -> List.of(Event.of("a", 1), Event.of("b", 2)));
        gateway.functions().register("price", (event, context) -> 42);
        gateway.functions().register("payload", (event, context) -> event.dataAsJson());
        gateway.functions().register("fails", (event, context) -> {
            throw new IllegalStateException("no stock");
        });
        gateway.subscribe("order.**", "audit");
        gateway.subscribe("order.paid", "stage");
        gateway.subscribe("order.asked", "replies");
        gateway.subscribe(SystemEvent.EVENT_UNROUTED, blackhole::consume);
        gateway.subscriptions()
                .create(Subscription.to("order.paid").function("reply").sync().build());
        gateway.subscriptions()
                .create(Subscription.to("order.*")
                        .function("payload")
                        .filter(Filter.pattern("{\"data\": {\"total\": [{\"numeric\": [\">\", 100]}]}}"))
                        .sync()
                        .build());
        gateway.subscriptions()
                .create(Subscription.to("order.received")
                        .function("payload")
                        .filter(Filter.pattern("{\"data\": {\"items\": {\"sku\": [\"a\", \"b\"]}}}"))
                        .transform(Transform.template(Map.of("id", "$.data.total"), "{\"total\": <id>}"))
                        .build());
        gateway.subscriptions()
                .create(Subscription.to("order.placed")
                        .function("price")
                        .transform(Transform.path("$.data"))
                        .delivery(DeliveryPolicy.builder().orderBy("subject").build())
                        .build());
        gateway.subscriptions()
                .create(Subscription.to("order.failed")
                        .function("fails")
                        .delivery(DeliveryPolicy.builder().maxAttempts(1).build())
                        .build());
        gateway.subscriptions()
                .create(Subscription.http("GET", "/orders/:id")
                        .function("price")
                        .build());
    }
}
