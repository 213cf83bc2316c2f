package io.eventgateway.deliveries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.Emission;
import io.eventgateway.EmitOptions;
import io.eventgateway.Event;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.BacklogPolicy;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.error.BacklogFullException;
import io.eventgateway.error.InvalidEventException;
import io.eventgateway.test.RecordingFunction;
import io.eventgateway.test.TestGateway;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EmitOptionsTest {
    private final TestGateway gateway = TestGateway.create();
    private final RecordingFunction f = new RecordingFunction();

    @AfterEach
    void close() {
        gateway.close();
    }

    private void subscribe() {
        gateway.functions().register("f", f);
        gateway.subscribe("a", "f");
    }

    @Test
    void aDelayedEventIsDeliveredWhenItIsDue() {
        subscribe();

        Emission emission = gateway.emit(
                Event.of("a", 1),
                EmitOptions.builder().delay(Duration.ofHours(1)).build());
        gateway.advance(Duration.ofMinutes(59));
        assertThat(f.events()).isEmpty();
        assertThat(gateway.backlog().pending()).isEqualTo(1);
        gateway.advance(Duration.ofMinutes(1));

        assertThat(f.events()).containsExactly(emission.event());
        assertThat(emission.completion().join().allDelivered()).isTrue();
    }

    @Test
    void soIsOneWithATimeOfDelivery() {
        subscribe();
        Instant at = gateway.clock().instant().plus(Duration.ofDays(3));

        gateway.emit(Event.of("a", 1), EmitOptions.builder().deliverAt(at).build());
        gateway.emit(
                Event.of("a", 2), EmitOptions.builder().deliverAt(Instant.EPOCH).build());
        assertThat(f.events()).hasSize(1);

        gateway.advance(Duration.ofDays(3));
        assertThat(f.events()).as("its time to live counts from when it is due").hasSize(2);
        assertThat(gateway.deadLetters().count()).isZero();
    }

    @Test
    void theSyncSubscriptionsOfADelayedEventWaitToo() {
        gateway.functions().register("f", f);
        gateway.subscriptions().create(Subscription.to("a").function("f").sync().build());

        Emission emission = gateway.emit(
                Event.of("a", 1),
                EmitOptions.builder().delay(Duration.ofHours(1)).build());
        assertThat(f.events()).isEmpty();
        assertThat(emission.subscriptionIds()).hasSize(1);
        gateway.advance(Duration.ofHours(1));

        assertThat(f.events()).hasSize(1);
    }

    @Test
    void delayedEventsComeInTheOrderOfTheirTimes() {
        subscribe();
        for (int i : List.of(3, 1, 2)) {
            gateway.emit(
                    Event.of("a", i),
                    EmitOptions.builder().delay(Duration.ofMillis(i)).build());
        }

        gateway.advance(Duration.ofSeconds(1));

        assertThat(f.events()).extracting(event -> event.dataAs(Integer.class)).containsExactly(1, 2, 3);
    }

    @Test
    void anEventThatExpiresBeforeItIsDeliveredIsExpired() {
        subscribe();
        gateway.subscriptions().delete(gateway.subscriptions().list().get(0).id());
        gateway.subscriptions()
                .create(Subscription.to("a")
                        .function("f")
                        .delivery(DeliveryPolicy.builder().maxConcurrency(1).build())
                        .build());
        f.blocking();
        gateway.emit("a", 1);

        Emission emission = gateway.emit(
                Event.of("a", 2),
                EmitOptions.builder().expiry(Duration.ofSeconds(10)).build());
        gateway.advance(Duration.ofSeconds(10));

        assertThat(emission.completion()).isDone();
        assertThat(emission.completion().join().deliveries().get(0).status()).isEqualTo(DeliveryStatus.DEAD_LETTERED);
        assertThat(emission.completion().join().deliveries().get(0).attempts()).isZero();
    }

    @Test
    void anEventOfTheSameSourceAndIdIsAcceptedOnceInTheWindow() {
        subscribe();
        EmitOptions once =
                EmitOptions.builder().deduplicate(Duration.ofMinutes(5)).build();
        Event event = Event.builder("a").id("1").source("/s").build();

        Emission first = gateway.emit(event, once);
        Emission second = gateway.emit(event, once);
        assertThat(first.duplicate()).isFalse();
        assertThat(second.duplicate()).isTrue();
        assertThat(second.event()).isSameAs(first.event());
        assertThat(second.subscriptionIds()).isEqualTo(first.subscriptionIds());
        assertThat(second.completion()).isDone();
        assertThat(gateway.emit(Event.builder("a").id("1").source("/t").build(), once)
                        .duplicate())
                .isFalse();
        assertThat(gateway.space("other").emit(event, once).duplicate()).isFalse();
        assertThat(f.events()).hasSize(2);

        gateway.advance(Duration.ofMinutes(5));
        assertThat(gateway.emit(event, once).duplicate()).isFalse();
    }

    @Test
    void soIsOneOfTheSameKey() {
        subscribe();
        EmitOptions once = EmitOptions.builder()
                .deduplicate("order-42", Duration.ofMinutes(5))
                .build();

        assertThat(gateway.emit(Event.of("a", 1), once).duplicate()).isFalse();
        assertThat(gateway.emit(Event.of("a", 2), once).duplicate()).isTrue();
        assertThat(f.events()).hasSize(1);
    }

    @Test
    void anEventThatWasRefusedMayComeAgain() {
        try (TestGateway own = TestGateway.create(builder -> builder.backlog(1, BacklogPolicy.REJECT))) {
            own.functions().register("f", f.blocking());
            own.subscribe("a", "f");
            own.emit("a", 1);
            EmitOptions once =
                    EmitOptions.builder().deduplicate(Duration.ofMinutes(5)).build();
            Event event = Event.of("a", 2);
            assertThatThrownBy(() -> own.emit(event, once)).isInstanceOf(BacklogFullException.class);

            f.release();
            assertThat(own.emit(event, once).duplicate()).isFalse();
        }
    }

    @Test
    void oneOfManyThreadsThatEmitTheSameIsFirst() throws Exception {
        subscribe();
        EmitOptions once =
                EmitOptions.builder().deduplicate(Duration.ofMinutes(5)).build();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (int round = 0; round < 50; round++) {
                Event event = Event.of("a", round);
                List<Callable<Boolean>> emits = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    emits.add(() -> gateway.emit(event, once).duplicate());
                }
                int firsts = 0;
                for (Future<Boolean> emit : threads.invokeAll(emits)) {
                    firsts += emit.get() ? 0 : 1;
                }
                assertThat(firsts).isEqualTo(1);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void attributesBecomeExtensions() {
        subscribe();

        gateway.emit(
                Event.of("a", 1),
                EmitOptions.builder()
                        .extension("tenant", "acme")
                        .path("/orders")
                        .build());

        assertThat(f.lastEvent().getExtension("tenant")).isEqualTo("acme");
        assertThat(f.lastEvent().getExtension("path")).isEqualTo("/orders");
        assertThatThrownBy(() -> EmitOptions.builder().extension("Not Valid", 1))
                .isInstanceOf(InvalidEventException.class);
    }

    @Test
    void optionsThatContradictThemselvesAreRefused() {
        assertThatThrownBy(() -> EmitOptions.builder().delay(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PT-1S");
        assertThatThrownBy(() -> EmitOptions.builder().expiry(Duration.ZERO)).hasMessageContaining("expiry");
        assertThatThrownBy(() -> EmitOptions.builder()
                        .delay(Duration.ofHours(1))
                        .expiry(Duration.ofMinutes(1))
                        .build())
                .hasMessageContaining("nothing could be delivered");
        assertThatThrownBy(() -> EmitOptions.builder()
                        .delay(Duration.ofHours(1))
                        .deliverAt(Instant.EPOCH)
                        .build())
                .hasMessageContaining("not both");
    }
}
