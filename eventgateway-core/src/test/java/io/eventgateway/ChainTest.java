package io.eventgateway;

import static io.eventgateway.Outcomes.get;
import static io.eventgateway.Outcomes.onlyDeliveryOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.delivery.DeliveryReport;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChainTest {
    private final EventGateway gateway = Outcomes.oneAttempt().build();
    private final Map<String, Event> seen = new ConcurrentHashMap<>();

    @BeforeEach
    void watchEverything() {
        gateway.functions().register("watch", (event, context) -> {
            // several of one type may come in any order, since each async handler runs beside the sync ones
            seen.merge(
                    event.getType(), event, (one, other) -> one.getChainDepth() > other.getChainDepth() ? one : other);
            return null;
        });
        gateway.subscriptions()
                .create(Subscription.to("**").function("watch").sync().build());
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private void on(String type, FunctionHandler handler) {
        gateway.functions().register("on-" + type, handler);
        gateway.subscribe(type, "on-" + type);
    }

    private void emitAndSettle(String type) {
        gateway.emit(type, null);
        assertThat(gateway.awaitIdle(Duration.ofSeconds(20))).isTrue();
    }

    @Test
    void aReturnedEventContinuesTheChain() {
        on("a", (event, context) -> Event.of("b", 1));
        on("b", (event, context) -> Event.of("c", 1));

        emitAndSettle("a");

        Event a = seen.get("a");
        Event b = seen.get("b");
        Event c = seen.get("c");
        assertThat(b.getCausationId()).isEqualTo(a.getId());
        assertThat(c.getCausationId()).isEqualTo(b.getId());
        assertThat(List.of(b.getCorrelationId(), c.getCorrelationId())).containsOnly(a.getId());
        assertThat(List.of(a.getChainDepth(), b.getChainDepth(), c.getChainDepth()))
                .containsExactly(0, 1, 2);
        assertThat(c.getExtension("chaindepth")).isEqualTo(2);
    }

    @Test
    void anEventThatIsMadeOfTheHandledOneIsCausedByThatAndNotByItsCause() {
        on("a", (event, context) -> Event.of("b", 1));
        on("b", (event, context) -> Event.builder("c")
                .extension("causationid", event.getCausationId())
                .build());

        emitAndSettle("a");

        assertThat(seen.get("c").getCausationId()).isEqualTo(seen.get("b").getId());
        assertThat(seen.get("c").getCorrelationId()).isEqualTo(seen.get("a").getId());
    }

    @Test
    void severalReturnedEventsAreAllEmittedAndTheResultIsEmpty() {
        gateway.functions().register("split", (event, context) -> List.of(Event.of("b", 1), Event.of("c", 2)));
        gateway.subscriptions()
                .create(Subscription.to("a").function("split").sync().build());

        Emission emission = gateway.emit("a", null);

        assertThat(Outcomes.reportOf(emission).deliveries())
                .allMatch(each -> each.status() == DeliveryStatus.DELIVERED);
        assertThat(seen).containsKeys("b", "c");
    }

    @Test
    void anEventOfAStageContinuesTheChain() {
        on("a", (event, context) -> CompletableFuture.supplyAsync(() -> Event.of("b", 1)));

        emitAndSettle("a");

        assertThat(seen.get("b").getCausationId()).isEqualTo(seen.get("a").getId());
    }

    @Test
    void anEmitOnTheHandlersThreadContinuesTheChain() {
        on("a", (event, context) -> {
            gateway.emit("b", 1);
            context.emit("c", 2);
            return null;
        });

        emitAndSettle("a");

        assertThat(seen.get("b").getCausationId()).isEqualTo(seen.get("a").getId());
        assertThat(seen.get("c").getCausationId()).isEqualTo(seen.get("a").getId());
    }

    @Test
    void anEmitByTheContextContinuesTheChainOnAnyThread() {
        on(
                "a",
                (event, context) -> CompletableFuture.runAsync(() -> {
                    context.emit(Event.of("b", 1));
                    gateway.emit("unrelated", 1);
                }));

        emitAndSettle("a");

        assertThat(seen.get("b").getCausationId()).isEqualTo(seen.get("a").getId());
        assertThat(seen.get("unrelated").getCausationId()).isNull();
    }

    @Test
    void theChainEndsWithTheHandler() {
        gateway.functions().register("f", (event, context) -> null);
        gateway.subscriptions().create(Subscription.to("a").function("f").sync().build());

        gateway.emit("a", null);
        gateway.emit("b", null);

        assertThat(seen.get("b").getCausationId()).isNull();
    }

    @Test
    void nestedSyncHandlersEachCauseTheirOwn() {
        gateway.functions().register("outer", (event, context) -> {
            gateway.emit("inner", null);
            gateway.emit("after", null);
            return null;
        });
        gateway.functions().register("inner", (event, context) -> gateway.emit("leaf", null)
                .event()
                .getId());
        gateway.subscriptions()
                .create(Subscription.to("outer").function("outer").sync().build());
        gateway.subscriptions()
                .create(Subscription.to("inner").function("inner").sync().build());

        gateway.emit("outer", null);

        assertThat(seen.get("leaf").getCausationId())
                .isEqualTo(seen.get("inner").getId());
        assertThat(seen.get("leaf").getChainDepth()).isEqualTo(2);
        assertThat(seen.get("after").getCausationId())
                .isEqualTo(seen.get("outer").getId());
    }

    @Test
    void anEventThatIsEmittedAgainIsDeeperEachTime() {
        on("a", (event, context) -> event.getChainDepth() < 3 ? event : null);

        emitAndSettle("a");

        assertThat(seen.get("a").getChainDepth()).isEqualTo(3);
    }

    @Test
    void aSyncLoopWithoutEndIsAFailureAndNotTheEndOfTheGateway() {
        gateway.functions().register("echo", (event, context) -> event);
        gateway.subscriptions()
                .create(Subscription.to("a").function("echo").sync().build());

        DeliveryReport report = get(gateway.emit("a", null).completion());
        assertThat(report.deliveries()).hasSize(2);

        on("start", (event, context) -> Event.of("a", null));
        emitAndSettle("start");
        assertThat(gateway.backlog().pending()).isZero();
    }

    @Test
    void aReplyThatIsNotAcceptedIsTheFunctionsFailure() {
        gateway.functions().register("f", (event, context) -> new NamelessEvent());
        Subscription subscription = gateway.subscribe("a", "f");

        DeliveryReport report = get(gateway.emit("a", null).completion());

        assertThat(report.deliveries())
                .filteredOn(delivery -> delivery.subscriptionId().equals(subscription.id()))
                .first()
                .satisfies(delivery -> assertThat(delivery.failure()).hasMessageContaining("reply of function 'f'"));
        assertThat(onlyDeliveryOf(gateway.emit("other", null)).status()).isEqualTo(DeliveryStatus.DELIVERED);
    }

    @Test
    void aCallThatLedToEventsEndsInTheTreeWhenItsCallerIsAnswered() {
        CompletableFuture<Object> answer = new CompletableFuture<>();
        gateway.functions().register("f", (event, context) -> {
            context.emit("a", 1);
            return answer;
        });
        gateway.subscriptions()
                .create(Subscription.http("GET", "/").function("f").build());
        CompletableFuture<InvocationResult> invoked = gateway.invokeAsync("f", null);
        Awaitility.await().until(() -> seen.containsKey("a"));
        String invokeChain = seen.remove("a").getCorrelationId();
        CompletableFuture<?> handled = gateway.handleAsync(HttpRequest.get("/").build());
        Awaitility.await().until(() -> seen.containsKey("a"));
        String handleChain = seen.get("a").getCorrelationId();

        assertThat(gateway.history().chain(invokeChain).roots().get(0).endedAt())
                .isNull();
        answer.complete("answer");
        get(invoked);
        get(handled);

        assertThat(gateway.history().chain(invokeChain).toString())
                .startsWith("invoke")
                .doesNotContain("under way");
        assertThat(gateway.history().chain(handleChain).toString())
                .startsWith("http.request")
                .doesNotContain("under way");
    }
}
