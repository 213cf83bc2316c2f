package io.eventgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.delivery.Backoff;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.error.FunctionNotFoundException;
import io.eventgateway.error.PathConflictException;
import io.eventgateway.error.SubscriptionAlreadyExistsException;
import io.eventgateway.error.SubscriptionNotFoundException;
import io.eventgateway.http.HttpRequest;
import io.eventgateway.spi.SubscriptionStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a gateway does with subscriptions: create, update, list and delete, with routing that follows. */
class SubscriptionsTest extends SubscribedFunctions {
    @Test
    void saysAgainWhatIsNewWhatDiffersAndWhatIsTheSame() {
        Subscription first = Subscription.to("a").function("f").build();
        Subscription changed = first.toBuilder()
                .delivery(DeliveryPolicy.builder().maxAttempts(8).build())
                .build();

        assertThat(gateway.subscriptions().createOrUpdate(first).change()).isEqualTo(Registered.Change.CREATED);
        assertThat(gateway.subscriptions().createOrUpdate(first).change()).isEqualTo(Registered.Change.UNCHANGED);
        Registered<Subscription> updated = gateway.subscriptions().createOrUpdate(changed);

        assertThat(updated.change()).isEqualTo(Registered.Change.UPDATED);
        assertThat(updated.value()).isEqualTo(changed);
        assertThat(updated.differences()).containsExactly("delivery from none to {\"maxAttempts\":8}");
        assertThat(gateway.subscriptions().get(first.id())).contains(changed);
    }

    @Test
    void refusingOneThatExistsNamesWhatDiffers() {
        gateway.subscribe("a", "f");

        assertThatThrownBy(() -> gateway.subscriptions()
                        .create(Subscription.to("a").function("f").sync().build()))
                .isInstanceOf(SubscriptionAlreadyExistsException.class)
                .hasMessageContaining("mode from ASYNC to SYNC")
                .hasMessageContaining("createOrUpdate");
    }

    @Test
    void deletionSaysWhatItDeleted() {
        Subscription subscription = gateway.subscribe("a", "f");

        assertThat(gateway.subscriptions().delete(subscription)).isEqualTo(subscription);
        assertThat(gateway.functions().delete("f").id()).isEqualTo("f");
    }

    @Test
    void aFunctionThatIsMisspeltIsRefusedWithTheNearOnes() {
        gateway.functions().register("sendEmail", (event, context) -> null);

        assertThatThrownBy(() -> gateway.subscribe("a", "sendMail"))
                .isInstanceOf(FunctionNotFoundException.class)
                .hasMessageContaining("did you mean 'sendEmail'?");
    }

    @Test
    void createsListsUpdatesAndDeletes() {
        Subscription first = gateway.subscriptions()
                .create(Subscription.to("a")
                        .function("f")
                        .metadata(Map.of("team", "red"))
                        .id("1")
                        .build());
        Subscription second = gateway.subscriptions()
                .create(Subscription.to("b").function("f").id("2").build());

        assertThat(gateway.subscriptions().list()).containsExactly(first, second);
        assertThat(gateway.subscriptions().list(Map.of("team", "red"))).containsExactly(first);

        Subscription moved = gateway.subscriptions()
                .update(Subscription.to("c.*").function("g").id("1").build());
        assertThat(gateway.subscriptions().get("1")).contains(moved);
        assertThat(gateway.emit("a", null).subscriptionIds()).isEmpty();
        assertThat(gateway.emit("c.d", null).subscriptionIds()).containsExactly("1");

        gateway.subscriptions().delete("1");
        assertThat(gateway.subscriptions().get("1")).isEmpty();
        assertThat(gateway.emit("c.d", null).subscriptionIds()).isEmpty();
        assertThatThrownBy(() -> gateway.subscriptions().delete("1"))
                .isInstanceOf(SubscriptionNotFoundException.class)
                .hasMessageContaining("'1'");
        assertThatThrownBy(() -> gateway.subscriptions().update(moved))
                .isInstanceOf(SubscriptionNotFoundException.class);
    }

    @Test
    void refusesTheSameBindingTwice() {
        gateway.subscribe("a", "f");

        assertThatThrownBy(() -> gateway.subscribe("a", "f"))
                .isInstanceOf(SubscriptionAlreadyExistsException.class)
                .hasMessageContaining("event type 'a'")
                .hasMessageContaining("'f'");
        gateway.subscribe("a", "g");
        assertThat(gateway.emit("a", null).subscriptionIds()).hasSize(2);
    }

