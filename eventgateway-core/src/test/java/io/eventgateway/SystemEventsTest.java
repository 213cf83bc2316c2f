package io.eventgateway;

import static io.eventgateway.Outcomes.reportOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
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
}
