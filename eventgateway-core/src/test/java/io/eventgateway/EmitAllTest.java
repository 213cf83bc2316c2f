package io.eventgateway;

import static io.eventgateway.Outcomes.get;
import static io.eventgateway.Outcomes.reportOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.delivery.BacklogPolicy;
import io.eventgateway.delivery.DeliveryReport;
import io.eventgateway.error.BacklogFullException;
import io.eventgateway.error.EventRejectedException;
import io.eventgateway.history.ChainLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class EmitAllTest {
    private final List<String> seen = new CopyOnWriteArrayList<>();

    private static Event event(String type, String id) {
        return Event.builder(type).id(id).source("/s").build();
    }

    private void subscribeSync(EventGateway gateway, String type) {
        gateway.functions().register(type, (event, context) -> {
            seen.add(event.getId());
            return null;
        });
        gateway.subscriptions()
                .create(Subscription.to(type).function(type).sync().build());
    }

    @Test
    void acceptsNoneWhenAnInterceptorRefusesOne() {
        List<Emission> planned = new ArrayList<>();
        try (EventGateway gateway = EventGateway.builder()
                .emitInterceptor((event, chain) -> {
                    if (event.getType().equals("bad")) {
                        throw new EventRejectedException("no 'bad' events here");
                    }
                    Emission emission = chain.proceed(event);
                    planned.add(emission);
                    return emission;
                })
                .build()) {
            gateway.subscribe("a", event -> seen.add(event.getId()));
            subscribeSync(gateway, "b");

            assertThatThrownBy(() -> gateway.emitAll(List.of(event("a", "1"), event("b", "2"), event("bad", "3"))))
                    .isInstanceOf(EventRejectedException.class);

            assertThat(gateway.awaitIdle(Duration.ofSeconds(20))).isTrue();
            assertThat(seen).isEmpty();
            assertThat(planned).hasSize(2).allSatisfy(emission -> assertThat(emission.completion())
                    .isCompletedExceptionally());
        }
    }

    @Test
    void anInterceptorSeesWhatBecomesOfEachEvent() {
        List<CompletableFuture<DeliveryReport>> completions = new ArrayList<>();
        List<String> routes = new ArrayList<>();
        try (EventGateway gateway = EventGateway.builder()
                .emitInterceptor((event, chain) -> {
                    if (event.getType().equals("quiet")) {
                        return Emission.none(event);
                    }
                    Emission emission =
                            chain.proceed(event.toBuilder().subject("seen").build());
                    completions.add(emission.completion());
                    routes.add(event.getType() + emission.isRouted());
                    assertThatThrownBy(() -> emission.await(Duration.ofSeconds(1)))
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("emitAll");
                    return emission;
                })
                .build()) {
            gateway.subscribe("a", event -> seen.add(event.getSubject()));

            List<Emission> emissions = gateway.emitAll(List.of(event("a", "1"), event("quiet", "2"), event("b", "3")));

            assertThat(emissions).extracting(each -> each.event().getId()).containsExactly("1", "2", "3");
            assertThat(emissions).extracting(Emission::isRouted).containsExactly(true, false, false);
            assertThat(get(completions.get(0)).deliveries()).hasSize(1);
            assertThat(routes).containsExactly("atrue", "bfalse");
            assertThat(seen).containsExactly("seen");
        }
    }

    @Test
    void acceptsNoneWhenTheBacklogHasNoRoomForAll() {
        CountDownLatch release = new CountDownLatch(1);
        try (EventGateway gateway =
                EventGateway.builder().backlog(3, BacklogPolicy.REJECT).build()) {
            gateway.subscribe("a", event -> {
                release.await();
                seen.add(event.getId());
            });
            subscribeSync(gateway, "b");

            assertThatThrownBy(() -> gateway.emitAll(List.of(
                            event("b", "0"), event("a", "1"), event("a", "2"), event("a", "3"), event("a", "4"))))
                    .isInstanceOf(BacklogFullException.class)
                    .hasMessageContaining("no room for 4 more deliveries");
            assertThat(gateway.backlog().pending()).isZero();

            assertThat(gateway.emitAll(List.of(event("b", "5"), event("a", "6"))))
                    .hasSize(2);
            release.countDown();
            assertThat(gateway.awaitIdle(Duration.ofSeconds(20))).isTrue();
            assertThat(seen).containsExactly("5", "6");
        }
    }

    @Test
    void acceptsNoneWhenOneGoesTooFarInItsChain() {
        try (EventGateway gateway =
                Outcomes.oneAttempt().chainLimits(new ChainLimits(10, 1, 100)).build()) {
            gateway.subscribe("b", event -> seen.add("b"));
            gateway.functions().register("loop", (event, context) -> {
                assertThatThrownBy(() -> gateway.emitAll(List.of(Event.of("b", 1), Event.of("a", 2))))
                        .isInstanceOf(EventRejectedException.class);
                return null;
            });
            gateway.subscribe("a", "loop");

            assertThat(reportOf(gateway.emit("a", 1)).allDelivered()).isTrue();
            assertThat(gateway.awaitIdle(Duration.ofSeconds(20))).isTrue();
            assertThat(seen).isEmpty();
        }
    }

    @Test
    void takesOptionsForAllOfThem() {
        try (EventGateway gateway = EventGateway.create()) {
            subscribeSync(gateway, "a");
            EmitOptions options = EmitOptions.builder()
                    .extension("tenant", "acme")
                    .deduplicate(Duration.ofMinutes(1))
                    .build();
            gateway.emit(event("a", "1"), options);

            List<Emission> emissions =
                    gateway.emitAll(List.of(event("a", "1"), event("a", "2"), event("a", "2")), options);

            assertThat(emissions).extracting(Emission::duplicate).containsExactly(true, false, true);
            assertThat(emissions).extracting(Emission::isRouted).containsOnly(true);
            assertThat(emissions)
                    .allSatisfy(each -> assertThat(reportOf(each).deliveries()).hasSize(1));
            assertThat(emissions.get(1).event().getExtension("tenant")).isEqualTo("acme");
            assertThat(seen).containsExactly("1", "2");
            assertThat(gateway.emit(event("a", "2"), options).duplicate()).isTrue();
        }
    }

    @Test
    void keepsNoKeyOfWhatWasNotAccepted() {
        EmitOptions options =
                EmitOptions.builder().deduplicate(Duration.ofMinutes(1)).build();
        try (EventGateway gateway =
                EventGateway.builder().backlog(1, BacklogPolicy.REJECT).build()) {
            gateway.subscribe("a", event -> seen.add(event.getId()));

            assertThatThrownBy(() -> gateway.emitAll(List.of(event("a", "1"), event("a", "2")), options))
                    .isInstanceOf(BacklogFullException.class);

            assertThat(gateway.emit(event("a", "1"), options).duplicate()).isFalse();
        }
    }

    @Test
    void refusesOneDeduplicationKeyForAll() {
        try (EventGateway gateway = EventGateway.create()) {
            EmitOptions options = EmitOptions.builder()
                    .deduplicate("k", Duration.ofMinutes(1))
                    .build();

            assertThatThrownBy(() -> gateway.emitAll(List.of(event("a", "1")), options))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'k'");
        }
    }

    @Test
    void anEventThatAnInterceptorPassesOnTooLateIsRefusedAloud() {
        List<Runnable> later = new ArrayList<>();
        try (EventGateway gateway = EventGateway.builder()
                .emitInterceptor((event, chain) -> {
                    later.add(() -> chain.proceed(event));
                    return Emission.none(event);
                })
                .build()) {
            subscribeSync(gateway, "a");
            gateway.emitAll(List.of(event("a", "1")));

            assertThatThrownBy(later.get(0)::run)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("event '1' of type 'a'")
                    .hasMessageContaining("before it returns");
            assertThat(seen).isEmpty();
        }
    }
}
