package io.eventgateway.examples.types;

import com.sun.net.httpserver.HttpServer;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.delivery.DeliveryReport;
import io.eventgateway.delivery.DeliveryResult;
import io.eventgateway.invokers.process.ProcessInvokerProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Delivers one event to functions of five types, all of them on this machine: a handler, an HTTP endpoint, a program, a group, and a
 * router into another space.
 */
public final class FiveTypes implements AutoCloseable {
    private static final Path CAT = Path.of("/bin/cat");

    private final HttpServer server;
    private final EventGateway gateway = EventGateway.builder()
            .source("/shop")
            .invoker(ProcessInvokerProvider.allowing(CAT)) // no program runs that the application does not allow
            .build();

    /** Registers the functions, and starts the HTTP endpoint of one of them. */
    public FiveTypes() throws IOException {
        server = endpoint();
        gateway.functions().register("java", (event, context) -> "a handler got " + event.getId());
        gateway.functions().register(FunctionDefinition.http("http", "http://localhost:" + port() + "/orders"));
        gateway.functions()
                .register(FunctionDefinition.of(
                        "process", "process", Map.of("command", List.of(CAT.toString()), "mode", "data")));
        gateway.functions()
                .register(FunctionDefinition.weighted("weighted", Map.of("java", 95, "process", 5))
                        .with("sticky", "subject"));
        gateway.functions()
                .register(FunctionDefinition.of("router", "router", Map.of("space", "audit", "awaitDelivery", true)));
        for (String functionId : List.of("java", "http", "process", "weighted", "router")) {
            gateway.subscribe("order.placed", functionId);
        }

        EventGateway audit = gateway.space("audit");
        audit.functions().register("archive", (event, context) -> "archived, caused by " + event.getCausationId());
        audit.subscribe("order.placed", "archive");
    }

    /** Emits one event, and prints what its functions answered. */
    public static void main(String[] args) throws IOException {
        try (FiveTypes example = new FiveTypes()) {
            for (DeliveryResult delivery : example.placeOrder().deliveries()) {
                System.out.println(delivery.functionId() + ": " + delivery.status() + " " + answer(delivery));
            }
        }
    }

    private static String answer(DeliveryResult delivery) {
        var result = delivery.result();
        return result == null || result.isEmpty() ? "" : result.valueAs(String.class);
    }

    /** Emits an event, and waits for its deliveries. */
    DeliveryReport placeOrder() {
        Event event = Event.builder("order.placed")
                .id("o-1")
                .subject("ada")
                .data(Map.of("item", "tea"))
                .build();
        return gateway.emit(event).await(Duration.ofSeconds(20));
    }

    private static HttpServer endpoint() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/orders", exchange -> {
            String id = exchange.getRequestHeaders().getFirst("ce-id");
            byte[] answer = ("an endpoint got " + id).getBytes(StandardCharsets.UTF_8);
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("Content-Type", "text/plain");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        return server;
    }

    private int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        gateway.close();
        server.stop(0);
    }
}
