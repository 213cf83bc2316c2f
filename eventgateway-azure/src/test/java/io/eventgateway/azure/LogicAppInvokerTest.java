package io.eventgateway.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.eventgateway.EventGateway;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import io.eventgateway.Subscription;
import io.eventgateway.error.InvalidFunctionException;
import io.eventgateway.http.HttpRequest;
import io.eventgateway.http.HttpResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogicAppInvokerTest {
    private Azure azure;
    private final EventGateway gateway = EventGateway.builder()
            .discoverInvokers(false)
            .invoker(new LogicAppInvokerProvider())
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
    void answersTheResponseOfTheWorkflow() {
        gateway.functions().register(azure.workflow("f", "echo"));

        assertThat(gateway.invoke("f", Map.of("answer", 42))
                        .asJson()
                        .path("answer")
                        .asInt())
                .isEqualTo(42);
    }

    @Test
    void aWorkflowWithoutAResponseIsAccepted() {
        gateway.functions().register(azure.workflow("f", "accepting"));

        assertThat(gateway.invoke("f", Map.of()).asJson().path("workflowRunId").asString())
                .startsWith("0858");
    }

    @Test
    void theResponseToARequestSaysNothingOfTheRun() {
        gateway.functions().register(azure.workflow("f", "accepting"));
        gateway.subscriptions()
                .create(Subscription.http("POST", "/orders").function("f").build());

        HttpResponse response = gateway.handle(HttpRequest.of("POST", "/orders").build());

        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(response.headers().keySet())
                .noneMatch(
                        name -> name.toLowerCase(Locale.ROOT).startsWith("x-ms-") || name.equalsIgnoreCase("Location"));
    }

    @ParameterizedTest
    @CsvSource({
        "failing, FUNCTION_ERROR, true, NoResponse",
        "throttled, PROVIDER_ERROR, true, TooManyRequests",
        "unknown, CALL_FAILED, false, WorkflowNotFound"
    })
    void saysHowACallFailed(String name, Kind kind, boolean retryable, String message) {
        InvocationException failure = failureOf(azure.workflow("f", name));

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.retryable()).isEqualTo(retryable);
        assertThat(failure).hasMessageContaining(message).hasMessageNotContaining(Azure.SIGNATURE);
    }

    @Test
    void aWrongSignatureIsDeniedAndNotShownWhenItIsEchoed() {
        String url = azure.url("/workflows/1?api-version=2016-10-01&sp=x&sv=1.0&sig=wrongwrong");

        InvocationException failure = failureOf(FunctionDefinition.of("f", "azurelogicapp", Map.of("url", url)));

        assertThat(failure.kind()).isEqualTo(Kind.ACCESS_DENIED);
        assertThat(failure).hasMessageContaining("The signature ***").hasMessageNotContaining("wrongwrong");
    }

    @Test
    void anAnswerThatIsTooLongIsAFailure() {
        assertThat(failureOf(azure.workflow("f", "long").with("maxResponseBytes", 1000)))
                .hasMessageContaining("maxResponseBytes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://prod-1.logic.azure.com/workflows/secret",
                "http://prod-1.logic.azure.com/workflows/secret?api-version=2016-10-01&sig=secret",
                "secret"
            })
    void refusesAUrlThatIsNoTriggers(String url) {
        FunctionDefinition function = FunctionDefinition.of("f", "azurelogicapp", Map.of("url", url));

        assertThatThrownBy(() -> gateway.functions().register(function))
                .isInstanceOf(InvalidFunctionException.class)
                .hasMessageContaining("'url'")
                .hasMessageNotContaining("secret");
    }
}
