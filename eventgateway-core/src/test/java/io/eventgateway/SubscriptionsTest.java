package io.eventgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.delivery.Backoff;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.error.FunctionInUseException;
import io.eventgateway.error.FunctionNotFoundException;
import io.eventgateway.error.InvalidSubscriptionException;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubscriptionsTest {
    private final EventGateway gateway = Outcomes.oneAttempt().build();

    @BeforeEach
    void registerFunctions() {
        gateway.functions().register("f", (event, context) -> null);
        gateway.functions().register("g", (event, context) -> null);
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void idsAreAStableFunctionOfWhatIsBound() {
        String id = Subscription.to("a").function("f").build().id();

        assertThat(Subscription.to("a").function("f").enabled(false).build().id())
                .isEqualTo(id);
        assertThat(id).isEqualTo("a->f");
        assertThat(Subscription.to("a").function("g").build().id()).isEqualTo("a->g");
        assertThat(Subscription.http("get", "/users/:id")
                        .function("getUser")
                        .build()
                        .id())
                .isEqualTo("GET /users/:id->getUser");
        assertThat(Subscription.to("a").function("f").id("mine").build().id()).isEqualTo("mine");
    }

    @Test
    void anIdHasAHashWhereWhatIsReadableDoesNotTellOrIsNoId() {
        Subscription.Builder plain = Subscription.to("a").function("f");
        String filtered =
                plain.filter(Filter.pattern("{\"subject\":[\"x\"]}")).build().id();
        String other =
                plain.filter(Filter.pattern("{\"subject\":[\"y\"]}")).build().id();

        assertThat(filtered).matches("a->f~[0-9a-f]{8}").isNotEqualTo(other);
        assertThat(Subscription.to("é<\"").function("f").build().id()).matches("___->f~[0-9a-f]{8}");
        Subscription longest =
                Subscription.to("a".repeat(250)).function("f".repeat(100)).build();
        assertThat(longest.id()).hasSize(256).matches("a{247}~[0-9a-f]{8}");
        assertThat(Subscription.fromJson(longest.toJson())).isEqualTo(longest);
    }

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

    @ParameterizedTest
    @ValueSource(strings = {"order..placed", ".order", "order.", " order", "order "})
    void refusesTypesThatCanOnlyBeMistakes(String type) {
        assertThatThrownBy(() -> Subscription.to(type).function("f").build())
                .isInstanceOf(InvalidSubscriptionException.class)
                .hasMessageContaining("'" + type + "'");
    }

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    null                                                                   | it is null
                    []                                                                     | must be an object, was an array
                    {"eventType":"a","functionId":"f"                                      | not JSON at line 1
                    {"eventType":"a","functionId":"f","delivery":{"timeout":"5s"}}         | 'delivery.timeout' must be a duration such as PT5S (ISO 8601), was '5s'
                    {"eventType":"a","functionId":"f","delivery":{"maxAttempts":"many"}}   | 'delivery.maxAttempts' must be an integer, was a string
                    {"eventType":"a","functionId":"f","mode":"SOMETIMES"}                  | 'mode' must be async or sync or http, was 'SOMETIMES'
                    {"eventType":"a","functionId":"f","delivery":{"backoff":{"type":"x"}}} | had 'x'
                    {"eventType":"a","functionId":"f","delivery":{"rateLimit":{"permits":1}}} | 'per' is missing
                    {"eventType":"a","functionId":"f","delivery":{"maxAttempts":0}}        | maxAttempts must be 1 to 1000, was 0
                    """)
    void saysInItsOwnWordsWhatIsWrongWithAJsonForm(String json, String message) {
        assertThatThrownBy(() -> Subscription.fromJson(json))
                .isInstanceOf(InvalidSubscriptionException.class)
                .hasMessageContaining(message)
                .message()
                .doesNotContain("io.eventgateway", "Cannot", "java.");
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

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
                    users         | must start with '/'
                    /a/*rest/b    | before its end
                    /:id/x/:id    | two parameters named 'id'
                    /:            | a parameter is ':' and a name
                    /*            | a wildcard is '*' and a name
                    /a?b=1        | position 2
                    /users/{id}   | write ':id'
                    '/users '     | must not end with a blank
                    /e/a%20b      | segments of requests are decoded before they are compared; write it decoded: 'a b'
                    /e/a%2Fb      | take a ':parameter' for that segment
                    /e/a%ffb      | take a ':parameter' for that segment
                    """)
    void refusesPathsThatAreNotPatterns(String path, String message) {
        assertThatThrownBy(() -> Subscription.http("GET", path))
                .isInstanceOf(InvalidSubscriptionException.class)
                .hasMessageContaining(path.substring(0, 2).trim())
                .hasMessageContaining(message);
    }

    @Test
    void refusesNullsAndMalformedMethods() {
        assertThatThrownBy(() -> Subscription.http(null, "/"))
                .isInstanceOf(InvalidSubscriptionException.class)
                .hasMessageContaining("method");
        assertThatThrownBy(() -> Subscription.http("G T", "/"))
                .isInstanceOf(InvalidSubscriptionException.class)
                .hasMessageContaining("'G T'");
        assertThatThrownBy(() -> Subscription.http("GET", null))
                .isInstanceOf(InvalidSubscriptionException.class)
                .hasMessageContaining("path");
        assertThatThrownBy(() -> Subscription.to(null).function("f").build())
                .isInstanceOf(InvalidSubscriptionException.class)
                .hasMessageContaining("eventType");
        assertThatThrownBy(() -> Subscription.to("a").build())
                .isInstanceOf(InvalidSubscriptionException.class)
                .hasMessageContaining("functionId of the subscription to event type 'a'");
        assertThatThrownBy(() -> Subscription.to("a").function("f").id("a\nb").build())
                .isInstanceOf(InvalidSubscriptionException.class)
                .hasMessageContaining("spaces");
        assertThatThrownBy(() -> Subscription.to("a").function("f").id("a ").build())
                .isInstanceOf(InvalidSubscriptionException.class)
                .hasMessageContaining("'a '");
        assertThatThrownBy(() -> Subscription.http("GET", "/").function("f").sync())
                .isInstanceOf(InvalidSubscriptionException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"order.pl*", "a.***", "*x"})
    void refusesWildcardsThatAreNotWholeSegments(String type) {
        assertThatThrownBy(() -> Subscription.to(type).function("f").build())
                .isInstanceOf(InvalidSubscriptionException.class)
                .hasMessageContaining("'" + type + "'")
                .hasMessageContaining("whole segment");
    }

    @Test
    void hasAJsonFormThatRoundTrips() {
        for (Subscription subscription : List.of(
                Subscription.to("a.*").function("f").sync().enabled(false).build(),
                Subscription.to("a")
                        .function("f")
                        .id("x")
                        .metadata(Map.of("k", "v"))
                        .delivery(DeliveryPolicy.builder()
                                .timeout(Duration.ofSeconds(3))
                                .build())
                        .build(),
                Subscription.http("PATCH", "/a/:b/*c").function("f").build())) {
            assertThat(Subscription.fromJson(subscription.toJson())).isEqualTo(subscription);
        }
        assertThatThrownBy(() -> Subscription.fromJson("{\"type\":\"ASYNC\"}"))
                .isInstanceOf(InvalidSubscriptionException.class);
        assertThatThrownBy(() -> Subscription.fromJson("nonsense")).isInstanceOf(InvalidSubscriptionException.class);
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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "orderBy | {\"orderBy\":{\"key\":\"subject\"}}",
                "maxConcurrency | {\"maxConcurrency\":2}",
                "rateLimit | {\"rateLimit\":{\"permits\":1,\"per\":\"PT1S\"}}",
                "batching | {\"batching\":{\"maxEvents\":10,\"maxWait\":\"PT1S\"}}",
                "circuitBreaker | {\"circuitBreaker\":{\"failures\":3,\"pause\":\"PT1S\"}}",
                "guarantee | {\"guarantee\":\"AT_MOST_ONCE\"}"
            })
    void refusesPartsOfAPolicyThatDoNothingWhereSomebodyWaits(String part, String policy) {
        DeliveryPolicy delivery = DeliveryPolicy.fromJson(policy);

        assertThatThrownBy(() -> Subscription.to("a")
                        .function("f")
                        .sync()
                        .delivery(delivery)
                        .build())
                .isInstanceOf(InvalidSubscriptionException.class)
                .hasMessageContaining("'a->f' sets " + part + ", which would do nothing")
                .hasMessageContaining("may set maxAttempts, backoff, timeout, timeToLive, retryOn and deadLetter");
        assertThatThrownBy(() -> Subscription.http("GET", "/a")
                        .function("f")
                        .delivery(delivery)
                        .build())
                .isInstanceOf(InvalidSubscriptionException.class)
                .hasMessageContaining(part)
                .hasMessageContaining("may set timeout");
        assertThat(Subscription.to("a").function("f").delivery(delivery).build().delivery())
                .isEqualTo(delivery);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "maxAttempts | {\"maxAttempts\":3}",
                "backoff | {\"backoff\":{\"type\":\"fixed\",\"delay\":\"PT1S\"}}",
                "timeToLive | {\"timeToLive\":\"PT1H\"}",
                "retryOn | {\"retryOn\":{\"statusCodes\":[500]}}",
                "deadLetter | {\"deadLetter\":\"g\"}"
            })
    void refusesRetriesOfARequest(String part, String policy) {
        DeliveryPolicy delivery = DeliveryPolicy.fromJson(policy);

        assertThatThrownBy(() -> Subscription.http("GET", "/a")
                        .function("f")
                        .delivery(delivery)
                        .build())
                .isInstanceOf(InvalidSubscriptionException.class)
                .hasMessageContaining("sets " + part + ", which would do nothing");
        gateway.subscriptions()
                .create(Subscription.to("a")
                        .function("f")
                        .sync()
                        .delivery(delivery)
                        .build());
        gateway.subscriptions()
                .create(Subscription.http("GET", "/a")
                        .function("f")
                        .delivery(DeliveryPolicy.builder()
                                .timeout(Duration.ofSeconds(1))
                                .build())
                        .build());
    }

    @Test
    void aFunctionForDeadLettersHasToBeThereAsLongAsItIsNamed() {
        Subscription subscription = Subscription.to("a")
                .function("f")
                .delivery(DeliveryPolicy.builder().deadLetter("graveyrad").build())
                .build();
        gateway.functions().register("graveyard", (event, context) -> null);

        assertThatThrownBy(() -> gateway.subscriptions().create(subscription))
                .isInstanceOf(FunctionNotFoundException.class)
                .hasMessageContaining("'graveyrad', which is to get the dead letters")
                .hasMessageContaining("'graveyard'");
        assertThat(gateway.subscriptions().list()).isEmpty();

        gateway.subscriptions()
                .create(subscription.toBuilder()
                        .delivery(
                                DeliveryPolicy.builder().deadLetter("graveyard").build())
                        .build());
        assertThatThrownBy(() -> gateway.subscriptions().update(subscription))
                .isInstanceOf(FunctionNotFoundException.class);
        assertThatThrownBy(() -> gateway.functions().delete("graveyard"))
                .isInstanceOf(FunctionInUseException.class)
                .hasMessageContaining("subscription 'a->f' (for its dead letters)");

        gateway.subscriptions().delete("a->f");
        assertThat(gateway.functions().delete("graveyard").id()).isEqualTo("graveyard");
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

    private static Subscription.Builder withCode() {
        return Subscription.to("a").function("f").filter(Filter.where(event -> true));
    }

    @Test
    void createOrUpdateWantsAnIdForAFilterThatIsCode() {
        assertThatThrownBy(
                        () -> gateway.subscriptions().createOrUpdate(withCode().build()))
                .isInstanceOf(InvalidSubscriptionException.class)
                .hasMessageContaining("function 'f' to event type 'a'")
                .hasMessageContaining("give it an id of its own");
        assertThat(gateway.subscriptions().list()).isEmpty();

        Subscription own = withCode().id("mine").build();
        assertThat(gateway.subscriptions().createOrUpdate(own).change()).isEqualTo(Registered.Change.CREATED);
        assertThat(gateway.subscriptions().createOrUpdate(own).change()).isEqualTo(Registered.Change.UNCHANGED);
    }

    @Test
    void aSecondSubscriptionWithCodeToTheSameIsRefusedAndSaysWhy() {
        gateway.subscriptions().create(withCode().build());

        assertThatThrownBy(() -> gateway.subscriptions().create(withCode().build()))
                .isInstanceOf(SubscriptionAlreadyExistsException.class)
                .hasMessageContaining("a filter that is code makes no difference to the id")
                .hasMessageContaining("an id of its own");

        gateway.subscriptions().create(withCode().id("second").build());
        assertThat(gateway.subscriptions().list()).hasSize(2);
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
