package io.eventgateway.examples.delivery;

import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.Backoff;
import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.delivery.DeadLetterQuery;
import io.eventgateway.delivery.DeliveryAttempt;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.DeliveryResult;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Orders go to a flaky server: retries, a dead letter, and its redrive once the server works. */
public final class Redelivery {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Redelivery() {}

    /** Runs it. */
    public static void main(String[] arguments) throws IOException {
        run(System.out);
    }

    static void run(PrintStream out) throws IOException {
        try (FlakyServer server = new FlakyServer();
                EventGateway gateway = EventGateway.builder().source("/orders").build()) {
            gateway.functions().register(FunctionDefinition.http("shipping", server.url()));
            gateway.subscriptions()
                    .create(Subscription.to("order.placed")
                            .function("shipping")
                            .delivery(DeliveryPolicy.builder()
                                    .maxAttempts(4)
                                    .backoff(Backoff.exponential(Duration.ofMillis(50), 2, Duration.ofSeconds(1)))
                                    .timeout(Duration.ofSeconds(2))
                                    .orderBy("subject") // a customer's orders one after the other
                                    .build())
                            .build());

            List<Emission> emissions = new ArrayList<>();
            for (String customer : List.of("umbrella", "initech", "acme")) {
                emissions.add(gateway.emit(Event.builder("order.placed")
                        .subject(customer)
                        .data(Map.of("customer", customer, "total", 42))
                        .build()));
            }
            for (Emission emission : emissions) {
                DeliveryResult result =
                        emission.completion().join().deliveries().get(0);
                out.printf(
                        "%-10s %s after %d attempts%n",
                        emission.event().getSubject(), result.status(), result.attempts());
            }

            for (DeadLetter letter : gateway.deadLetters().list()) {
                out.printf("dead letter of %s: %s%n", letter.event().getSubject(), letter.reason());
                for (DeliveryAttempt attempt : letter.attempts()) {
                    out.printf("  attempt %d: %d %s%n", attempt.number(), attempt.statusCode(), attempt.message());
                }
            }

            server.repair();
            int redriven = gateway.deadLetters().redrive(DeadLetterQuery.all().ofFunction("shipping"));
            boolean idle = gateway.awaitIdle(PATIENCE);
            out.printf(
                    "redriven: %d, idle: %s, dead letters left: %d%n",
                    redriven, idle, gateway.deadLetters().count());
        }
    }
}