    @Test
    void refusesAFunctionThatIsNotRegistered() {
        assertThatThrownBy(() -> gateway.subscribe("a", "missing"))
                .isInstanceOf(FunctionNotFoundException.class)
                .hasMessageContaining("'missing'");
        assertThat(gateway.subscriptions().list()).isEmpty();
    }

    @Test
    void refusesTwoParameterNamesAtOnePosition() {
        Subscription first = gateway.subscriptions()
                .create(Subscription.http("GET", "/users/:id").function("f").build());

        assertThatThrownBy(() -> gateway.subscriptions()
                        .create(Subscription.http("GET", "/users/:name")
                                .function("g")
                                .build()))
                .isInstanceOf(PathConflictException.class)
                .hasMessageContaining("GET /users/:name")
                .hasMessageContaining("GET /users/:id")
                .hasMessageContaining("'" + first.id() + "'");
        gateway.subscriptions()
                .create(Subscription.http("PUT", "/users/:name").function("g").build());
        gateway.subscriptions()
                .create(Subscription.http("GET", "/users/*rest").function("g").build());
        assertThatThrownBy(() -> gateway.subscriptions()
                        .create(Subscription.http("GET", "/users/*all")
                                .function("f")
                                .build()))
                .isInstanceOf(PathConflictException.class);
        assertThat(gateway.subscriptions().list()).hasSize(3);
    }

    @Test
    void aDisabledHttpSubscriptionKeepsItsPath() {
        Subscription subscription = gateway.subscriptions()
                .create(Subscription.http("GET", "/a")
                        .function("f")
                        .enabled(false)
                        .build());

        assertThat(gateway.handle(HttpRequest.get("/a").build()).statusCode()).isEqualTo(404);
        assertThatThrownBy(() -> gateway.subscriptions()
                        .create(Subscription.http("GET", "/a").function("g").build()))
                .isInstanceOf(PathConflictException.class);
        gateway.subscriptions().update(subscription.toBuilder().enabled(true).build());
        assertThat(gateway.handle(HttpRequest.get("/a").build()).statusCode()).isEqualTo(200);
        gateway.subscriptions().update(subscription);
        assertThat(gateway.handle(HttpRequest.get("/a").build()).statusCode()).isEqualTo(404);
        gateway.subscriptions().delete(subscription.id());
        gateway.subscriptions()
                .create(Subscription.http("GET", "/a").function("g").build());
    }

    @Test
    void anUpdateMayMoveAPathAndFreesTheOldOne() {
        Subscription subscription = gateway.subscriptions()
                .create(Subscription.http("GET", "/old").function("f").id("s").build());
        gateway.subscriptions()
                .update(Subscription.http("GET", "/new").function("f").id("s").build());

        assertThat(gateway.handle(HttpRequest.get("/old").build()).statusCode()).isEqualTo(404);
        assertThat(gateway.handle(HttpRequest.get("/new").build()).statusCode()).isEqualTo(200);
        gateway.subscriptions().create(subscription.toBuilder().id("t").build());
        assertThatThrownBy(() -> gateway.subscriptions().update(subscription))
                .isInstanceOf(PathConflictException.class);
        assertThat(gateway.handle(HttpRequest.get("/new").build()).statusCode()).isEqualTo(200);
    }

    @Test
    void anAnonymousSubscriptionTakesItsFunctionWithIt() {
        int before = gateway.functions().list().size();
        Subscription subscription = gateway.subscribe("a", event -> {});
        assertThat(gateway.functions().list()).hasSize(before + 1);

        gateway.subscriptions().delete(subscription.id());
        assertThat(gateway.functions().list()).hasSize(before);
        assertThat(gateway.emit("a", null).subscriptionIds()).isEmpty();
    }

    @Test
    void anUpdateIsNeverSeenHalfDone() throws Exception {
        Subscription exact = Subscription.to("a.b").function("f").id("s").sync().build();
        Subscription pattern = Subscription.to("a.*").function("g").id("s").build();
        gateway.subscriptions().create(exact);
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService emitters = Executors.newFixedThreadPool(2);
        try {
            List<Future<Integer>> results =
                    List.of(emitters.submit(() -> emitUntil(done)), emitters.submit(() -> emitUntil(done)));
            for (int i = 0; i < 1_000; i++) {
                gateway.subscriptions().update(i % 2 == 0 ? pattern : exact);
            }
            done.set(true);
            for (Future<Integer> result : results) {
                assertThat(result.get()).isPositive();
            }
        } finally {
            emitters.shutdownNow();
        }
    }

