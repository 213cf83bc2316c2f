package io.eventgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.delivery.DeliveryReport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Predicates and getters of the application do what they like; everybody else gets his events. */
class ForeignCodeInFiltersTest {
    private final EventGateway gateway = EventGateway.create();

    @BeforeEach
    void register() {
        gateway.functions().register("f", (event, context) -> null);
        gateway.subscriptions()
                .create(Subscription.to("t").function("f").id("plain").sync().build());
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private void subscribe(String id, String type, Filter filter) {
        gateway.subscriptions()
                .create(Subscription.to(type)
                        .function("f")
                        .id(id)
                        .filter(filter)
                        .sync()
                        .build());
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void sneak(Throwable e) throws E {
        throw (E) e;
    }

    static Stream<Supplier<Throwable>> throwables() {
        return Stream.of(
                () -> new AssertionError("no"),
                () -> new Error("no"),
                () -> new NoClassDefFoundError("no"),
                () -> new Throwable("no"),
                () -> new RuntimeException() {
                    private static final long serialVersionUID = 1L;

                    @Override
                    public String getMessage() {
                        throw new IllegalStateException("no message either");
                    }
                });
    }

    @ParameterizedTest
    @MethodSource("throwables")
    void aPredicateThatThrowsAnythingDoesNotMatch(Supplier<Throwable> thrown) {
        subscribe("code", "t", Filter.where(event -> {
            sneak(thrown.get());
            return true;
        }));
        assertThat(gateway.emit("t", 1).subscriptionIds()).containsExactly("plain");
        assertThat(gateway.explain(Event.of("t", 1)).of("code").orElseThrow().matched())
                .isFalse();
    }

    @ParameterizedTest
    @MethodSource("throwables")
    void dataWhoseGetterThrowsAnythingHasNoMembers(Supplier<Throwable> thrown) {
        subscribe("data", "t", Filter.pattern("{\"data\":{\"value\":[1]}}"));
        Object data = new Object() {
            @SuppressWarnings("unused")
            public int getValue() {
                sneak(thrown.get());
                return 1;
            }
        };
        assertThat(gateway.emit("t", data).subscriptionIds()).containsExactly("plain");
        assertThat(gateway.explain(Event.of("t", data)).toString()).contains("can't be written as JSON");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gateway.event.received", "gateway.function.invoking", "gateway.delivery.deadLettered"})
    void anObserverThatThrowsHarmsNoDelivery(String systemType) throws Exception {
        subscribe("observer", systemType, Filter.where(event -> {
            throw new AssertionError("no");
        }));
        AtomicInteger calls = new AtomicInteger();
        gateway.functions().register("failing", (event, context) -> {
            calls.incrementAndGet();
            throw new InvocationException(InvocationException.Kind.FUNCTION_ERROR, false, "no");
        });
        gateway.subscribe("a", "failing");
        DeliveryReport report = gateway.emit("a", 1).completion().get(10, TimeUnit.SECONDS);
        assertThat(calls).hasValue(1);
        assertThat(report.deliveries()).hasSize(1);
    }

    @Test
    void anObjectThatIsNoTextUnderATextTypeHasNoMembers() {
        subscribe("data", "t", Filter.pattern("{\"data\":{\"k\":[1]}}"));
        subscribe("not", "t", Filter.not(Filter.pattern("{\"data\":{\"k\":[1]}}")));
        Event event = Event.builder("t").data("text/plain", Map.of("k", 1)).build();
        assertThat(gateway.emit(event).subscriptionIds()).containsExactlyInAnyOrder("plain", "not");
        assertThat(gateway.explain(event).toString()).contains("can't be written as 'text/plain'");
    }

    @Test
    void dataThatIsNestedMoreThan500LevelsHasNoMembersWhateverItsForm() {
        subscribe("data", "t", Filter.pattern("{\"data\":{\"k\":[1]}}"));
        Object deep = List.of();
        for (int i = 0; i < 500; i++) {
            deep = List.of(deep);
        }
        assertThat(gateway.emit("t", Map.of("k", 1, "deep", deep)).subscriptionIds())
                .containsExactly("plain");
    }

    /** Each look at the index would find that it has moved meanwhile. */
    @Test
    void aPredicateIsAskedOnceHoweverOftenTheSubscriptionsChange() {
        subscribe("changing", "t", Filter.pattern("{\"subject\":[\"0\"]}"));
        AtomicInteger calls = new AtomicInteger();
        subscribe("code", "t", Filter.where(event -> {
            String path = "{\"data\":{\"new" + calls.incrementAndGet() + "\":[1]}}";
            gateway.subscriptions()
                    .update(Subscription.to("t")
                            .function("f")
                            .id("changing")
                            .filter(Filter.pattern(path))
                            .sync()
                            .build());
            return true;
        }));
        assertThat(gateway.emit("t", Map.of()).subscriptionIds()).containsExactly("plain", "code");
        assertThat(calls).hasValue(1);
    }

    /** A predicate that runs while the index is locked would wait for itself. */
    @Test
    void aPredicateMayWaitForAChangeOfAnotherThread() {
        List<Integer> numbers = List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14);
        subscribe("changing", "t", Filter.pattern("{\"subject\":[\"0\"]}"));
        for (int i : numbers) {
            subscribe("code" + i, "t", Filter.where(event -> {
                CompletableFuture.supplyAsync(() -> gateway.subscriptions()
                                .update(Subscription.to("t")
                                        .function("f")
                                        .id("changing")
                                        .filter(Filter.pattern("{\"data\":{\"new" + i + "\":[1]}}"))
                                        .build()))
                        .orTimeout(20, TimeUnit.SECONDS)
                        .join();
                return true;
            }));
        }
        assertThat(gateway.emit("t", Map.of()).subscriptionIds()).hasSize(1 + numbers.size());
        assertThat(gateway.awaitIdle(Duration.ofSeconds(10))).isTrue();
    }
}
