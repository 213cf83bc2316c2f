package io.eventgateway;

import static io.eventgateway.Outcomes.onlyDeliveryOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.delivery.DeadLetterOverflow;
import io.eventgateway.delivery.DeadLetterQuery;
import io.eventgateway.delivery.DeliveryResult;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.error.FunctionAlreadyExistsException;
import io.eventgateway.error.StoreFailedException;
import io.eventgateway.error.SubscriptionAlreadyExistsException;
import io.eventgateway.history.Retention;
import io.eventgateway.internal.memory.InMemoryEventStore;
import io.eventgateway.internal.memory.InMemorySubscriptionStore;
import io.eventgateway.spi.EventStore;
import io.eventgateway.spi.Registration;
import io.eventgateway.spi.SubscriptionStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StoresTest {
    private final FakeInvokers.Provider provider = new FakeInvokers.Provider(
            "fake", invocation -> CompletableFuture.completedFuture(InvocationResult.of("remote")));
    private final AtomicBoolean broken = new AtomicBoolean();

    private EventGateway gateway(SubscriptionStore store) {
        return Outcomes.oneAttempt().subscriptionStore(store).invoker(provider).build();
    }

    /** Delegates to a store in memory, unless it is broken. */
    private final class FragileStore implements SubscriptionStore {
        private final SubscriptionStore store = new InMemorySubscriptionStore();

        private void check() {
            if (broken.get()) {
                throw new IllegalStateException("connection lost");
            }
        }

        @Override
        public List<SubscriptionStore.Entry> load() {
            check();
            return store.load();
        }

        @Override
        public SubscriptionStore.Change latest(SubscriptionStore.Key key) {
            check();
            return store.latest(key);
        }

        @Override
        public SubscriptionStore.Entry put(SubscriptionStore.Key key, Registration value, long expectedVersion) {
            check();
            return store.put(key, value, expectedVersion);
        }

        @Override
        public long delete(SubscriptionStore.Key key, long expectedVersion) {
            check();
            return store.delete(key, expectedVersion);
        }

        @Override
        public Watch watch(Consumer<SubscriptionStore.Change> listener) {
            return store.watch(listener);
        }

        @Override
        public void close() {}
    }

    @Test
    void aStoreThatThrowsLeavesNothingHalfRegistered() {
        try (EventGateway gateway = gateway(new FragileStore())) {
            gateway.functions().register("f", (event, context) -> 1);
            Subscription kept = gateway.subscribe("a", "f");
            broken.set(true);

            assertThatThrownBy(() -> gateway.functions().register("g", (event, context) -> null))
                    .isInstanceOf(StoreFailedException.class)
                    .hasMessageContaining("function 'g'")
                    .hasMessageContaining("connection lost");
            assertThatThrownBy(() -> gateway.functions().register(FunctionDefinition.of("h", "fake", Map.of())))
                    .isInstanceOf(StoreFailedException.class);
            assertThatThrownBy(() -> gateway.functions().update("f", (event, context) -> 2))
                    .isInstanceOf(StoreFailedException.class);
            assertThatThrownBy(() -> gateway.subscribe("b", "f"))
                    .isInstanceOf(StoreFailedException.class)
                    .hasMessageContaining("subscription");
            assertThatThrownBy(() -> gateway.subscriptions().delete(kept.id()))
                    .isInstanceOf(StoreFailedException.class);

            assertThat(gateway.functions().list()).hasSize(1);
            assertThat(gateway.subscriptions().list()).containsExactly(kept);
            assertThat(provider.made).singleElement().satisfies(invoker -> assertThat(invoker.closed)
                    .isTrue());
            assertThat(onlyDeliveryOf(gateway.emit("a", 1)).result().valueAs(Integer.class))
                    .isEqualTo(1);
            broken.set(false);
            gateway.functions().register("g", (event, context) -> null);
        }
    }

    @Test
    void aStoreThatCannotBeReadRefusesTheGateway() {
        broken.set(true);

        assertThatThrownBy(() -> gateway(new FragileStore()))
                .isInstanceOf(StoreFailedException.class)
                .hasMessageContaining("connection lost");
    }

    @Test
    void gatewaysOfOneStoreSeeEachOthersChanges() {
        SubscriptionStore store = SubscriptionStore.inMemory();
        try (EventGateway first = gateway(store);
                EventGateway second = gateway(store)) {
            first.functions().register(FunctionDefinition.of("f", "fake", Map.of()));
            Subscription subscription = first.subscribe("a", "f");

            assertThat(second.subscriptions().list()).containsExactly(subscription);
            assertThat(onlyDeliveryOf(second.emit("a", 1)).result().valueAs(String.class))
                    .isEqualTo("remote");
            assertThatThrownBy(
                            () -> second.functions().register(FunctionDefinition.of("f", "fake", Map.of("other", 1))))
                    .isInstanceOf(FunctionAlreadyExistsException.class);

            second.subscriptions().delete(subscription.id());
            assertThat(first.emit("a", 1).subscriptionIds()).isEmpty();
            second.functions().delete("f");
            assertThat(first.functions().list()).isEmpty();
        }
    }

    @Test
    void aLaterGatewayFindsWhatIsThereAndBringsItsOwnHandlers() {
        SubscriptionStore store = SubscriptionStore.inMemory();
        try (EventGateway first = gateway(store)) {
            first.functions().register("f", (event, context) -> "first");
            first.subscribe("a", "f");
        }
        try (EventGateway second = gateway(store)) {
            assertThat(onlyDeliveryOf(second.emit("a", 1)).failure())
                    .hasMessageContaining("no handler in this process");

            second.functions().register("f", (event, context) -> "second");
            assertThat(onlyDeliveryOf(second.emit("a", 1)).result().valueAs(String.class))
                    .isEqualTo("second");
        }
    }

    @Test
    void anonymousSubscriptionsStayInTheirProcess() {
        SubscriptionStore store = SubscriptionStore.inMemory();
        try (EventGateway gateway = gateway(store)) {
            gateway.subscribe("a", event -> {});
            assertThat(store.load()).isEmpty();
        }
    }

    @Test
    void acceptedDeliveriesAreInTheEventStoreUntilTheyEnd() {
        EventStore store =
                new InMemoryEventStore(10, DeadLetterOverflow.DISCARD_OLDEST, Retention.NONE, InstantSource.system());
        CountDownLatch release = new CountDownLatch(1);
        try (EventGateway gateway = Outcomes.oneAttempt().eventStore(store).build()) {
            gateway.functions().register("f", (event, context) -> {
                release.await();
                return null;
            });
            Subscription subscription = gateway.subscribe("a", "f");
            Emission emission = gateway.emit("a", 1);

            EventStore.Query pending = new EventStore.Query("default", null, 10);
            assertThat(store.read(pending)).singleElement().satisfies(kept -> {
                assertThat(kept.delivery().event()).isSameAs(emission.event());
                assertThat(kept.delivery().subscriptionId()).isEqualTo(subscription.id());
            });
            release.countDown();
            Outcomes.reportOf(emission);
            assertThat(store.read(pending)).isEmpty();
        }
    }

    @Test
    void aDeliveryThatIsGivenUpIsADeadLetterOfTheEventStore() {
        EventStore store =
                new InMemoryEventStore(10, DeadLetterOverflow.DISCARD_OLDEST, Retention.NONE, InstantSource.system());
        try (EventGateway gateway = Outcomes.oneAttempt().eventStore(store).build()) {
            gateway.functions().register("bad", (event, context) -> {
                throw new IllegalStateException("no stock");
            });
            gateway.subscribe("a", "bad");
            Outcomes.reportOf(gateway.emit("a", 1));

            assertThat(store.deadLetters("default", DeadLetterQuery.all()))
                    .singleElement()
                    .satisfies(letter -> {
                        assertThat(letter.message()).contains("no stock");
                        assertThat(letter.attempts()).singleElement().satisfies(attempt -> {
                            assertThat(attempt.number()).isEqualTo(1);
                            assertThat(attempt.kind()).isEqualTo(InvocationException.Kind.FUNCTION_ERROR);
                        });
                    });
        }
    }

    @Test
    void whatAClosedGatewayLeftOverIsForOthersToClaim() {
        EventStore store =
                new InMemoryEventStore(10, DeadLetterOverflow.DISCARD_OLDEST, Retention.NONE, InstantSource.system());
        CountDownLatch running = new CountDownLatch(1);
        EventGateway gateway = Outcomes.oneAttempt()
                .eventStore(store)
                .shutdownTimeout(Duration.ZERO)
                .build();
        gateway.functions().register("stuck", (event, context) -> {
            running.countDown();
            return new CompletableFuture<>();
        });
        gateway.subscribe("a", "stuck");
        Emission emission = gateway.emit("a", 1);
        Outcomes.await(running);
        gateway.close();
        Outcomes.reportOf(emission);

        assertThat(store.claim(new EventStore.Claim(
                        "other", Duration.ofMinutes(1), 10, Duration.ofMinutes(1), (space, function) -> true)))
                .singleElement()
                .satisfies(lease -> assertThat(lease.delivery().event()).isSameAs(emission.event()));
    }

    @Test
    void anErasureThatTheStoreFailsLeavesItsDeliveriesAsTheyWere() {
        EventStore store =
                new InMemoryEventStore(10, DeadLetterOverflow.DISCARD_OLDEST, Retention.NONE, InstantSource.system()) {
                    @Override
                    public long erase(String space, String subject) {
                        throw new IllegalStateException("connection lost");
                    }
                };
        CountDownLatch release = new CountDownLatch(1);
        try (EventGateway gateway = Outcomes.oneAttempt().eventStore(store).build()) {
            gateway.functions().register("f", (event, context) -> {
                release.await();
                return null;
            });
            gateway.subscribe("a", "f");
            Emission emission =
                    gateway.emit(Event.builder("a").subject("k").data(1).build());

            assertThatThrownBy(() -> gateway.history().erase("k"))
                    .isInstanceOf(StoreFailedException.class)
                    .hasMessageContaining("connection lost");
            release.countDown();

            assertThat(Outcomes.reportOf(emission).allDelivered()).isTrue();
            Awaitility.await().untilAsserted(() -> assertThat(store.read(new EventStore.Query("default", null, 10)))
                    .isEmpty());
        }
    }

    @Test
    void anEventStoreThatThrowsRefusesTheEventAndTakesNoRoom() {
        EventStore store =
                new InMemoryEventStore(10, DeadLetterOverflow.DISCARD_OLDEST, Retention.NONE, InstantSource.system()) {
                    @Override
                    public long[] append(List<EventStore.Accepted> events, @Nullable Object transaction) {
                        if (broken.get()) {
                            throw new IllegalStateException("disk full");
                        }
                        return super.append(events, transaction);
                    }

                    @Override
                    public CompletableFuture<OutcomeAnswer> complete(EventStore.DeliveryId id, long token) {
                        throw new IllegalStateException("connection lost");
                    }
                };
        try (EventGateway gateway = Outcomes.oneAttempt().eventStore(store).build()) {
            gateway.subscribe("a", event -> {});
            broken.set(true);
            assertThatThrownBy(() -> gateway.emit("a", 1))
                    .isInstanceOf(StoreFailedException.class)
                    .hasMessageContaining("was not accepted")
                    .hasMessageContaining("disk full");
            assertThat(gateway.backlog().pending()).isZero();

            broken.set(false);
            // its end could not be written, so whoever has the store next delivers it again
            assertThat(Outcomes.reportOf(gateway.emit("a", 1)).deliveries())
                    .extracting(DeliveryResult::status)
                    .containsExactly(DeliveryStatus.RELEASED);
            Awaitility.await().until(() -> gateway.backlog().pending() == 0);
        }
    }

    @Test
    void whatTheStoreHasFromAnotherProcessIsRegisteredOnceMoreByEachThatSaysTheSame() {
        SubscriptionStore store = SubscriptionStore.inMemory();
        FunctionDefinition function = FunctionDefinition.of("f", "fake", Map.of());
        Subscription subscription = Subscription.to("a").function("f").build();
        try (EventGateway first = gateway(store);
                EventGateway second = gateway(store)) {
            for (EventGateway each : List.of(first, second)) {
                assertThat(each.functions().register(function)).isEqualTo(function);
                assertThat(each.subscriptions().create(subscription)).isEqualTo(subscription);
            }

            assertThatThrownBy(() -> second.functions().register(function))
                    .isInstanceOf(FunctionAlreadyExistsException.class);
            assertThatThrownBy(() -> second.subscriptions().create(subscription))
                    .isInstanceOf(SubscriptionAlreadyExistsException.class);
            assertThat(store.load()).hasSize(2);
        }
    }
}
