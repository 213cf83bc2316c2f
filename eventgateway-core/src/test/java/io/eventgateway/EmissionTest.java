package io.eventgateway;

import static io.eventgateway.Outcomes.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloudevents.core.builder.CloudEventBuilder;
import io.eventgateway.delivery.DeliveryReport;
import io.eventgateway.error.DeliveryPendingException;
import io.eventgateway.error.InvalidEventException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EmissionTest {
    private final EventGateway gateway = EventGateway.create();

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void saysWhetherAnySubscriptionMatched() {
        gateway.subscribe("a", event -> {});

        assertThat(gateway.emit("a", 1).isRouted()).isTrue();
        Emission unrouted = gateway.emit("nobody", 1);
        assertThat(unrouted.isRouted()).isFalse();
        assertThat(unrouted.await(Duration.ZERO).allDelivered()).isTrue();
    }

    @Test
    void awaitGivesTheWholeReport() {
        gateway.subscribe("a", event -> {});
        gateway.subscribe("a", event -> {});

        assertThat(gateway.emit("a", 1).await(Duration.ofSeconds(20)).deliveries())
                .hasSize(2);
    }

    @Test
    void awaitThrowsRatherThanGiveAPartOfTheReport() {
        CountDownLatch release = new CountDownLatch(1);
        Subscription stuck = gateway.subscribe("a", event -> release.await());
        Emission emission = gateway.emit("a", 1);

        assertThatThrownBy(() -> emission.await(Duration.ofMillis(1)))
                .isInstanceOfSatisfying(
                        DeliveryPendingException.class,
                        pending -> assertThat(pending.soFar().deliveries()).isEmpty())
                .hasMessageContaining(stuck.id())
                .hasMessageContaining("PT0.001S");

        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> emission.await(Duration.ofSeconds(20)))
                .isInstanceOf(DeliveryPendingException.class)
                .hasMessageContaining("interrupted");
        assertThat(Thread.interrupted()).isTrue();
        release.countDown();
        assertThat(emission.await(Duration.ofSeconds(20)).allDelivered()).isTrue();
    }

    @Test
    void eachCallersCompletionIsItsOwn() {
        CountDownLatch release = new CountDownLatch(1);
        gateway.subscribe("a", event -> release.await());
        Emission emission = gateway.emit("a", 1);
        CompletableFuture<DeliveryReport> other = emission.completion();

        emission.completion().cancel(true);
        emission.completion().complete(DeliveryReport.empty());
        release.countDown();

        assertThat(get(other).deliveries()).hasSize(1);
        assertThat(get(emission.completion()).deliveries()).hasSize(1);
    }

    static Object[] whatIsMeantForAnotherOverload() {
        return new Object[][] {
            {EmitOptions.builder().delay(Duration.ofHours(1)).build(), "emit(type, data, options)"},
            {Event.of("b", 1), "emit(event)"},
            {Event.builder("b"), "build()"},
            {CloudEventBuilder.v1(), "build()"}
        };
    }

    @ParameterizedTest
    @MethodSource("whatIsMeantForAnotherOverload")
    void dataThatIsMeantForAnotherOverloadIsRefused(Object data, String remedy) {
        assertThatThrownBy(() -> gateway.emit("a", data))
                .isInstanceOf(InvalidEventException.class)
                .hasMessageContaining("event of type 'a'")
                .hasMessageContaining(remedy);
        assertThatThrownBy(() -> gateway.emit("a", data, EmitOptions.none())).isInstanceOf(InvalidEventException.class);
    }

    @Test
    void emitsATypeWithOptions() {
        EmitOptions options = EmitOptions.builder()
                .extension("tenant", "acme")
                .deduplicate("k", Duration.ofMinutes(1))
                .build();

        assertThat(gateway.emit("a", 1, options).event().getExtension("tenant")).isEqualTo("acme");
        assertThat(gateway.emit("a", 2, options).duplicate()).isTrue();
        assertThat(gateway.emit("a", 3, EmitOptions.none()).duplicate()).isFalse();
    }

    @Test
    void aHandlerEmitsWithOptions() {
        EmitOptions options = EmitOptions.builder().extension("tenant", "acme").build();
        AtomicReference<Event> byType = new AtomicReference<>();
        AtomicReference<Event> whole = new AtomicReference<>();
        gateway.functions().register("f", (event, context) -> {
            byType.set(context.emit("b", 1, options).event());
            whole.set(context.emit(Event.of("b", 2), options).event());
            return null;
        });
        gateway.subscribe("a", "f");

        Emission emission = gateway.emit("a", 1);
        emission.await(Duration.ofSeconds(20));

        assertThat(byType.get().getExtension("tenant")).isEqualTo("acme");
        assertThat(byType.get().getCausationId()).isEqualTo(emission.event().getId());
        assertThat(byType.get().getChainDepth()).isEqualTo(1);
        assertThat(whole.get().getExtension("tenant")).isEqualTo("acme");
        assertThat(whole.get().getCausationId()).isEqualTo(emission.event().getId());
    }
}
