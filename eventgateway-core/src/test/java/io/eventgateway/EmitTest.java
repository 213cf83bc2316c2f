package io.eventgateway;

import static io.eventgateway.Outcomes.onlyDeliveryOf;
import static io.eventgateway.Outcomes.reportOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloudevents.core.builder.CloudEventBuilder;
import io.eventgateway.delivery.DeliveryReport;
import io.eventgateway.delivery.DeliveryResult;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.error.InvalidEventException;
import java.net.URI;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EmitTest {
    private final ManualClock clock = new ManualClock();
    private final EventGateway gateway =
            Outcomes.oneAttempt().source("/orders").clock(clock).build();
    private final List<Event> seen = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        gateway.close();
    }

    private FunctionHandler record() {
        return (event, context) -> {
            seen.add(event);
            return null;
        };
    }

    @Test
    void deliversToEveryMatchingSubscription() {
        gateway.functions().register("audit", record());
        gateway.functions().register("mail", record());
        Subscription all = gateway.subscribe("**", "audit");
        Subscription placed = gateway.subscribe("order.placed", "mail");
        gateway.subscribe("order.shipped", "mail");

        Emission emission = gateway.emit("order.placed", Map.of("total", 40));

        assertThat(emission.subscriptionIds()).containsExactlyInAnyOrder(all.id(), placed.id());
        DeliveryReport report = reportOf(emission);
        assertThat(report.allDelivered()).isTrue();
        assertThat(report.deliveries())
                .extracting(DeliveryResult::functionId)
                .containsExactlyInAnyOrder("audit", "mail");
        assertThat(seen).hasSize(2).allMatch(event -> event == emission.event());
    }

    @Test
    void givesTheHandlerTheEmittedObjectItself() {
        Object order = new Object();
        gateway.subscribe("order.placed", seen::add);

        reportOf(gateway.emit("order.placed", order));

        assertThat(seen.get(0).dataAs(Object.class)).isSameAs(order);
    }

    @Test
    void givesAnEventIdSourceTimeAndCorrelation() {
        Event event = gateway.emit("order.placed", null).event();

        assertThat(event.getSource()).isEqualTo(URI.create("/orders"));
        assertThat(event.getTime()).isEqualTo(clock.instant().atOffset(ZoneOffset.UTC));
        assertThat(event.getCorrelationId()).isEqualTo(event.getId());
        assertThat(event.getExtension("correlationid")).isEqualTo(event.getId());
        assertThat(event.getCausationId()).isNull();
        assertThat(event.getChainDepth()).isZero();
    }

    @Test
    void keepsWhatAnEventHas() {
        Event given = Event.builder("order.placed")
                .id("o-1")
                .source("/shop")
                .time(clock.instant().minusSeconds(60))
                .extension("correlationid", "c-1")
                .extension("causationid", "e-0")
                .build();

        assertThat(gateway.emit(given).event()).isSameAs(given);
    }

    @Test
    void emitsCloudEventsOfTheSdk() {
        gateway.subscribe("order.placed", seen::add);

        reportOf(gateway.emit(CloudEventBuilder.v1()
                .withId("1")
                .withSource(URI.create("/theirs"))
                .withType("order.placed")
                .withData("application/json", "{\"total\":40}".getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .build()));

        assertThat(seen.get(0).dataAsJson().path("total").intValue()).isEqualTo(40);
        assertThat(seen.get(0).getCorrelationId()).isEqualTo("1");
    }

    @Test
    void anUnroutedEventHasNoSubscriptionsAndIsDone() {
        Emission emission = gateway.emit("nobody.cares", 1);

        assertThat(emission.subscriptionIds()).isEmpty();
        assertThat(emission.completion()).isCompletedWithValue(DeliveryReport.empty());
    }

    @Test
    void runsSyncFunctionsBeforeItReturns() {
        Thread emitter = Thread.currentThread();
        List<Thread> threads = new ArrayList<>();
        gateway.functions().register("price", (event, context) -> {
            threads.add(Thread.currentThread());
            return 42;
        });
        gateway.subscriptions()
                .create(Subscription.to("price.asked").function("price").sync().build());

        Emission emission = gateway.emit("price.asked", null);

        assertThat(threads).containsExactly(emitter);
        assertThat(emission.completion()).isCompleted();
        assertThat(onlyDeliveryOf(emission).result().valueAs(Integer.class)).isEqualTo(42);
        assertThat(onlyDeliveryOf(emission).attempts()).isEqualTo(1);
    }

    @Test
    void aFailingSyncFunctionIsInTheReportAndStopsNoOther() {
        gateway.functions().register("bad", (event, context) -> {
            throw new IllegalStateException("no stock");
        });
        gateway.functions().register("good", record());
        gateway.subscriptions()
                .create(Subscription.to("order.placed").function("bad").sync().build());
        gateway.subscriptions()
                .create(Subscription.to("order.placed").function("good").sync().build());

        DeliveryReport report = reportOf(gateway.emit("order.placed", null));

        assertThat(seen).hasSize(1);
        assertThat(report.allDelivered()).isFalse();
        DeliveryResult failed = report.deliveries().get(0);
        assertThat(failed.status()).isEqualTo(DeliveryStatus.DEAD_LETTERED);
        assertThat(failed.failure()).isInstanceOf(InvocationException.class).hasMessageContaining("no stock");
        assertThat(report.deliveries().get(1).status()).isEqualTo(DeliveryStatus.DELIVERED);
    }

    @Test
    void waitsForTheStageOfASyncFunction() {
        CompletableFuture<Object> stage = new CompletableFuture<>();
        gateway.functions()
                .register(
                        "slow",
                        (event, context) ->
                                stage.completeOnTimeout("done", 30, java.util.concurrent.TimeUnit.MILLISECONDS));
        gateway.subscriptions()
                .create(Subscription.to("a").function("slow").sync().build());

        assertThat(onlyDeliveryOf(gateway.emit("a", null)).result().valueAs(String.class))
                .isEqualTo("done");
    }

    @Test
    void asyncFunctionsRunElsewhere() {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        gateway.subscribe("a", event -> thread.complete(Thread.currentThread()));

        gateway.emit("a", null);

        assertThat(Outcomes.get(thread)).isNotSameAs(Thread.currentThread());
        assertThat(gateway.awaitIdle(Duration.ofSeconds(20))).isTrue();
    }

    @Test
    void emitsAllInOrderOrNoneWhenOneIsNotValid() {
        gateway.functions().register("f", record());
        gateway.subscriptions()
                .create(Subscription.to("**").function("f").sync().build());

        List<Emission> emissions = gateway.emitAll(List.of(Event.of("a", 1), Event.of("b", 2)));
        assertThat(emissions).hasSize(2);
        assertThat(seen).extracting(Event::getType).containsExactly("a", "b");

        seen.clear();
        assertThatThrownBy(() -> gateway.emitAll(Arrays.asList(Event.of("a", 1), new NamelessEvent())))
                .isInstanceOf(InvalidEventException.class)
                .hasMessageContaining("id must be");
        assertThat(seen).isEmpty();
    }

    @Test
    void refusesTypesThatAreNotValidAndGoesOn() {
        gateway.subscribe("a", seen::add);

        assertThatThrownBy(() -> gateway.emit(null, 1))
                .isInstanceOf(InvalidEventException.class)
                .hasMessageContaining("type");
        assertThatThrownBy(() -> gateway.emit("", 1)).isInstanceOf(InvalidEventException.class);
        assertThatThrownBy(() -> gateway.emit(new NamelessEvent())).isInstanceOf(InvalidEventException.class);

        reportOf(gateway.emit("a", 1));
        assertThat(seen).hasSize(1);
    }

    @Test
    void aDisabledSubscriptionGetsNothing() {
        gateway.functions().register("f", record());
        Subscription disabled = gateway.subscriptions()
                .create(Subscription.to("a").function("f").enabled(false).build());
        assertThat(gateway.emit("a", 1).subscriptionIds()).isEmpty();

        gateway.subscriptions().update(disabled.toBuilder().enabled(true).build());
        assertThat(gateway.emit("a", 1).subscriptionIds()).containsExactly(disabled.id());
    }
}
