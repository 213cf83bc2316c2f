package io.eventgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.error.InvalidFilterException;
import io.eventgateway.error.InvalidSubscriptionException;
import io.eventgateway.spi.SubscriptionStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilteredSubscriptionsTest {
    private static final Filter BIG = Filter.pattern("{\"data\":{\"total\":[{\"numeric\":[\">\",100]}]}}");

    private final EventGateway gateway = EventGateway.create();
    private final List<Event> received = new CopyOnWriteArrayList<>();

    @BeforeEach
    void register() {
        gateway.functions().register("f", (event, context) -> {
            received.add(event);
            return null;
        });
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"detail":{"total":[1]}}                  | 'data'
            {"detail-type":["Order Placed"]}          | 'type'
            {"$or":[{"detailType":["x"]},{"id":["y"]}]} | 'type'
            """)
    void thePartsOfEventBridgesEnvelopeAreRefusedSinceNoEventHasThem(String pattern, String remedy) {
        assertThatThrownBy(() -> Filter.pattern(pattern))
                .isInstanceOf(InvalidFilterException.class)
                .hasMessageContaining("EventBridge's member")
                .hasMessageContaining(remedy);
    }

    private static Subscription.Builder to(String type, String id) {
        return Subscription.to(type).function("f").id(id);
    }

    private static Event order(int total) {
        return Event.of("order.placed", Map.of("total", total));
    }

    @Test
    void mixesFilteredAndUnfilteredSyncAndAsyncSubscriptions() {
        gateway.subscriptions().create(to("order.placed", "all").build());
        gateway.subscriptions().create(to("order.placed", "big").filter(BIG).build());
        gateway.subscriptions()
                .create(to("order.placed", "big-sync").filter(BIG).sync().build());
        gateway.subscriptions().create(to("order.*", "any-big").filter(BIG).build());

        assertThat(gateway.emit(order(50)).subscriptionIds()).containsExactly("all");
        assertThat(gateway.emit(order(150)).subscriptionIds())
                .containsExactlyInAnyOrder("all", "big", "big-sync", "any-big");
        assertThat(gateway.awaitIdle(Duration.ofSeconds(10))).isTrue();
        assertThat(received).hasSize(5);
    }

    @Test
    void anUpdateMovesBetweenHavingAFilterAndNone() {
        gateway.subscriptions().create(to("order.placed", "s").filter(BIG).build());
        assertThat(gateway.emit(order(1)).subscriptionIds()).isEmpty();
        gateway.subscriptions().update(to("order.placed", "s").build());
        assertThat(gateway.emit(order(1)).subscriptionIds()).containsExactly("s");
        gateway.subscriptions()
                .update(to("order.placed", "s")
                        .filter(Filter.cesql("subject = 'x'"))
                        .build());
        assertThat(gateway.emit(order(1)).subscriptionIds()).isEmpty();
        gateway.subscriptions().update(to("order.**", "s").filter(BIG).build());
        assertThat(gateway.emit(order(101)).subscriptionIds()).containsExactly("s");
        gateway.subscriptions()
                .update(to("order.**", "s").filter(BIG).enabled(false).build());
        assertThat(gateway.emit(order(101)).subscriptionIds()).isEmpty();
        gateway.subscriptions().delete("s");
        assertThat(gateway.subscriptions().list()).isEmpty();
    }

    @Test
    void whileASubscriptionMovesNoEventMissesItOrMeetsItTwice() throws Exception {
        List<Subscription> forms = List.of(
                to("order.placed", "s").filter(BIG).build(),
                to("order.placed", "s").build(),
                to("order.*", "s").filter(Filter.not(Filter.not(BIG))).build(),
                to("order.**", "s").build(),
                to("order.placed", "s")
                        .filter(Filter.cesql("type LIKE 'order.%'"))
                        .build());
        gateway.subscriptions().create(forms.get(0));
        gateway.subscriptions()
                .create(to("order.placed", "other")
                        .filter(Filter.cesql("subject = 'never'"))
                        .build());
        AtomicBoolean ended = new AtomicBoolean();
        CountDownLatch emitting = new CountDownLatch(2);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        List<Future<?>> emitters = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            emitters.add(threads.submit(() -> {
                while (!ended.get()) {
                    assertThat(gateway.emit(order(200)).subscriptionIds()).containsExactly("s");
                    emitting.countDown();
                }
            }));
        }
        try {
            assertThat(emitting.await(10, TimeUnit.SECONDS)).isTrue();
            for (int i = 1; i <= 3_000; i++) {
                gateway.subscriptions().update(forms.get(i % forms.size()));
            }
        } finally {
            ended.set(true);
            threads.shutdown();
        }
        for (Future<?> emitter : emitters) {
            emitter.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void filtersSystemEventsToo() {
        gateway.subscriptions()
                .create(to("gateway.event.unrouted", "s")
                        .filter(Filter.pattern("{\"data\":{\"event\":{\"type\":[{\"prefix\":\"lost.\"}]}}}"))
                        .build());
        gateway.emit("found.it", null);
        gateway.emit("lost.it", null);
        assertThat(gateway.awaitIdle(Duration.ofSeconds(10))).isTrue();
        assertThat(received).hasSize(1);
    }

    @Test
    void seesAttributesThatTheGatewayGives() {
        gateway.subscriptions()
                .create(to("a", "s")
                        .filter(Filter.pattern(
                                "{\"chaindepth\":[{\"exists\":false}],\"correlationid\":[{\"exists\":true}]}"))
                        .build());
        assertThat(gateway.emit("a", null).subscriptionIds()).containsExactly("s");
    }

    @Test
    void aSubscriptionWithAFilterComesBackFromTheStore() {
        SubscriptionStore store = SubscriptionStore.inMemory();
        try (EventGateway first =
                EventGateway.builder().subscriptionStore(store).build()) {
            first.functions().register("g", (event, context) -> null);
            first.subscriptions()
                    .create(Subscription.to("order.placed")
                            .function("g")
                            .id("s")
                            .filter(BIG)
                            .transform(Transform.path("$.data.total"))
                            .build());
            Subscription stored = first.subscriptions().get("s").orElseThrow();
            assertThat(Subscription.fromJson(stored.toJson())).isEqualTo(stored);
            try (EventGateway second =
                    EventGateway.builder().subscriptionStore(store).build()) {
                second.functions().register("g", (event, context) -> null);
                assertThat(second.emit(order(1)).subscriptionIds()).isEmpty();
                assertThat(second.emit(order(101)).subscriptionIds()).containsExactly("s");
                assertThat(second.subscriptions().get("s")).contains(stored);
            }
        }
    }

    @Test
    void aStoredFilterComparesAsExactlyAsBefore() {
        String number = "0.1000000000000000055511151231257827021181583404541015625";
        Filter exact = Filter.pattern("{\"data\":{\"x\":[{\"numeric\":[\"=\"," + number + "]}]}}");
        Subscription subscription = to("a", "s").filter(exact).build();

        assertThat(Filter.fromJson(exact.toJson())).isEqualTo(exact);
        gateway.subscriptions().create(Subscription.fromJson(subscription.toJson()));

        for (String data : List.of(number, "0.1")) {
            Event event = Event.builder("a")
                    .data("application/json", ("{\"x\":" + data + "}").getBytes(StandardCharsets.UTF_8))
                    .build();
            assertThat(gateway.emit(event).subscriptionIds()).hasSize(data.equals(number) ? 1 : 0);
        }
    }

    @Test
    void aPredicateStaysInThisProcess() {
        SubscriptionStore store = SubscriptionStore.inMemory();
        Filter code = Filter.where(event -> "x".equals(event.getSubject()));
        try (EventGateway own = EventGateway.builder().subscriptionStore(store).build()) {
            own.functions().register("g", (event, context) -> null);
            own.subscriptions()
                    .create(Subscription.to("a")
                            .function("g")
                            .id("s")
                            .filter(code)
                            .build());
            own.subscriptions()
                    .create(Subscription.to("a").function("g").id("t").build());

            assertThat(own.emit(Event.builder("a").subject("x").build()).subscriptionIds())
                    .containsExactlyInAnyOrder("s", "t");
            assertThat(own.emit("a", null).subscriptionIds()).containsExactly("t");
            assertThat(store.load().stream().map(entry -> entry.key().id())).doesNotContain("s");
            assertThatThrownBy(() -> own.subscriptions()
                            .update(Subscription.to("a")
                                    .function("g")
                                    .id("t")
                                    .filter(code)
                                    .build()))
                    .isInstanceOf(InvalidSubscriptionException.class)
                    .hasMessageContaining("'t' is stored");
            assertThatThrownBy(() -> own.subscriptions().get("s").orElseThrow().toJson())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("no JSON form");
        }
    }

    @Test
    void aRequestHasNoFilter() {
        assertThatThrownBy(() -> Subscription.http("GET", "/a").filter(BIG))
                .isInstanceOf(InvalidSubscriptionException.class)
                .hasMessageContaining("http subscription");
    }

    @Test
    void whatCannotBeEvaluatedIsCountedAndShown() {
        gateway.subscriptions()
                .create(to("a", "s")
                        .filter(Filter.where(event -> {
                            throw new IllegalStateException("no luck");
                        }))
                        .build());
        gateway.emit("a", null);
        gateway.emit("a", null);

        Explanation explanation = gateway.explain(Event.of("a", null));
        assertThat(explanation.of("s").orElseThrow().filterErrors()).isEqualTo(2);
        assertThat(explanation.toString())
                .contains("does not match subscription 's'", "no luck", "could not be evaluated for 2 events");
    }

    /** Whoever is matched while others change is asked once: only a subscription that moves makes a match start over. */
    @Test
    void aChangeOfOtherSubscriptionsDoesNotAskFiltersAgain() {
        AtomicInteger asked = new AtomicInteger();
        gateway.subscriptions() // a member that no filter has named before is read, which takes another look
                .create(to("a", "first")
                        .filter(Filter.cesql("subject = 'never'"))
                        .build());
        gateway.subscriptions()
                .create(to("a", "s")
                        .filter(Filter.where(event -> {
                            int time = asked.incrementAndGet();
                            gateway.subscriptions().create(to("b", "b" + time).build());
                            gateway.subscriptions()
                                    .create(to("a", "a" + time)
                                            .filter(Filter.cesql("subject = 'never'"))
                                            .build());
                            gateway.subscriptions().delete("b" + time);
                            return true;
                        }))
                        .build());
        assertThat(gateway.emit("a", null).subscriptionIds()).containsExactly("s");
        assertThat(asked).hasValue(1);
    }

    @Test
    void anAttributeThatIsMissingIsAnErrorOfCesql() {
        gateway.subscriptions()
                .create(to("a", "s").filter(Filter.cesql("tenant = 'x'")).build());
        gateway.subscriptions()
                .create(to("a", "not")
                        .filter(Filter.not(Filter.cesql("tenant = 'x'")))
                        .build());
        gateway.subscriptions()
                .create(to("a", "or")
                        .filter(Filter.cloudEvents(
                                "{\"any\":[{\"sql\":\"tenant = 'x'\"},{\"exact\":{\"subject\":\"y\"}}]}"))
                        .build());
        Event event = Event.builder("a").subject("y").build();

        assertThat(gateway.emit(event).subscriptionIds()).containsExactly("or");
        assertThat(gateway.emit("a", null).subscriptionIds()).isEmpty();

        Explanation explanation = gateway.explain(event);
        assertThat(explanation.matched().stream().map(Subscription::id)).containsExactly("or");
        assertThat(explanation.of("s").orElseThrow().filterErrors()).isEqualTo(2);
        assertThat(explanation.of("not").orElseThrow().filterErrors()).isEqualTo(2);
        assertThat(explanation.of("s").orElseThrow().reasons().get(1).error()).isTrue();
        assertThat(explanation.toString())
                .contains("! an error: the event has no attribute 'tenant'")
                .contains("could not be evaluated for 2 events");
    }

    @Test
    void explainsDownToTheConditionThatFailedAndDoesNothing() {
        gateway.subscriptions()
                .create(to("order.placed", "big")
                        .filter(Filter.pattern(
                                "{\"data\":{\"total\":[{\"numeric\":[\">\",100]}],\"state\":[\"open\"]}}"))
                        .build());
        gateway.subscriptions().create(to("order.paid", "paid").build());
        gateway.subscriptions().create(to("order.placed", "off").enabled(false).build());
        gateway.subscriptions()
                .create(to("order.*", "reshaped")
                        .transform(Transform.template(Map.of("t", "$.data.total"), "{\"sum\": <t>}"))
                        .build());
        gateway.subscriptions()
                .create(to("order.*", "broken")
                        .transform(Transform.path("$.data.nothing"))
                        .build());

        gateway.subscriptions()
                .create(Subscription.http("GET", "/orders/:id").function("f").build());

        Explanation explanation = gateway.explain(Event.of("order.placed", Map.of("total", 40, "state", "open")));

        assertThat(explanation.matched().stream().map(Subscription::id))
                .containsExactlyInAnyOrder("reshaped", "broken");
        assertThat(explanation.toString())
                .contains("matches 2 of 6 subscriptions")
                .contains("- data.total is 40, wanted numeric > 100")
                .contains("+ data.state is \"open\"")
                .contains("wanted \"order.paid\" (type mismatch)")
                .contains("the subscription is disabled")
                .contains("it answers requests of GET /orders/:id")
                .contains("would send {\"sum\": 40}")
                .contains("path '$.data.nothing' finds nothing");
        assertThat(explanation.toJson().at("/subscriptions").size()).isEqualTo(6);
        assertThat(explanation.of("broken").orElseThrow().transformError()).contains("'broken'");
        assertThat(received).isEmpty();
        assertThat(gateway.awaitIdle(Duration.ZERO)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"total\": 9007199254740993}", "{\"total\": 9007199254740993.0}"})
    void numbersCompareExactly(String data) {
        gateway.subscriptions()
                .create(to("a", "even")
                        .filter(Filter.pattern("{\"data\":{\"total\":[9007199254740992]}}"))
                        .build());
        gateway.subscriptions()
                .create(to("a", "odd")
                        .filter(Filter.pattern("{\"data\":{\"total\":[{\"numeric\":[\"=\",9007199254740993]}]}}"))
                        .build());
        Event event = Event.builder("a")
                .data("application/json", data.getBytes(StandardCharsets.UTF_8))
                .build();
        assertThat(gateway.emit(event).subscriptionIds()).containsExactly("odd");
    }

    @Test
    void dataThatIsNotJsonHasNoMembers() {
        gateway.subscriptions()
                .create(to("a", "member")
                        .filter(Filter.pattern("{\"data\":{\"x\":[{\"exists\":true}]}}"))
                        .build());
        gateway.subscriptions()
                .create(to("a", "none")
                        .filter(Filter.pattern("{\"data\":{\"x\":[{\"exists\":false}]}}"))
                        .build());
        byte[] bytes = "{\"x\":1}".getBytes(StandardCharsets.UTF_8);
        assertThat(gateway.emit(Event.builder("a")
                                .data("application/octet-stream", bytes)
                                .build())
                        .subscriptionIds())
                .containsExactly("none");
        assertThat(gateway.emit(Event.builder("a")
                                .data("application/json", bytes)
                                .build())
                        .subscriptionIds())
                .containsExactly("member");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"pattern\":{\"a\":[{\"nope\":1}]}}",
                "{\"cesql\":\"subject = \"}",
                "{\"eventGrid\":{\"advancedFilters\":[{\"operatorType\":\"X\",\"key\":\"a\",\"values\":[1]}]}}",
                "{\"cloudEvents\":{\"exact\":{\"subject\":1}}}",
                "{\"and\":[]}",
                "{\"other\":1}",
                "[",
            })
    void whatIsNotValidIsRefusedWithItsPosition(String form) {
        assertThatThrownBy(() -> Filter.fromJson(form))
                .isInstanceOfSatisfying(InvalidFilterException.class, e -> {
                    assertThat(e.position()).isNotEmpty();
                    assertThat(e.language()).isNotEmpty();
                })
                .hasMessageContaining("found");
    }
}
