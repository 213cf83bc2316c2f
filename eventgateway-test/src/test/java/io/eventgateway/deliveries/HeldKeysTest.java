package io.eventgateway.deliveries;

import static io.eventgateway.test.GatewayAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.Event;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.BacklogPolicy;
import io.eventgateway.delivery.DeadLetterOverflow;
import io.eventgateway.delivery.DeadLetterQuery;
import io.eventgateway.delivery.DeadLetters.Redrive;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.OrderBy;
import io.eventgateway.history.Retention;
import io.eventgateway.spi.EventStore;
import io.eventgateway.spi.InMemoryStores;
import io.eventgateway.test.RecordingFunction;
import io.eventgateway.test.TestClock;
import io.eventgateway.test.TestGateway;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A key that a dead letter holds is free when the dead letter is gone, whatever made it go. */
class HeldKeysTest {
    private static final DeliveryPolicy HOLDING = DeliveryPolicy.builder()
            .maxAttempts(1)
            .orderBy("subject", OrderBy.OnDeadLetter.HOLD)
            .build();

    private final RecordingFunction f = new RecordingFunction();
    private TestGateway gateway = TestGateway.create();

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

    private void emit(String subject, Object data) {
        gateway.emit(Event.builder("a").subject(subject).data(data).build());
    }

    private List<String> seen() {
        return f.events().stream()
                .map(event -> event.getSubject() + event.dataAs(Integer.class))
                .toList();
    }

    /** Makes x1 a dead letter that holds its key, with x2 waiting behind it. */
    private void hold() {
        f.failing(1, new IOException("disk"));
        emit("x", 1);
        emit("x", 2);
        assertThat(seen()).containsExactly("x1");
        assertThat(gateway).hasDeadLetters(1);
    }

    @Test
    void whenItsFunctionForDeadLettersTookIt() {
        RecordingFunction letters = new RecordingFunction();
        gateway.functions().register("letters", letters);
        subscribe(HOLDING.toBuilder().deadLetter("letters").build());
        f.failing(1, new IOException("disk"));
        emit("x", 1);
        emit("x", 2);

        assertThat(letters.events()).hasSize(1);
        assertThat(seen()).containsExactly("x1", "x2");
    }

    @Test
    void whenItsFunctionForDeadLettersTookItInTheGatewayThatTookOver() {
        TestClock clock = new TestClock();
        EventStore store = EventStore.inMemory(10, clock);
        DeliveryPolicy policy = HOLDING.toBuilder().deadLetter("letters").build();
        RecordingFunction letters = new RecordingFunction().failing(1, new IOException("no"));
        TestGateway first = TestGateway.create(clock, builder -> builder.eventStore(store));
        first.functions().register("letters", letters);
        first.functions().register("f", f.failing(1, new IOException("disk")));
        Subscription subscription =
                Subscription.to("a").id("s").function("f").delivery(policy).build();
        first.subscriptions().create(subscription);
        first.emit(Event.builder("a").subject("x").data(1).build());
        first.emit(Event.builder("a").subject("x").data(2).build());
        assertThat(letters.events()).hasSize(1);
        first.close();

        try (TestGateway second = TestGateway.create(clock, builder -> builder.eventStore(store))) {
            second.functions().register("letters", letters);
            second.functions().register("f", f);
            second.subscriptions().create(subscription);
            second.advance(Duration.ofSeconds(10));

            assertThat(letters.events()).hasSize(2);
            assertThat(second.deadLetters().count()).isZero();
            assertThat(seen()).containsExactly("x1", "x2");
        }
    }

    @Test
    void whenItWasDiscardedAsTheOldest() {
        gateway.close();
        gateway = TestGateway.create(builder -> builder.stores(InMemoryStores.builder()
                .deadLetters(1, DeadLetterOverflow.DISCARD_OLDEST)
                .build()));
        subscribe(HOLDING);
        hold();
        f.failing(1, new IOException("disk"));

        emit("y", 1);

        assertThat(seen()).containsExactly("x1", "y1", "x2");
    }

    @Test
    void whenItWasDiscardedAsTheNewest() {
        gateway.close();
        gateway = TestGateway.create(builder -> builder.stores(InMemoryStores.builder()
                .deadLetters(1, DeadLetterOverflow.DISCARD_NEWEST)
                .build()));
        subscribe(HOLDING);
        hold();
        f.failing(1, new IOException("disk"));

        emit("y", 1);
        emit("y", 2);

        assertThat(seen()).containsExactly("x1", "y1", "y2");
    }

    @Test
    void whenItsSubjectWasErased() {
        gateway.close();
        gateway = TestGateway.create(builder -> builder.stores(InMemoryStores.builder()
                .history(Retention.of(Duration.ofDays(1), 100))
                .build()));
        gateway.functions().register("f", f);
        gateway.subscriptions()
                .create(Subscription.to("a")
                        .id("s")
                        .function("f")
                        .delivery(DeliveryPolicy.builder()
                                .maxAttempts(1)
                                .orderBy("data.key", OrderBy.OnDeadLetter.HOLD)
                                .build())
                        .build());
        f.failing(1, new IOException("disk"));
        gateway.emit(
                Event.builder("a").subject("erased").data(Map.of("key", "k")).build());
        gateway.emit(
                Event.builder("a").subject("stays").data(Map.of("key", "k")).build());
        assertThat(f.events()).hasSize(1);

        gateway.history().erase("erased");

        assertThat(f.events()).hasSize(2);
        assertThat(f.lastEvent().getSubject()).isEqualTo("stays");
    }

    @Test
    void whenItIsRedrivenAfterItsSubscriptionIsOrderedByAnotherKey() {
        subscribe(HOLDING);
        hold();
        gateway.subscriptions()
                .update(Subscription.to("a")
                        .id("s")
                        .function("f")
                        .delivery(DeliveryPolicy.builder().orderBy("source").build())
                        .build());

        gateway.deadLetters().redrive(DeadLetterQuery.all());

        assertThat(seen()).containsExactly("x1", "x1", "x2");
        assertThat(gateway.backlog().pending()).isZero();
    }

    @Test
    void whenItIsRedrivenAfterItsSubscriptionHasNoOrderAnyMore() {
        subscribe(HOLDING);
        hold();
        gateway.subscriptions()
                .update(Subscription.to("a").id("s").function("f").build());

        gateway.deadLetters().redrive(DeadLetterQuery.all());

        assertThat(seen()).containsExactly("x1", "x1", "x2");
    }

    @Test
    void whenItsRedriveIsDroppedForNewerOnes() {
        gateway.close();
        gateway = TestGateway.create(builder -> builder.backlog(3, BacklogPolicy.DROP_OLDEST));
        subscribe(HOLDING);
        f.failing(2, new IOException("disk"));
        emit("x", 1);
        emit("y", 1);
        emit("y", 2);
        assertThat(seen()).containsExactly("x1", "y1");
        gateway.deadLetters().redrive(DeadLetterQuery.all(), Redrive.again().perSecond(1)); // y1 in a second
        assertThat(seen()).containsExactly("x1", "y1", "x1");
        gateway.subscriptions().pause("s");

        emit("z", 1);
        emit("z", 2);
        emit("z", 3); // two of those that wait go for these, and y1 is the oldest
        gateway.subscriptions().resume("s");

        assertThat(gateway.backlog().pending()).isZero();
        assertThat(seen()).contains("z3");
        emit("y", 3);
        assertThat(seen()).contains("y3");
    }
}
