package io.eventgateway.invokers.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.InvocationException;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.DeliveryResult;
import io.eventgateway.error.InvalidFunctionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouterInvokerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final EventGateway other = EventGateway.create();
    private final EventGateway gateway = EventGateway.builder()
            .invoker(new RouterInvokerProvider().withGateway("billing", other))
            .build();
    private final EventGateway acme = gateway.space("acme");
    private final List<Event> got = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void close() {
        gateway.close();
        other.close();
    }

    private static FunctionDefinition router(String functionId, Object... entries) {
        Map<String, Object> configuration = new HashMap<>();
        for (int i = 0; i < entries.length; i += 2) {
            configuration.put((String) entries[i], entries[i + 1]);
        }
        return FunctionDefinition.of(functionId, "router", configuration);
    }

    private void collect(EventGateway in, String eventType) {
        in.functions().register("collect", (event, context) -> {
            got.add(event);
            return null;
        });
        in.subscribe(eventType, "collect");
    }

    private DeliveryResult deliver(Event event) {
        DeliveryResult result = gateway.emit(event).await(PATIENCE).deliveries().get(0);
        assertThat(gateway.awaitIdle(PATIENCE)).isTrue();
        assertThat(other.awaitIdle(PATIENCE)).isTrue();
        return result;
    }

    @Test
    void emitsIntoAnotherSpaceAsTheNextOfTheChain() {
        collect(acme, "order.placed");
        gateway.functions().register(router("to-acme", "space", "acme"));
        gateway.subscribe("order.placed", "to-acme");
        Event event = Event.builder("order.placed")
                .subject("o-1")
                .extension("tenant", "t")
                .data(Map.of("n", 1))
                .build();

        assertThat(deliver(event).failure()).isNull();

        assertThat(got).singleElement().satisfies(routed -> {
            assertThat(routed.getId()).isNotEqualTo(event.getId());
            assertThat(routed.getCorrelationId()).isEqualTo(event.getId());
            assertThat(routed.getCausationId()).isEqualTo(event.getId());
            assertThat(routed.getChainDepth()).isEqualTo(1);
            assertThat(routed.getSubject()).isEqualTo("o-1");
            assertThat(routed.getExtension("tenant")).isEqualTo("t");
            assertThat(routed.dataAsJson().path("n").asInt()).isEqualTo(1);
        });
        assertThat(gateway.history().chain(event.getId()).toString()).contains("to-acme", "collect");
    }

    @Test
    void emitsIntoAnotherGatewayThatTheApplicationMakesKnown() {
        collect(other, "order.placed");
        gateway.functions().register(router("to-billing", "gateway", "billing"));
        gateway.subscribe("order.placed", "to-billing");
        Event event = Event.of("order.placed", 1);

        assertThat(deliver(event).failure()).isNull();

        assertThat(got).singleElement().satisfies(routed -> {
            assertThat(routed.getCorrelationId()).isEqualTo(event.getId());
            assertThat(routed.getCausationId()).isEqualTo(event.getId());
            assertThat(routed.getChainDepth()).isEqualTo(1);
        });
    }

    private static Event from(String source, String id, int depth) {
        return Event.builder("a")
                .id(id)
                .source(source)
                .subject(source)
                .extension("correlationid", "chain of " + source)
                .extension("chaindepth", depth)
                .data(Map.of())
                .build();
    }

    @ParameterizedTest
    @CsvSource({"space, false", "space, true", "gateway, false", "gateway, true"})
    void eachEventContinuesItsOwnChain(String where, boolean inBatches) {
        collect(where.equals("space") ? acme : other, "a");
        gateway.functions().register(router("routes", where, where.equals("space") ? "acme" : "billing"));
        DeliveryPolicy.Builder policy = DeliveryPolicy.builder();
        gateway.subscriptions()
                .create(Subscription.to("a")
                        .function("routes")
                        .delivery((inBatches ? policy.batching(3, Duration.ofMinutes(1)) : policy).build())
                        .build());
        List<Event> events = List.of(from("/fresh", "1", 0), from("/same-id", "1", 40), from("/deep", "2", 64));

        List<Emission> emissions = gateway.emitAll(events);

        assertThat(emissions.stream()
                        .map(each -> each.await(PATIENCE).deliveries().get(0).failure() == null))
                .as("one that is too deep is stopped alone")
                .containsExactly(true, true, false);
        assertThat(gateway.awaitIdle(PATIENCE)).isTrue();
        assertThat(other.awaitIdle(PATIENCE)).isTrue();
        assertThat(got)
                .extracting(Event::getSubject, Event::getCausationId, Event::getCorrelationId, Event::getChainDepth)
                .containsExactlyInAnyOrder(
                        tuple("/fresh", "1", "chain of /fresh", 1), tuple("/same-id", "1", "chain of /same-id", 41));
    }

    @Test
    void givesTheEventTheConfiguredType() {
        collect(acme, "copy");
        gateway.functions().register(router("to-acme", "space", "acme", "eventType", "copy"));
        gateway.subscribe("order.placed", "to-acme");

        assertThat(deliver(Event.of("order.placed", Map.of("n", 1))).failure()).isNull();

        assertThat(got).singleElement().satisfies(routed -> {
            assertThat(routed.getType()).isEqualTo("copy");
            assertThat(routed.dataAsJson().path("n").asInt()).isEqualTo(1);
        });
    }

    @Test
    void aRepeatedCallEmitsTheSameId() {
        collect(acme, "a");
        gateway.functions().register(router("to-acme", "space", "acme"));
        Event event = Event.of("a", 1);

        gateway.invoke("to-acme", event);
        gateway.invoke("to-acme", event);

        assertThat(gateway.awaitIdle(PATIENCE)).isTrue();
        assertThat(got).hasSize(2);
        assertThat(new HashSet<>(got.stream().map(Event::getId).toList())).hasSize(1);
    }

    @Test
    void aLoopBetweenSpacesIsStopped() {
        gateway.functions().register(router("to-acme", "space", "acme"));
        gateway.subscribe("ping", "to-acme");
        acme.functions().register(router("to-default", "space", "default"));
        acme.subscribe("ping", "to-default");

        deliver(Event.of("ping", null));

        assertThat(gateway.deadLetters().list())
                .extracting(DeadLetter::reason)
                .contains(DeadLetter.Reason.CHAIN_STOPPED);
    }

    @Test
    void aLoopBetweenGatewaysIsStopped() {
        try (EventGateway one = EventGateway.create();
                EventGateway two = EventGateway.builder()
                        .invoker(new RouterInvokerProvider().withGateway("one", one))
                        .build()) {
            one.functions().register("to-two", (event, context) -> {
                two.emit(event.toBuilder().id(event.getId() + "'").build());
                return null;
            });
            one.subscribe("ping", "to-two");
            two.functions().register(router("to-one", "gateway", "one"));
            two.subscribe("ping", "to-one");

            two.emit(Event.of("ping", null));

            long end = System.nanoTime() + PATIENCE.toNanos();
            while (one.deadLetters().list().isEmpty()
                    && two.deadLetters().list().isEmpty()) {
                assertThat(System.nanoTime()).isLessThan(end);
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void isDeliveredWhenTheOtherSpaceHasAcceptedTheEventUnlessItIsToAwaitTheDelivery() {
        acme.functions().register("broken", (event, context) -> {
            throw new IllegalStateException("no");
        });
        acme.subscriptions()
                .create(Subscription.to("a")
                        .function("broken")
                        .delivery(DeliveryPolicy.builder().maxAttempts(1).build())
                        .build());
        gateway.functions().register(router("hands-over", "space", "acme"));
        gateway.functions().register(router("awaits", "space", "acme", "awaitDelivery", true));

        assertThat(gateway.invoke("hands-over", Event.of("a", 1)).isEmpty()).isTrue();
        assertThatThrownBy(() -> gateway.invoke("awaits", Event.of("a", 1)))
                .isInstanceOfSatisfying(InvocationException.class, failure -> {
                    assertThat(failure.kind()).isEqualTo(InvocationException.Kind.FUNCTION_ERROR);
                    assertThat(failure.retryable()).isFalse();
                    assertThat(failure)
                            .hasMessageContaining("'awaits'")
                            .hasMessageContaining("1 of 1 deliveries failed");
                });
    }

    @Test
    void aBatchIsNotRepeatedForWhatWasDeliveredInPart() {
        AtomicInteger taken = new AtomicInteger();
        acme.functions().register("broken", (event, context) -> {
            throw new IllegalStateException("no");
        });
        acme.functions().register("good", (event, context) -> taken.incrementAndGet());
        for (String function : new String[] {"broken", "good"}) {
            acme.subscriptions()
                    .create(Subscription.to("a")
                            .function(function)
                            .delivery(DeliveryPolicy.builder().maxAttempts(1).build())
                            .build());
        }
        gateway.functions().register(router("awaits", "space", "acme", "awaitDelivery", true));
        gateway.subscriptions()
                .create(Subscription.to("a")
                        .function("awaits")
                        .delivery(DeliveryPolicy.builder()
                                .maxAttempts(3)
                                .batching(2, Duration.ofMillis(20))
                                .build())
                        .build());

        DeliveryResult result = gateway.emit(Event.of("a", 1))
                .completion()
                .orTimeout(20, TimeUnit.SECONDS)
                .join()
                .deliveries()
                .get(0);

        assertThat(result.attempts()).isEqualTo(1);
        assertThat(result.failure()).hasMessageContaining("1 of 2 deliveries failed");
        assertThat(taken).hasValue(1);
    }

    @Test
    void refusesWhatItCanNotRouteTo() {
        assertThatThrownBy(() -> gateway.functions().register(router("r")))
                .isInstanceOf(InvalidFunctionException.class)
                .hasMessageContaining("'space' or 'gateway' must say");
        assertThatThrownBy(() -> gateway.functions().register(router("r", "space", "a", "gateway", "billing")))
                .isInstanceOf(InvalidFunctionException.class);
        assertThatThrownBy(() -> gateway.functions().register(router("r", "gateway", "unknown")))
                .isInstanceOf(InvalidFunctionException.class)
                .hasMessageContaining("[billing], was 'unknown'");
    }
}
