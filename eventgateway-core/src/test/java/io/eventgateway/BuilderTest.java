package io.eventgateway;

import static io.eventgateway.Outcomes.onlyDeliveryOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.delivery.Backlog;
import io.eventgateway.delivery.BacklogPolicy;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.delivery.RetryOn;
import io.eventgateway.history.EventQuery;
import io.eventgateway.history.Retention;
import io.eventgateway.spi.EventStore;
import io.eventgateway.spi.InMemoryStores;
import io.eventgateway.spi.Stores;
import io.eventgateway.spi.SubscriptionStore;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class BuilderTest {
    @Test
    void gatewaysOfOneBuilderShareNoStore() {
        EventGateway.Builder builder = EventGateway.builder()
                .stores(InMemoryStores.builder()
                        .history(Retention.of(Duration.ofDays(1), 100))
                        .build());
        try (EventGateway first = builder.build();
                EventGateway second = builder.build()) {
            first.functions().register("f", (event, context) -> null);
            first.emit("a", 1);

            assertThat(second.functions().list()).isEmpty();
            assertThat(first.history().events(EventQuery.all())).hasSize(1);
            assertThat(second.history().events(EventQuery.all())).isEmpty();
        }
    }

    @Test
    void settingsThatExcludeEachOtherAreRefused() {
        Stores given = new Stores() {
            @Override
            public SubscriptionStore subscriptionStore() {
                return SubscriptionStore.inMemory();
            }

            @Override
            public EventStore eventStore() {
                return EventStore.inMemory();
            }
        };

        assertThatThrownBy(() -> EventGateway.builder()
                        .stores(InMemoryStores.builder().build())
                        .eventStore(EventStore.inMemory())
                        .build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("stores(...) and eventStore(...)");
        assertThatThrownBy(() -> EventGateway.builder()
                        .stores(given)
                        .subscriptionStore(SubscriptionStore.inMemory())
                        .build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("subscriptionStore(...)");
        assertThatThrownBy(() -> EventGateway.builder()
                        .executor(Runnable::run)
                        .workerThreads(4)
                        .build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("executor(...) and workerThreads(...)");
        assertThatThrownBy(() -> EventGateway.builder().stores(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("stores must not be null");
    }

    @Test
    void aWaitOfTheBacklogIsRefusedWhereNothingWaits() {
        EventGateway.Builder builder = EventGateway.builder()
                .backlog(Backlog.of(7).withPolicy(BacklogPolicy.REJECT).withWait(Duration.ofSeconds(1)));

        assertThatIllegalStateException().isThrownBy(builder::build).withMessageContaining("REJECT");
    }

    @Test
    void aRetryPredicateIsGivenOnce() {
        EventGateway.Builder builder = EventGateway.builder().retryPredicate("mine", failure -> true);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.retryPredicate("mine", failure -> false))
                .withMessageContaining("'mine'");
    }

    @Test
    void deliveriesRunOnTheExecutorThatIsGiven() {
        ExecutorService executor = Executors.newSingleThreadExecutor(task -> new Thread(task, "mine"));
        try (EventGateway gateway = EventGateway.builder().executor(executor).build()) {
            gateway.functions()
                    .register("name", (event, context) -> Thread.currentThread().getName());
            gateway.functions().register("f", (event, context) -> gateway.invoke("name", null)
                    .valueAs(String.class));
            gateway.subscribe("a", "f");

            Emission emission = gateway.emit("a", 1);

            assertThat(onlyDeliveryOf(emission).status()).isEqualTo(DeliveryStatus.DELIVERED);
            assertThat(onlyDeliveryOf(emission).result().valueAs(String.class)).isEqualTo("mine");
        } finally {
            executor.shutdown();
        }
    }

    @Test
    void theShortFormOfTheBacklogIsTheValue() {
        try (EventGateway gateway = EventGateway.builder()
                .backlog(Backlog.of(7).withPolicy(BacklogPolicy.REJECT).withBytes(99))
                .build()) {
            assertThat(gateway.backlog().bound()).isEqualTo(7);
            assertThat(gateway.backlog().bytesBound()).isEqualTo(99);
        }
        assertThatThrownBy(() -> Backlog.of(1).withWait(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PT-1S");
    }

    @Test
    void aRetryPredicateOfTheDefaultPolicyThatWasNotGivenIsRefused() {
        EventGateway.Builder builder = EventGateway.builder()
                .retryPredicate("transient", failure -> true)
                .defaultDelivery(DeliveryPolicy.builder()
                        .retryOn(RetryOn.predicate("transiet"))
                        .build());

        assertThatIllegalStateException()
                .isThrownBy(builder::build)
                .withMessageContaining("retry predicate 'transiet'")
                .withMessageContaining("'transient'");
        builder.retryPredicate("transiet", failure -> true).build().close();
    }
}
