package io.eventgateway.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.InvocationException;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.DeadLetterQuery;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.DeliveryReport;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.delivery.OrderBy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/** Several gateways that share a database. */
class SharedDatabaseTest extends DurableGateways {
    @OnEachDatabase
    void aFunctionThatOnlyAnotherGatewayHasIsCalledThereAndTheEmissionEnds(TestDatabase database) {
        HikariDataSource pool = emptied(database);
        EventGateway emitter = gateway(pool);
        EventGateway worker = gateway(pool);
        List<String> seen = new CopyOnWriteArrayList<>();
        worker.functions().register("f", (event, context) -> seen.add(event.dataAs(String.class)));
        worker.subscriptions().create(Subscription.to("a").function("f").build());
        Awaitility.await()
                .atMost(Duration.ofSeconds(5))
                .until(() -> !emitter.subscriptions().list().isEmpty());

        DeliveryReport report = reportOf(emitter.emit("a", "x"));

        assertThat(report.allDelivered()).isTrue();
        assertThat(seen).containsExactly("x");
    }

    @OnEachDatabase
    void changesOfOneGatewayRouteOnTheOthersWithinSeconds(TestDatabase database) {
        HikariDataSource pool = emptied(database);
        EventGateway one = gateway(pool);
        EventGateway other = gateway(pool);
        Subscription created = subscribed(one);
        Awaitility.await()
                .atMost(Duration.ofSeconds(5))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> other.emit("a", 1).subscriptionIds().equals(List.of(created.id())));

        one.subscriptions().delete(created.id());

