package io.eventgateway.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import io.eventgateway.InvocationResult;
import io.eventgateway.error.InvalidFunctionException;
import io.eventgateway.spi.InvokerProvider;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AzureFunctionInvokerTest {
    private Azure azure;
    private final EventGateway gateway = EventGateway.builder()
            .discoverInvokers(false)
            .invoker(new AzureFunctionInvokerProvider())
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

    private InvocationException failureOf(FunctionDefinition function) {
        gateway.functions().register(function);
        return catchThrowableOfType(
                InvocationException.class, () -> gateway.invoke(function.functionId(), Map.of("n", 1)));
    }

    @Test
    void everyTypeIsFoundByServiceLoader() {
        assertThat(ServiceLoader.load(InvokerProvider.class))
                .extracting(InvokerProvider::type)
                .contains("azurefunction", "azurelogicapp", "azureeventgrid");
    }

    @Test
    void callsWithTheKeyAsAHeaderAndTheEventInBinaryMode() {
        gateway.functions().register(azure.function("f", "echo"));

        InvocationResult result = gateway.invoke(
                "f", Event.builder("t").id("e1").data(Map.of("answer", 42)).build());

        assertThat(result.asJson().path("answer").asInt()).isEqualTo(42);
        assertThat(azure.calls.get(0).getHeaders().get("ce-id")).isEqualTo("e1");
        assertThat(azure.calls.get(0).getHeaders().get("x-functions-key")).isEqualTo(Azure.KEY);
    }

    @Test
    void theKeyMayBeInTheUrl() {
        gateway.functions()
                .register(FunctionDefinition.of(
                        "f", "azurefunction", Map.of("url", azure.url("/api/echo?code=" + Azure.KEY))));

        assertThat(gateway.invoke("f", Map.of("answer", 42))
                        .asJson()
                        .path("answer")
                        .asInt())
                .isEqualTo(42);
    }

    @ParameterizedTest
    @CsvSource({
        "starting, PROVIDER_ERROR, true, Function host is not running",
        "busy, PROVIDER_ERROR, true, answered 429",
        "unknown, CALL_FAILED, false, is there such a function?",
        "failing, FUNCTION_ERROR, true, answered 500"
    })
    void saysHowACallFailed(String name, Kind kind, boolean retryable, String message) {
        InvocationException failure = failureOf(azure.function("f", name));

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.retryable()).isEqualTo(retryable);
        assertThat(failure).hasMessageContaining(message);
        assertThat(failure.retryAfter().orElse(Duration.ZERO).toSeconds()).isEqualTo(name.equals("busy") ? 4 : 0);
    }

    @Test
    void aWrongKeyIsDeniedAndNotShown() {
        InvocationException failure = failureOf(azure.function("f", "echo").with("key", "wrongwrong"));

        assertThat(failure.kind()).isEqualTo(Kind.ACCESS_DENIED);
        assertThat(failure).hasMessageContaining("'key'").hasMessageNotContaining("wrongwrong");
    }

    @Test
    void obeysTheNetworkPolicy() {
        InvocationException failure =
                failureOf(azure.function("f", "echo").with("network", Map.of("deny", List.of("127.0.0.0/8"))));

        assertThat(failure.kind()).isEqualTo(Kind.CALL_FAILED);
        assertThat(failure.retryable()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "url, http://example.com/api/f, https",
        "url, https://example.com/api/f?code=secret, code",
        "key, a secret, visible characters",
        "network, 1, network",
        "maxResponseBytes, 0, at least 1"
    })
    void refusesAConfigurationThatIsNotValid(String entry, String value, String message) {
        Object given = entry.equals("maxResponseBytes") ? Integer.valueOf(value) : value;
        FunctionDefinition function = azure.function("f", "echo").with(entry, given);

        assertThatThrownBy(() -> gateway.functions().register(function))
                .isInstanceOf(InvalidFunctionException.class)
                .hasMessageContaining("'" + entry)
                .hasMessageContaining(message)
                .hasMessageNotContaining("secret");
    }
}
