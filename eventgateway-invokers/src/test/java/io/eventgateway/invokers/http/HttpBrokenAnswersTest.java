package io.eventgateway.invokers.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.http.HttpRequest;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an answer that is too long, or no valid HTTP, is taken for. */
class HttpBrokenAnswersTest extends HttpFunctionTest {
    private static final String COMPLETE = "HTTP/1.1 204 No Content\r\n\r\n";

    private void deliverOnceOrMore() {
        gateway.close();
        gateway = EventGateway.builder()
                .defaultDelivery(DeliveryPolicy.builder().maxAttempts(1).build())
                .build();
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void anErrorWhoseBodyIsTooLongIsWhatItsStatusSays(int status) {
        server.enqueue(status(status)
                .addHeader("Retry-After", "3")
                .addHeader("Content-Type", "text/plain")
                .body("come back later " + "x".repeat(5_000))
                .build());

        InvocationException failure = failure(function().with("maxResponseBytes", 1_000), Event.of("a", 1));

        assertThat(failure.kind()).isEqualTo(Kind.FUNCTION_ERROR);
        assertThat(failure.retryable()).isTrue();
        assertThat(failure.statusCode()).hasValue(status);
        assertThat(failure.retryAfter()).contains(Duration.ofSeconds(3));
        assertThat(failure).hasMessageContaining("answered " + status + ": come back later xxx");
    }

    @Test
    void anErrorWhoseBodyDoesNotEndIsWhatItsStatusSays() {
        server.enqueue(status(429)
                .addHeader("Retry-After", "3")
                .body("later")
                .bodyDelay(20, TimeUnit.SECONDS)
                .build());

        InvocationException failure = failure(function().with("callTimeout", "PT0.3S"), Event.of("a", 1));

        assertThat(failure.statusCode()).hasValue(429);
        assertThat(failure.retryAfter()).contains(Duration.ofSeconds(3));
    }

    @Test
    void aResponseForAnHttpEventThatIsTooLongIsAFailureAndNotCut() {
        server.enqueue(text(404, "x".repeat(5_000)));
        gateway.functions().register(function().with("maxResponseBytes", 1_000));
        gateway.subscriptions()
                .create(Subscription.http("GET", "/pages").function("hook").build());

        assertThat(gateway.handle(HttpRequest.get("/pages").build()).statusCode())
                .isEqualTo(502);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
                "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello",
                "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 12\r\n\r\nthis is text",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "SSH-2.0-OpenSSH_9.6\r\n"
            })
    void anAnswerThatIsMalformedIsAFailureOfWhatRunsTheFunction(String answer) throws IOException {
        try (ScriptedServer scripted = new ScriptedServer(answer)) {
            InvocationException failure = failure(FunctionDefinition.http("hook", scripted.url()), Event.of("a", 1));

            assertThat(failure.kind()).isEqualTo(Kind.PROVIDER_ERROR);
            assertThat(failure.retryable()).isTrue();
            assertThat(failure)
                    .hasMessageContaining("function 'hook' at http://127.0.0.1")
                    .hasMessageContaining(" answered what ")
                    .hasMessageNotContaining("reached")
                    .hasMessageNotContaining("IllegalArgumentException");
            assertThat(scripted.requests()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 2"})
    void aServerThatEndsAfterTheRequestWasSentWasReached(String answer) throws IOException {
        try (ScriptedServer scripted = new ScriptedServer(answer)) {
            InvocationException failure = failure(FunctionDefinition.http("hook", scripted.url()), Event.of("a", 1));

            assertThat(failure.kind()).isEqualTo(Kind.PROVIDER_ERROR);
            assertThat(failure.retryable()).isTrue();
            assertThat(failure).hasMessageContaining("ended before it answered").hasMessageNotContaining("reached");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"H", "HTTP/1.1 2", "HTTP/1.1 200 OK\r\nContent-Le"})
    void nothingIsSentAgainOnceTheServerHasBegunToAnswer(String begun) throws IOException {
        deliverOnceOrMore();
        try (ScriptedServer scripted = new ScriptedServer(COMPLETE, begun)) {
            FunctionDefinition function = FunctionDefinition.http("hook", scripted.url());

            assertThat(deliver(function, Event.of("a", 1)).status()).isEqualTo(DeliveryStatus.DELIVERED);
            assertThat(failure(function, Event.of("a", 2)).kind()).isEqualTo(Kind.PROVIDER_ERROR);

            assertThat(scripted.requests()).isEqualTo(2);
        }
    }

    @Test
    void aKeptConnectionThatEndsWithoutAByteHasTheRequestSentOnceMore() throws IOException {
        deliverOnceOrMore();
        try (ScriptedServer scripted = new ScriptedServer(COMPLETE, "")) {
            FunctionDefinition function = FunctionDefinition.http("hook", scripted.url());

            deliver(function, Event.of("a", 1));

            assertThat(deliver(function, Event.of("a", 2)).status()).isEqualTo(DeliveryStatus.DELIVERED);
            assertThat(scripted.requests()).isEqualTo(3);
        }
    }

    @Test
    void aSecretInAHeaderThatIsCutOffIsNotShownByACauseNorInHexadecimal() throws IOException {
        try (ScriptedServer scripted = new ScriptedServer("HTTP/1.1 200 OK\r\nX: s3cr3t-t0ken")) {
            InvocationException failure = failure(
                    FunctionDefinition.http("hook", scripted.url()).with("headers", Map.of("X-Key", "s3cr3t-t0ken")),
                    Event.of("a", 1));

            StringWriter printed = new StringWriter();
            failure.printStackTrace(new PrintWriter(printed));
            assertThat(printed.toString())
                    .contains("ended before it answered")
                    .doesNotContain("s3cr3t-t0ken", HexFormat.of().formatHex("s3cr3t-t0ken".getBytes()));
        }
    }
}
