package io.eventgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.Registered.Change;
import io.eventgateway.error.FunctionInUseException;
import io.eventgateway.error.FunctionNotFoundException;
import io.eventgateway.http.HttpRequest;
import io.eventgateway.spi.Registration;
import io.eventgateway.spi.SubscriptionStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two gateways of one store, of which one is not told yet what the other did. */
class StaleViewTest {
    private static final FunctionDefinition FUNCTION = FunctionDefinition.of("f", "fake", Map.of("url", "a"));
    private static final Subscription SUBSCRIPTION =
            Subscription.to("a").id("s").function("f").build();

    private final SubscriptionStore shared = SubscriptionStore.inMemory();
    private final LateStore firstStore = new LateStore(shared);
    private final LateStore secondStore = new LateStore(shared);
    private final EventGateway first = gateway(firstStore);
    private final EventGateway second = gateway(secondStore);

    /** A store whose watch tells nothing until it is asked to. */
    private static final class LateStore implements SubscriptionStore {
        private final SubscriptionStore store;
        private final List<SubscriptionStore.Change> untold = new ArrayList<>();
        private Consumer<SubscriptionStore.Change> watcher = change -> {};

        LateStore(SubscriptionStore store) {
            this.store = store;
        }

        void tell() {
            List<SubscriptionStore.Change> changes = List.copyOf(untold);
            untold.clear();
            changes.forEach(watcher);
        }

        @Override
        public List<Entry> load() {
            return store.load();
        }

        @Override
        public Change latest(Key key) {
            return store.latest(key);
        }

        @Override
        public Entry put(Key key, Registration value, long expectedVersion) {
            return store.put(key, value, expectedVersion);
        }

        @Override
        public long delete(Key key, long expectedVersion) {
            return store.delete(key, expectedVersion);
        }

        @Override
        public Watch watch(Consumer<Change> listener) {
            watcher = listener;
            return store.watch(untold::add);
        }

        @Override
        public void close() {}
    }

    private static EventGateway gateway(SubscriptionStore store) {
        return Outcomes.oneAttempt()
                .subscriptionStore(store)
                .invoker(new FakeInvokers.Provider(
                        "fake", call -> CompletableFuture.completedFuture(InvocationResult.of("remote"))))
                .build();
    }

    @BeforeEach
    void bothKnowTheFunction() {
        first.functions().register(FUNCTION);
        tellAll();
    }

    @AfterEach
    void close() {
        first.close();
        second.close();
    }

    private void tellAll() {
        firstStore.tell();
        secondStore.tell();
    }

    @Test
    void createOrUpdateCreatesWhatAnotherGatewayHasJustDeleted() {
        first.subscriptions().create(SUBSCRIPTION);
        tellAll();
        second.subscriptions().delete("s");

        assertThat(first.subscriptions().createOrUpdate(SUBSCRIPTION).change()).isEqualTo(Change.CREATED);

        tellAll();
        assertThat(second.subscriptions().get("s")).contains(SUBSCRIPTION);
        assertThat(first.subscriptions().get("s")).contains(SUBSCRIPTION);
    }

    @Test
    void createCreatesWhatAnotherGatewayHasJustDeleted() {
        first.subscriptions().create(SUBSCRIPTION);
        tellAll();
        first.subscriptions().delete("s");

        second.subscriptions().create(SUBSCRIPTION);

        tellAll();
        assertThat(first.subscriptions().get("s")).contains(SUBSCRIPTION);
    }

    @Test
    void createOrUpdateUpdatesWhatAnotherGatewayHasJustUpdated() {
        first.subscriptions().create(SUBSCRIPTION);
        tellAll();
        second.subscriptions()
                .update(SUBSCRIPTION.toBuilder()
                        .metadata(Map.of("by", "second"))
                        .build());

        Registered<Subscription> again = first.subscriptions().createOrUpdate(SUBSCRIPTION);

        assertThat(again.change()).isEqualTo(Change.UPDATED);
        assertThat(again.differences()).singleElement().asString().contains("second");
        tellAll();
        assertThat(second.subscriptions().get("s")).contains(SUBSCRIPTION);
    }

