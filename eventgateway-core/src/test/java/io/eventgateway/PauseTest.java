package io.eventgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.Pause;
import io.eventgateway.error.InvalidSubscriptionException;
import io.eventgateway.error.SubscriptionNotFoundException;
import io.eventgateway.spi.SubscriptionStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PauseTest {
    private final ManualClock clock = new ManualClock();
    private final SubscriptionStore store = SubscriptionStore.inMemory();
    private final EventGateway gateway = gateway();

    private EventGateway gateway() {
        EventGateway made =
                EventGateway.builder().clock(clock).subscriptionStore(store).build();
        made.functions().register("f", (event, context) -> null);
        return made;
    }

    @AfterEach
    void close() {
        gateway.close();
        store.close();
    }

    private static Subscription subscription() {
        return Subscription.to("a").function("f").build();
    }

    private static Pause pauseOf(EventGateway gateway) {
        return Objects.requireNonNull(
                gateway.subscriptions().get("a->f").orElseThrow().pause());
    }

    @Test
    void saysWhoWhySinceWhenAndUntilWhen() {
        gateway.subscriptions().create(subscription());
        Instant until = clock.instant().plus(Duration.ofHours(1));

        Subscription paused = gateway.subscriptions()
                .pause("a->f", Pause.until(until).withBy("ops").withReason("the mail server moves"));

        assertThat(gateway.subscriptions().get("a->f")).contains(paused);
        assertThat(paused.pause())
                .isEqualTo(Pause.until(until)
                        .withSince(clock.instant())
                        .withBy("ops")
                        .withReason("the mail server moves"));
        assertThat(paused.toJson())
                .contains("\"paused\":{\"since\":\"2026-01-01T00:00:00Z\",\"until\":\"2026-01-01T01:00:00Z\","
                        + "\"by\":\"ops\",\"reason\":\"the mail server moves\"}");
        assertThat(Subscription.fromJson(paused.toJson())).isEqualTo(paused);
        assertThat(paused).isNotEqualTo(subscription()).hasToString("Subscription[id=a->f, a -> f, ASYNC, paused]");
    }

    @Test
    void isSeenByOtherGatewaysAndAfterARestart() {
        gateway.subscriptions().create(subscription());
        try (EventGateway other = gateway()) {
            gateway.subscriptions().pause("a->f", Pause.untilResumed().withBy("ops"));
            assertThat(pauseOf(other).by()).isEqualTo("ops");

            other.subscriptions().resume("a->f");
            assertThat(gateway.subscriptions().get("a->f").orElseThrow().pause())
                    .isNull();
            gateway.subscriptions().pause("a->f");
        }
        try (EventGateway restarted = gateway()) {
            assertThat(pauseOf(restarted).since()).isEqualTo(clock.instant());
            restarted.subscriptions().create(subscription()); // what it says at its start says nothing about the pause
            assertThat(pauseOf(restarted).since()).isEqualTo(clock.instant());
        }
    }

    @Test
    void goesOnWhenTheSubscriptionIsUpdatedOrSaidAgain() {
        gateway.subscriptions().create(subscription());
        Pause pause = Objects.requireNonNull(gateway.subscriptions()
                .pause("a->f", Pause.untilResumed().withReason("moving"))
                .pause());

        assertThat(gateway.subscriptions().createOrUpdate(subscription()).change())
                .isEqualTo(Registered.Change.UNCHANGED);
        assertThat(pauseOf(gateway)).isEqualTo(pause);

        Subscription changed = subscription().toBuilder()
                .delivery(DeliveryPolicy.builder().maxAttempts(2).build())
                .build();
        Registered<Subscription> updated = gateway.subscriptions().createOrUpdate(changed);
        assertThat(updated.change()).isEqualTo(Registered.Change.UPDATED);
        assertThat(updated.differences()).hasSize(1);
        assertThat(updated.value().pause()).isEqualTo(pause);
        assertThat(gateway.subscriptions().update(subscription()).pause()).isEqualTo(pause);
        assertThat(pauseOf(gateway)).isEqualTo(pause);
        assertThat(gateway.subscriptions()
                        .update(gateway.subscriptions().get("a->f").orElseThrow().toBuilder()
                                .enabled(false)
                                .build())
                        .pause())
                .isEqualTo(pause);
    }

    @Test
    void isReplacedByAnotherAndEndsOnce() {
        gateway.subscriptions().create(subscription());
        gateway.subscriptions().pause("a->f", Pause.untilResumed().withBy("one"));
        clock.advance(Duration.ofMinutes(1));
        gateway.subscriptions().pause("a->f", Pause.untilResumed().withReason("two"));

        assertThat(pauseOf(gateway))
                .isEqualTo(Pause.untilResumed().withReason("two").withSince(clock.instant()));

        assertThat(gateway.subscriptions().resume("a->f")).isEqualTo(subscription());
        assertThat(gateway.subscriptions().resume("a->f")).isEqualTo(subscription());
    }

    @Test
    void thatEndedByItselfIsNotCarriedOn() {
        gateway.subscriptions().create(subscription());
        Instant until = clock.instant().plus(Duration.ofHours(1));
        gateway.subscriptions().pause("a->f", Pause.until(until));

        clock.advance(Duration.ofHours(1));

        assertThat(pauseOf(gateway).isOnAt(clock.instant())).isFalse();
        assertThat(gateway.explain(Event.of("a", 1)).toString()).doesNotContain("paused");
        assertThat(gateway.subscriptions()
                        .update(subscription().toBuilder().enabled(false).build())
                        .pause())
                .isNull();
        assertThatThrownBy(() -> gateway.subscriptions().pause("a->f", Pause.until(until)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'a->f'")
                .hasMessageContaining(
                        "must end after now, which is 2026-01-01T01:00:00Z, was until 2026-01-01T01:00:00Z");
    }

    @Test
    void isExplained() {
        gateway.subscriptions().create(subscription());
        gateway.subscriptions().pause("a->f", Pause.untilResumed().withBy("ops").withReason("the mail server moves"));

        Explanation explanation = gateway.explain(Event.of("a", 1));

        assertThat(explanation.matched()).hasSize(1);
        assertThat(explanation.toString())
                .contains("is paused since 2026-01-01T00:00:00Z by ops: the mail server moves;"
                        + " the event would be accepted and wait\n");
        assertThat(explanation.toJson().at("/subscriptions/0/paused/by").stringValue())
                .isEqualTo("ops");
        assertThat(explanation.of("a->f").orElseThrow().pause()).isEqualTo(pauseOf(gateway));
    }

    @Test
    void isOfAsyncSubscriptionsAlone() {
        gateway.subscriptions()
                .create(Subscription.to("a").function("f").sync().id("direct").build());
        gateway.subscriptions()
                .create(Subscription.http("GET", "/a").function("f").id("web").build());

        assertThatThrownBy(() -> gateway.subscriptions().pause("direct"))
                .isInstanceOf(InvalidSubscriptionException.class)
                .hasMessageContaining("'direct' can't be paused: only an async one can be")
                .hasMessageContaining("it is sync");
        assertThatThrownBy(() -> gateway.subscriptions().pause("web"))
                .isInstanceOf(InvalidSubscriptionException.class)
                .hasMessageContaining("it is http");
        assertThatThrownBy(() -> gateway.subscriptions().pause("nobody"))
                .isInstanceOf(SubscriptionNotFoundException.class)
                .hasMessageContaining("'nobody'");
        assertThatThrownBy(() -> gateway.subscriptions().resume("nobody"))
                .isInstanceOf(SubscriptionNotFoundException.class);
    }

    @Test
    void isToBeEndedBeforeTheSubscriptionBecomesSync() {
        gateway.subscriptions().create(subscription());
        gateway.subscriptions().pause("a->f");

        assertThatThrownBy(() -> gateway.subscriptions()
                        .update(Subscription.to("a").function("f").sync().build()))
                .isInstanceOf(InvalidSubscriptionException.class)
                .hasMessageContaining("resume it");
        assertThat(gateway.subscriptions().get("a->f").orElseThrow().mode()).isEqualTo(SubscriptionMode.ASYNC);
    }

    @Test
    void ofThisProcessAloneIsPossibleToo() {
        Subscription anonymous = gateway.subscribe("a", event -> {});

        assertThat(gateway.subscriptions().pause(anonymous.id()).pause()).isNotNull();
        assertThat(gateway.subscriptions().resume(anonymous.id())).isEqualTo(anonymous);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"until\":\"tomorrow\"}",
                "{\"since\":\"2026-01-01T00:00:00Z\",\"until\":\"2026-01-01T00:00:00Z\"}",
                "{\"until\":\"+10000-01-01T00:00:00Z\"}",
                "{\"by\":\" \"}",
                "{\"reason\":\"two\\nlines\"}",
                "{\"until\":1767225600}"
            })
    void isRefusedWhereItMeansNothing(String pause) {
        String json = "{\"eventType\":\"a\",\"functionId\":\"f\",\"paused\":" + pause + "}";

        assertThatThrownBy(() -> Subscription.fromJson(json))
                .isInstanceOf(InvalidSubscriptionException.class)
                .hasMessageContaining("paused");
    }
}
