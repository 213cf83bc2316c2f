package io.eventgateway;

import static io.eventgateway.Outcomes.onlyDeliveryOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.delivery.DeadLetterOverflow;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.history.Retention;
import io.eventgateway.internal.memory.InMemoryEventStore;
import io.eventgateway.spi.EventStore;
import io.eventgateway.spi.EventStore.Claim;
import io.eventgateway.spi.EventStore.Lease;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What a gateway says of its deliveries when the store's clock goes forward, so that others take them over while its leases hold here. */
class StoreClockJumpTest {
    private final AtomicReference<Duration> jumped = new AtomicReference<>(Duration.ZERO);
    private final EventStore store = new InMemoryEventStore(
            10, DeadLetterOverflow.DISCARD_OLDEST, Retention.of(Duration.ofDays(1), 100), () -> Instant.now()
                    .plus(jumped.get()));

    private List<Lease> takeOver(String gateway) {
        jumped.updateAndGet(by -> by.plus(Duration.ofHours(1)));
        return store.claim(
                new Claim(gateway, Duration.ofMinutes(1), 10, Duration.ofMinutes(1), (space, function) -> true));
    }

    private EventGateway gateway() {
        return Outcomes.oneAttempt()
                .eventStore(store)
                .defaultDelivery(DeliveryPolicy.builder().maxAttempts(2).build())
                .shutdownTimeout(Duration.ZERO)
                .build();
    }

    @Test
    void aDeliveryThatAnotherGatewayMadeIsNotReportedAsDropped() {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch taken = new CountDownLatch(1);
        try (EventGateway gateway = gateway()) {
            gateway.functions().register("f", (event, context) -> {
                running.countDown();
                Outcomes.await(taken);
                throw new IllegalStateException("failed");
            });
            gateway.subscribe("a", "f");
            Emission emission = gateway.emit("a", 1);
            Outcomes.await(running);

            takeOver("other")
                    .forEach(lease -> assertThat(store.complete(lease.delivery().id(), lease.token()))
                            .isCompletedWithValue(EventStore.OutcomeAnswer.DONE));
            taken.countDown();

            assertThat(onlyDeliveryOf(emission).status()).isEqualTo(DeliveryStatus.DELIVERED);
        }
    }
}
