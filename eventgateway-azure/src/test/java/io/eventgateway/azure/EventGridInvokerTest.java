package io.eventgateway.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import io.eventgateway.InvocationResult;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.error.InvalidFunctionException;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventGridInvokerTest {
    private static final int HALF = 600 * 1024;

    private Azure azure;
    private final EventGateway gateway = EventGateway.builder()
            .discoverInvokers(false)
            .invoker(new EventGridInvokerProvider(() -> Azure.NOW))
            .maxPayloadSize(8 * 1024 * 1024)
            .build();

    @BeforeEach
    void start() throws IOException {
        azure = new Azure();
    }

    @AfterEach
    void stop() {
        gateway.close();
        azure.close();
    }

    private InvocationException failureOf(FunctionDefinition function, Object data) {
        gateway.functions().register(function);
        return catchThrowableOfType(InvocationException.class, () -> gateway.invoke(function.functionId(), data));
    }

    private static Event event(String id, int size) {
        return Event.builder("order").id(id).data("x".repeat(size)).build();
    }

    private List<DeliveryStatus> statusesOf(Event... events) {
        gateway.functions().register(azure.topic("f", "orders"));
        gateway.subscriptions()
                .create(Subscription.to("order")
                        .function("f")
                        .delivery(DeliveryPolicy.builder()
                                .maxAttempts(1)
                                .batching(events.length, Duration.ofSeconds(20))
                                .build())
                        .build());
        List<Emission> emissions = gateway.emitAll(Arrays.asList(events));
        return emissions.stream()
                .map(emission ->
                        emission.completion().join().deliveries().get(0).status())
                .toList();
    }

    @Test
    void publishesAnEventWithTheKey() {
        gateway.functions().register(azure.topic("f", "orders"));

        InvocationResult unused = gateway.invoke("f", event("e1", 3));

        assertThat(azure.published).containsExactly(List.of("e1"));
        assertThat(azure.calls.get(0).getHeaders().get("aeg-sas-key")).isEqualTo(Azure.KEY);
    }

    @Test
    void publishesWithATokenThatTheKeySigns() {
        gateway.functions().register(azure.topic("f", "orders").with("sas", true));

        InvocationResult unused = gateway.invoke("f", event("e1", 3));

        assertThat(azure.published).containsExactly(List.of("e1"));
        assertThat(azure.calls.get(0).getHeaders().get("aeg-sas-key")).isNull();
        assertThat(azure.calls.get(0).getHeaders().get("aeg-sas-token")).contains("&e=6%2F1%2F2026+7%3A05%3A09+PM&s=");
    }

    @Test
    void publishesWithATokenThatIsGiven() {
        String topic = azure.url("/orders/api/events");
        String token = SasAuthentication.token(
                topic, Azure.NOW.plusSeconds(60), Base64.getDecoder().decode(Azure.KEY));
        gateway.functions()
                .register(FunctionDefinition.of("f", "azureeventgrid", Map.of("endpoint", topic, "sasToken", token)));

        InvocationResult unused = gateway.invoke("f", event("e1", 3));

        assertThat(azure.published).containsExactly(List.of("e1"));
    }

    @Test
    void publishesABatchInOneRequest() {
        assertThat(statusesOf(event("a", 3), event("b", 3), event("c", 3))).containsOnly(DeliveryStatus.DELIVERED);

        assertThat(azure.published).containsExactly(List.of("a", "b", "c"));
    }

    @Test
    void publishesALargeBatchInAsManyRequestsAsItsSizeTakes() {
        assertThat(statusesOf(event("a", HALF), event("b", 3), event("c", HALF), event("d", HALF)))
                .containsOnly(DeliveryStatus.DELIVERED);

        assertThat(azure.published).containsExactlyInAnyOrder(List.of("a", "b"), List.of("c"), List.of("d"));
    }

    @Test
    void saysWhichEventsOfALargeBatchFailed() {
        azure.poison = "c";

        assertThat(statusesOf(event("a", HALF), event("b", 3), event("c", HALF), event("d", 2 * HALF)))
                .containsExactly(
                        DeliveryStatus.DELIVERED,
                        DeliveryStatus.DELIVERED,
                        DeliveryStatus.DEAD_LETTERED,
                        DeliveryStatus.DEAD_LETTERED);
    }

    @Test
    void anEventThatIsTooLargeFailsWithoutAnotherOneOfItsId() {
        assertThat(statusesOf(
                        event("a", HALF),
                        event("a", 2 * HALF).toBuilder().source("/other").build(),
                        event("b", HALF)))
                .containsExactly(DeliveryStatus.DELIVERED, DeliveryStatus.DEAD_LETTERED, DeliveryStatus.DELIVERED);
        assertThat(gateway.deadLetters().list()).singleElement().satisfies(letter -> assertThat(letter.reason())
                .isEqualTo(DeadLetter.Reason.NOT_RETRYABLE));
    }

    @Test
    void anEventThatIsTooLargeIsNotSent() {
        InvocationException failure = failureOf(azure.topic("f", "orders"), event("e1", 2 * HALF));

        assertThat(failure.kind()).isEqualTo(Kind.CALL_FAILED);
        assertThat(failure.retryable()).isFalse();
        assertThat(failure).hasMessageContaining("'e1'").hasMessageContaining("1048576");
        assertThat(azure.calls).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "failing, FUNCTION_ERROR, false, no such event",
        "busy, PROVIDER_ERROR, true, ServerBusy",
        "unknown, CALL_FAILED, false, ResourceNotFound"
    })
    void saysHowACallFailed(String topic, Kind kind, boolean retryable, String message) {
        InvocationException failure = failureOf(azure.topic("f", topic), Map.of());

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.retryable()).isEqualTo(retryable);
        assertThat(failure).hasMessageContaining(message);
    }

    @Test
    void aWrongKeyIsDeniedAndNotShownWhenItIsEchoed() {
        InvocationException failure = failureOf(azure.topic("f", "orders").with("key", "d3Jvbmd3cm9uZw=="), Map.of());

        assertThat(failure.kind()).isEqualTo(Kind.ACCESS_DENIED);
        assertThat(failure).hasMessageNotContaining("d3Jvbmd3cm9uZw");
    }

    @ParameterizedTest
    @CsvSource({
        "endpoint, https://t.eventgrid.azure.net/, /api/events",
        "endpoint, http://t.eventgrid.azure.net/api/events, https",
        "sasToken, r=secret, either",
        "apiVersion, v1, 'v1'",
        "key, a secret, visible"
    })
    void refusesAConfigurationThatIsNotValid(String entry, String value, String message) {
        FunctionDefinition function = azure.topic("f", "orders").with(entry, value);

        assertThatThrownBy(() -> gateway.functions().register(function))
                .isInstanceOf(InvalidFunctionException.class)
                .hasMessageContaining("'" + entry + "'")
                .hasMessageContaining(message)
                .hasMessageNotContaining("secret");
    }

    @Test
    void refusesAKeyThatCanNotSign() {
        FunctionDefinition function =
                azure.topic("f", "orders").with("key", "no-base64").with("sas", true);

        assertThatThrownBy(() -> gateway.functions().register(function))
                .isInstanceOf(InvalidFunctionException.class)
                .hasMessageContaining("base64")
                .hasMessageNotContaining("no-base64");
    }
}
