package io.eventgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.eventgateway.GatewayCounters.Counts;
import io.eventgateway.delivery.BacklogPolicy;
import io.eventgateway.delivery.DeliveryPolicy;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GatewayCountersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private EventGateway gateway = EventGateway.create();

    @AfterEach
    void close() {
        gateway.close();
    }

    private static void assertCounts(Counts counts, long emitted, long routed, long delivered) {
        assertThat(new long[] {counts.emitted(), counts.routed(), counts.delivered()})
                .containsExactly(emitted, routed, delivered);
        assertThat(new long[] {counts.failedAttempts(), counts.retried(), counts.dead(), counts.dropped()})
                .containsOnly(0);
    }

    @Test
    void countsSyncAndAsyncDeliveriesByTypeSubscriptionAndFunction() {
        gateway.functions().register("f", (event, context) -> null);
        Subscription sync = gateway.subscribe(
                Subscription.to("order.placed").function("f").sync().build());
        Subscription async = gateway.subscribe("order.*", "f");
        for (int i = 0; i < 10; i++) {
            gateway.emit("order.placed", i);
        }
        gateway.emit("order.paid", 1);
        gateway.emit("nobody.cares", 1);
        gateway.awaitIdle(PATIENCE);

        GatewayCounters counters = gateway.counters();

        assertCounts(counters.ofEventType("order.placed"), 10, 20, 20);
        assertCounts(counters.ofEventType("order.paid"), 1, 1, 1);
        assertCounts(counters.ofEventType("nobody.cares"), 1, 0, 0);
        assertCounts(counters.ofSubscription(sync.id()), 0, 10, 10);
        assertCounts(counters.ofSubscription(async.id()), 0, 11, 11);
        assertCounts(counters.ofFunction("f"), 0, 21, 21);
        assertThat(counters.eventTypes().keySet()).containsExactly("nobody.cares", "order.paid", "order.placed");
        assertThat(gateway.space("other").counters().eventTypes()).isEmpty();
    }

    @Test
    void countsWhatPassesFilters() {
        Subscription filtered = gateway.subscribe(Subscription.to("order.placed")
                .function(function())
                .filter(Filter.cesql("subject = 'x'"))
                .build());
        gateway.emit(Event.builder("order.placed").subject("x").build());
        gateway.emit(Event.builder("order.placed").subject("y").build());
        gateway.awaitIdle(PATIENCE);

        assertCounts(gateway.counters().ofSubscription(filtered.id()), 0, 1, 1);
        assertCounts(gateway.counters().ofEventType("order.placed"), 2, 1, 1);
    }

    private String function() {
        gateway.functions().register("f", (event, context) -> null);
        return "f";
    }

    @Test
    void countsFailedAttemptsRetriesAndDeadLetters() {
        AtomicInteger calls = new AtomicInteger();
        gateway.functions().register("f", (event, context) -> {
            calls.incrementAndGet();
            throw new IllegalStateException("no");
        });
        DeliveryPolicy twice = DeliveryPolicy.builder()
                .maxAttempts(2)
                .backoff(io.eventgateway.delivery.Backoff.fixed(Duration.ofMillis(1)))
                .build();
        for (boolean sync : new boolean[] {true, false}) {
            Subscription.Builder builder = Subscription.to("order.placed")
                    .id(sync ? "sync" : "async")
                    .function("f")
                    .delivery(twice);
            gateway.subscribe((sync ? builder.sync() : builder).build());
        }
        gateway.emit("order.placed", 1);
        gateway.awaitIdle(PATIENCE);

        GatewayCounters counters = gateway.counters();

        for (String id : new String[] {"sync", "async"}) {
            Counts counts = counters.ofSubscription(id);
            assertThat(counts.routed()).isEqualTo(1);
            assertThat(counts.delivered()).as(id).isZero();
            assertThat(counts.failedAttempts()).as(id).isEqualTo(2);
            assertThat(counts.retried()).as(id).isEqualTo(1);
            assertThat(counts.dead()).as(id).isEqualTo(1);
        }
        assertThat(counters.ofEventType("order.placed").dead()).isEqualTo(2);
        assertThat(counters.ofFunction("f").failedAttempts()).isEqualTo(4);
    }

    @Test
    void countsWhatABacklogDrops() throws InterruptedException {
        gateway.close();
        gateway = EventGateway.builder().backlog(1, BacklogPolicy.DROP).build();
        CountDownLatch release = new CountDownLatch(1);
        Subscription subscription = gateway.subscribe("order.placed", event -> release.await());
        gateway.emit("order.placed", 1);
        gateway.emit("order.placed", 2);
        release.countDown();
        gateway.awaitIdle(PATIENCE);

        Counts counts = gateway.counters().ofSubscription(subscription.id());

        assertThat(counts.routed()).isEqualTo(2);
        assertThat(counts.delivered()).isEqualTo(1);
        assertThat(counts.dropped()).isEqualTo(1);
    }

    @Test
    void countsCallsWithoutAnEmissionForTheirFunction() {
        gateway.functions().register("f", (event, context) -> {
            if (event.dataAs(Integer.class) == 2) {
                throw new IllegalStateException("no");
            }
            return null;
        });
        gateway.invoke("f", 1);
        assertThat(catchThrowable(() -> gateway.invoke("f", 2))).isNotNull();

        Counts counts = gateway.counters().ofFunction("f");

        assertThat(counts.routed()).isEqualTo(2);
        assertThat(counts.delivered()).isEqualTo(1);
        assertThat(counts.failedAttempts()).isEqualTo(1);
        assertThat(counts.p50()).isPositive();
    }

    @Test
    void measuresASampleOfTheCalls() {
        Subscription subscription = gateway.subscribe(
                Subscription.to("order.placed").function(function()).sync().build());
        for (int i = 0; i < 5_000; i++) {
            gateway.emit("order.placed", i);
        }

        Counts counts = gateway.counters().ofSubscription(subscription.id());

        assertThat(counts.p50()).isPositive().isLessThanOrEqualTo(counts.p99());
        assertThat(gateway.counters().ofEventType("order.placed").p99()).isEqualTo(counts.p99());
    }

    @Test
    void anEventThatIsRefusedIsNotCounted() {
        gateway.close();
        gateway = EventGateway.builder().backlog(1, BacklogPolicy.REJECT).build();
        CountDownLatch release = new CountDownLatch(1);
        gateway.subscribe("order.placed", event -> release.await());
        gateway.emit("order.placed", 1);
        assertThat(catchThrowable(() -> gateway.emit("order.placed", 2))).isNotNull();
        release.countDown();
        gateway.awaitIdle(PATIENCE);

        assertCounts(gateway.counters().ofEventType("order.placed"), 1, 1, 1);
    }

    @Test
    void aDelayedSyncDeliveryIsCountedOnce() {
        gateway.subscribe(
                Subscription.to("order.placed").function(function()).sync().build());
        gateway.emit(
                "order.placed",
                1,
                EmitOptions.builder().delay(Duration.ofMillis(20)).build());
        gateway.awaitIdle(PATIENCE);

        assertCounts(gateway.counters().ofEventType("order.placed"), 1, 1, 1);
    }
}
