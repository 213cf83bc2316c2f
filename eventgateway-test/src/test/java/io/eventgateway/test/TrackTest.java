package io.eventgateway.test;

import static io.eventgateway.test.GatewayAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import io.eventgateway.http.HttpResponse;
import io.eventgateway.http.HttpRequest;
import io.eventgateway.Emission;
import io.eventgateway.EmitOptions;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.InvocationException;
import io.eventgateway.Subscription;
import io.eventgateway.SystemEvent;
import io.eventgateway.delivery.BacklogPolicy;
import io.eventgateway.delivery.Backoff;
import io.eventgateway.delivery.DeadLetterQuery;
import io.eventgateway.delivery.DeadLetters;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.delivery.RateLimit;
import io.eventgateway.error.BacklogFullException;
import io.eventgateway.error.EventRejectedException;
import io.eventgateway.history.EventQuery;
import io.eventgateway.history.ReplayOptions;
import io.eventgateway.history.Retention;
import io.eventgateway.http.HttpRequest;
import io.eventgateway.http.HttpResponse;
import io.eventgateway.spi.InMemoryStores;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

@GatewayTest
class TrackTest {
    @Test
    void waitsForACallThatNobodyWaitsForUntilItsTimeIsUp() {
        try (TestGateway gateway = TestGateway.create()) {
            gateway.functions().register("never", (event, context) -> new CompletableFuture<>());
            gateway.subscriptions()
                    .create(Subscription.http("GET", "/never").function("never").build());
            List<CompletableFuture<?>> made = new ArrayList<>();

            TrackedSession session = gateway.track(() -> {
                made.add(gateway.handleAsync(HttpRequest.get("/never").build()));
                made.add(gateway.invokeAsync("never", null));
            });

            assertThat(made).allMatch(CompletableFuture::isDone);
            assertThat(((HttpResponse) made.get(0).join()).statusCode()).isEqualTo(504);
            assertThat(session.allDelivered()).isTrue();
        }
    }

    @Test
    void returnsEverythingThatAnActionSetOff(TestGateway gateway) {
        gateway.functions()
                .register("order", (event, context) -> List.of(Event.of("mail.wanted", 1), Event.of("stock", 1)));
        gateway.subscribe("order.placed", "order");
        RecordingFunction mail = new RecordingFunction().failing(2, new IOException("smtp"));
        gateway.functions().register("mail", mail);
        gateway.subscribe("mail.wanted", "mail");
        gateway.emit("stock", "before");
        Instant start = gateway.clock().instant();

        TrackedSession session = gateway.track(() -> gateway.emit("order.placed", 1));

        assertThat(session.roots()).singleElement().satisfies(root -> {
            assertThat(root.event().getType()).isEqualTo("order.placed");
            assertThat(root.children()).hasSize(2);
        });
        assertThat(session.events()).hasSize(3);
        assertThat(session.single("mail.wanted").getCausationId())
                .isEqualTo(session.single("order.placed").getId());
        assertThat(session.deliveriesTo("mail")).singleElement().satisfies(delivery -> assertThat(delivery.attempts())
                .isEqualTo(3));
        assertThat(session.allDelivered()).isTrue();
        assertThat(session.toString())
                .contains(
                        "order.placed\n  -> order: DELIVERED\n    mail.wanted\n      -> mail: DELIVERED after 3 attempts");
        assertThat(Duration.between(start, gateway.clock().instant())).isGreaterThan(Duration.ofSeconds(2));
        assertThatThrownBy(() -> session.single("other"))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessageContaining("order.placed");
    }

    @Test
    void waitsForDelayedEventsAndForOtherThreads(TestGateway gateway) {
        gateway.functions()
                .register("elsewhere", (event, context) -> CompletableFuture.supplyAsync(() -> Event.of("done", 1)));
        gateway.subscribe("a", "elsewhere");
        RecordingFunction done = new RecordingFunction();
        gateway.functions().register("done", done);
        gateway.subscribe("done", "done");

        TrackedSession session = gateway.track(() -> gateway.emit(
                Event.of("a", 1),
                EmitOptions.builder().delay(Duration.ofHours(5)).build()));

        assertThat(session.events()).hasSize(2);
        assertThat(done.events()).hasSize(1);
    }

