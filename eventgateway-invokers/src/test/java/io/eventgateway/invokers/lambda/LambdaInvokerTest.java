package io.eventgateway.invokers.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.error.InvalidFunctionException;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The AWS SDK against a server that answers as the Lambda API does; the examples run it against real functions. */
class LambdaInvokerTest {
    private static final String ARN = "arn:aws:lambda:eu-central-1:123456789012:function:orders:live";

    private final MockWebServer server = new MockWebServer();
    private final EventGateway gateway =
            EventGateway.builder().defaultDelivery(DeliveryPolicy.atMostOnce()).build();

    @BeforeEach
    void start() throws IOException {
        server.start(java.net.InetAddress.getLoopbackAddress(), 0);
    }

    @AfterEach
    void stop() {
        gateway.close();
        server.close();
    }

    private FunctionDefinition function(String id) {
        return FunctionDefinition.awsLambda(id, ARN)
                .with("endpoint", server.url("/").toString())
                .with("accessKeyId", "AKIDEXAMPLE")
                .with("secretAccessKey", "s3cret");
    }

    private InvocationException failure(MockResponse response) {
        server.enqueue(response);
        gateway.functions().register(function("f"));
        try {
            gateway.invoke("f", Map.of("a", 1));
        } catch (InvocationException e) {
            return e;
        }
        throw new AssertionError("the call should have failed");
    }

    private static MockResponse error(int code, String type, String message) {
        return new MockResponse.Builder()
                .code(code)
                .addHeader("x-amzn-ErrorType", type)
                .addHeader("Content-Type", "application/json")
                .body("{\"Message\":\"" + message + "\"}")
                .build();
    }

    @Test
    void callsTheFunctionWithTheDataAndReturnsWhatItReturns() throws InterruptedException {
        server.enqueue(new MockResponse.Builder().body("{\"total\":40}").build());
        gateway.functions().register(function("f"));

        assertThat(gateway.invoke("f", Map.of("a", 1)).asJson().path("total").intValue())
                .isEqualTo(40);

        RecordedRequest request = server.takeRequest(10, TimeUnit.SECONDS);
        assertThat(request.getUrl().encodedPath()).isEqualTo("/2015-03-31/functions/orders/invocations");
        assertThat(request.getUrl().queryParameter("Qualifier")).isEqualTo("live");
        assertThat(request.getHeaders().get("X-Amz-Invocation-Type")).isEqualTo("RequestResponse");
        assertThat(request.getHeaders().get("Authorization")).contains("eu-central-1/lambda");
        assertThat(request.getBody().utf8()).isEqualTo("{\"a\":1}");
    }

    @Test
    void nullIsAnEmptyResult() {
        server.enqueue(new MockResponse.Builder().body("null").build());
        gateway.functions().register(function("f"));

        assertThat(gateway.invoke("f", null).isEmpty()).isTrue();
    }

    @Test
    void aFunctionErrorHasLambdasTypeAndMessage() {
        InvocationException failure = failure(new MockResponse.Builder()
                .addHeader("X-Amz-Function-Error", "Unhandled")
                .body("{\"errorType\":\"OutOfStock\",\"errorMessage\":\"no more of it\"}")
                .build());

        assertThat(failure.kind()).isEqualTo(Kind.FUNCTION_ERROR);
        assertThat(failure).hasMessageContaining("OutOfStock: no more of it");
    }

    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource({
        "429, TooManyRequestsException, PROVIDER_ERROR, true",
        "500, ServiceException, PROVIDER_ERROR, true",
        "502, EC2UnexpectedException, PROVIDER_ERROR, true",
        "403, AccessDeniedException, ACCESS_DENIED, false",
        "404, ResourceNotFoundException, CALL_FAILED, false",
        "413, RequestTooLargeException, CALL_FAILED, false",
    })
    void lambdasOwnErrorsAreToldApart(int status, String type, Kind kind, boolean retryable) {
        InvocationException failure = failure(error(status, type, "details"));

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.retryable()).isEqualTo(retryable);
        assertThat(failure.statusCode()).hasValue(status);
        assertThat(failure.getMessage()).contains("'f'").doesNotContain("s3cret");
        assertThat(server.getRequestCount()).as("the SDK must not retry").isEqualTo(1);
    }

    @Test
    void dataThatIsNotJsonIsNotSent() {
        gateway.functions().register(function("f"));

        assertThatThrownBy(() ->
                        gateway.invokeAsync("f", Event.of("a", new byte[] {1})).join())
                .cause()
                .hasMessageContaining("application/octet-stream")
                .hasMessageContaining("structured");
    }

    @Test
    void functionsOfOneAccessShareAClientUntilTheLastIsGone() {
        LambdaClients clients = new LambdaClients();
        LambdaConfiguration.Access access = new LambdaConfiguration.Access("eu-west-1", null, "a", "b", null);

        assertThat(clients.acquire(access)).isSameAs(clients.acquire(access));
        assertThat(clients.open()).isEqualTo(1);
        clients.release(access);
        assertThat(clients.open()).isEqualTo(1);
        clients.release(access);
        assertThat(clients.open()).isZero();
        assertThat(access.toString()).doesNotContain("b,");
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "arn, nonsense, 'arn'",
                "arn, arn:aws:s3:::bucket, 'arn'",
                "arn, arn:aws:lambda:us-east-1:12:function:f, 'arn'",
                "region, Frankfurt, 'region'",
                "endpoint, localhost, 'endpoint'",
                "accessKeyId,, 'accessKeyId'",
                "mode, loud, 'mode'",
            })
    void refusesConfigurationsThatAreNotValid(String name, String value, String message) {
        assertThatThrownBy(() -> gateway.functions().register(function("f").with(name, value)))
                .isInstanceOf(InvalidFunctionException.class)
                .hasMessageContaining("'f'")
                .hasMessageContaining(message)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("s3cret"));
        assertThatThrownBy(() -> FunctionDefinition.awsLambda("f", null)).hasMessageContaining("arn");
    }
}
