package io.eventgateway.invokers.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.DeliveryReport;
import io.eventgateway.delivery.DeliveryResult;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.error.InvalidFunctionException;
import io.eventgateway.http.HttpRequest;
import io.eventgateway.http.HttpResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpInvokerTest {
    private final MockWebServer server = new MockWebServer();
    private final EventGateway gateway = EventGateway.builder()
            .defaultDelivery(DeliveryPolicy.atMostOnce())
            .source("/shop")
            .build();

    @BeforeEach
    void start() throws IOException {
        server.start(java.net.InetAddress.getLoopbackAddress(), 0);
    }

    @AfterEach
    void stop() {
        gateway.close();
        server.close();
    }

    private FunctionDefinition function() {
        return FunctionDefinition.http("hook", server.url("/hooks").toString());
    }

    private DeliveryResult deliver(FunctionDefinition function, Event event) {
        gateway.functions().register(function);
        gateway.subscribe("**", "hook");
        Emission emission = gateway.emit(event);
        DeliveryReport report =
                emission.completion().orTimeout(20, TimeUnit.SECONDS).join();
        return report.deliveries().get(0);
    }

    private InvocationException failure(MockResponse response) {
        server.enqueue(response);
        return (InvocationException) deliver(function(), Event.of("a", 1)).failure();
    }

    private RecordedRequest request() throws InterruptedException {
        return server.takeRequest(20, TimeUnit.SECONDS);
    }

    private static MockResponse answer(int code) {
        return new MockResponse.Builder().code(code).build();
    }

    private static MockResponse answer(int code, String contentType, String body) {
        return new MockResponse.Builder()
                .code(code)
                .addHeader("Content-Type", contentType)
                .body(body)
                .build();
    }

    @Test
    void sendsTheDataAsTheBodyAndTheAttributesAsHeaders() throws InterruptedException {
        server.enqueue(answer(200, "application/json", "{\"ok\":true}"));
        Event event = Event.builder("order.placed")
                .id("o-1")
                .subject("größe 50%")
                .extension("tenant", "acme")
                .data(Map.of("total", 40))
                .build();

        DeliveryResult result = deliver(function(), event);

        assertThat(result.result().asJson().path("ok").booleanValue()).isTrue();
        RecordedRequest request = request();
        assertThat(request.getMethod()).isEqualTo("POST");
        assertThat(request.getBody().utf8()).isEqualTo("{\"total\":40}");
        assertThat(request.getHeaders().get("Content-Type")).isEqualTo("application/json");
        assertThat(request.getHeaders().get("ce-id")).isEqualTo("o-1");
        assertThat(request.getHeaders().get("ce-source")).isEqualTo("/shop");
        assertThat(request.getHeaders().get("ce-type")).isEqualTo("order.placed");
        assertThat(request.getHeaders().get("ce-specversion")).isEqualTo("1.0");
        assertThat(request.getHeaders().get("ce-subject")).isEqualTo("gr%C3%B6%C3%9Fe%2050%25");
        assertThat(request.getHeaders().get("ce-tenant")).isEqualTo("acme");
        assertThat(request.getHeaders().get("ce-correlationid")).isEqualTo("o-1");
    }

    @Test
    void sendsTheWholeEventInStructuredMode() throws InterruptedException {
        server.enqueue(answer(204));

        assertThat(deliver(function().with("mode", "structured"), Event.of("a", Map.of("b", 1)))
                        .result()
                        .isEmpty())
                .isTrue();

        RecordedRequest request = request();
        assertThat(request.getHeaders().get("Content-Type")).startsWith("application/cloudevents+json");
        assertThat(request.getBody().utf8()).contains("\"specversion\":\"1.0\"").contains("\"data\":{\"b\":1}");
    }

    @Test
    void sendsOnlyTheDataInDataMode() throws InterruptedException {
        server.enqueue(answer(204));

        deliver(
                function()
                        .with("mode", "data")
                        .with("method", "PUT")
                        .with("headers", Map.of("Authorization", "Bearer t0ken")),
                Event.of("a", 1));

        RecordedRequest request = request();
        assertThat(request.getMethod()).isEqualTo("PUT");
        assertThat(request.getHeaders().get("ce-id")).isNull();
        assertThat(request.getHeaders().get("Authorization")).isEqualTo("Bearer t0ken");
    }

    @ParameterizedTest
    @CsvSource({
        "400, false",
        "404, false",
        "408, true",
        "410, false",
        "425, true",
        "429, true",
        "500, true",
        "503, true"
    })
    void anAnswerThatIsNoSuccessIsAFunctionErrorWithItsStatus(int status, boolean retryable) {
        InvocationException failure = failure(answer(status, "text/plain", "out of   stock"));

        assertThat(failure.kind()).isEqualTo(Kind.FUNCTION_ERROR);
        assertThat(failure.statusCode()).hasValue(status);
        assertThat(failure.retryable()).isEqualTo(retryable);
        assertThat(failure).hasMessageContaining("'hook' answered " + status).hasMessageContaining("out of stock");
    }

    @Test
    void keepsTheTimeThatTheServerAsksToWait() {
        assertThat(failure(new MockResponse.Builder()
                                .code(503)
                                .addHeader("Retry-After", "7")
                                .build())
                        .retryAfter())
                .contains(Duration.ofSeconds(7));
    }

    @Test
    void showsABoundedExcerptWithoutTheCredentialsThatWereSent() {
        server.enqueue(answer(401, "text/plain", "bad token t0ken-s3cret " + "x".repeat(1_000)));

        InvocationException failure = (InvocationException)
                deliver(function().with("headers", Map.of("X-Token", "t0ken-s3cret")), Event.of("a", 1))
                        .failure();

        assertThat(failure.getMessage())
                .contains("bad token ***")
                .doesNotContain("s3cret")
                .hasSizeLessThan(300);
    }

    @Test
    void whateverTheServerSaysTheMessageIsBoundedAndOnOneLine() {
        InvocationException failure = failure(new MockResponse.Builder()
                .status("HTTP/9.9 503 \u001B[2J" + "x".repeat(200_000))
                .build());

        assertThat(failure.kind()).isEqualTo(Kind.PROVIDER_ERROR);
        assertThat(failure.getMessage())
                .hasSize(1_000)
                .contains("answered what can't be read: java.net.ProtocolException")
                .doesNotContain("\u001B");
        assertThat(failure).hasNoCause();
        assertThat(gateway.deadLetters().list().get(0).message()).hasSizeLessThan(1_200);
    }

    @Test
    void followsNoRedirectsUnlessAsked() {
        InvocationException failure = failure(new MockResponse.Builder()
                .code(302)
                .addHeader("Location", "/other")
                .build());

        assertThat(failure.statusCode()).hasValue(302);
        assertThat(failure.retryable()).isFalse();
        assertThat(server.getRequestCount()).isEqualTo(1);
    }

    @Test
    void refusesAnswersThatAreTooLong() {
        server.enqueue(answer(200, "text/plain", "x".repeat(101)));

        InvocationException failure =
                (InvocationException) deliver(function().with("maxResponseBytes", 100), Event.of("a", 1))
                        .failure();

        assertThat(failure).hasMessageContaining("more than 100 bytes");
    }

    @Test
    void timesOutBySettingOfItsOwn() {
        server.enqueue(
                new MockResponse.Builder().headersDelay(5, TimeUnit.SECONDS).build());

        InvocationException failure =
                (InvocationException) deliver(function().with("callTimeout", "PT0.1S"), Event.of("a", 1))
                        .failure();

        assertThat(failure.kind()).isEqualTo(Kind.TIMEOUT);
        assertThat(failure.retryable()).isTrue();
    }

    @Test
    void aServerThatIsNotThereIsARetryableFailure() {
        FunctionDefinition function = function();
        server.close();

        InvocationException failure =
                (InvocationException) deliver(function, Event.of("a", 1)).failure();

        assertThat(failure.kind()).isEqualTo(Kind.CALL_FAILED);
        assertThat(failure.retryable()).isTrue();
    }

    @Test
    void anAnswerThatSwitchesProtocolsIsAFailureAndNoResponse() {
        server.enqueue(answer(101));
        assertThat(failure(answer(101)).statusCode()).hasValue(101);

        gateway.subscriptions()
                .create(Subscription.http("GET", "/hooks").function("hook").build());
        assertThat(gateway.handle(HttpRequest.of("GET", "/hooks").build()).statusCode())
                .isEqualTo(502);
    }

    @Test
    void whatComesBeforeTheAnswerIsPassedOver() {
        server.enqueue(new MockResponse.Builder()
                .addInformationalResponse(answer(103))
                .code(204)
                .build());

        assertThat(deliver(function(), Event.of("a", 1)).status()).isEqualTo(DeliveryStatus.DELIVERED);
    }

    @Test
    void answersARequestWithWhatTheEndpointAnswers() throws InterruptedException {
        server.enqueue(new MockResponse.Builder()
                .code(404)
                .addHeader("X-A", "1")
                .addHeader("Content-Type", "text/plain")
                .body("no user 42")
                .build());
        server.enqueue(answer(500, "text/plain", "stack trace"));
        gateway.functions().register(function());
        gateway.subscriptions()
                .create(Subscription.http("GET", "/users/:id").function("hook").build());

        HttpResponse response =
                gateway.handle(HttpRequest.get("/users/42?full=1").build());
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.headers()).containsEntry("X-A", "1");
        assertThat(response.bodyAsString()).isEqualTo("no user 42");
        assertThat(request().getBody().utf8())
                .contains("\"method\":\"GET\"")
                .contains("\"params\":{\"id\":\"42\"}")
                .contains("\"query\":{\"full\":\"1\"}");

        HttpResponse failed = gateway.handle(HttpRequest.get("/users/42").build());
        assertThat(failed.statusCode()).isEqualTo(502);
        assertThat(failed.bodyAsString()).doesNotContain("stack trace");
    }

    @Test
    void aThousandSlowEndpointsDoNotHoldAThousandThreads() {
        server.setDispatcher(new mockwebserver3.Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return new MockResponse.Builder()
                        .headersDelay(200, TimeUnit.MILLISECONDS)
                        .build();
            }
        });
        gateway.functions().register(function());
        List<CompletableFuture<?>> calls = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            calls.add(gateway.invokeAsync("hook", Event.of("a", i)));
        }
        long threads = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("eventgateway"))
                .count();
        assertThat(threads).isLessThan(300);
        CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new))
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "url, ftp://example.com, 'url'",
                "url, nonsense, 'url'",
                "method, GE T, 'method'",
                "method, GET, 'method'",
                "mode, loud, 'mode'",
                "connectTimeout, PT0S, 'connectTimeout'",
                "callTimeout, soon, 'callTimeout'",
                "maxResponseBytes, 0, 'maxResponseBytes'",
                "typo, 1, 'typo' is unknown",
            })
    void refusesConfigurationsThatAreNotValid(String name, String value, String message) {
        Object given = name.equals("maxResponseBytes") ? Integer.valueOf(value) : value;
        assertThatThrownBy(() -> gateway.functions().register(function().with(name, given)))
                .isInstanceOf(InvalidFunctionException.class)
                .hasMessageContaining("'hook'")
                .hasMessageContaining(message);
        assertThat(gateway.functions().list()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length", "transfer-encoding", "Connection", "Host"})
    void refusesHeadersThatTheClientMakes(String name) {
        assertThatThrownBy(() -> gateway.functions().register(function().with("headers", Map.of(name, "5"))))
                .isInstanceOf(InvalidFunctionException.class)
                .hasMessageContaining(
                        "'headers' must be a header that the HTTP client does not make itself, was '" + name + "'");
        assertThatThrownBy(() -> gateway.functions()
                        .register(function().with("auth", Map.of("type", "header", "name", name, "value", "5"))))
                .hasMessageContaining("'auth.name' must be a header that the HTTP client does not make itself");
    }

    @Test
    void aLineBreakInAnEntryIsNoneInTheMessage() {
        assertThatThrownBy(() -> gateway.functions().register(function().with("method", "PO\r\nST")))
                .isInstanceOf(InvalidFunctionException.class)
                .hasMessageContaining("'method'")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\r", "\n"));
    }

    @Test
    void refusesANumberForADurationSinceItDoesNotSayWhatItCounts() {
        assertThatThrownBy(() -> gateway.functions().register(function().with("connectTimeout", 5)))
                .isInstanceOf(InvalidFunctionException.class)
                .hasMessageContaining("'connectTimeout' must be a duration such as PT5S (ISO 8601)");
    }

    @Test
    void namesTheEntryOfTheGatewayAmongTheKnownOnes() {
        assertThatThrownBy(() -> gateway.functions().register(function().with("typo", 1)))
                .hasMessageContaining("proxy, responses, signing");
    }

    @Test
    void refusesAMissingUrlAndShowsNoSecretOfOneThatIsWrong() {
        assertThatThrownBy(() -> FunctionDefinition.http("hook", null))
                .isInstanceOf(InvalidFunctionException.class)
                .hasMessageContaining("url");
        assertThatThrownBy(() -> gateway.functions().register(FunctionDefinition.of("hook", "http", Map.of())))
                .hasMessageContaining("'url'");
        assertThatThrownBy(() -> gateway.functions().register(FunctionDefinition.http("hook", "https://user:s3cret@")))
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("s3cret"));
        assertThatThrownBy(
                        () -> gateway.functions().register(function().with("headers", Map.of("X-Token", "s3cret\n"))))
                .hasMessageContaining("X-Token")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("s3cret"));
    }

    @Test
    void aStatusThatIsNoneOfHttpIsNotRetried() {
        assertThat(failure(answer(999)).retryable()).isFalse();
    }

    @Test
    void aRetryAfterOfAnyLengthIsObeyed() {
        InvocationException failure = failure(new MockResponse.Builder()
                .code(503)
                .addHeader("Retry-After", "99999999999999999999")
                .build());

        assertThat(failure.retryAfter()).hasValue(Duration.ofSeconds(999_999_999));
    }

    @Test
    void messagesHaveIpv6AddressesInBrackets() {
        InvocationException failure = (InvocationException) deliver(
                        FunctionDefinition.http("hook", "http://[::1]:1/")
                                .with("network", Map.of("deny", List.of("::1/128"))),
                        Event.of("a", 1))
                .failure();

        assertThat(failure).hasMessageContaining("http://[::1]:1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"proxy", "value"})
    void whatAnEndpointAnswersIsTheResponseWhateverItsJsonSays(String responses) {
        String body = "{\"statusCode\":404,\"body\":\"x\"}";
        server.enqueue(answer(201, "application/json", body));
        gateway.functions().register(function().with("responses", responses));
        gateway.subscriptions()
                .create(Subscription.http("GET", "/a").function("hook").build());

        HttpResponse response = gateway.handle(HttpRequest.get("/a").build());

        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(new String(response.body(), java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo(body);
    }
}