    @Test
    void whatFailsForGoodIsInTheSession(TestGateway gateway) {
        gateway.functions().register("f", new RecordingFunction().failing(1, InvocationException.Kind.ACCESS_DENIED));
        gateway.subscribe("a", "f");

        TrackedSession session = gateway.track(() -> gateway.emit("a", 1));

        assertThat(session.allDelivered()).isFalse();
        assertThat(session.deliveries().get(0).status()).isEqualTo(DeliveryStatus.DEAD_LETTERED);
    }

    @Test
    void aFunctionThatNeverEndsRunsOutOfItsTime(TestGateway gateway) {
        gateway.functions().register("f", new RecordingFunction().blocking());
        gateway.subscribe("a", "f");

        assertThat(gateway.track(() -> gateway.emit("a", 1)).deliveries().get(0).status())
                .isEqualTo(DeliveryStatus.DEAD_LETTERED);
        assertThat(gateway).hasDeadLetters(1);
    }

    @Test
    void followsTheRedriveOfADeadLetter(TestGateway gateway) {
        gateway.functions().register("f", new RecordingFunction().failing(6, new IOException("disk")));
        gateway.subscribe("a", "f");
        gateway.track(() -> gateway.emit("a", 1));

        TrackedSession session = gateway.track(() -> gateway.deadLetters()
                .redrive(gateway.deadLetters().list().get(0).id()));

        assertThat(session.allDelivered()).isTrue();
        assertThat(session.roots()).singleElement().satisfies(root -> {
            assertThat(root.again()).isTrue();
            assertThat(root.event().getType()).isEqualTo("a");
        });
        assertThat(session).hasToString("a again\n  -> f: DELIVERED after 7 attempts\n");
    }

    @Test
    void followsTheRedriveOfManyDeadLettersAtARate(TestGateway gateway) {
        RecordingFunction f = new RecordingFunction().failing(3, InvocationException.Kind.ACCESS_DENIED);
        gateway.functions().register("f", f);
        gateway.subscribe("a", "f");
        for (int i = 0; i < 3; i++) {
            gateway.emit("a", i);
        }

        TrackedSession session = gateway.track(() -> gateway.deadLetters()
                .redrive(DeadLetterQuery.all(), new DeadLetters.Redrive(null, Duration.ofHours(1))));

        assertThat(session.events()).hasSize(3);
        assertThat(session.allDelivered()).isTrue();
        assertThat(f.events()).hasSize(6);
    }

    @Test
    void followsAReplayAtARate() {
        try (TestGateway gateway = TestGateway.create(builder -> builder.stores(InMemoryStores.builder()
                .history(Retention.of(Duration.ofDays(7), 1_000))
                .build()))) {
            RecordingFunction f = new RecordingFunction();
            gateway.functions().register("f", f);
            gateway.subscribe("a", "f");
            for (int i = 0; i < 5; i++) {
                gateway.emit("a", i);
            }

            TrackedSession session = gateway.track(() -> gateway.history()
                    .replay(EventQuery.all(), ReplayOptions.toAll().rate(RateLimit.of(1, Duration.ofMinutes(10)))));

            assertThat(session.events()).hasSize(5);
            assertThat(session.roots()).hasSize(5).allSatisfy(root -> assertThat(root.again())
                    .isTrue());
            assertThat(session.deliveriesTo("f")).hasSize(5);
            assertThat(f.events()).hasSize(10);
        }
    }

