package io.eventgateway.examples.docs;

import static io.eventgateway.test.GatewayAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.Emission;
import io.eventgateway.EmitOptions;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.Backoff;
import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.delivery.DeadLetterQuery;
import io.eventgateway.delivery.DeadLetters.Redrive;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.test.GatewayTest;
import io.eventgateway.test.RecordingFunction;
import io.eventgateway.test.TestGateway;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Runs what {@code docs/delivery.md} shows. */
@GatewayTest
class DeliveryTest {
    private final Order order = new Order("o-1", "acme", 120);

    private static DeliveryPolicy policy() {
        // tag::policy[]
        DeliveryPolicy policy = DeliveryPolicy.builder()
                .maxAttempts(8)
                .backoff(Backoff.exponential(Duration.ofSeconds(1), 2, Duration.ofMinutes(5)))
                .timeout(Duration.ofSeconds(10))
                .orderBy("subject")
                .rateLimit(50, Duration.ofSeconds(1))
                .build();
        // end::policy[]
        return policy;
    }

    @Test
    void deliversByThePolicyOfTheSubscription(TestGateway gateway) {
        RecordingFunction shipping = new RecordingFunction().failing(7, new IOException("503"));
        gateway.functions().register("shipping", shipping);
        DeliveryPolicy policy = policy();
        // tag::subscription-policy[]
        gateway.subscriptions()
                .create(Subscription.to("order.placed")
                        .function("shipping")
                        .delivery(policy)
                        .build());
        // end::subscription-policy[]

        gateway.track(() -> gateway.emit("order.placed", order));

        assertThat(gateway).delivered("order.placed").to("shipping").once();
        assertThat(shipping.events()).hasSize(8);
    }

    @Test
    void emitsLaterAndOnce(TestGateway gateway) {
        gateway.functions().register("reminder", new RecordingFunction());
        gateway.subscribe("cart.abandoned", "reminder");
        Event reminder = Event.of("cart.abandoned", order);
        // tag::emit-options[]
        EmitOptions options = EmitOptions.builder()
                .delay(Duration.ofHours(2))
                .expiry(Duration.ofHours(6))
                .deduplicate("cart-" + order.id(), Duration.ofDays(7))
                .extension("tenant", "acme")
                .build();
        Emission emission = gateway.emit(reminder, options);
        // end::emit-options[]

        assertThat(gateway).neverDelivered("cart.abandoned");
        gateway.advance(Duration.ofHours(2));
        assertThat(gateway).delivered("cart.abandoned").to("reminder").once();
        assertThat(emission.event().getExtension("tenant")).isEqualTo("acme");
        assertThat(gateway.emit(reminder, options).duplicate()).isTrue();
    }

    @Test
    void listsRedrivesAndPurgesDeadLetters(TestGateway gateway) {
        RecordingFunction shipping = new RecordingFunction().failing(10, new IOException("down"));
        gateway.functions().register("shipping", shipping);
        gateway.functions().register("otherFunction", new RecordingFunction());
        gateway.subscribe("order.placed", "shipping");
        Instant lastMonth = gateway.clock().instant();
        gateway.track(() -> gateway.emit("order.placed", order));
        gateway.track(() -> gateway.emit("order.placed", order));
        assertThat(gateway).hasDeadLetters(2);

        // tag::dead-letters[]
        List<DeadLetter> newest = gateway.deadLetters().list(); // at most 100
        DeadLetterQuery exhausted = DeadLetterQuery.all()
                .ofFunction("shipping")
                .because(DeadLetter.Reason.ATTEMPTS_EXHAUSTED)
                .limit(20);
        List<DeadLetter> page = gateway.deadLetters().list(exhausted);

        String id = page.get(0).id();
        Emission again = gateway.deadLetters().redrive(id, Redrive.again().to("otherFunction"));
        int redriven = gateway.deadLetters()
                .redrive(
                        DeadLetterQuery.all().ofType("order.placed"),
                        Redrive.again().perSecond(10));
        int purged = gateway.deadLetters().purge(DeadLetterQuery.all().until(lastMonth));
        // end::dead-letters[]

        gateway.advance(Duration.ofSeconds(1));
        assertThat(newest).hasSize(2);
        assertThat(again.completion().join().allDelivered()).isTrue();
        assertThat(redriven).isEqualTo(1);
        assertThat(purged).isZero();
        assertThat(gateway)
                .hasDeadLetters(0)
                .delivered("order.placed")
                .to("otherFunction")
                .once();
        assertThat(gateway).delivered("order.placed").to("shipping").once();
    }

    @Test
    void emitsManyEventsWithOneCall(EventGateway gateway) {
        gateway.functions().register("shipping", new RecordingFunction());
        gateway.subscribe("order.placed", "shipping");
        // tag::emit-all[]
        List<Event> orders = List.of(
                Event.of("order.placed", new Order("o-1", "acme", 120)),
                Event.of("order.placed", new Order("o-2", "acme", 40)));
        List<Emission> emissions = gateway.emitAll(orders); // in their order
        // end::emit-all[]

        assertThat(emissions).hasSize(2);
        assertThat(gateway).delivered("order.placed").to("shipping").times(2);
    }
}
