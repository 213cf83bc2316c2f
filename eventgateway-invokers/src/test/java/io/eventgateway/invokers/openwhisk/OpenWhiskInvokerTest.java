package io.eventgateway.invokers.openwhisk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import io.eventgateway.error.InvalidFunctionException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class OpenWhiskInvokerTest {
    private OpenWhiskEndpoint endpoint;
    private final EventGateway gateway = EventGateway.builder()
            .discoverInvokers(false)
            .invoker(new OpenWhiskInvokerProvider(Duration.ofMillis(5)))
            .build();

    @BeforeEach
    void start() throws IOException {
        endpoint = new OpenWhiskEndpoint();
    }

    @AfterEach
    void stop() {
        gateway.close();
        endpoint.close();
    }

    private InvocationException failureOf(FunctionDefinition function) {
        gateway.functions().register(function);
        return catchThrowableOfType(
                InvocationException.class, () -> gateway.invoke(function.functionId(), Map.of("n", 1)));
    }

    private String parametersOf(FunctionDefinition function, Event event) {
        gateway.functions().register(function);
        var unused = gateway.invoke(function.functionId(), event);
        return endpoint.parameters.get(0);
    }

    @Test
    void answersTheResultOfAnActionInAPackage() {
        gateway.functions().register(endpoint.function("f", "tools/echo"));

        assertThat(gateway.invoke("f", Map.of("answer", 42))
                        .asJson()
                        .path("answer")
                        .asInt())
                .isEqualTo(42);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    failing   | FUNCTION_ERROR | true  | 502 | application error: {"why":"no stock, ***"}
                    crashing  | FUNCTION_ERROR | true  | 502 | action developer error: The action exceeded its time limits
                    broken    | PROVIDER_ERROR | true  | 500 | whisk internal error: no invoker
                    throttled | PROVIDER_ERROR | true  | 429 | Too many requests in the last minute
                    proxy     | PROVIDER_ERROR | true  | 502 | Bad Gateway
                    page      | PROVIDER_ERROR | true  | 200 | answered 200; the answer has no activation: <h1>Bad Gateway</h1>
                    newer     | PROVIDER_ERROR | true  | 200 | answered 200; the activation's status is not known: paused
                    forbidden | ACCESS_DENIED  | false | 403 | not entitled
                    unknown   | CALL_FAILED    | false | 404 | The requested resource does not exist
                    """)
    void saysHowACallFailed(String action, Kind kind, boolean retryable, int status, String message) {
        InvocationException failure = failureOf(endpoint.function("f", action));

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.retryable()).isEqualTo(retryable);
        assertThat(failure.statusCode()).hasValue(status);
        assertThat(failure).hasMessageContaining("function 'f'").hasMessageContaining(message);
    }

    @Test
    void aThrottledCallMayBeMadeAgainWhenOpenWhiskSays() {
        assertThat(failureOf(endpoint.function("f", "throttled")).retryAfter()).contains(Duration.ofSeconds(7));
    }

    @Test
    void aWrongKeyIsDeniedAndNotShown() {
        InvocationException failure = failureOf(endpoint.function("f", "echo").with("auth", "uuid:wrongwrong"));

        assertThat(failure.kind()).isEqualTo(Kind.ACCESS_DENIED);
        assertThat(failure).hasMessageNotContaining("wrongwrong");
    }

    @Test
    void asksForTheActivationOfACallThatTakesLongerThanOpenWhiskWaits() {
        endpoint.missing.set(3);
        endpoint.failingPolls.set(2);
        endpoint.pages.set(2);
        gateway.functions().register(endpoint.function("f", "slow"));

        assertThat(gateway.invoke("f", Map.of()).asJson().path("late").asBoolean())
                .isTrue();
        assertThat(endpoint.invocations).hasValue(1);
    }

    @Test
    void asksForTheActivationUntilShortlyBeforeTheDeadline() {
        try (EventGateway slow = EventGateway.builder()
                .discoverInvokers(false)
                .invoker(
                        new OpenWhiskInvokerProvider(Duration.ofMillis(200))) // then 400, which ends after the deadline
                .build()) {
            slow.functions().register(endpoint.function("f", "slow").with("callTimeout", "PT0.6S"));
            endpoint.endsAt = System.nanoTime() + Duration.ofMillis(400).toNanos();

            assertThat(slow.invoke("f", Map.of()).asJson().path("late").asBoolean())
                    .isTrue();
            assertThat(endpoint.invocations).hasValue(1);
        }
    }

    @Test
    void anActivationThatDoesNotEndInTimeIsATimeout() {
        endpoint.missing.set(Integer.MAX_VALUE);

        long begun = System.nanoTime();
        InvocationException failure = failureOf(endpoint.function("f", "slow").with("callTimeout", "PT0.3S"));

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
        assertThat(failure.kind()).isEqualTo(Kind.TIMEOUT);
        assertThat(failure.retryable()).isTrue();
    }

    @Test
    void aCallThatDoesNotBlockAnswersTheActivationsId() {
        gateway.functions().register(endpoint.function("f", "echo").with("blocking", false));

        assertThat(gateway.invoke("f", Map.of()).asJson().path("activationId").asString())
                .isEqualTo("44794bd6aab74415b4e42a308d880e5b");
    }

    @Test
    void anAnswerThatIsTooLongIsAFailure() {
        InvocationException failure = failureOf(endpoint.function("f", "long").with("maxResponseBytes", 1000));

        assertThat(failure.kind()).isEqualTo(Kind.FUNCTION_ERROR);
        assertThat(failure).hasMessageContaining("maxResponseBytes");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"a":1} | {"a":1}
                    [1,2]   | {"data":[1,2]}
                    "text"  | {"data":"text"}
                    """)
    void parametersAreAnObject(String data, String parameters) {
        Event event =
                Event.builder("t").data(JsonMapper.shared().readTree(data)).build();

        assertThat(parametersOf(endpoint.function("f", "echo"), event)).isEqualTo(parameters);
    }

    @Test
    void bytesAreAMemberOfTheParameters() {
        Event event = Event.builder("t").data("image/png", new byte[] {1, 2}).build();

        assertThat(parametersOf(endpoint.function("f", "echo"), event)).isEqualTo("{\"data_base64\":\"AQI=\"}");
    }

    @Test
    void theParametersOfTheStructuredModeAreTheEvent() {
        Event event = Event.builder("t").id("e1").data(Map.of("a", 1)).build();

        assertThat(parametersOf(endpoint.function("f", "echo").with("mode", "structured"), event))
                .contains("\"id\":\"e1\"", "\"data\":{\"a\":1}");
    }

    @ParameterizedTest
    @CsvSource({
        "apiHost, http://example.com, https",
        "apiHost, ftp://example.com, 'ftp'",
        "apiHost, https://example.com/api/v1, without /api/v1",
        "apiHost, https://example.com/api/v1/, without /api/v1",
        "auth, nocolonhere, uuid:key",
        "namespace, a/b, 'a/b'",
        "action, a/b/c, 'a/b/c'",
        "maxResponseBytes, 0, at least 1"
    })
    void refusesAConfigurationThatIsNotValid(String entry, String value, String message) {
        Object given = entry.equals("maxResponseBytes") ? Integer.valueOf(value) : value;
        FunctionDefinition function = endpoint.function("f", "echo").with(entry, given);

        assertThatThrownBy(() -> gateway.functions().register(function))
                .isInstanceOf(InvalidFunctionException.class)
                .hasMessageContaining("'" + entry + "'")
                .hasMessageContaining(message)
                .hasMessageNotContaining("nocolonhere");
    }

    @Test
    void obeysTheNetworkPolicy() {
        InvocationException failure =
                failureOf(endpoint.function("f", "echo").with("network", Map.of("deny", List.of("127.0.0.0/8"))));

        assertThat(failure.kind()).isEqualTo(Kind.CALL_FAILED);
        assertThat(failure.retryable()).isFalse();
        assertThat(failure).hasMessageContaining("denied");
    }
}