    @Test
    void followsTheFunctionThatGetsADeadLetter(TestGateway gateway) {
        gateway.functions().register("f", new RecordingFunction().alwaysFailing(new IOException("disk")));
        RecordingFunction rescue = new RecordingFunction().failing(1, new IOException("rescue"));
        gateway.functions().register("rescue", rescue);
        gateway.subscriptions()
                .create(Subscription.to("a")
                        .function("f")
                        .delivery(DeliveryPolicy.builder().deadLetter("rescue").build())
                        .build());

        TrackedSession session = gateway.track(() -> gateway.emit("a", 1));

        assertThat(session.deliveriesTo("rescue")).singleElement().satisfies(delivery -> assertThat(delivery.status())
                .isEqualTo(DeliveryStatus.DELIVERED));
        assertThat(session.roots().get(0).children())
                .singleElement()
                .satisfies(child -> assertThat(child.event().getType()).isEqualTo(SystemEvent.DELIVERY_DEAD_LETTERED));
        assertThat(rescue.events()).hasSize(2);
    }

    @Test
    void followsAListenerOfSystemEventsThatIsRetried(TestGateway gateway) {
        RecordingFunction listener = new RecordingFunction().failing(2, new IOException("disk"));
        gateway.functions().register("listener", listener);
        gateway.subscribe(SystemEvent.EVENT_RECEIVED, "listener");
        gateway.functions().register("f", new RecordingFunction());
        gateway.subscribe("a", "f");

        TrackedSession session = gateway.track(() -> gateway.emit("a", 1));

        assertThat(listener.events()).hasSize(3);
        assertThat(session.deliveriesTo("listener"))
                .singleElement()
                .satisfies(delivery -> assertThat(delivery.attempts()).isEqualTo(3));
        assertThat(session.toString()).contains("a\n  -> f: DELIVERED\n    gateway.event.received\n");
    }

    @Test
    void theTimelineShowsWhatNeverReachedAFunction() {
        try (TestGateway gateway = TestGateway.create(builder -> builder.backlog(1, BacklogPolicy.DROP)
                .emitInterceptor((event, chain) -> switch (event.getType()) {
                    case "refused" -> throw new EventRejectedException("not on a Sunday");
                    case "kept" -> Emission.none(event);
                    default -> chain.proceed(event);
                }))) {
            gateway.functions().register("f", new RecordingFunction());
            Subscription late = gateway.subscribe("late", "f");
            gateway.subscribe("refused", "f");
            gateway.subscribe("kept", "f");
            gateway.subscribe("full", "f");

            assertThatThrownBy(() -> gateway.emit("refused", 1)).isInstanceOf(EventRejectedException.class);
            gateway.emit("kept", 1);
            gateway.subscriptions().pause(late.id());
            gateway.emit(
                    Event.of("late", 1),
                    EmitOptions.builder().expiry(Duration.ofMinutes(1)).build());
            gateway.emit("full", 1);
            gateway.advance(Duration.ofMinutes(2));

            assertThat(gateway.timeline())
                    .contains("emit refused (")
                    .contains("refused: not on a Sunday")
                    .containsPattern("emit kept \\(.*\\) was kept by an interceptor")
                    .contains("pause " + late.id())
                    .contains("full -> f is DROPPED without a call: the backlog is full")
                    .contains("+1M  late -> f is DEAD_LETTERED without a call: the time of event");
        }
    }

    @Test
    void theTimelineShowsWhatABacklogRefused() {
        try (TestGateway gateway = TestGateway.create(builder -> builder.backlog(1, BacklogPolicy.REJECT))) {
            gateway.functions().register("f", new RecordingFunction().blocking());
            gateway.subscribe("a", "f");

            TrackedSession session = gateway.track(() -> {
                gateway.emit("a", 1);
                assertThatThrownBy(() -> gateway.emit("a", 2)).isInstanceOf(BacklogFullException.class);
            });

            assertThat(session.roots())
                    .extracting(root -> root.refusal() == null)
                    .containsExactly(true, false);
            assertThat(gateway.timeline()).containsOnlyOnce("refused: the backlog has no room");
        }
    }

