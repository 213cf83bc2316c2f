package io.eventgateway.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.error.EventRejectedException;
import io.eventgateway.http.HttpRequest;
import io.eventgateway.spi.EmitInterceptor;
import io.eventgateway.spi.InvocationInterceptor;
import io.eventgateway.test.GatewayTest;
import io.eventgateway.test.RecordingFunction;
import io.eventgateway.test.TestGateway;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

/** Runs what {@code docs/interceptors.md} shows, and what it says of interceptors that throw. */
@GatewayTest
class InterceptorsTest {
    private static EmitInterceptor tenants() {
        // tag::emit-interceptor[]
        EmitInterceptor tenants = (event, chain) -> {
            if (event.getType().startsWith("internal.")) {
                return Emission.none(event); // swallowed: nobody gets the event, and nobody is told
            }
            if (event.getExtension("tenant") == null) {
                throw new EventRejectedException("event " + event.getId() + " has no extension 'tenant'");
            }
            return chain.proceed(event.toBuilder().extension("region", "eu").build()); // changed
        };
        // end::emit-interceptor[]
        return tenants;
    }

    @Test
    void anEmitInterceptorSwallowsRefusesAndChanges() {
        EmitInterceptor tenants = tenants();
        // tag::add-interceptors[]
        EventGateway gateway = EventGateway.builder()
                .emitInterceptor(tenants) // the first that is added is the outermost
                .invocationInterceptor((invocation, chain) -> chain.proceed(invocation))
                .build();
        // end::add-interceptors[]
        try (gateway) {
            List<Event> received = new ArrayList<>();
            gateway.functions().register("f", (event, context) -> received.add(event));
            gateway.subscriptions()
                    .create(Subscription.to("**").function("f").sync().build());

            assertThat(gateway.emit("internal.tick", null).subscriptionIds()).isEmpty();
            assertThatThrownBy(() -> gateway.emit("order.placed", null)).isInstanceOf(EventRejectedException.class);
            gateway.emit(
                    Event.builder("order.placed").extension("tenant", "acme").build());

            assertThat(received).singleElement().satisfies(event -> assertThat(event.getExtension("region"))
                    .isEqualTo("eu"));
        }
    }

    @Test
    void anInvocationInterceptorSeesEveryCall() {
        // tag::invocation-interceptor[]
        ConcurrentHashMap<String, LongAdder> failures = new ConcurrentHashMap<>();
        InvocationInterceptor counting =
                (invocation, chain) -> chain.proceed(invocation).whenComplete((result, failure) -> {
                    if (failure != null) {
                        failures.computeIfAbsent(invocation.functionId(), id -> new LongAdder())
                                .increment();
                    }
                });
        // end::invocation-interceptor[]
        try (TestGateway gateway = TestGateway.create(builder -> builder.invocationInterceptor(counting))) {
            gateway.functions().register("f", new RecordingFunction().failing(2, new IllegalStateException("down")));
            gateway.subscribe("order.placed", "f");

            gateway.track(() -> gateway.emit("order.placed", null));

            assertThat(failures.get("f").sum()).isEqualTo(2);
        }
    }

    @Test
    void theEmitterGetsWhatAnEmitInterceptorThrows() {
        EmitInterceptor broken = (event, chain) -> {
            throw new IllegalStateException("broken");
        };
        try (EventGateway gateway =
                EventGateway.builder().emitInterceptor(broken).build()) {
            gateway.functions().register("f", (event, context) -> null);
            gateway.subscriptions()
                    .create(Subscription.http("GET", "/").function("f").build());

            assertThatThrownBy(() -> gateway.emit("order.placed", null)).hasMessage("broken");
            assertThat(gateway.handle(HttpRequest.get("/").build()).statusCode())
                    .isEqualTo(500);
            assertThat(gateway.invoke("f", null).isEmpty()).isTrue(); // events of invoke pass it by
        }
    }

    @Test
    void whatAnInvocationInterceptorThrowsIsAFailedAttempt() {
        InvocationInterceptor broken = (invocation, chain) -> {
            throw new IllegalStateException("broken");
        };
        try (TestGateway gateway = TestGateway.create(builder -> builder.invocationInterceptor(broken))) {
            RecordingFunction function = new RecordingFunction();
            gateway.functions().register("f", function);
            gateway.subscribe("order.placed", "f");

            gateway.track(() -> {
                Emission emission = gateway.emit("order.placed", null);
                emission.completion().thenAccept(report -> assertThat(
                                report.deliveries().get(0).status())
                        .isEqualTo(DeliveryStatus.DEAD_LETTERED));
            });

            assertThat(function.events()).isEmpty();
            assertThat(gateway.deadLetters().list()).singleElement().satisfies(letter -> {
                assertThat(letter.reason()).isEqualTo(DeadLetter.Reason.ATTEMPTS_EXHAUSTED);
                assertThat(letter.attempts()).hasSize(5);
                assertThat(letter.message()).contains("broken");
            });
        }
    }
}
