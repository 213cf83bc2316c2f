package io.eventgateway.aws;

import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.DeliveryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Compares batches with one call an event, at a service that takes two milliseconds for a call, with as many calls at a time. */
final class BatchSpeed {
    private static final int EVENTS = 4_000;
    private static final int CALLS_AT_A_TIME = 8;

    private final EchoingAws services = new EchoingAws();
    private final LocalAws aws = new LocalAws(call -> {
        try {
            Thread.sleep(2);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return services.answer(call);
    });

    private BatchSpeed() {}

    /** Prints what each type delivers one by one, and in batches of the largest size. */
    public static void main(String[] args) {
        BatchSpeed speed = new BatchSpeed();
        try {
            speed.compare("awssqs", "queueUrl", "http://localhost:1/123456789012/echo", 10);
            speed.compare("awskinesis", "streamName", "echo", 500);
        } finally {
            speed.services.end();
            speed.aws.close();
        }
    }

    private void compare(String type, String entry, String name, int size) {
        FunctionDefinition function = FunctionDefinition.of("f", type, Map.of(entry, name))
                .with("region", "us-east-1")
                .with("endpoint", aws.url())
                .with("accessKeyId", "AKIDEXAMPLE")
                .with("secretAccessKey", "s3cret");
        DeliveryPolicy oneByOne =
                DeliveryPolicy.builder().maxConcurrency(CALLS_AT_A_TIME).build();
        DeliveryPolicy batches = DeliveryPolicy.builder()
                .maxConcurrency(CALLS_AT_A_TIME)
                .batching(size, Duration.ofMillis(50))
                .build();

        double unused = eventsPerSecond(function, batches) + eventsPerSecond(function, oneByOne); // warm-up
        double single = eventsPerSecond(function, oneByOne);
        double batched = eventsPerSecond(function, batches);

        System.out.printf(
                "%s: %.0f events/s one by one, %.0f in batches of %d, %.1f times%n",
                type, single, batched, size, batched / single);
    }

    private double eventsPerSecond(FunctionDefinition function, DeliveryPolicy policy) {
        try (EventGateway gateway = EventGateway.create()) {
            gateway.functions().register(function);
            gateway.subscriptions()
                    .create(Subscription.to("order.placed")
                            .function("f")
                            .delivery(policy)
                            .build());
            List<Event> events = IntStream.range(0, EVENTS)
                    .mapToObj(i -> Event.of("order.placed", Map.of("number", i)))
                    .toList();

            long begun = System.nanoTime();
            gateway.emitAll(events);
            boolean idle = gateway.awaitIdle(Duration.ofMinutes(1));
            long taken = System.nanoTime() - begun;

            if (!idle || !gateway.deadLetters().list().isEmpty()) {
                throw new IllegalStateException("not everything was delivered"
                        + gateway.deadLetters().list().stream()
                                .limit(1)
                                .map(dead -> ": " + dead.message())
                                .toList());
            }
            return EVENTS * 1e9 / taken;
        }
    }
}
