package io.eventgateway;

import static io.eventgateway.Outcomes.await;
import static io.eventgateway.Outcomes.onlyDeliveryOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.spi.EventStore;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class AtMostOnceTest {
    private final EventStore store = EventStore.inMemory();

    private EventGateway gateway(FunctionHandler handler) {
        EventGateway gateway = EventGateway.builder()
                .eventStore(store)
                .defaultDelivery(DeliveryPolicy.atMostOnce())
                .build();
        gateway.functions().register("f", handler);
        gateway.subscribe("a", "f");
        return gateway;
    }

    @Test
    void theStoreHasTheDeliveryNoMoreWhileItIsCalledSoThatNobodyCallsAgainAfterACrash() {
        CountDownLatch called = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        try (EventGateway gateway = gateway((event, context) -> {
            called.countDown();
            await(done);
            return "done";
        })) {
            Emission emission = gateway.emit("a", 1);
            await(called);

            assertThat(store.read(new EventStore.Query("default", null, 10))).isEmpty();
            done.countDown();
            assertThat(onlyDeliveryOf(emission).status()).isEqualTo(DeliveryStatus.DELIVERED);
        }
    }

    @Test
    void whatFailsIsADeadLetterThoughItsEndWasWritten() {
        try (EventGateway gateway = gateway((event, context) -> {
            throw new IOException("disk");
        })) {
            Emission emission = gateway.emit("a", 1);

            assertThat(onlyDeliveryOf(emission).status()).isEqualTo(DeliveryStatus.DEAD_LETTERED);
            assertThat(gateway.deadLetters().list()).singleElement().satisfies(letter -> {
                assertThat(letter.event()).isEqualTo(emission.event());
                assertThat(letter.attempts()).hasSize(1);
            });
        }
    }
}