        Awaitility.await()
                .atMost(Duration.ofSeconds(5))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> other.emit("a", 1).subscriptionIds().isEmpty());
    }

    @OnEachDatabase
    void whatWaitsForItsKeyEndsWhenAnotherGatewayErasesItsEvent(TestDatabase database) throws Exception {
        HikariDataSource pool = emptied(database);
        EventGateway one = gateway(pool);
        EventGateway other = gateway(pool);
        CountDownLatch release = new CountDownLatch(1);
        List<String> seen = new CopyOnWriteArrayList<>();
        for (EventGateway each : List.of(one, other)) {
            each.functions().register("f", (event, context) -> {
                seen.add(event.dataAs(String.class));
                if (event.dataAs(String.class).equals("first")) {
                    release.await();
                }
                return null;
            });
        }
        one.subscriptions()
                .create(Subscription.to("a")
                        .function("f")
                        .delivery(DeliveryPolicy.builder().orderBy("type").build())
                        .build());
        Awaitility.await().until(() -> !other.subscriptions().list().isEmpty());
        Emission first = other.emit(keyed("1", "first"));
        Awaitility.await().until(() -> seen.contains("first"));
        Emission erased = one.emit(keyed("2", "erased"));

        other.history().erase("2");
        release.countDown();
        Emission later = one.emit(keyed("3", "later"));

        assertThat(reportOf(first).allDelivered()).isTrue();
        assertThat(reportOf(later).allDelivered()).isTrue();
        assertThat(reportOf(erased).deliveries().get(0).status()).isIn(DeliveryStatus.RELEASED, DeliveryStatus.DROPPED);
        assertThat(seen).containsExactly("first", "later");
    }

    private static Subscription subscribed(EventGateway gateway) {
        gateway.functions().register("f", (event, context) -> null);
        return gateway.subscriptions().create(Subscription.to("a").function("f").build());
    }

    private static Event keyed(String subject, String data) {
        return Event.builder("a").subject(subject).data(data).build();
    }

    @OnEachDatabase
    void resumesAndDeletesWhatAnotherGatewayHasChangedJustNow(TestDatabase database) {
        HikariDataSource pool = emptied(database);
        EventGateway one = gateway(pool);
        EventGateway other = gateway(pool);
        Subscription created = subscribed(one);
        Awaitility.await().until(() -> !other.subscriptions().list().isEmpty());

        one.subscriptions().pause(created.id());
        assertThat(other.subscriptions().resume(created.id()).pause()).isNull();
        assertThat(one.subscriptions().resume(created.id()).pause()).isNull();

        one.subscriptions().pause(created.id());
        assertThat(other.subscriptions().delete(created.id()).id()).isEqualTo(created.id());
    }

    @OnEachDatabase
    void keepsTheOrderOfAKeyAcrossGateways(TestDatabase database) {
        HikariDataSource pool = emptied(database);
        Map<String, List<Integer>> seen = new ConcurrentHashMap<>();
        Map<String, AtomicInteger> running = new ConcurrentHashMap<>();
        AtomicInteger overlaps = new AtomicInteger();
        List<EventGateway> three = List.of(gateway(pool), gateway(pool), gateway(pool));
        for (EventGateway each : three) {
            each.functions().register("f", (event, context) -> {
                String key = event.getSubject();
                AtomicInteger own = running.computeIfAbsent(key, added -> new AtomicInteger());
                overlaps.addAndGet(own.getAndIncrement());
                seen.computeIfAbsent(key, added -> new CopyOnWriteArrayList<>()).add(event.dataAs(Integer.class));
                own.decrementAndGet();
                return null;
            });
        }
        subscribeEverywhere(
                three,
                Subscription.to("a")
                        .function("f")
                        .delivery(DeliveryPolicy.builder().orderBy("subject").build())
                        .build());

        List<Emission> emissions = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            emissions.add(three.get(i % 3)
                    .emit(Event.builder("a").subject("k" + i % 2).data(i).build()));
        }
        emissions.forEach(DurableGateways::reportOf);

        assertThat(seen)
                .hasSize(2)
                .allSatisfy((key, values) -> assertThat(values).hasSize(30).isSorted());
        assertThat(overlaps).hasValue(0);
        assertThat(count(pool, "turn")).isZero();
    }

    private static void subscribeEverywhere(List<EventGateway> all, Subscription subscription) {
        all.get(0).subscriptions().create(subscription);
        Awaitility.await().until(() -> all.stream()
                .noneMatch(each -> each.subscriptions().list().isEmpty()));
    }

    @OnEachDatabase
    void callsNoMoreAtATimeThanAllowedAcrossGateways(TestDatabase database) {
        HikariDataSource pool = emptied(database);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<EventGateway> three = List.of(gateway(pool), gateway(pool), gateway(pool));
        for (EventGateway each : three) {
            each.functions().register("f", (event, context) -> {
                most.accumulateAndGet(running.incrementAndGet(), Math::max);
                Thread.onSpinWait();
                running.decrementAndGet();
                return null;
            });
        }
        subscribeEverywhere(
                three,
                Subscription.to("a")
                        .function("f")
                        .delivery(DeliveryPolicy.builder().maxConcurrency(2).build())
                        .build());

        List<Emission> emissions = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            emissions.add(three.get(i % 3).emit("a", i));
        }

        assertThat(emissions)
                .allSatisfy(each -> assertThat(reportOf(each).allDelivered()).isTrue());
        assertThat(most.get()).isBetween(1, 2);
        assertThat(count(pool, "turn")).isZero();
    }

    @OnEachDatabase
    void aKeyThatADeadLetterHoldsIsHeldForAllGatewaysUntilAnyOfThemRedrivesIt(TestDatabase database) {
        HikariDataSource pool = emptied(database);
        AtomicInteger stock = new AtomicInteger();
        List<Integer> seen = new CopyOnWriteArrayList<>();
        List<EventGateway> two = List.of(gateway(pool), gateway(pool));
        for (EventGateway each : two) {
            each.functions().register("f", (event, context) -> {
                if (stock.get() == 0) {
                    throw new InvocationException(InvocationException.Kind.FUNCTION_ERROR, false, "no stock");
                }
                return seen.add(event.dataAs(Integer.class));
            });
        }
        subscribeEverywhere(
                two,
                Subscription.to("a")
                        .function("f")
                        .delivery(DeliveryPolicy.builder()
                                .orderBy("subject", OrderBy.OnDeadLetter.HOLD)
                                .build())
                        .build());
        Emission first = two.get(0).emit(Event.builder("a").subject("k").data(1).build());
        assertThat(reportOf(first).deliveries().get(0).status()).isEqualTo(DeliveryStatus.DEAD_LETTERED);
        stock.set(1);
        Emission second =
                two.get(1).emit(Event.builder("a").subject("k").data(2).build());
        assertThat(two.get(1).deadLetters().count()).isEqualTo(1);
        assertThat(second.completion()).isNotDone();

        two.get(1).deadLetters().redrive(DeadLetterQuery.all());

        assertThat(reportOf(second).allDelivered()).isTrue();
        assertThat(seen).containsExactly(1, 2);
    }
}
