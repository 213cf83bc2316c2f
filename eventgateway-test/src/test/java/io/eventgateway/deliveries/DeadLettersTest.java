package io.eventgateway.deliveries;

import static io.eventgateway.test.GatewayAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.Subscription;
import io.eventgateway.SystemEvent;
import io.eventgateway.delivery.BacklogPolicy;
import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.delivery.DeadLetterOverflow;
import io.eventgateway.delivery.DeadLetterQuery;
import io.eventgateway.delivery.DeadLetters.Redrive;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.error.BacklogFullException;
import io.eventgateway.error.DeadLetterNotFoundException;
import io.eventgateway.error.FunctionInUseException;
import io.eventgateway.error.FunctionNotFoundException;
import io.eventgateway.spi.EventStore;
import io.eventgateway.spi.InMemoryStores;
import io.eventgateway.test.RecordingFunction;
import io.eventgateway.test.TestGateway;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeadLettersTest {
    private final TestGateway gateway = TestGateway.create(builder -> builder.defaultDelivery(
                    DeliveryPolicy.builder().maxAttempts(2).build())
            .stores(InMemoryStores.builder()
                    .deadLetters(5, DeadLetterOverflow.DISCARD_OLDEST)
                    .build()));
    private final RecordingFunction audit = new RecordingFunction();

    @AfterEach
    void close() {
        gateway.close();
    }

    private void failing(int events) {
        gateway.functions().register("audit", audit.alwaysFailing(new IOException("disk")));
        gateway.subscribe("order.*", "audit");
        for (int i = 1; i <= events; i++) {
            gateway.emit(Event.builder("order.placed").id("e" + i).data(i).build());
            gateway.advance(Duration.ofSeconds(2));
        }
    }

    @Test
    void areListedNewestFirst() {
        failing(3);

        assertThat(gateway.deadLetters().list())
                .extracting(letter -> letter.event().getId())
                .containsExactly("e3", "e2", "e1");
        assertThat(gateway.deadLetters().list(DeadLetterQuery.all().limit(1))).hasSize(1);
        DeadLetter first = gateway.deadLetters().list().get(0);
        assertThat(gateway.deadLetters().get(first.id())).contains(first);
        assertThat(gateway.deadLetters().get("nonsense")).isEmpty();
        assertThat(gateway.space("other").deadLetters().list()).isEmpty();
    }

    @Test
    void aRedriveDeliversAgainAndKeepsItsHistory() {
        failing(1);
        DeadLetter letter = gateway.deadLetters().list().get(0);

        Emission failed = gateway.deadLetters().redrive(letter.id());
        gateway.advance(Duration.ofSeconds(2));
        assertThat(failed.completion().join().deliveries().get(0).status()).isEqualTo(DeliveryStatus.DEAD_LETTERED);
        DeadLetter again = gateway.deadLetters().list().get(0);
        assertThat(again.id()).isEqualTo(letter.id());
        assertThat(again.attempts())
                .hasSize(4)
                .startsWith(letter.attempts().get(0), letter.attempts().get(1));

        audit.failing(0, new IOException("disk"));
        Emission delivered = gateway.deadLetters().redrive(letter.id());
        assertThat(delivered.completion().join().allDelivered()).isTrue();
        assertThat(delivered.event().getId()).isEqualTo("e1");
        assertThat(gateway).hasDeadLetters(0);
    }

    @Test
    void aRedriveGoesToAnotherFunctionIfWanted() {
        failing(1);
        RecordingFunction other = new RecordingFunction();
        gateway.functions().register("other", other);
        String id = gateway.deadLetters().list().get(0).id();

        assertThatThrownBy(
                        () -> gateway.deadLetters().redrive(id, Redrive.again().to("nobody")))
                .isInstanceOf(FunctionNotFoundException.class)
                .hasMessageContaining("'nobody'");
        gateway.deadLetters().redrive(id, Redrive.again().to("other"));

        assertThat(other.events()).hasSize(1);
        assertThat(gateway).hasDeadLetters(0);
        assertThatThrownBy(() -> gateway.deadLetters().redrive(id))
                .isInstanceOf(DeadLetterNotFoundException.class)
                .hasMessageContaining(id);
    }

    @Test
    void aRedriveOfManyGoesOldestFirstAtARate() {
        failing(4);
        audit.failing(0, new IOException("disk"));
        int before = audit.events().size();

        int redriven = gateway.deadLetters()
                .redrive(
                        DeadLetterQuery.all().ofFunction("audit"),
                        Redrive.again().perSecond(2));

        assertThat(redriven).isEqualTo(4);
        assertThat(audit.events()).hasSize(before + 1);
        gateway.advance(Duration.ofMillis(500));
        assertThat(audit.events()).hasSize(before + 2);
        gateway.advance(Duration.ofSeconds(1));
        assertThat(audit.events().subList(before, before + 4))
                .extracting(Event::getId)
                .containsExactly("e1", "e2", "e3", "e4");
    }

    @Test
    void aRedriveWorksWhenTheSubscriptionIsGone() {
        failing(1);
        gateway.subscriptions().delete(gateway.subscriptions().list().get(0).id());
        audit.failing(0, new IOException("disk"));

        assertThat(gateway.deadLetters().redrive(DeadLetterQuery.all())).isEqualTo(1);

        assertThat(gateway).hasDeadLetters(0);
    }

    @Test
    void purgesOneOrMany() {
        failing(3);
        String id = gateway.deadLetters().list().get(0).id();

        assertThat(gateway.deadLetters().purge(id)).isTrue();
        assertThat(gateway.deadLetters().purge(id)).isFalse();
        assertThat(gateway.deadLetters().purge(DeadLetterQuery.all().ofType("other")))
                .isZero();
        assertThat(gateway.deadLetters().purge(DeadLetterQuery.all())).isEqualTo(2);
        assertThat(gateway.deadLetters().count()).isZero();
    }

    @Test
    void aLimitBindsListingCountingRedrivingAndPurging() {
        failing(4);
        DeadLetterQuery newest = DeadLetterQuery.all().limit(1);

        assertThat(gateway.deadLetters().count(newest)).isEqualTo(1);
        assertThat(gateway.deadLetters().count(DeadLetterQuery.all().ofFunction("audit")))
                .isEqualTo(4);
        assertThat(gateway.deadLetters().purge(newest)).isEqualTo(1);
        audit.failing(0, new IOException("disk"));
        assertThat(gateway.deadLetters().redrive(newest)).isEqualTo(1);
        assertThat(gateway.deadLetters().list())
                .extracting(letter -> letter.event().getId())
                .containsExactly("e2", "e1");
    }

    @Test
    void theOldestMakesRoomAtTheBound() {
        failing(7);

        assertThat(gateway.deadLetters().list())
                .extracting(letter -> letter.event().getId())
                .containsExactly("e7", "e6", "e5", "e4", "e3");
    }

    @Test
    void orTheNewestIsNotKept() {
        try (TestGateway own = TestGateway.create(builder -> builder.stores(InMemoryStores.builder()
                        .deadLetters(1, DeadLetterOverflow.DISCARD_NEWEST)
                        .build())
                .defaultDelivery(DeliveryPolicy.atMostOnce()))) {
            own.functions().register("audit", new RecordingFunction().alwaysFailing(new IOException("disk")));
            own.subscribe("a", "audit");
            String first = own.emit("a", 1).event().getId();
            own.emit("a", 2);

            assertThat(own.deadLetters().list())
                    .extracting(letter -> letter.event().getId())
                    .containsExactly(first);
        }
    }

    @Test
    void subscribersAreTold() {
        List<Event> told = new ArrayList<>();
        gateway.subscribe(SystemEvent.DELIVERY_DEAD_LETTERED, told::add);
        failing(1);

        assertThat(told).singleElement().satisfies(event -> {
            SystemEvent.DeliveryDeadLettered data = event.dataAs(SystemEvent.DeliveryDeadLettered.class);
            assertThat(data.functionId()).isEqualTo("audit");
            assertThat(data.reason()).isEqualTo(DeadLetter.Reason.ATTEMPTS_EXHAUSTED);
            assertThat(data.attempts()).isEqualTo(2);
            assertThat(data.event().getId()).isEqualTo("e1");
        });
    }

    @Test
    void goToAFunctionAndAreKeptOnlyWhenItFails() {
        RecordingFunction graveyard = new RecordingFunction();
        gateway.functions().register("graveyard", graveyard);
        gateway.functions().register("audit", audit.alwaysFailing(new IOException("disk")));
        gateway.subscriptions()
                .create(Subscription.to("a")
                        .function("audit")
                        .delivery(DeliveryPolicy.builder()
                                .maxAttempts(1)
                                .deadLetter("graveyard")
                                .build())
                        .build());

        gateway.emit("a", 1);
        assertThat(graveyard.lastEvent().getType()).isEqualTo(SystemEvent.DELIVERY_DEAD_LETTERED);
        assertThat(gateway).hasDeadLetters(0);

        graveyard.alwaysFailing(new IOException("full"));
        gateway.emit("a", 2);
        gateway.advance(Duration.ofMinutes(1));
        assertThat(gateway).hasDeadLetters(1);
        assertThat(gateway.deadLetters().list().get(0).event().getType()).isEqualTo("a");

        assertThatThrownBy(() -> gateway.functions().delete("graveyard")).isInstanceOf(FunctionInUseException.class);
    }

    @Test
    void areKeptWhileTheFunctionOfTheGatewaysDefaultIsNotThere() {
        try (TestGateway own = TestGateway.create(builder -> builder.defaultDelivery(
                DeliveryPolicy.builder().maxAttempts(1).deadLetter("graveyard").build()))) {
            own.functions().register("audit", audit.alwaysFailing(new IOException("disk")));
            own.subscribe("a", "audit");
            own.emit("a", 1);
            assertThat(own).hasDeadLetters(1);

            RecordingFunction graveyard = new RecordingFunction();
            own.functions().register("graveyard", graveyard);
            own.emit("a", 2);
            assertThat(graveyard.events()).hasSize(1);
            assertThat(own).hasDeadLetters(1);
        }
    }

    @Test
    void ofADeletedSubscriptionAreRedrivenWithinItsLimits() {
        gateway.functions().register("audit", audit.alwaysFailing(new IOException("disk")));
        gateway.subscriptions()
                .create(Subscription.to("a")
                        .id("s")
                        .function("audit")
                        .delivery(DeliveryPolicy.builder()
                                .maxAttempts(1)
                                .rateLimit(1, Duration.ofSeconds(1))
                                .build())
                        .build());
        for (int i = 0; i < 3; i++) {
            gateway.emit("a", i);
        }
        gateway.advance(Duration.ofSeconds(10));
        assertThat(gateway).hasDeadLetters(3);
        gateway.subscriptions().delete("s");
        audit.failing(0, new IOException("disk"));
        int before = audit.events().size();

        gateway.deadLetters().redrive(DeadLetterQuery.all());

        assertThat(audit.events()).hasSize(before + 1);
        gateway.advance(Duration.ofSeconds(1));
        assertThat(audit.events()).hasSize(before + 2);
        gateway.advance(Duration.ofSeconds(1));
        assertThat(audit.events()).hasSize(before + 3);
    }

    @Test
    void ofSyncSubscriptionsGoThereToo() {
        RecordingFunction graveyard = new RecordingFunction();
        gateway.functions().register("graveyard", graveyard);
        gateway.functions().register("audit", audit.alwaysFailing(new IOException("disk")));
        gateway.subscriptions()
                .create(Subscription.to("a")
                        .function("audit")
                        .sync()
                        .delivery(DeliveryPolicy.builder()
                                .maxAttempts(1)
                                .deadLetter("graveyard")
                                .build())
                        .build());

        gateway.emit("a", 1);

        assertThat(graveyard.events()).hasSize(1);
        assertThat(gateway).hasDeadLetters(0);
    }

    @Test
    void aRedriveThatDoesNotFitIntoTheBacklogLeavesTheDeadLetterThere() {
        try (TestGateway own = TestGateway.create(
                builder -> builder.backlog(1, BacklogPolicy.REJECT).defaultDelivery(DeliveryPolicy.atMostOnce()))) {
            RecordingFunction f = new RecordingFunction().failing(1, new IOException("disk"));
            own.functions().register("f", f);
            own.subscribe("a", "f");
            own.emit("a", 1);
            f.blocking();
            own.emit("a", 2);

            assertThatThrownBy(() -> own.deadLetters().redrive(DeadLetterQuery.all()))
                    .isInstanceOf(BacklogFullException.class);
            assertThat(own.deadLetters().count()).isEqualTo(1);
            f.release();
            assertThat(own.deadLetters().redrive(DeadLetterQuery.all())).isEqualTo(1);
            assertThat(own.deadLetters().count()).isZero();
        }
    }

    @Test
    void neverHoldTheSecretsOfAFunction() {
        failing(1);

        assertThat(gateway.deadLetters().list().toString()).doesNotContain("configuration");
    }

    @Test
    void anEventStoreKeepsThemForTheNextGateway() {
        EventStore store = EventStore.inMemory(10, gateway.clock());
        try (EventGateway first = TestGateway.create(
                gateway.clock(), builder -> builder.eventStore(store).defaultDelivery(DeliveryPolicy.atMostOnce()))) {
            first.functions().register("f", new RecordingFunction().alwaysFailing(new IOException("disk")));
            first.subscribe("a", "f");
            first.emit("a", 1);
        }
        try (EventGateway second = TestGateway.create(gateway.clock(), builder -> builder.eventStore(store))) {
            RecordingFunction f = new RecordingFunction();
            second.functions().register("f", f);

            second.deadLetters().redrive(DeadLetterQuery.all());

            assertThat(f.events()).hasSize(1);
        }
    }
}
