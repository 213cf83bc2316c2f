package io.eventgateway.invokers.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import io.eventgateway.InvocationResult;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.error.InvalidFunctionException;
import io.eventgateway.http.HttpRequest;
import io.eventgateway.http.HttpResponse;
import io.eventgateway.http.NetworkPolicy;
import io.eventgateway.invokers.aws.AwsAccess;
import io.eventgateway.invokers.aws.AwsClients;
import io.eventgateway.invokers.aws.AwsHttp;
import io.eventgateway.spi.Secret;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.http.SdkHttpConfigurationOption;
import software.amazon.awssdk.services.lambda.LambdaAsyncClient;

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
        if (gateway.functions().list().isEmpty()) {
            gateway.functions().register(function("f"));
        }
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
        AwsClients<LambdaAsyncClient> clients = AwsClients.of(LambdaAsyncClient::builder);
        AwsAccess access =
                new AwsAccess("eu-west-1", null, Secret.of("a"), Secret.of("b"), null, NetworkPolicy.anywhere());

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
                "mode, binary, 'mode'",
                "arn, arn:aws_x:lambda:us-east-1:123456789012:function:f, 'arn'",
                "functionUrl, https://abc.lambda-url.eu-west-1.on.aws/, 'functionUrl'",
                "invocationType, DryRun, 'invocationType'",
                "maxResponseBytes, 0, 'maxResponseBytes'",
            })
    void refusesConfigurationsThatAreNotValid(String name, String value, String message) {
        Object given = name.equals("maxResponseBytes") ? Integer.valueOf(value) : value;
        assertThatThrownBy(() -> gateway.functions().register(function("f").with(name, given)))
                .isInstanceOf(InvalidFunctionException.class)
                .hasMessageContaining("'f'")
                .hasMessageContaining(message)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("s3cret"));
        assertThatThrownBy(() -> FunctionDefinition.awsLambda("f", null)).hasMessageContaining("arn");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "arn:aws-eusc:lambda:eusc-de-east-1:123456789012:function:f",
                "arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:f:1",
                "arn:aws-iso-f:lambda:us-isof-south-1:123456789012:function:f",
                "arn:aws:lambda:mx-central-1:123456789012:function:f",
            })
    void partitionsAndRegionsAreKnownByTheirShape(String arn) {
        FunctionDefinition function = gateway.functions()
                .register(FunctionDefinition.awsLambda("f", arn)
                        .with("region", "eusc-de-east-1")
                        .with("accessKeyId", "a")
                        .with("secretAccessKey", "b"));

        assertThat(function.type()).isEqualTo("awslambda");
    }

    @Test
    void aCallHasNoTimeLimitButItsDeadline() {
        assertThat(AwsHttp.SETTINGS.get(SdkHttpConfigurationOption.READ_TIMEOUT))
                .isZero();
        assertThat(AwsHttp.SETTINGS.get(SdkHttpConfigurationOption.WRITE_TIMEOUT))
                .isZero();
        assertThat(AwsHttp.SETTINGS.get(SdkHttpConfigurationOption.CONNECTION_ACQUIRE_TIMEOUT))
                .isGreaterThanOrEqualTo(Duration.ofHours(1));
        assertThat(AwsHttp.SETTINGS.get(SdkHttpConfigurationOption.MAX_CONNECTIONS))
                .isEqualTo(10_000);
        assertThat(AwsHttp.SETTINGS.get(SdkHttpConfigurationOption.TCP_KEEPALIVE))
                .isTrue();
    }

    /** The SDK's own client has 50 connections, for which the fifty-first call waits 10 s, and fails. */
    @Test
    void callsOfOneFunctionAreMadeAtTheSameTime() {
        int calls = Integer.getInteger("eventgateway.lambda.calls", 60);
        Duration held = Duration.ofMillis(Integer.getInteger("eventgateway.lambda.heldMillis", 0));
        CountDownLatch arrived = new CountDownLatch(calls);
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) throws InterruptedException {
                arrived.countDown();
                return new MockResponse.Builder()
                        .code(arrived.await(60, TimeUnit.SECONDS) ? 200 : 500)
                        .headersDelay(held.toMillis(), TimeUnit.MILLISECONDS)
                        .body("1")
                        .build();
            }
        });
        try (EventGateway patient = EventGateway.builder()
                .defaultDelivery(
                        DeliveryPolicy.builder().timeout(Duration.ofMinutes(2)).build())
                .build()) {
            patient.functions().register(function("f"));

            List<CompletableFuture<InvocationResult>> results = IntStream.range(0, calls)
                    .mapToObj(i -> patient.invokeAsync("f", Event.of("a", i)))
                    .toList();

            assertThat(results).allSatisfy(result -> assertThat(
                            result.get(100, TimeUnit.SECONDS).valueAs(Integer.class))
                    .isEqualTo(1));
        }
    }

    @Test
    void whatLambdaSaysIsShownWithoutCharactersThatATerminalObeys() {
        InvocationException ofFunction = failure(new MockResponse.Builder()
                .addHeader("X-Amz-Function-Error", "Unhandled")
                .body("{\"errorType\":\"E\\u001b[2J\",\"errorMessage\":\"a\\u0000b\\u202ec\\u2028d\\u200be\"}")
                .build());
        InvocationException ofLambda = failure(error(404, "ResourceNotFoundException", "gone\\u001b[31m\\u202e"));

        for (InvocationException failure : List.of(ofFunction, ofLambda)) {
            StringWriter logged = new StringWriter();
            failure.printStackTrace(new PrintWriter(logged));
            assertThat(logged.toString()).doesNotContainPattern("[\\p{Cf}\\u2028\\u2029\\x00-\\x08\\x0B-\\x1F]");
        }
        assertThat(ofFunction).hasMessageContaining("E\uFFFD[2J: a\uFFFDb\uFFFDc d\uFFFDe");
    }

    @Test
    void anAnswerThatIsTooLargeIsAFailureThatIsNotRepeated() {
        server.enqueue(
                new MockResponse.Builder().body("\"" + "x".repeat(2_000) + "\"").build());
        gateway.functions().register(function("f").with("maxResponseBytes", 1_000));

        assertThatThrownBy(() -> gateway.invoke("f", 1))
                .isInstanceOfSatisfying(InvocationException.class, failure -> {
                    assertThat(failure.kind()).isEqualTo(Kind.FUNCTION_ERROR);
                    assertThat(failure.retryable()).isFalse();
                })
                .hasMessageContaining("1000 bytes")
                .hasMessageContaining("maxResponseBytes");
    }

    @Test
    void lambdaTakesAnEventForLater() throws InterruptedException {
        server.enqueue(new MockResponse.Builder().code(202).build());
        gateway.functions().register(function("f").with("invocationType", "Event"));

        assertThat(gateway.invoke("f", Map.of("a", 1)).isEmpty()).isTrue();

        RecordedRequest request = server.takeRequest(10, TimeUnit.SECONDS);
        assertThat(request.getHeaders().get("X-Amz-Invocation-Type")).isEqualTo("Event");
    }

    private FunctionDefinition byUrl(String id) {
        return FunctionDefinition.of(
                        "f",
                        "awslambda",
                        Map.of("functionUrl", server.url("/orders").toString()))
                .with("region", "eu-central-1")
                .with("accessKeyId", "AKIDEXAMPLE")
                .with("secretAccessKey", "s3cret");
    }

    @Test
    void aFunctionUrlGetsASignedEvent() throws InterruptedException {
        server.enqueue(new MockResponse.Builder()
                .addHeader("Content-Type", "application/json")
                .body("{\"total\":40}")
                .build());
        gateway.functions().register(byUrl("f"));

        assertThat(gateway.invoke("f", Map.of("a", 1)).asJson().path("total").intValue())
                .isEqualTo(40);

        RecordedRequest request = server.takeRequest(10, TimeUnit.SECONDS);
        assertThat(request.getUrl().encodedPath()).isEqualTo("/orders");
        assertThat(request.getBody().utf8()).isEqualTo("{\"a\":1}");
        assertThat(request.getHeaders().get("ce-id")).isNotEmpty();
        assertThat(request.getHeaders().get("X-Amz-Date")).matches("\\d{8}T\\d{6}Z");
        assertThat(request.getHeaders().get("Authorization"))
                .startsWith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
                .contains("/eu-central-1/lambda/aws4_request")
                .containsPattern("SignedHeaders=[^,]*ce-id[^,]*host");
    }

    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource({
        "403, AccessDeniedException, ACCESS_DENIED, false",
        "429, TooManyRequestsException, PROVIDER_ERROR, true",
        "502,, FUNCTION_ERROR, true",
        "403,, FUNCTION_ERROR, false",
    })
    void whatLambdaRefusesIsToldApartFromWhatTheFunctionAnswers(int status, String type, Kind kind, boolean retryable) {
        MockResponse.Builder answer = new MockResponse.Builder().code(status).body("no");
        server.enqueue(
                type == null
                        ? answer.build()
                        : answer.addHeader("x-amzn-ErrorType", type).build());
        gateway.functions().register(byUrl("f"));

        assertThatThrownBy(() -> gateway.invoke("f", 1)).isInstanceOfSatisfying(InvocationException.class, failure -> {
            assertThat(failure.kind()).isEqualTo(kind);
            assertThat(failure.retryable()).isEqualTo(retryable);
        });
    }

    @Test
    void noConnectionIsMadeToAnAddressThatThePolicyRefuses() {
        try (EventGateway guarded = EventGateway.builder()
                .networkPolicy(NetworkPolicy.publicOnly())
                .defaultDelivery(DeliveryPolicy.atMostOnce())
                .build()) {
            guarded.functions().register(function("f"));

            assertThatThrownBy(() -> guarded.invoke("f", 1))
                    .isInstanceOfSatisfying(InvocationException.class, failure -> {
                        assertThat(failure.kind()).isEqualTo(Kind.CALL_FAILED);
                        assertThat(failure.retryable()).isFalse();
                    })
                    .hasMessageContaining("network policy");
            assertThat(server.getRequestCount()).isZero();
        }
    }

    @Test
    void theResponseOfTheProxyConventionIsWhatAClientGets() {
        MockResponse unauthorized = new MockResponse.Builder()
                .body(
                        "{\"statusCode\":401,\"multiValueHeaders\":{\"WWW-Authenticate\":[\"Basic\"]},\"body\":\"bm8=\",\"isBase64Encoded\":true}")
                .build();
        server.enqueue(unauthorized);
        server.enqueue(unauthorized);
        gateway.functions().register(function("f"));
        gateway.functions().register(function("g").with("responses", "value"));
        gateway.subscriptions()
                .create(Subscription.http("GET", "/orders").function("f").build());
        gateway.subscriptions()
                .create(Subscription.http("GET", "/value").function("g").build());

        HttpResponse response = gateway.handle(HttpRequest.get("/orders").build());

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.headers()).containsEntry("WWW-Authenticate", "Basic");
        assertThat(response.bodyAsString()).isEqualTo("no");
        assertThat(gateway.handle(HttpRequest.get("/value").build()).statusCode())
                .as("a value, which is no response")
                .isEqualTo(200);
    }
}
