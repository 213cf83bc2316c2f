package io.eventgateway.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.DeliveryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compares batches with one call an event, at a service that takes two milliseconds for a call, with as many calls at a time. */
@Tag("servers") // measured where it does not share the machine with other tests
class BatchSpeedTest {
    private static final int EVENTS = 4_000;
    private static final int CALLS_AT_A_TIME = 8;
    private static final int TIMES = 5;

    private final EchoingAws services = new EchoingAws();
    private final LocalAws aws = new LocalAws(call -> {
        try {
            Thread.sleep(2);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return services.answer(call);
    });

    @AfterEach
    void close() {
        services.end();
        aws.close();
    }

    @ParameterizedTest(name = "{0}, batches of {3}")
    @CsvSource({
        "awssqs, queueUrl, http://localhost:1/123456789012/echo, 10",
        "awskinesis, streamName, echo, 500",
    })
    void batchesAreAtLeastFiveTimesAsFast(String type, String entry, String name, int size) {
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
        assertThat(batched).isGreaterThan(TIMES * single);
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
            assertThat(gateway.awaitIdle(Duration.ofMinutes(1))).isTrue();
            long taken = System.nanoTime() - begun;

            assertThat(gateway.deadLetters().list()).isEmpty();
            return EVENTS * 1e9 / taken;
        }
    }
}
