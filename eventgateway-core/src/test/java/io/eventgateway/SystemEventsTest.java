package io.eventgateway;

import static io.eventgateway.Outcomes.reportOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.history.ChainLimits;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SystemEventsTest {
    private final EventGateway gateway = Outcomes.oneAttempt().build();
    private final List<Event> told = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        gateway.close();
    }

    private void listen(String type, boolean sync) {
        gateway.functions().register("listener", (event, context) -> {
            told.add(event);
            return null;
        });
        Subscription.Builder subscription = Subscription.to(type).function("listener");
        gateway.subscriptions().create(sync ? subscription.sync().build() : subscription.build());
    }

    private void settle() {
        assertThat(gateway.awaitIdle(Duration.ofSeconds(20))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void tellOfAnEventFromItsAcceptanceToItsFunction(boolean sync) {
        listen("gateway.**", sync);
        gateway.functions().register("f", (event, context) -> "done");
        Subscription subscription = gateway.subscribe("a", "f");

        Emission emission = gateway.emit("a", 1);
        settle();

        assertThat(told)
                .extracting(Event::getType)
                .containsExactlyInAnyOrder(
                        "gateway.event.received", "gateway.function.invoking", "gateway.function.invoked");
        assertThat(told).allMatch(event -> event.getCausationId()
                .equals(emission.event().getId()));
        SystemEvent.FunctionInvoked invoked = told.stream()
                .filter(event -> event.getType().equals(SystemEvent.FUNCTION_INVOKED))
                .findFirst()
                .orElseThrow()
                .dataAs(SystemEvent.FunctionInvoked.class);
        assertThat(invoked.functionId()).isEqualTo("f");
        assertThat(invoked.subscriptionId()).isEqualTo(subscription.id());
        assertThat(invoked.event()).isSameAs(emission.event());
        assertThat(invoked.attempt()).isEqualTo(1);
        assertThat(invoked.space()).isEqualTo("default");
    }

    @Test
    void tellOfAFailureWithItsReason() {
        listen(SystemEvent.FUNCTION_INVOCATION_FAILED, true);
        gateway.functions().register("bad", (event, context) -> {
            throw new IllegalStateException("no stock");
        });
        gateway.subscribe("a", "bad");

        reportOf(gateway.emit("a", 1));

        SystemEvent.FunctionInvocationFailed failed = told.get(0).dataAs(SystemEvent.FunctionInvocationFailed.class);
        assertThat(failed.kind()).isEqualTo(InvocationException.Kind.FUNCTION_ERROR);
        assertThat(failed.message()).contains("no stock");
        assertThat(failed.retryable()).isTrue();
        assertThat(told.get(0).dataAsJson().path("event").path("type").stringValue())
                .isEqualTo("a");
    }

    @Test
    void tellOfInvokeAndOfSyncFunctionsToo() {
        listen("gateway.function.*", true);
        gateway.functions().register("f", (event, context) -> null);
        gateway.subscriptions().create(Subscription.to("a").function("f").sync().build());

        gateway.invoke("f", 1);
        gateway.emit("a", 1);

        assertThat(told)
                .extracting(Event::getType)
                .containsExactly(
                        "gateway.function.invoking",
                        "gateway.function.invoked",
                        "gateway.function.invoking",
                        "gateway.function.invoked");
    }

    @Test
    void begetNoneThemselves() {
        listen("gateway.**", true);

        gateway.emit("a", 1);
        gateway.emit("gateway.event.received", "forwarded from elsewhere");

        assertThat(told)
                .extracting(Event::getType)
                .containsExactly("gateway.event.received", "gateway.event.unrouted", "gateway.event.received");
    }

    @Test
    void areNotMadeForNobodyAndNotAfterTheLastListenerLeft() {
        listen("gateway.event.received", true);
        gateway.emit("a", 1);
        assertThat(told).hasSize(1);

        gateway.subscriptions().list().forEach(subscription -> gateway.subscriptions()
                .delete(subscription.id()));
        gateway.subscribe("**", event -> told.add(event));
        reportOf(gateway.emit("a", 1));
        assertThat(told).hasSize(2);
        assertThat(told.get(1).getType()).isEqualTo("a");
    }

    @Test
    void aListenerThatFailsHarmsNobody() {
        gateway.functions().register("bad", (event, context) -> {
            throw new IllegalStateException("listener");
        });
        gateway.subscriptions()
                .create(Subscription.to("gateway.**").function("bad").sync().build());
        gateway.subscribe("a", event -> {});

        assertThat(reportOf(gateway.emit("a", 1)).allDelivered()).isTrue();
    }

    @Test
    void stayInTheirSpace() {
        listen("gateway.**", true);

        gateway.space("other").emit("a", 1);

        assertThat(told).isEmpty();
    }

    @Test
    void aListenerOfDeadLettersThatEmitsWhatFailsComesToAnEnd() {
        gateway.functions().register("bad", (event, context) -> {
            throw new IllegalStateException("no stock");
        });
        gateway.subscribe("a", "bad");
        gateway.functions().register("listener", (event, context) -> {
            told.add(event);
            if (told.size() > 100) {
                return null; // so that the test ends
            }
            return Event.of("a", "again");
        });
        gateway.subscribe(SystemEvent.DELIVERY_DEAD_LETTERED, "listener");

        gateway.emit("a", 1);
        settle();

        assertThat(told).hasSize(1);
        assertThat(gateway.deadLetters().count()).isEqualTo(2);
    }

    @Test
    void aListenerOfDeadLettersWhoseOwnEventsAreStoppedIsNotToldOfThese() {
        try (EventGateway shallow = EventGateway.builder()
                .chainLimits(ChainLimits.defaults().withMaxDepth(1))
                .defaultDelivery(DeliveryPolicy.atMostOnce())
                .build()) {
            shallow.functions().register("bad", (event, context) -> {
                throw new IllegalStateException("no stock");
            });
            shallow.subscribe("a", "bad");
            shallow.functions().register("listener", (event, context) -> {
                told.add(event);
                if (told.size() <= 100) {
                    context.emit("a", "again");
                }
                return null;
            });
            shallow.subscribe(SystemEvent.DELIVERY_DEAD_LETTERED, "listener");

            shallow.emit("a", 1);
            assertThat(shallow.awaitIdle(Duration.ofSeconds(20))).isTrue();

            assertThat(told).hasSize(1);
        }
    }

    @Test
    void aDeadLetterFunctionThatEmitsWhatFailsComesToAnEnd() {
        try (EventGateway handing = EventGateway.builder()
                .defaultDelivery(DeliveryPolicy.builder()
                        .maxAttempts(1)
                        .deadLetter("graveyard")
                        .build())
                .build()) {
            handing.functions().register("bad", (event, context) -> {
                throw new IllegalStateException("no stock");
            });
            handing.subscribe("a", "bad");
            handing.functions().register("graveyard", (event, context) -> {
                told.add(event);
                return told.size() > 100 ? null : Event.of("a", "again");
            });

            handing.emit("a", 1);
            assertThat(handing.awaitIdle(Duration.ofSeconds(20))).isTrue();

            assertThat(told).hasSize(1);
            assertThat(handing.deadLetters().count()).isEqualTo(1);
        }
    }

    @Test
    void aListenerOfFailuresThatCallsWhatFailsComesToAnEnd() {
        gateway.functions().register("bad", (event, context) -> {
            throw new IllegalStateException("no stock");
        });
        gateway.functions().register("listener", (event, context) -> {
            told.add(event);
            return told.size() > 100 ? null : gateway.invoke("bad", "again");
        });
        gateway.subscriptions()
                .create(Subscription.to(SystemEvent.FUNCTION_INVOCATION_FAILED)
                        .function("listener")
                        .sync()
                        .build());
        gateway.subscribe("a", "bad");

        gateway.emit("a", 1);
        settle();

        assertThat(told).hasSize(1);
    }

    @Test
    void slowListenersOfOneTypeTakeALittleRoomAndNoneOfTheOtherTypes() {
        CountDownLatch release = new CountDownLatch(1);
        gateway.functions().register("slow", (event, context) -> {
            release.await();
            return null;
        });
        gateway.subscribe(SystemEvent.EVENT_RECEIVED, "slow");
        listen(SystemEvent.EVENT_UNROUTED, false);
        try {
            for (int i = 0; i < 2_000; i++) {
                gateway.emit("a", i);
            }
            Awaitility.await().until(() -> told.size() >= 500); // each of these was quick, or there was no room for it
            assertThat(gateway.backlog().pending()).isLessThanOrEqualTo(1_000);
        } finally {
            release.countDown();
        }
        settle();
        int before = told.size();
        gateway.emit("a", "after");
        settle();
        assertThat(told).hasSize(before + 1);
    }
}
