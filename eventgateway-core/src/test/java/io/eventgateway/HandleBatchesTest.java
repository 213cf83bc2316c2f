package io.eventgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.history.ChainLimits;
import io.eventgateway.http.HttpRequest;
import io.eventgateway.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Batches of events that a function receives and emits, and the limit of a chain's events. */
class HandleBatchesTest {
    private final EventGateway gateway = Outcomes.oneAttempt().build();
    private final LongAdder delivered = new LongAdder();

    @AfterEach
    void close() {
        gateway.close();
    }

    private static HttpRequest batch(int size, String attributes) {
        return HttpRequest.of("POST", "/events")
                .body(
                        "application/cloudevents-batch+json",
                        IntStream.range(0, size)
                                .mapToObj(i -> "{\"specversion\":\"1.0\",\"id\":\"" + i
                                        + "\",\"source\":\"/s\",\"type\":\"t\"" + attributes + "}")
                                .collect(Collectors.joining(",", "[", "]")))
                .build();
    }

    private void receive(EventGateway receiver) {
        receiver.functions().register("receive", (event, context) -> {
            event.dataAs(HttpRequest.class).toEvents().forEach(context::emit);
            return HttpResponse.of(202);
        });
        receiver.subscriptions()
                .create(Subscription.http("POST", "/events").function("receive").build());
        receiver.subscribe("t", event -> delivered.increment());
    }

    @Test
    void theLargestBatchIsReceivedAsOftenAsItIsSent() {
        receive(gateway);

        for (int round = 1; round <= 2; round++) {
            assertThat(gateway.handle(batch(10_000, "")).statusCode()).isEqualTo(202);
            assertThat(gateway.awaitIdle(Duration.ofSeconds(20))).isTrue();
            assertThat(delivered.sum()).isEqualTo(round * 10_000L);
        }
    }

    @Test
    void eventsOfOneCorrelationIdCountTogetherWithoutTheRequestsThatBringThem() {
        try (EventGateway own = Outcomes.oneAttempt()
                .chainLimits(ChainLimits.defaults().withMaxEvents(10))
                .build()) {
            receive(own);
            HttpRequest five = batch(5, ",\"correlationid\":\"c-1\"");

            assertThat(own.handle(five).statusCode()).isEqualTo(202);
            assertThat(own.handle(five).statusCode()).isEqualTo(202);
            assertThat(own.handle(batch(1, ",\"correlationid\":\"c-1\"")).statusCode())
                    .isEqualTo(502);
            assertThat(own.handle(batch(10, ",\"correlationid\":\"c-2\"")).statusCode())
                    .isEqualTo(202);
        }
    }

    @Test
    void emitAllEmitsNothingOfABatchThatIsTooLargeForItsChain() {
        try (EventGateway own = Outcomes.oneAttempt()
                .chainLimits(ChainLimits.defaults().withMaxEvents(10))
                .build()) {
            own.functions().register("receive", (event, context) -> {
                var unused = own.emitAll(event.dataAs(HttpRequest.class).toEvents());
                return HttpResponse.of(202);
            });
            own.subscriptions()
                    .create(Subscription.http("POST", "/events")
                            .function("receive")
                            .build());
            own.subscribe("t", event -> delivered.increment());

            assertThat(own.handle(batch(11, "")).statusCode()).isEqualTo(502);
            assertThat(own.awaitIdle(Duration.ofSeconds(20))).isTrue();
            assertThat(delivered.sum()).isZero();
            assertThat(own.handle(batch(10, "")).statusCode()).isEqualTo(202);
        }
    }

    @Test
    void anEventWithACorrelationIdOfItsOwnDoesNotCountItsCause() {
        try (EventGateway own = Outcomes.oneAttempt()
                .chainLimits(ChainLimits.defaults().withMaxEvents(2))
                .build()) {
            own.functions().register("split", (event, context) -> {
                context.emit(
                        Event.builder("t").extension("correlationid", "c-1").build());
                context.emit(
                        Event.builder("t").extension("correlationid", "c-1").build());
                return null;
            });
            own.subscribe("whole", "split");
            own.subscribe("t", event -> delivered.increment());

            own.emit("whole", null);

            assertThat(own.awaitIdle(Duration.ofSeconds(20))).isTrue();
            assertThat(delivered.sum()).isEqualTo(2);
        }
    }
}