    @Test
    void ofTwoThatCreateTheSameOneCreatesIt() {
        assertThat(first.subscriptions().createOrUpdate(SUBSCRIPTION).change()).isEqualTo(Change.CREATED);
        assertThat(second.subscriptions().createOrUpdate(SUBSCRIPTION).change()).isEqualTo(Change.UNCHANGED);
        FunctionDefinition g = FunctionDefinition.of("g", "fake", Map.of());
        assertThat(first.functions().registerOrUpdate(g).change()).isEqualTo(Change.CREATED);
        assertThat(second.functions().registerOrUpdate(g).change()).isEqualTo(Change.UNCHANGED);
        assertThat(first.functions()
                        .registerOrUpdate("h", (event, context) -> null)
                        .change())
                .isEqualTo(Change.CREATED);
        assertThat(second.functions()
                        .registerOrUpdate("h", (event, context) -> null)
                        .change())
                .isEqualTo(Change.UNCHANGED);
    }

    @Test
    void registerOrUpdateGoesByWhatTheStoreHasNow() {
        second.functions().update(FUNCTION.with("url", "b"));
        assertThat(first.functions().registerOrUpdate(FUNCTION).change()).isEqualTo(Change.UPDATED);

        second.functions().registerOrUpdate(FUNCTION);
        second.functions().delete("f");
        assertThat(first.functions().registerOrUpdate(FUNCTION).change()).isEqualTo(Change.CREATED);
        tellAll();
        assertThat(second.functions().get("f")).contains(FUNCTION);
    }

    @Test
    void aFunctionThatAnotherGatewaysSubscriptionNamesSinceJustNowIsNotDeleted() {
        first.subscriptions().create(SUBSCRIPTION);

        assertThatThrownBy(() -> second.functions().delete("f"))
                .isInstanceOf(FunctionInUseException.class)
                .hasMessageContaining("subscription 's'");

        first.subscriptions().delete("s");
        assertThat(second.functions().delete("f")).isEqualTo(FUNCTION);
    }

    @Test
    void aSubscriptionToAFunctionThatAnotherGatewayHasJustDeletedIsRefused() {
        first.functions().delete("f");

        assertThatThrownBy(() -> second.subscriptions().create(SUBSCRIPTION))
                .isInstanceOf(FunctionNotFoundException.class);
    }

    private static Subscription http(String id, String path, String functionId) {
        return Subscription.http("GET", path).id(id).function(functionId).build();
    }

    private static List<String> answers(EventGateway... gateways) {
        List<String> answers = new ArrayList<>();
        for (EventGateway gateway : gateways) {
            answers.add(gateway.handle(HttpRequest.of("GET", "/a/1").build())
                    .bodyAsString()
                    .replace("\"", ""));
        }
        return answers;
    }

    @Test
    void ofTwoSubscriptionsToOnePathEveryGatewayTakesTheSameAndTheOtherWhenThatIsDeleted() {
        for (String id : List.of("x", "y")) {
            first.functions().registerOrUpdate(id, (event, context) -> id);
            tellAll();
            second.functions().registerOrUpdate(id, (event, context) -> id);
            tellAll();
        }
        first.subscriptions().create(http("2", "/a/:one", "x"));
        second.subscriptions().create(http("1", "/a/:other", "y"));
        assertThat(answers(first, second)).containsExactly("x", "y");

        tellAll();
        assertThat(answers(first, second)).containsExactly("y", "y");
        assertThat(answersOfTheNext()).containsExactly("y");

        second.subscriptions().delete("1");
        tellAll();
        assertThat(answers(first, second)).containsExactly("x", "x");
    }

    private List<String> answersOfTheNext() {
        try (EventGateway next = gateway(new LateStore(shared))) {
            for (String id : List.of("x", "y")) {
                next.functions().registerOrUpdate(id, (event, context) -> id);
            }
            return answers(next);
        }
    }
}