    @Test
    void assertionsKnowTimesAndOrder(TestGateway gateway) {
        gateway.functions().register("f", new RecordingFunction().failing(1, new IOException("disk")));
        gateway.subscribe("a", "f");
        gateway.functions().register("g", new RecordingFunction());
        gateway.subscribe("b", "g");
        gateway.emit("a", 1);
        gateway.emit("b", 1);
        gateway.advance(Duration.ofSeconds(2));

        assertThat(gateway)
                .delivered("a")
                .to("f")
                .times(1)
                .after(Duration.ofMillis(800))
                .after("b")
                .delivered("b")
                .once()
                .within(Duration.ZERO);
        assertThatThrownBy(() -> assertThat(gateway).delivered("b").once().after("a"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("'b' to be delivered after 'a'");
        assertThatThrownBy(() -> assertThat(gateway).delivered("a").once().within(Duration.ofMillis(1)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("timeline")
                .hasMessageContaining("emit a (")
                .hasMessageContaining("a -> f failed")
                .hasMessageContaining("a -> f, attempt 2");
    }

    @Test
    void aDayOfRetriesTakesNoTime(TestGateway gateway) {
        gateway.functions().register("f", new RecordingFunction().alwaysFailing(new IOException("disk")));
        gateway.subscriptions()
                .create(Subscription.to("a")
                        .function("f")
                        .delivery(DeliveryPolicy.builder()
                                .maxAttempts(1000)
                                .backoff(Backoff.fixed(Duration.ofMinutes(2)))
                                .build())
                        .build());
        gateway.emit("a", 1);

        gateway.advance(Duration.ofHours(24));

        assertThat(gateway).failedToDeliver("a").times(720);
    }

    @Test
    void theParametersAreOneGateway(EventGateway gateway, TestGateway own, TestClock clock) {
        assertThat(gateway).isSameAs(own);
        assertThat(own.clock()).isSameAs(clock);
        assertThat(clock).hasToString("TestClock[2026-01-01T00:00:00Z]");
    }

    @Test
    void gatewaysWithThreadsAreTrackedInRealTime() {
        try (EventGateway threads = TestGateways.create()) {
            threads.functions().register("f", (event, context) -> Event.of("b", 1));
            threads.subscribe("a", "f");
            TestGateway gateway = (TestGateway) threads;

            assertThat(gateway.track(() -> gateway.emit("a", 1)).events()).hasSize(2);
            assertThatThrownBy(gateway::clock).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aChainOfAnswersFromOtherThreadsIsWaitedForAsLongAsEachComesSoon(TestGateway gateway) {
        AtomicInteger calls = new AtomicInteger();
        gateway.functions()
                .register(
                        "slow",
                        (event, context) -> CompletableFuture.supplyAsync(
                                () -> calls.incrementAndGet() < 5 ? Event.of("a", calls.get()) : null,
                                CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS)));
        gateway.subscribe("a", "slow");
        Instant before = gateway.clock().instant();

        TrackedSession session = gateway.track(() -> gateway.emit("a", 0));

        assertThat(session.allDelivered()).isTrue();
        assertThat(calls).hasValue(5);
        assertThat(gateway.clock().instant()).isEqualTo(before);
    }

    @Test
    void aBatchWhoseStageNeverEndsRunsOutOfItsTime(TestGateway gateway) {
        gateway.functions().register("never", new RecordingFunction().blocking());
        gateway.subscriptions()
                .create(Subscription.to("batched")
                        .function("never")
                        .delivery(DeliveryPolicy.builder()
                                .maxAttempts(1)
                                .batching(2, Duration.ofSeconds(1))
                                .build())
                        .build());
        gateway.emit("batched", 1);
        gateway.emit("batched", 2);

        assertThat(gateway.deadLetters().count()).isEqualTo(2);
    }
}
