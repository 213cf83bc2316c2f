package io.eventgateway;

import static io.eventgateway.Outcomes.onlyDeliveryOf;
import static io.eventgateway.Outcomes.reportOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.delivery.DeliveryResult;
import io.eventgateway.error.EventRejectedException;
import io.eventgateway.error.GatewayClosedException;
import io.eventgateway.http.HttpRequest;
import io.eventgateway.spi.EmitInterceptor;
import io.eventgateway.spi.Invocation;
import io.eventgateway.spi.InvocationInterceptor;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class InterceptorsTest {
    private final List<String> order = new CopyOnWriteArrayList<>();

    @Test
    void standAroundEmitInTheOrderTheyWereAdded() {
        try (EventGateway gateway = Outcomes.oneAttempt()
                .emitInterceptor((event, chain) -> {
                    order.add("outer");
                    return chain.proceed(event);
                })
                .emitInterceptor((event, chain) -> {
                    order.add("inner");
                    return chain.proceed(event.toBuilder().subject("changed").build());
                })
                .build()) {
            gateway.subscribe("a", event -> order.add(event.getSubject()));

            reportOf(gateway.emit("a", 1));

            assertThat(order).containsExactly("outer", "inner", "changed");
        }
    }

    @Test
    void mayRefuseOrSwallowAnEvent() {
        try (EventGateway gateway = Outcomes.oneAttempt()
                .emitInterceptor((event, chain) -> switch (event.getType()) {
                    case "bad" -> throw new EventRejectedException("no 'bad' events here");
                    case "quiet" -> Emission.none(event);
                    default -> chain.proceed(event);
                })
                .build()) {
            gateway.subscribe("**", event -> order.add(event.getType()));

            assertThatThrownBy(() -> gateway.emit("bad", 1))
                    .isInstanceOf(EventRejectedException.class)
                    .hasMessage("no 'bad' events here");
            assertThat(gateway.emit("quiet", 1).subscriptionIds()).isEmpty();
            reportOf(gateway.emit("good", 1));

            assertThat(order).containsExactly("good");
        }
    }

    @Test
    void anEventInAnothersPlaceKeepsTheChain() {
        try (EventGateway gateway = Outcomes.oneAttempt()
                .emitInterceptor((event, chain) -> chain.proceed(Event.of("replaced", 1)))
                .build()) {
            Event event = gateway.emit("a", 1).event();

            assertThat(event.getType()).isEqualTo("replaced");
            assertThat(event.getCorrelationId()).isNotNull();
            assertThat(event.getTime()).isNotNull();
        }
    }

    @Test
    void standAroundEveryInvocation() {
        try (EventGateway gateway = Outcomes.oneAttempt()
                .invocationInterceptor((invocation, chain) -> {
                    order.add("before " + invocation.functionId());
                    return chain.proceed(invocation).whenComplete((result, failure) -> order.add("after"));
                })
                .build()) {
            gateway.functions().register("f", (event, context) -> {
                order.add("f");
                return null;
            });
            gateway.subscriptions()
                    .create(Subscription.to("a").function("f").sync().build());

            gateway.emit("a", 1);
            gateway.invoke("f", 1);

            assertThat(order).containsExactly("before f", "f", "after", "before f", "f", "after");
        }
    }

    @Test
    void mayAnswerInAFunctionsPlaceOrFail() {
        try (EventGateway gateway = Outcomes.oneAttempt()
                .invocationInterceptor((invocation, chain) -> switch (String.valueOf(
                        invocation.event().getSubject())) {
                    case "cached" -> CompletableFuture.completedFuture(InvocationResult.of("from the cache"));
                    case "throws" -> throw new IllegalStateException("interceptor broke");
                    case "null" -> null;
                    default -> chain.proceed(invocation);
                })
                .build()) {
            gateway.functions().register("f", (event, context) -> "from f");
            gateway.subscribe("a", "f");

            assertThat(deliver(gateway, "cached").result().valueAs(String.class))
                    .isEqualTo("from the cache");
            assertThat(deliver(gateway, "other").result().valueAs(String.class)).isEqualTo("from f");
            assertThat(deliver(gateway, "throws").failure()).hasMessageContaining("interceptor broke");
            assertThat(deliver(gateway, "null").failure()).hasMessageContaining("returned null");
        }
    }

    /** Interceptors that break their contract, with a name that can be found. */
    private static final class Forgetful implements EmitInterceptor, InvocationInterceptor {
        @Override
        @SuppressWarnings("NullAway")
        public Emission intercept(Event event, EmitInterceptor.Chain chain) {
            Emission unused = chain.proceed(event);
            return null;
        }

        @Override
        @SuppressWarnings("NullAway")
        public CompletionStage<InvocationResult> intercept(Invocation invocation, InvocationInterceptor.Chain chain) {
            return null;
        }
    }

    @Test
    void anEmitInterceptorThatReturnsNullIsNamed() {
        try (EventGateway gateway =
                Outcomes.oneAttempt().emitInterceptor(new Forgetful()).build()) {
            gateway.functions().register("f", (event, context) -> "from f");
            gateway.subscriptions()
                    .create(Subscription.http("GET", "/").function("f").build());
            String named = "the emit interceptor " + Forgetful.class.getName() + " returned null";

            assertThatThrownBy(() -> gateway.emit("a", 1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith(named)
                    .hasMessageContaining("what chain.proceed(event) gave");
            assertThatThrownBy(() -> gateway.emitAll(List.of(Event.of("a", 1))))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith(named);
            assertThat(gateway.handle(HttpRequest.get("/").build()).statusCode())
                    .isEqualTo(500);
        }
    }

    @Test
    void anInvocationInterceptorThatReturnsNullOrThrowsIsNamed() {
        try (EventGateway gateway = Outcomes.oneAttempt()
                .invocationInterceptor((invocation, chain) -> {
                    if (invocation.event().getSubject() != null) {
                        throw new IllegalStateException("interceptor broke");
                    }
                    return chain.proceed(invocation);
                })
                .invocationInterceptor(new Forgetful())
                .build()) {
            gateway.functions().register("f", (event, context) -> "from f");
            gateway.subscribe("a", "f");

            assertThat(onlyDeliveryOf(gateway.emit("a", 1)).failure())
                    .hasMessage("the interceptor " + Forgetful.class.getName()
                            + " of function 'f' returned null, not a stage");
            assertThat(deliver(gateway, "throws").failure())
                    .hasMessageContaining("an interceptor of function 'f', " + InterceptorsTest.class.getName())
                    .hasMessageContaining("interceptor broke");
        }
    }

    @Test
    void whatAnInterceptorChangesIsHandedOver() {
        List<String> sent = new CopyOnWriteArrayList<>();
        FakeInvokers.Provider remote = new FakeInvokers.Provider("remote", invocation -> {
            sent.add(new String(invocation.payload(), java.nio.charset.StandardCharsets.UTF_8) + invocation.headers());
            return CompletableFuture.completedFuture(InvocationResult.empty());
        });
        try (EventGateway gateway = Outcomes.oneAttempt()
                .invoker(remote)
                .invocationInterceptor((invocation, chain) -> chain.proceed(invocation
                        .withEvent(
                                invocation.event().toBuilder().data("changed").build())
                        .withHeaders(Map.of("X-Trace", "1"))))
                .invocationInterceptor((invocation, chain) -> {
                    order.add(invocation.event().dataAs(String.class));
                    return chain.proceed(invocation);
                })
                .build()) {
            gateway.functions().register(FunctionDefinition.of("remote", "remote", Map.of()));
            gateway.functions().register("here", (event, context) -> {
                order.add("here " + event.dataAs(String.class));
                return context.emit("b", 1).event().getCausationId();
            });
            gateway.subscribe("a", "remote");
            gateway.subscriptions()
                    .create(Subscription.to("sync").function("here").sync().build());

            reportOf(gateway.emit("a", "given"));
            Emission emission = gateway.emit("sync", "given");

            assertThat(sent).containsExactly("\"changed\"{X-Trace=1}");
            assertThat(order).containsExactly("changed", "changed", "here changed");
            assertThat(emission.event().dataAs(String.class)).isEqualTo("given");
            assertThat(onlyDeliveryOf(emission).result().valueAs(String.class))
                    .isEqualTo(emission.event().getId());
        }
    }

    @Test
    void headersThatCouldSmuggleInOthersAreAFailure() {
        try (EventGateway gateway = Outcomes.oneAttempt()
                .invocationInterceptor(
                        (invocation, chain) -> chain.proceed(invocation.withHeaders(Map.of("a", "b\r\nc: d"))))
                .build()) {
            gateway.functions().register("f", (event, context) -> null);
            gateway.subscribe("a", "f");

            assertThat(deliver(gateway, "x").failure()).hasMessageContaining("control characters");
        }
    }

    private static DeliveryResult deliver(EventGateway gateway, String subject) {
        return onlyDeliveryOf(gateway.emit(Event.builder("a").subject(subject).build()));
    }

    @Test
    void aFailedStageOfAnInterceptorIsAFunctionErrorAsWhatItThrowsIs() {
        try (EventGateway gateway = Outcomes.oneAttempt()
                .invocationInterceptor((invocation, chain) -> switch (String.valueOf(
                        invocation.event().getSubject())) {
                    case "stage" -> CompletableFuture.failedFuture(new IllegalStateException("interceptor broke"));
                    case "refused" -> CompletableFuture.failedFuture(new EventRejectedException("no"));
                    default -> chain.proceed(invocation);
                })
                .build()) {
            gateway.functions().register("f", (event, context) -> {
                throw new InvocationException(InvocationException.Kind.PROVIDER_ERROR, true, "its own kind");
            });
            gateway.subscribe("a", "f");

            InvocationException stage =
                    (InvocationException) deliver(gateway, "stage").failure();
            assertThat(stage.kind()).isEqualTo(InvocationException.Kind.FUNCTION_ERROR);
            assertThat(stage.retryable()).isTrue();
            assertThat(stage)
                    .hasMessageContaining("an interceptor of function 'f'")
                    .hasMessageContaining("broke");
            assertThat(((InvocationException) deliver(gateway, "refused").failure()).retryable())
                    .isFalse();
            assertThat(((InvocationException) deliver(gateway, "other").failure()).kind())
                    .isEqualTo(InvocationException.Kind.PROVIDER_ERROR);
        }
    }

    @Test
    void anInterceptorThatReturnsNullIsNamed() {
        InvocationInterceptor calls = (invocation, chain) -> null;
        EmitInterceptor emits = (event, chain) -> {
            chain.proceed(event);
            return null;
        };
        try (EventGateway gateway = Outcomes.oneAttempt().emitInterceptor(emits).build();
                EventGateway calling =
                        Outcomes.oneAttempt().invocationInterceptor(calls).build()) {
            calling.functions().register("f", (event, context) -> null);

            assertThatThrownBy(() -> calling.invoke("f", 1))
                    .hasMessageContaining(calls.getClass().getName());
            assertThatThrownBy(() -> gateway.emit("a", 1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(emits.getClass().getName())
                    .hasMessageContaining("returned null");
            assertThatThrownBy(() -> gateway.emitAll(List.of(Event.of("a", 1))))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(emits.getClass().getName());
        }
    }

    @Test
    void anEventThatIsPassedOnByAnotherThreadKeepsItsCause() {
        try (EventGateway gateway = Outcomes.oneAttempt()
                .emitInterceptor((event, chain) -> CompletableFuture.supplyAsync(() -> chain.proceed(event))
                        .join())
                .build()) {
            gateway.functions().register("parent", (event, context) -> {
                gateway.emit("child", 1);
                return gateway.emit("second", 1).event().getCausationId();
            });
            gateway.functions().register("child", (event, context) -> {
                order.add(event.getCausationId());
                return null;
            });
            gateway.subscriptions()
                    .create(Subscription.to("parent").function("parent").sync().build());
            gateway.subscriptions()
                    .create(Subscription.to("child").function("child").sync().build());

            Emission emission = gateway.emit("parent", 1);

            assertThat(onlyDeliveryOf(emission).result().valueAs(String.class))
                    .isEqualTo(emission.event().getId());
            assertThat(order).containsExactly(emission.event().getId());
        }
    }

    @Test
    void anEventThatIsPassedOnAfterTheGatewayClosedIsRefused() {
        List<Runnable> later = new CopyOnWriteArrayList<>();
        EventGateway gateway = Outcomes.oneAttempt()
                .emitInterceptor((event, chain) -> {
                    later.add(() -> chain.proceed(event));
                    return Emission.none(event);
                })
                .build();
        gateway.subscribe("a", event -> order.add("a"));
        gateway.emit("a", 1);
        gateway.close();

        assertThatThrownBy(later.get(0)::run).isInstanceOf(GatewayClosedException.class);
        assertThat(order).isEmpty();
    }
}