    private int emitUntil(AtomicBoolean done) {
        int emitted = 0;
        do {
            assertThat(gateway.emit("a.b", null).subscriptionIds()).containsExactly("s");
            emitted++;
        } while (!done.get());
        return emitted;
    }

    @Test
    void whatWasCreatedIsVisibleToTheNextEmitOnEveryThread() throws Exception {
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            for (int i = 0; i < 500; i++) {
                String type = "type." + i;
                assertThat(other.submit(() -> gateway.emit(type, null).subscriptionIds())
                                .get())
                        .isEmpty();
                Subscription created = gateway.subscribe(type, "f");
                assertThat(other.submit(() -> gateway.emit(type, null).subscriptionIds())
                                .get())
                        .containsExactly(created.id());
            }
        } finally {
            other.shutdownNow();
        }
    }

    @Test
    void oneThatWasDeletedAndMadeAnewElsewhereIsAdoptedAsAtAStart() {
        Subscription subscription = Subscription.to("a").function("f").build();
        try (SubscriptionStore store = SubscriptionStore.inMemory();
                EventGateway one =
                        EventGateway.builder().subscriptionStore(store).build();
                EventGateway other =
                        EventGateway.builder().subscriptionStore(store).build()) {
            one.functions().register("f", (event, context) -> null);
            one.subscriptions().create(subscription);
            other.subscriptions().delete("a->f");
            other.subscriptions().create(subscription);

            assertThat(one.subscriptions().create(subscription)).isEqualTo(subscription);
        }
    }

    @Test
    void deliveriesOfAnAnonymousHandlerThatWaitAreMadeThoughItsSubscriptionIsDeleted() {
        try (EventGateway retrying = EventGateway.builder()
                .defaultDelivery(DeliveryPolicy.builder()
                        .maxAttempts(2)
                        .backoff(Backoff.fixed(Duration.ofMillis(50)))
                        .build())
                .build()) {
            CountDownLatch called = new CountDownLatch(1);
            CountDownLatch deleted = new CountDownLatch(1);
            AtomicInteger calls = new AtomicInteger();
            Subscription subscription = retrying.subscribe("a", event -> {
                called.countDown();
                deleted.await();
                if (calls.incrementAndGet() == 1) {
                    throw new IllegalStateException("again");
                }
            });
            Emission emission = retrying.emit("a", 1);
            Outcomes.await(called);

            retrying.subscriptions().delete(subscription);
            deleted.countDown();

            assertThat(Outcomes.onlyDeliveryOf(emission).status()).isEqualTo(DeliveryStatus.DELIVERED);
            assertThat(calls).hasValue(2);
            assertThat(retrying.functions().list()).isEmpty();
        }
    }

    @Test
    void nullsAreNamed() {
        assertThatNullPointerException()
                .isThrownBy(() -> gateway.functions().get(null))
                .withMessage("functionId must not be null");
        assertThatNullPointerException()
                .isThrownBy(() -> gateway.functions().list(null))
                .withMessage("metadata must not be null");
        assertThatNullPointerException()
                .isThrownBy(() -> gateway.subscriptions().get(null))
                .withMessage("subscriptionId must not be null");
        assertThatNullPointerException()
                .isThrownBy(() -> gateway.subscriptions().list(null))
                .withMessage("metadata must not be null");
        assertThatNullPointerException()
                .isThrownBy(() -> gateway.subscriptions().delete((Subscription) null))
                .withMessage("subscription must not be null");
        assertThatNullPointerException().isThrownBy(() -> gateway.emitAll(null)).withMessage("events must not be null");
        assertThatNullPointerException()
                .isThrownBy(() -> gateway.emit((Event) null))
                .withMessage("event must not be null");
        assertThatNullPointerException()
                .isThrownBy(() -> Event.of("a", 1).dataAs((Class<?>) null))
                .withMessage("type must not be null");
        assertThatNullPointerException()
                .isThrownBy(() -> HttpRequest.get("/").headers(null))
                .withMessage("headers must not be null");
    }
}
