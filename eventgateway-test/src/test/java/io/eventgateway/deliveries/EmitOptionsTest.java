package io.eventgateway.deliveries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.Emission;
import io.eventgateway.EmitOptions;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.BacklogPolicy;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.DeliveryReport;
import io.eventgateway.delivery.DeliveryResult;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.error.BacklogFullException;
import io.eventgateway.error.InvalidEventException;
import io.eventgateway.test.RecordingFunction;
import io.eventgateway.test.TestGateway;
import java.io.IOException;
import java.lang.ref.WeakReference;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    void anEventThatWasDroppedMayComeAgain() {
        try (TestGateway own = TestGateway.create(builder -> builder.backlog(1, BacklogPolicy.DROP))) {
            own.functions().register("f", f.blocking());
            own.subscribe("a", "f");
            own.emit("a", 1);
            EmitOptions once = EmitOptions.builder()
                    .deduplicate("k", Duration.ofMinutes(5))
                    .build();
            Emission dropped = own.emit(Event.of("a", 2), once);
            assertThat(dropped.completion().join().deliveries().get(0).status()).isEqualTo(DeliveryStatus.DROPPED);

            f.release();
            Emission again = own.emit(Event.of("a", 3), once);

            assertThat(again.duplicate()).isFalse();
            assertThat(own.emit(Event.of("a", 4), once).duplicate()).isTrue();
            assertThat(f.events()).hasSize(2).last().isEqualTo(again.event());
        }
    }

    @Test
    void soMayOneThatWasDroppedForANewerOne() {
        try (TestGateway own = TestGateway.create(builder -> builder.backlog(2, BacklogPolicy.DROP_OLDEST))) {
            own.functions().register("f", f.blocking());
            own.subscriptions()
                    .create(Subscription.to("a")
                            .function("f")
                            .delivery(DeliveryPolicy.builder().maxConcurrency(1).build())
                            .build());
            own.emit("a", 1);
            EmitOptions once = EmitOptions.builder()
                    .deduplicate("k", Duration.ofMinutes(5))
                    .build();
            Emission first = own.emit(Event.of("a", 2), once);
            assertThat(own.emit(Event.of("a", 2), once).duplicate()).isTrue();
            own.emit("a", 3);
            assertThat(first.completion()).isDone();

            assertThat(own.emit(Event.of("a", 2), once).duplicate()).isFalse();
        }
    }

    @Test
    void theNewestKeysAreKnownHoweverManyThereAreAndHoweverPopularOldOnesAre() {
        EmitOptions once = EmitOptions.builder().deduplicate(Duration.ofDays(1)).build();
        int newest = 20_000;
        for (int i = 0; i < 150_000; i++) {
            gateway.emit(Event.builder("a").id("event-" + i).source("/s").build(), once);
            gateway.emit(Event.builder("a").id("event-" + i / 2).source("/s").build(), once);
        }

        int known = 0;
        for (int i = 150_000 - newest; i < 150_000; i++) {
            Event again = Event.builder("a").id("event-" + i).source("/s").build();
            known += gateway.emit(again, once).duplicate() ? 1 : 0;
        }
        assertThat(known).isEqualTo(newest);
    }

    @Test
    void whatADuplicateIsToldOfAnEventThatHasEndedHasNeitherItsDataNorResults() {
        gateway.functions().register("f", (event, context) -> new byte[1_000]);
        gateway.functions().register("g", (event, context) -> {
            throw new IllegalStateException("no", new IOException("a cause that may be large"));
        });
        gateway.subscribe("a", "f");
        gateway.subscriptions()
                .create(Subscription.to("a")
                        .function("g")
                        .delivery(DeliveryPolicy.builder().maxAttempts(1).build())
                        .build());
        EmitOptions once =
                EmitOptions.builder().deduplicate("k", Duration.ofDays(1)).build();
        Emission first = gateway.emit(Event.of("a", new byte[1_000]), once);
        gateway.advance(Duration.ofSeconds(1));

        Emission second = gateway.emit(Event.of("a", 2), once);

        assertThat(second.duplicate()).isTrue();
        assertThat(second.event()).hasToString(first.event().toString());
        assertThat(second.event().getData()).isNull();
        assertThat(second.subscriptionIds()).isEqualTo(first.subscriptionIds());
        DeliveryReport told = second.completion().join();
        assertThat(told.deliveries())
                .extracting(DeliveryResult::status)
                .containsExactly(DeliveryStatus.DELIVERED, DeliveryStatus.DEAD_LETTERED);
        assertThat(told.deliveries().get(0).result())
                .satisfies(result -> assertThat(result.isEmpty()).isTrue());
        assertThat(told.deliveries().get(1).failure()).hasNoCause().hasMessageContaining("'g'");
    }

    @Test
    void anEventThatHasEndedIsNotHeldForItsKey() {
        EmitOptions once =
                EmitOptions.builder().deduplicate("k", Duration.ofDays(1)).build();
        try (EventGateway plain = EventGateway.create()) { // a test gateway's timeline holds it
            plain.functions().register("f", (event, context) -> null);
            plain.subscriptions()
                    .create(Subscription.to("a").function("f").sync().build());

            WeakReference<Object> data = emitted(plain, once);

            Collected.await(List.of(data));
            assertThat(plain.emit(Event.of("a", 2), once).duplicate()).isTrue();
        }
    }

    private static WeakReference<Object> emitted(EventGateway plain, EmitOptions options) {
        Object data = new ArrayList<>(List.of(1));
        plain.emit(Event.of("a", data), options);
        return new WeakReference<>(data);
    }

    @Test
    void aDuplicateInABatchIsToldHowTheSyncFunctionsOfTheFirstEnded() {
        gateway.functions().register("f", f.failing(1, new IOException("no")));
        gateway.subscriptions().create(Subscription.to("a").function("f").sync().build());
        EmitOptions once = EmitOptions.builder().deduplicate(Duration.ofDays(1)).build();
        Event event = Event.of("a", 1);
        gateway.emitAll(List.of(event), once);

        assertThat(gateway.emit(event, once).soFar().deliveries().get(0).status())
                .isEqualTo(DeliveryStatus.DEAD_LETTERED);
    }

    @Test
    void aTimeOfDeliveryThatIsPastIsNow() {
        subscribe();

        Emission emission = gateway.emit(
                Event.of("a", 1), EmitOptions.builder().deliverAt(Instant.MIN).build());

        assertThat(emission.completion().join().allDelivered()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"9999-12-31T23:59:59Z", "+1000000000-12-31T23:59:59.999999999Z", "2028-01-01T00:00:00Z"})
    void aTimeOfDeliveryMoreThanAYearAheadIsRefusedAndTakesNothing(Instant time) {
        subscribe();
        EmitOptions options = EmitOptions.builder().deliverAt(time).build();
        EmitOptions once = EmitOptions.builder()
                .deliverAt(time)
                .deduplicate(Duration.ofDays(1))
                .build();
        Event event = Event.of("a", 1);

        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> gateway.emit(event, options))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("deliverAt")
                    .hasMessageContaining(time.toString())
                    .hasMessageContaining("at most 365 days ahead");
            assertThatThrownBy(() -> gateway.emit(event, once)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> gateway.emitAll(List.of(event), options))
                    .isInstanceOf(IllegalArgumentException.class);
        }

        assertThat(gateway.backlog().pending()).isZero();
        assertThat(gateway.emit(
                                event,
                                EmitOptions.builder()
                                        .deduplicate(Duration.ofDays(1))
                                        .build())
                        .duplicate())
                .isFalse();
    }

    @Test
    void anEventThatExpiresBeforeItsTimeOfDeliveryIsRefused() {
        EmitOptions options = EmitOptions.builder()
                .deliverAt(gateway.clock().instant().plusSeconds(60))
                .expiry(Duration.ofSeconds(60))
                .build();

        assertThatThrownBy(() -> gateway.emit(Event.of("a", 1), options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nothing could be delivered");
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
