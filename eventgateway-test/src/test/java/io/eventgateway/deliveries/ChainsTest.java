package io.eventgateway.deliveries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.FunctionHandler;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.BacklogPolicy;
import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.error.BacklogFullException;
import io.eventgateway.error.EventRejectedException;
import io.eventgateway.error.InvalidEventException;
import io.eventgateway.history.ChainLimits;
import io.eventgateway.history.EventChain;
import io.eventgateway.test.RecordingFunction;
import io.eventgateway.test.TestGateway;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChainsTest {
    private TestGateway gateway = TestGateway.create();

    @AfterEach
    void close() {
        gateway.close();
    }

    private void limit(ChainLimits limits) {
        gateway.close();
        gateway = TestGateway.create(builder -> builder.chainLimits(limits));
    }

    private void on(String type, String functionId, FunctionHandler handler) {
        gateway.functions().register(functionId, handler);
        gateway.subscribe(type, functionId);
    }

    private List<DeadLetter> stopped() {
        return gateway.deadLetters().list().stream()
                .filter(letter -> letter.reason() == DeadLetter.Reason.CHAIN_STOPPED)
                .toList();
    }

    @Test
    void aChainThatIsTooDeepIsStoppedLoudlyAndKept() {
        limit(new ChainLimits(3, 100, 100));
        for (int i = 0; i < 10; i++) {
            int next = i + 1;
            on("t" + i, "f" + i, (event, context) -> Event.of("t" + next, 1));
        }

        gateway.track(() -> gateway.emit("t0", 1));

        assertThat(stopped()).singleElement().satisfies(letter -> {
            assertThat(letter.event().getType()).isEqualTo("t4");
            assertThat(letter.functionId()).isEqualTo("f4");
            assertThat(letter.message())
                    .contains("it is 4 deep in its chain, the limit is 3")
                    .contains("t0 -f0-> t1 -f1-> t2 -f2-> t3 -f3-> t4");
        });
    }

    @Test
    void ofALongPathTheBeginningAndTheEndAreSaid() {
        limit(new ChainLimits(40, 100, 1_000));
        for (int i = 0; i < 50; i++) {
            int next = i + 1;
            on("t" + i, "f" + i, (event, context) -> Event.of("t" + next, 1));
        }

        gateway.track(() -> gateway.emit("t0", 1));

        assertThat(stopped().get(0).message())
                .contains("its path is t0 -f0-> t1 -f1-> t2 -f2-> t3 -f3-> ... 21 more ... -> t25 -f25-> t26")
                .endsWith("t40 -f40-> t41");
    }

    @Test
    void aFunctionThatIsVisitedTooOftenStopsTheChain() {
        limit(new ChainLimits(100, 3, 1000));
        RecordingFunction ping = new RecordingFunction().answering((event, context) -> Event.of("pong", 1));
        on("ping", "ping", ping);
        on("pong", "pong", (event, context) -> Event.of("ping", 1));

        gateway.track(() -> gateway.emit("ping", 1));

        assertThat(ping.events()).hasSize(3);
        assertThat(stopped().get(0).message())
                .contains("function 'ping' is on its path 3 times already")
                .contains("ping -ping-> pong -pong-> ping");
    }

    @Test
    void aFunctionThatManyBranchesVisitIsNotACycle() {
        limit(new ChainLimits(100, 2, 1000));
        RecordingFunction audit = new RecordingFunction();
        on("split", "split", (event, context) -> IntStream.range(0, 20)
                .mapToObj(i -> Event.of("part", i))
                .collect(Collectors.toList()));
        on("part", "audit", audit);

        assertThat(gateway.track(() -> gateway.emit("split", 1)).allDelivered()).isTrue();
        assertThat(audit.events()).hasSize(20);
    }

    @Test
    void aChainThatExplodesIsStopped() {
        limit(new ChainLimits(100, 100, 50));
        RecordingFunction twice =
                new RecordingFunction().answering((event, context) -> List.of(Event.of("a", 1), Event.of("a", 2)));
        on("a", "twice", twice);

        gateway.emit("a", 1);
        gateway.advance(Duration.ofHours(1));

        assertThat(twice.events())
                .hasSize(49); // two more would be 51, and of the replies of one result all are emitted, or none
        assertThat(stopped()).isNotEmpty();
        assertThat(stopped().get(0).message()).contains("events already, the limit is 50");
        assertThat(gateway.backlog().pending()).isZero();
    }

    @Test
    void theEmitterIsToldAndNothingElseIsDelivered() {
        limit(new ChainLimits(1, 100, 100));
        RecordingFunction end = new RecordingFunction();
        on("c", "end", end);
        on("b", "emitting", (event, context) -> {
            assertThatThrownBy(() -> gateway.emit("c", 1))
                    .isInstanceOf(EventRejectedException.class)
                    .hasMessageContaining("'c' was stopped");
            return null;
        });
        on("a", "start", (event, context) -> Event.of("b", 1));

        assertThat(gateway.track(() -> gateway.emit("a", 1)).deliveries())
                .allMatch(delivery -> delivery.status() == DeliveryStatus.DELIVERED);
        assertThat(end.events()).isEmpty();
        assertThat(stopped()).hasSize(1);

        gateway.deadLetters().redrive(stopped().get(0).id());
        assertThat(end.events()).hasSize(1);
    }

    @Test
    void anEventThatComesDeepFromElsewhereIsStoppedToo() {
        on("a", "f", new RecordingFunction());

        assertThatThrownBy(() -> gateway.emit(
                        Event.builder("a").extension("chaindepth", 65).build()))
                .isInstanceOf(EventRejectedException.class)
                .hasMessageContaining("65 deep");
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "-1", "2147483648", "1.5", ""})
    void anEventFromElsewhereWhoseDepthIsNoDepthIsRefused(String depth) {
        assertThatThrownBy(() -> Event.builder("a").extension("chaindepth", depth))
                .isInstanceOf(InvalidEventException.class)
                .hasMessageContaining("chaindepth")
                .hasMessageContaining("an integer from 0 to 2147483647");
    }

    @Test
    void theDepthOfWhatTheDeepestEventLeadsToIsNotNegative() {
        limit(new ChainLimits(Integer.MAX_VALUE, 100, 100));
        RecordingFunction end = new RecordingFunction();
        on(
                "a",
                "f",
                (event, context) -> List.of(Event.of("b", 1), Event.builder("b").build()));
        on("b", "end", end);

        gateway.emit(
                Event.builder("a").extension("chaindepth", Integer.MAX_VALUE).build());
        gateway.advance(Duration.ofSeconds(1));

        assertThat(end.events()).hasSize(2).allMatch(event -> event.getChainDepth() == Integer.MAX_VALUE);
    }

    @Test
    void aFunctionOfTheSameIdInAnotherSpaceIsAnotherFunction() {
        limit(new ChainLimits(100, 1, 1000));
        RecordingFunction other = new RecordingFunction();
        gateway.space("other").functions().register("f", other);
        gateway.space("other").subscribe("b", "f");
        on("b", "forward", (event, context) -> {
            gateway.space("other").emit("b", 1);
            return null;
        });
        on("a", "f", (event, context) -> Event.of("b", 1));

        gateway.track(() -> gateway.emit("a", 1));

        assertThat(other.events()).hasSize(1);
        assertThat(stopped()).isEmpty();
    }

    @Test
    void anEventThatWasRefusedForWantOfRoomDoesNotCountForItsChain() {
        gateway.close();
        gateway = TestGateway.create(
                builder -> builder.chainLimits(new ChainLimits(100, 100, 4)).backlog(1, BacklogPolicy.REJECT));
        RecordingFunction end = new RecordingFunction();
        on("b", "end", end);
        gateway.functions().register("f", (event, context) -> {
            for (int i = 0; i < 10; i++) {
                assertThatThrownBy(() -> gateway.emitAll(List.of(Event.of("b", 1), Event.of("b", 2))))
                        .isInstanceOf(BacklogFullException.class);
            }
            return null;
        });
        gateway.subscriptions().create(Subscription.to("a").function("f").sync().build());

        assertThat(gateway.emit("a", 1).completion().join().allDelivered()).isTrue();
    }

    @Test
    void theNewestChainsAreRememberedHoweverManyThereAre() {
        on("a", "f", (event, context) -> Event.of("b", 1));
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 60_000; i++) {
            ids.add(gateway.emit("a", i).event().getId());
            gateway.history().chain(ids.get(i / 2));
        }

        assertThat(ids.subList(40_000, 60_000))
                .noneMatch(id -> gateway.history().chain(id).isEmpty());
        assertThat(gateway.history().chain(ids.get(0)).isEmpty()).isTrue();
    }

    @Test
    void aChainThatHasEndedHoldsNeitherTheDataOfItsEventsNorWhatTheFunctionsReturned() {
        on("a", "f", (event, context) -> Event.of("b", new byte[1_000]));
        gateway.functions().register("g", (event, context) -> new byte[1_000]);
        gateway.subscriptions().create(Subscription.to("b").function("g").sync().build());

        String id = gateway.emit("a", new byte[1_000]).event().getId();
        gateway.advance(Duration.ofSeconds(1));

        EventChain.Node root = gateway.history().chain(id).roots().get(0);
        assertThat(root.event().getData()).isNull();
        assertThat(root.children()).singleElement().satisfies(child -> {
            assertThat(child.event().getData()).isNull();
            assertThat(child.event().getType()).isEqualTo("b");
            assertThat(child.deliveries()).singleElement().satisfies(delivery -> {
                assertThat(delivery.status()).isEqualTo(DeliveryStatus.DELIVERED);
                assertThat(Objects.requireNonNull(delivery.result()).isEmpty()).isTrue();
            });
        });
    }

    @Test
    void theEventsOfAChainThatHasEndedAreNotHeld() {
        List<WeakReference<Object>> data = new ArrayList<>();
        try (EventGateway plain = EventGateway.create()) { // a test gateway's timeline holds them
            plain.functions().register("g", (event, context) -> null);
            plain.subscriptions()
                    .create(Subscription.to("b").function("g").sync().build());
            plain.functions().register("f", (event, context) -> {
                context.emit("b", given(data));
                return null;
            });
            plain.subscriptions()
                    .create(Subscription.to("a").function("f").sync().build());

            String id = plain.emit("a", given(data)).event().getId();

            Collected.await(data);
            assertThat(data).hasSize(2);
            assertThat(plain.history().chain(id).roots()).hasSize(1);
        }
    }

    private static Object given(List<WeakReference<Object>> held) {
        Object data = new ArrayList<>(List.of(1));
        held.add(new WeakReference<>(data));
        return data;
    }

    @Test
    void aChainShowsHowSyncFunctionsThatEmittedEnded() {
        gateway.functions().register("f", (event, context) -> {
            context.emit("b", 1);
            throw new IOException("no");
        });
        gateway.subscriptions().create(Subscription.to("a").function("f").sync().build());

        String id = gateway.emit("a", 1).event().getId();

        assertThat(gateway.history().chain(id).roots().get(0).deliveries())
                .singleElement()
                .satisfies(delivery -> assertThat(delivery.status()).isEqualTo(DeliveryStatus.DEAD_LETTERED));
    }

    @Test
    void theHistoryOfAChainIsATreeWithTimesAndOutcomes() {
        RecordingFunction mail = new RecordingFunction().failing(2, new IOException("smtp"));
        on(
                "order.placed",
                "order",
                (event, context) -> List.of(Event.of("stock.taken", 1), Event.of("mail.wanted", 1)));
        on("mail.wanted", "mail", mail);
        gateway.subscriptions()
                .create(Subscription.to("order.placed").id("audit").function("order2").build().toBuilder()
                        .function("mail")
                        .build());

        String id = gateway.emit("order.placed", 1).event().getId();
        EventChain early = gateway.history().chain(id);
        assertThat(early.roots().get(0).children().get(1).endedAt()).isNull();
        gateway.advance(Duration.ofMinutes(1));

        EventChain chain = gateway.history().chain(id);
        assertThat(chain.roots()).singleElement().satisfies(root -> {
            assertThat(root.event().getId()).isEqualTo(id);
            assertThat(root.deliveries()).extracting(each -> each.functionId()).containsOnly("order", "mail");
            assertThat(root.endedAt()).isAfter(root.acceptedAt());
            assertThat(root.children())
                    .extracting(child -> child.event().getType())
                    .containsExactly("stock.taken", "mail.wanted");
            assertThat(root.children()).allMatch(child -> "order".equals(child.emittedBy()));
            assertThat(root.children().get(1).deliveries().get(0).status()).isEqualTo(DeliveryStatus.DELIVERED);
        });
        assertThat(chain.toString())
                .contains("order.placed (" + id)
                .contains("    mail.wanted (")
                .contains("-> mail: DELIVERED");
        assertThat(chain.toMermaid())
                .startsWith("flowchart LR\n")
                .contains("order.placed")
                .contains("-.->");
        assertThat(gateway.history().chain("unknown").isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatTheFunctionForDeadLettersGotIsBelowTheEventThatWasGivenUp(boolean sync) {
        gateway.functions().register("letters", (event, context) -> Event.of("told", 1));
        gateway.functions().register("f", (event, context) -> {
            throw new IOException("no");
        });
        Subscription.Builder subscription = Subscription.to("a").function("f");
        DeliveryPolicy policy =
                DeliveryPolicy.builder().maxAttempts(1).deadLetter("letters").build();
        gateway.subscriptions()
                .create((sync ? subscription.sync() : subscription)
                        .delivery(policy)
                        .build());

        String id = gateway.emit("a", 1).event().getId();

        assertThat(gateway.history().chain(id).roots()).singleElement().satisfies(root -> {
            assertThat(root.event().getType()).isEqualTo("a");
            assertThat(root.deliveries()).singleElement().satisfies(each -> assertThat(each.status())
                    .isEqualTo(DeliveryStatus.DEAD_LETTERED));
            assertThat(root.endedAt()).isNotNull();
            assertThat(root.children()).singleElement().satisfies(letter -> {
                assertThat(letter.event().getType()).isEqualTo("gateway.delivery.deadLettered");
                assertThat(letter.deliveries()).singleElement().satisfies(each -> assertThat(each.status())
                        .isEqualTo(DeliveryStatus.DELIVERED));
                assertThat(letter.children())
                        .extracting(told -> told.event().getType())
                        .containsExactly("told");
            });
        });
    }

    @Test
    void aDeadLetterThatIsRedrivenEndsInTheTreeAsItsRedriveDoes() {
        RecordingFunction f = new RecordingFunction().failing(2, new IOException("no"));
        gateway.functions().register("f", f);
        gateway.subscriptions()
                .create(Subscription.to("a")
                        .id("s")
                        .function("f")
                        .delivery(DeliveryPolicy.builder()
                                .maxAttempts(1)
                                .rateLimit(1, Duration.ofMinutes(1))
                                .build())
                        .build());
        on("a", "reply", (event, context) -> Event.of("b", 1));
        String id = gateway.emit("a", 1).event().getId();
        assertThat(statuses(id)).containsExactlyInAnyOrder(DeliveryStatus.DEAD_LETTERED, DeliveryStatus.DELIVERED);

        redriveTheOnly();
        assertThat(statuses(id)).as("under way again").containsExactly(DeliveryStatus.DELIVERED);
        assertThat(gateway.history().chain(id).roots().get(0).endedAt()).isNull();
        gateway.advance(Duration.ofMinutes(1));
        assertThat(statuses(id)).containsExactlyInAnyOrder(DeliveryStatus.DEAD_LETTERED, DeliveryStatus.DELIVERED);

        redriveTheOnly();
        gateway.advance(Duration.ofMinutes(1));
        assertThat(statuses(id)).containsExactly(DeliveryStatus.DELIVERED, DeliveryStatus.DELIVERED);
        assertThat(gateway.history().chain(id).roots().get(0).endedAt())
                .isEqualTo(gateway.clock().instant());
    }

    private void redriveTheOnly() {
        gateway.deadLetters().redrive(gateway.deadLetters().list().get(0).id());
    }

    private List<DeliveryStatus> statuses(String correlationId) {
        return gateway.history().chain(correlationId).roots().get(0).deliveries().stream()
                .map(each -> each.status())
                .toList();
    }

    @Test
    void theHistoryShowsWhatWasStopped() {
        limit(new ChainLimits(1, 100, 100));
        on("a", "again", (event, context) -> Event.of("a", 1));

        String id = gateway.emit("a", 1).event().getId();
        gateway.advance(Duration.ofMinutes(1));

        assertThat(gateway.history().chain(id).toString()).contains("stopped");
    }

    @Test
    void aSubscriptionThatClosesACycleIsWarnedOf() {
        gateway.functions()
                .register(FunctionDefinition.of("order", "java", Map.of()).emits("payment.wanted"), (e, c) -> null);
        gateway.functions()
                .register(FunctionDefinition.of("pay", "java", Map.of()).emits("order.paid"), (e, c) -> null);

        assertThat(gateway.subscriptions()
                        .create(Subscription.to("order.*").function("order").build())
                        .findings())
                .isEmpty();
        Subscription closing = gateway.subscriptions()
                .create(Subscription.to("payment.wanted").function("pay").build());

        assertThat(closing.findings())
                .singleElement()
                .satisfies(cycle -> {
                    assertThat(cycle.about()).isEqualTo("cycle");
                    assertThat(cycle.message()).contains("pay -> order.paid -> order -> payment.wanted -> pay");
                });
        assertThat(gateway.subscriptions().get(closing.id())).contains(closing);
    }

    @Test
    void aFunctionThatEmitsWhatItSubscribesToIsACycle() {
        gateway.functions()
                .register(FunctionDefinition.of("echo", "java", Map.of()).emits("a.b"), (e, c) -> null);

        assertThat(gateway.subscriptions()
                        .create(Subscription.to("a.**").function("echo").build())
                        .findings())
                .hasSize(1);
        assertThat(gateway.subscriptions()
                        .create(Subscription.to("b").function("echo").build())
                        .findings())
                .as("one that has no part in the cycle")
                .isEmpty();
    }

    @Test
    void theDefaultLimitsLeaveOrdinaryChainsAlone() {
        on(
                "count",
                "count",
                (event, context) ->
                        event.dataAs(Integer.class) == 10 ? null : Event.of("count", event.dataAs(Integer.class) + 1));

        assertThat(gateway.track(() -> gateway.emit("count", 0)).events("count"))
                .hasSize(11);
        assertThat(gateway.deadLetters().count()).isZero();
        assertThat(DeliveryPolicy.defaults().maxAttempts()).isEqualTo(5);
    }
}
