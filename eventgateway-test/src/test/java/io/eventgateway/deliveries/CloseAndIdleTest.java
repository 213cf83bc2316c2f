package io.eventgateway.deliveries;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.Emission;
import io.eventgateway.EmitOptions;
import io.eventgateway.Event;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.Backoff;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.delivery.OrderBy;
import io.eventgateway.spi.EventStore;
import io.eventgateway.test.RecordingFunction;
import io.eventgateway.test.TestClock;
import io.eventgateway.test.TestGateway;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Closing a gateway, and waiting for it: what can end in time is waited for, and nothing else. */
class CloseAndIdleTest {
    private final RecordingFunction f = new RecordingFunction();
    private final TestGateway gateway = TestGateway.create();

    @AfterEach
    void close() {
        gateway.close();
    }

    private void subscribe(DeliveryPolicy policy) {
        gateway.functions().register("f", f);
        gateway.subscriptions()
                .create(Subscription.to("a")
                        .id("s")
                        .function("f")
                        .delivery(policy)
                        .build());
    }

    @Test
    void thousandsBehindOneKeyEndAtTheClose() {
        subscribe(DeliveryPolicy.builder()
                .backoff(Backoff.fixed(Duration.ofHours(1)))
                .orderBy("subject")
                .build());
        f.alwaysFailing(new IOException("down"));
        List<Emission> emissions = new ArrayList<>();
        for (int i = 0; i < 8_000; i++) {
            emissions.add(gateway.emit(Event.builder("a").subject("x").data(i).build()));
        }

        gateway.close();

        assertThat(emissions).allSatisfy(each -> assertThat(
                        each.completion().join().deliveries().get(0).status())
                .isEqualTo(DeliveryStatus.DROPPED));
        assertThat(gateway.backlog().pending()).isZero();
        assertThat(gateway.backlog().dropped()).isEqualTo(8_000);
    }

    @Test
    void whatIsPutOffBeyondTheWaitIsNotWaitedFor() {
        subscribe(DeliveryPolicy.builder()
                .orderBy("subject", OrderBy.OnDeadLetter.HOLD)
                .build());
        gateway.emit(
                Event.of("a", 1),
                EmitOptions.builder().delay(Duration.ofHours(1)).build());

        assertThat(gateway.awaitIdle(Duration.ofMinutes(1))).isTrue();
        assertThat(gateway.awaitIdle(Duration.ofHours(2))).isFalse();
        assertThat(gateway.backlog().pending()).isEqualTo(1);
    }

    @Test
    void whatADeadLetterHoldsIsNotWaitedFor() {
        subscribe(DeliveryPolicy.builder()
                .maxAttempts(1)
                .orderBy("subject", OrderBy.OnDeadLetter.HOLD)
                .build());
        f.failing(1, new IOException("down"));
        gateway.emit(Event.builder("a").subject("x").data(1).build());
        gateway.emit(Event.builder("a").subject("x").data(2).build());

        assertThat(gateway.awaitIdle(Duration.ofDays(1))).isTrue();
        assertThat(gateway.backlog().pending()).isEqualTo(1);
    }

    @Test
    void theTimeToLiveCountsFromWhenADeliveryIsDue() {
        subscribe(DeliveryPolicy.builder().timeToLive(Duration.ofHours(1)).build());
        Emission emission = gateway.emit(
                Event.of("a", 1),
                EmitOptions.builder().delay(Duration.ofHours(24)).build());

        gateway.advance(Duration.ofHours(24));

        assertThat(emission.completion().join().allDelivered()).isTrue();
    }

    @Test
    void aDeliveryForNextYearWaitsAndTakesItsRoom() {
        subscribe(DeliveryPolicy.builder().build());
        gateway.emit(
                Event.of("a", 1),
                EmitOptions.builder().delay(Duration.ofDays(364)).build());

        gateway.advance(Duration.ofDays(1));

        assertThat(gateway.backlog().pending()).isEqualTo(1);
        gateway.close();
        assertThat(gateway.backlog().pending()).isZero();
    }

    @Test
    void aBatchThatIsNotFullIsSentAtTheClose() {
        subscribe(DeliveryPolicy.builder().batching(100, Duration.ofMinutes(1)).build());
        gateway.emit("a", 1);
        gateway.emit("a", 2);
        assertThat(f.events()).isEmpty();

        gateway.close();

        assertThat(f.events()).hasSize(2);
        assertThat(gateway.backlog().dropped()).isZero();
    }

    @Test
    void whatTheStoreKeepsIsReleasedAtTheClose() {
        TestClock clock = new TestClock();
        EventStore store = EventStore.inMemory(10, clock);
        TestGateway first = TestGateway.create(clock, builder -> builder.eventStore(store));
        first.functions().register("f", f.alwaysFailing(new IOException("down")));
        first.subscribe("a", "f");
        Emission emission = first.emit("a", 1);

        first.close();

        assertThat(emission.completion().join().deliveries().get(0).status()).isEqualTo(DeliveryStatus.RELEASED);
        assertThat(first.backlog().dropped()).isZero();
    }
}
