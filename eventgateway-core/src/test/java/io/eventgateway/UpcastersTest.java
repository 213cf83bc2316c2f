package io.eventgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.DeliveryResult;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.error.EventRejectedException;
import io.eventgateway.history.EventQuery;
import io.eventgateway.history.ReplayOptions;
import io.eventgateway.history.Retention;
import io.eventgateway.schema.Upcaster;
import io.eventgateway.spi.InMemoryStores;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class UpcastersTest {
    /** Version 2 has the amount as {@code total}, version 3 in cents. */
    private static final Upcaster RENAMED = data -> {
        ObjectNode object = (ObjectNode) data;
        object.set("total", object.remove("amount"));
        return object;
    };

    private static final Upcaster IN_CENTS = data -> {
        ObjectNode object = (ObjectNode) data;
        return object.put("cents", object.remove("total").intValue() * 100);
    };

    private final List<String> got = new CopyOnWriteArrayList<>();
    private final EventGateway gateway = EventGateway.builder()
            .stores(InMemoryStores.builder()
                    .history(Retention.of(Duration.ofDays(1), 1_000))
                    .build())
            .build();

    @AfterEach
    void close() {
        gateway.close();
    }

    private static Event order(int amount) {
        return Event.builder("order.placed")
                .data("application/json", ("{\"amount\":" + amount + "}").getBytes(StandardCharsets.UTF_8))
                .build();
    }

    private void note(Event event) {
        got.add(event.dataAsJson() + " v" + event.getExtension("dataversion"));
    }

    private DeliveryResult only(Emission emission) throws Exception {
        return emission.completion().get(10, TimeUnit.SECONDS).deliveries().get(0);
    }

    @Test
    void eventsOfOlderVersionsAreLiftedStepByStep() {
        gateway.eventTypes().upcaster("order.placed", 1, 2, RENAMED);
        gateway.eventTypes().upcaster("order.placed", 2, 3, IN_CENTS);
        gateway.functions().register("f", (event, context) -> {
            note(event);
            return null;
        });
        gateway.subscribe(Subscription.to("order.placed").function("f").sync().build());

        gateway.emit(order(3));
        gateway.emit(Event.builder("order.placed")
                .extension("dataversion", "2")
                .data(Map.of("total", 4))
                .build());
        gateway.emit(Event.builder("order.placed")
                .extension("dataversion", 3)
                .data(Map.of("cents", 5))
                .build());
        gateway.emit("order.placed.else", Map.of("amount", 6));

        assertThat(got).containsExactly("{\"cents\":300} v3", "{\"cents\":400} v3", "{\"cents\":5} v3");
    }

    @Test
    void filtersAndTransformsSeeTheLatestVersion() throws Exception {
        gateway.eventTypes().upcaster("order.placed", 1, 2, RENAMED);
        gateway.functions().register("f", (event, context) -> {
            note(event);
            return null;
        });
        gateway.subscribe(Subscription.to("order.placed")
                .function("f")
                .filter(Filter.pattern("{\"data\":{\"total\":[{\"numeric\":[\">\",5]}]}}"))
                .transform(Transform.path("$.data.total"))
                .build());

        only(gateway.emit(order(7)));
        assertThat(gateway.emit(order(4)).isRouted()).isFalse();
        assertThat(gateway.explain(order(7)).matched()).hasSize(1);
        assertThat(got).containsExactly("7 v2");
    }

    @Test
    void recordedEventsAreLiftedWhenTheyAreReplayed() throws Exception {
        gateway.emit(order(7));
        gateway.eventTypes().upcaster("order.placed", 1, 2, RENAMED);
        gateway.subscribe(Subscription.to("order.placed")
                .id("s")
                .function(gateway.functions()
                        .register("f", (event, context) -> {
                            note(event);
                            return null;
                        })
                        .id())
                .filter(Filter.pattern("{\"data\":{\"total\":[7]}}"))
                .build());

        gateway.history()
                .replay(EventQuery.all(), ReplayOptions.to("s"))
                .completion()
                .get(10, TimeUnit.SECONDS);
        gateway.awaitIdle(Duration.ofSeconds(10));

        assertThat(got).containsExactly("{\"total\":7} v2");
    }

    @Test
    void deadLettersAreLiftedWhenTheyAreRedriven() throws Exception {
        AtomicBoolean fails = new AtomicBoolean(true);
        gateway.functions().register("f", (event, context) -> {
            note(event);
            if (fails.get()) {
                throw new IllegalStateException("not yet");
            }
            return null;
        });
        gateway.subscribe(Subscription.to("order.placed")
                .function("f")
                .delivery(DeliveryPolicy.builder().maxAttempts(1).build())
                .build());
        only(gateway.emit(order(7)));
        gateway.eventTypes().upcaster("order.placed", 1, 2, RENAMED);
        fails.set(false);

        DeadLetter letter = gateway.deadLetters().list().get(0);
        DeliveryResult redriven = only(gateway.deadLetters().redrive(letter.id()));

        assertThat(redriven.status()).isEqualTo(DeliveryStatus.DELIVERED);
        assertThat(got).containsExactly("{\"amount\":7} vnull", "{\"total\":7} v2");
    }

    @Test
    void anEventThatCantBeLiftedIsRefusedAtTheDoor() {
        gateway.eventTypes().upcaster("order.placed", 1, 2, data -> {
            throw new IllegalStateException("secret " + data);
        });

        assertThatThrownBy(() -> gateway.emit(order(7)))
                .isInstanceOf(EventRejectedException.class)
                .hasMessageContaining("can't be lifted from version 1")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> gateway.emitAll(List.of(order(7)))).isInstanceOf(EventRejectedException.class);
    }

    @Test
    void aDeadLetterThatCantBeLiftedFailsWithoutARetry() throws Exception {
        gateway.functions().register("f", (event, context) -> {
            throw new IllegalStateException("no");
        });
        gateway.subscribe(Subscription.to("order.placed")
                .function("f")
                .delivery(DeliveryPolicy.builder().maxAttempts(1).build())
                .build());
        only(gateway.emit(order(7)));
        gateway.eventTypes().upcaster("order.placed", 1, 2, data -> null);

        DeliveryResult redriven = only(gateway.deadLetters()
                .redrive(gateway.deadLetters().list().get(0).id()));

        assertThat(redriven.status()).isEqualTo(DeliveryStatus.DEAD_LETTERED);
        assertThat(redriven.failure()).isInstanceOfSatisfying(InvocationException.class, failure -> {
            assertThat(failure).hasMessageContaining("can't be lifted from version 1");
            assertThat(failure.retryable()).isFalse();
        });
        assertThat(gateway.deadLetters().count()).isEqualTo(1);
    }

    @Test
    void stepsThatCantBeMeantAreRefused() {
        Upcaster same = (JsonNode data) -> data;
        gateway.eventTypes().upcaster("order.placed", 1, 2, same);

        assertThatThrownBy(() -> gateway.eventTypes().upcaster("order.placed", 1, 3, same))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has an upcaster from version 1 already, to version 2");
        assertThatThrownBy(() -> gateway.eventTypes().upcaster("order.placed", 2, 2, same))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("from 2 to 2");
        gateway.space("other").eventTypes().upcaster("order.placed", 1, 3, same);
    }
}
