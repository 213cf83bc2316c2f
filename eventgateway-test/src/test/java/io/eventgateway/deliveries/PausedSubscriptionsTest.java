package io.eventgateway.deliveries;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.Backoff;
import io.eventgateway.delivery.DeadLetterQuery;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.delivery.Pause;
import io.eventgateway.test.RecordingFunction;
import io.eventgateway.test.TestGateway;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PausedSubscriptionsTest {
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

    private List<Integer> seen() {
        return f.events().stream().map(event -> event.dataAs(Integer.class)).toList();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsAcceptedWaitsAndIsDeliveredInItsOrder(boolean ordered) {
        subscribe(
                ordered
                        ? DeliveryPolicy.builder().orderBy("type").build()
                        : DeliveryPolicy.builder().build());
        gateway.subscriptions().pause("s");
        for (int i = 0; i < 5; i++) {
            gateway.emit("a", i);
        }
        assertThat(seen()).isEmpty();
        assertThat(gateway.backlog().pending()).isEqualTo(5);

        gateway.subscriptions().resume("s");

        assertThat(seen()).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void endsByItselfAtItsTime() {
        subscribe(DeliveryPolicy.builder().build());
        gateway.subscriptions().pause("s", Pause.until(gateway.clock().instant().plus(Duration.ofMinutes(10))));
        gateway.emit("a", 1);
        gateway.advance(Duration.ofMinutes(9));
        assertThat(seen()).isEmpty();

        gateway.advance(Duration.ofMinutes(1));

        assertThat(seen()).containsExactly(1);
        gateway.emit("a", 2);
        assertThat(seen()).containsExactly(1, 2);
    }

    @Test
    void aShorterOneMovesItsEnd() {
        subscribe(DeliveryPolicy.builder().build());
        gateway.subscriptions().pause("s", Pause.until(gateway.clock().instant().plus(Duration.ofDays(300))));
        gateway.emit("a", 1);
        gateway.subscriptions().pause("s", Pause.until(gateway.clock().instant().plus(Duration.ofMinutes(1))));

        gateway.advance(Duration.ofMinutes(1));

        assertThat(seen()).containsExactly(1);
    }

    @Test
    void aCallUnderWayEndsAndItsRetryWaits() {
        subscribe(DeliveryPolicy.builder()
                .backoff(Backoff.fixed(Duration.ofSeconds(1)))
                .build());
        f.failing(1, new IOException("down"));
        gateway.emit("a", 1);
        gateway.subscriptions().pause("s");

        gateway.advance(Duration.ofMinutes(1));
        assertThat(seen()).containsExactly(1);
        gateway.subscriptions().resume("s");

        assertThat(seen()).containsExactly(1, 1);
    }

    @Test
    void neitherAwaitIdleNorCloseWaitsForOne() {
        subscribe(DeliveryPolicy.builder().build());
        gateway.subscriptions().pause("s");
        Emission emission = gateway.emit("a", 1);

        assertThat(gateway.awaitIdle(Duration.ofDays(1))).isTrue();
        gateway.close();

        assertThat(emission.completion().join().deliveries().get(0).status()).isEqualTo(DeliveryStatus.DROPPED);
    }

    @Test
    void ofASubscriptionThatIsDeletedTheDeliveriesGo() {
        subscribe(DeliveryPolicy.builder().build());
        gateway.subscriptions().pause("s");
        gateway.emit("a", 1);

        gateway.subscriptions().delete("s");

        assertThat(seen()).containsExactly(1);
    }

    @Test
    void aRedriveWaitsToo() {
        subscribe(DeliveryPolicy.builder().maxAttempts(1).build());
        f.failing(1, new IOException("down"));
        gateway.emit("a", 1);
        gateway.subscriptions().pause("s");

        gateway.deadLetters().redrive(DeadLetterQuery.all());
        assertThat(seen()).containsExactly(1);
        gateway.subscriptions().resume("s");

        assertThat(seen()).containsExactly(1, 1);
    }

    @Test
    void aDisabledOneThatIsResumedDelivers() {
        subscribe(DeliveryPolicy.builder().build());
        gateway.subscriptions().pause("s");
        gateway.emit("a", 1);
        gateway.subscriptions()
                .update(Subscription.to("a")
                        .id("s")
                        .function("f")
                        .enabled(false)
                        .build());
        assertThat(seen()).isEmpty();

        gateway.subscriptions().resume("s");

        assertThat(seen()).containsExactly(1);
        gateway.emit(Event.of("a", 2));
        assertThat(seen()).containsExactly(1);
    }
}
