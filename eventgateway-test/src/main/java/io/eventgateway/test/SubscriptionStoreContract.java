package io.eventgateway.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.EventTypeDefinition;
import io.eventgateway.EventTypePolicy;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.Subscription;
import io.eventgateway.Validation;
import io.eventgateway.schema.Compatibility;
import io.eventgateway.spi.StoreConflictException;
import io.eventgateway.spi.SubscriptionStore;
import io.eventgateway.spi.SubscriptionStore.Kind;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link SubscriptionStore} does. An implementor extends it and gives a new, empty store to each test. */
public abstract class SubscriptionStoreContract {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final FunctionDefinition function =
            FunctionDefinition.of("f", "http", Map.of("url", "https://example.com"));
    private final FunctionDefinition changed = function.withMetadata(Map.of("changed", "yes"));
    private final SubscriptionStore.Key key = new SubscriptionStore.Key(Kind.FUNCTION, "default", "f");

    @SuppressWarnings("NullAway.Init") // before each test
    private SubscriptionStore store;

    /** Creates the test. */
    protected SubscriptionStoreContract() {}

    /** A new, empty store. */
    protected abstract SubscriptionStore createStore();

    @BeforeEach
    final void open() {
        store = createStore();
    }

    @AfterEach
    final void close() {
        store.close();
    }

    @Test
    final void keepsWhatIsPut() {
        SubscriptionStore.Entry entry = store.put(key, function, 0);

        assertThat(entry.version()).isPositive();
        assertThat(entry.value()).isEqualTo(function);
        assertThat(store.load()).containsExactly(entry);
    }

    @Test
    final void keepsKindsAndSpacesApart() {
        Subscription subscription = Subscription.to("a").function("f").id("f").build();
        store.put(key, function, 0);
        store.put(new SubscriptionStore.Key(Kind.FUNCTION, "acme", "f"), changed, 0);
        store.put(new SubscriptionStore.Key(Kind.SUBSCRIPTION, "default", "f"), subscription, 0);

        assertThat(store.load())
                .hasSize(3)
                .extracting(SubscriptionStore.Entry::value)
                .contains(function, changed, subscription);
    }

    @Test
    final void keepsEventTypesAndTheirPolicy() {
        EventTypeDefinition eventType = EventTypeDefinition.of("order.placed")
                .version(3)
                .schema("{\"properties\":{\"total\":{\"type\":\"number\",\"minimum\":0.10}}}")
                .description("An order was placed \u00e4\u20ac\ud83d\ude00")
                .example("{\"total\":3.10}")
                .owner("sales")
                .deprecatedSince(LocalDate.of(2026, 12, 1))
                .validation(Validation.ENFORCE)
                .compatibility(Compatibility.FULL)
                .metadata(Map.of("team", "sales"))
                .build();
        EventTypePolicy policy = EventTypePolicy.closedToOthers()
                .withValidation(Validation.OFF)
                .withCompatibility(Compatibility.NONE)
                .withStrict(true);
        SubscriptionStore.Key typeKey = new SubscriptionStore.Key(Kind.EVENT_TYPE, "default", eventType.id());
        SubscriptionStore.Key policyKey = new SubscriptionStore.Key(Kind.EVENT_TYPE_POLICY, "default", policy.id());
        long version = store.put(typeKey, eventType, 0).version();
        store.put(policyKey, policy, 0);

        assertThat(store.load())
                .extracting(SubscriptionStore.Entry::value)
                .containsExactlyInAnyOrder(eventType, policy);
        assertThat(store.latest(typeKey).value()).isEqualTo(eventType);
        assertThat(store.latest(policyKey).value()).isEqualTo(policy);

        store.delete(typeKey, version);
        assertThat(store.load()).extracting(SubscriptionStore.Entry::value).containsExactly(policy);
    }

    @Test
    final void changesOnlyTheVersionThatWasExpected() {
        long first = store.put(key, function, 0).version();
        long second = store.put(key, changed, first).version();

        assertThat(second).isGreaterThan(first);
        assertThatThrownBy(() -> store.put(key, function, first)).isInstanceOf(StoreConflictException.class);
        assertThatThrownBy(() -> store.put(key, function, 0)).isInstanceOf(StoreConflictException.class);
        assertThatThrownBy(() -> store.delete(key, first)).isInstanceOf(StoreConflictException.class);
        assertThat(store.load()).containsExactly(new SubscriptionStore.Entry(key, changed, second));
    }

    @Test
    final void tellsTheLatestChangeOfAKey() {
        assertThat(store.latest(key).value()).isNull();

        long put = store.put(key, function, 0).version();
        assertThat(store.latest(key)).isEqualTo(new SubscriptionStore.Change(key, function, put));

        long deleted = store.delete(key, put);
        assertThat(store.latest(key).value()).isNull();
        assertThat(store.latest(key).version()).isGreaterThanOrEqualTo(deleted);

        long again = store.put(key, changed, 0).version();
        assertThat(again).isGreaterThan(store.latest(key).version() - 1);
        assertThat(store.latest(key)).isEqualTo(new SubscriptionStore.Change(key, changed, again));
        assertThat(store.latest(new SubscriptionStore.Key(Kind.FUNCTION, "acme", "f"))
                        .value())
                .isNull();
    }

    @Test
    final void deletesAndNumbersOn() {
        long first = store.put(key, function, 0).version();
        long deleted = store.delete(key, first);

        assertThat(deleted).isGreaterThan(first);
        assertThat(store.load()).isEmpty();
        assertThatThrownBy(() -> store.delete(key, first)).isInstanceOf(StoreConflictException.class);
        assertThat(store.put(key, function, 0).version()).isGreaterThan(deleted);
    }

    @Test
    final void tellsWatchersOfChangesInOrderUpToTheLatest() throws InterruptedException {
        BlockingQueue<SubscriptionStore.Change> told = new LinkedBlockingQueue<>();
        SubscriptionStore.Watch watch = store.watch(told::add);
        long first = store.put(key, function, 0).version();
        long second = store.put(key, changed, first).version();
        long deleted = store.delete(key, second);

        List<Long> versions = new ArrayList<>();
        while (!versions.contains(deleted)) {
            SubscriptionStore.Change change = told.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            assertThat(change).as("a change after versions %s", versions).isNotNull();
            if (change.version() == deleted) {
                assertThat(change.value()).isNull();
            }
            versions.add(change.version());
        }
        assertThat(versions).isSorted().isSubsetOf(first, second, deleted).endsWith(deleted);
        watch.close();
    }

    @Test
    final void letsOneOfManyWin() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Boolean>> attempts = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                attempts.add(() -> {
                    try {
                        store.put(key, function, 0);
                        return true;
                    } catch (StoreConflictException e) {
                        return false;
                    }
                });
            }
            int winners = 0;
            for (Future<Boolean> attempt : threads.invokeAll(attempts)) {
                winners += attempt.get() ? 1 : 0;
            }
            assertThat(winners).isEqualTo(1);
        } finally {
            threads.shutdownNow();
        }
    }
}
