package io.eventgateway.invokers.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.error.InvalidFunctionException;
import io.eventgateway.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import mockwebserver3.RecordedRequest;
import okhttp3.Credentials;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An endpoint is asked whether events may be sent to it. */
class HttpValidationTest extends HttpFunctionTest {
    private static final String ORIGIN = "events.example.com";

    @Test
    void anEndpointIsAskedBeforeTheFirstDelivery() throws Exception {
        server.enqueue(status(200).addHeader("WebHook-Allowed-Origin", "*").build());
        server.enqueue(status(204).build());

        assertThat(deliver(
                                function()
                                        .with("validate", true)
                                        .with("headers", Map.of("X-Shop", "1", "Content-Type", "application/json"))
                                        .with("auth", Map.of("type", "bearer", "token", "t0ken")),
                                Event.of("order.placed", 1))
                        .status())
                .isEqualTo(DeliveryStatus.DELIVERED);

        RecordedRequest question = request();
        assertThat(question.getMethod()).isEqualTo("OPTIONS");
        assertThat(question.getTarget()).isEqualTo("/hooks");
        assertThat(question.getHeaders().get("WebHook-Request-Origin")).isEqualTo("eventgateway");
        assertThat(question.getHeaders().get("Authorization")).isEqualTo("Bearer t0ken");
        assertThat(question.getHeaders().get("X-Shop")).isEqualTo("1");
        assertThat(question.getHeaders().get("User-Agent")).startsWith("eventgateway-java/");
        assertThat(question.getHeaders().names())
                .doesNotContain("WebHook-Request-Rate", "Content-Type", "ce-type", "ce-id");
        assertThat(request().getMethod()).isEqualTo("POST");
    }

    @Test
    void userAndPasswordOfTheUrlAreSentWithTheQuestion() throws Exception {
        server.enqueue(status(200).addHeader("WebHook-Allowed-Origin", "*").build());
        server.enqueue(status(204).build());

        deliver(
                function()
                        .with("url", "http://al1ce:s3cret@127.0.0.1:" + server.getPort() + "/hooks")
                        .with("validate", true),
                Event.of("a", 1));

        assertThat(request().getHeaders().get("Authorization")).isEqualTo(Credentials.basic("al1ce", "s3cret"));
    }

    @Test
    void theGatewayOfTheOtherSideDecides() {
        try (EventGateway receiver = EventGateway.create()) {
            receiver.functions().register("take", (event, context) -> HttpResponse.of(204));
            receiver.subscriptions()
                    .create(Subscription.http("POST", "/hooks")
                            .function("take")
                            .webhookOrigins(ORIGIN)
                            .build());
            server.setDispatcher(new ReceivingGateway(receiver));

            assertThat(deliver(function().with("validate", Map.of("origin", ORIGIN, "rate", 120)), Event.of("a", 1))
                            .status())
                    .isEqualTo(DeliveryStatus.DELIVERED);

            gateway.functions().update(function().with("validate", Map.of("origin", "evil.example.com")));
            assertThat(failure(function(), Event.of("a", 2)).kind()).isEqualTo(Kind.ACCESS_DENIED);
        }
        assertThat(server.getRequestCount()).isEqualTo(3); // question and event, and the question that was denied
    }

    @Test
    void aDenialSaysWhyAndWhenToTryAgain() {
        server.enqueue(status(204)
                .addHeader("WebHook-Allowed-Origin", "shop.example.com")
                .build());

        InvocationException failure = failure(function().with("validate", Map.of("origin", ORIGIN)), Event.of("a", 1));

        assertThat(failure.kind()).isEqualTo(Kind.ACCESS_DENIED);
        assertThat(failure.retryable()).isTrue();
        assertThat(failure.retryAfter().orElseThrow()).isBetween(Duration.ofMinutes(4), Duration.ofMinutes(5));
        assertThat(failure)
                .hasMessageContaining("the webhook validation of function 'hook' answered 204")
                .hasMessageContaining("does not allow 'events.example.com' to send to it (WebHook-Allowed-Origin)");
        assertThat(server.getRequestCount()).isEqualTo(1);
    }

    @Test
    void aFailureThatIsNoDenialHasTheEndpointAskedAgain() throws Exception {
        server.enqueue(status(503).addHeader("Retry-After", "7").build());
        server.enqueue(status(200)
                .addHeader("WebHook-Allowed-Origin", "EVENTS.example.com")
                .build());
        server.enqueue(status(204).build());
        var function = function().with("validate", Map.of("origin", ORIGIN));

        InvocationException failure = failure(function, Event.of("a", 1));

        assertThat(failure.kind()).isEqualTo(Kind.CALL_FAILED);
        assertThat(failure.retryable()).isTrue();
        assertThat(failure.retryAfter()).contains(Duration.ofSeconds(7));
        assertThat(deliver(function, Event.of("a", 2)).status()).isEqualTo(DeliveryStatus.DELIVERED);
    }

    @Test
    void theQuestionIsPartOfTheCallsTime() {
        server.enqueue(status(200).headersDelay(20, TimeUnit.SECONDS).build());

        InvocationException failure =
                failure(function().with("validate", true).with("callTimeout", "PT0.2S"), Event.of("a", 1));

        assertThat(failure.kind()).isEqualTo(Kind.TIMEOUT);
        assertThat(failure).hasMessageContaining("a permission, was not to be had in time");
    }

    @Test
    void falseAsksNothing() throws Exception {
        server.enqueue(status(204).build());

        deliver(function().with("validate", false), Event.of("a", 1));

        assertThat(request().getMethod()).isEqualTo("POST");
    }

    static Stream<Arguments> unclear() {
        return Stream.of(
                Arguments.of("yes", "'validate' must be true, false or an object"),
                Arguments.of(List.of(1), "'validate' must be true, false or an object"),
                Arguments.of(Map.of("callback", "x"), "'validate' must be true, false or an object"),
                Arguments.of(Map.of("origin", "https://a.example.com"), "'validate.origin' must be a DNS name"),
                Arguments.of(Map.of("rate", 0), "'validate.rate' must be requests a minute, at least 1"),
                Arguments.of(Map.of("rate", "many"), "'validate' must be true, false or an object"));
    }

    @ParameterizedTest
    @MethodSource("unclear")
    void whatIsNotClearIsRefused(Object validate, String message) {
        assertThatThrownBy(() -> gateway.functions().register(function().with("validate", validate)))
                .isInstanceOf(InvalidFunctionException.class)
                .hasMessageContaining(message);
    }
}
