package io.eventgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.error.BacklogFullException;
import io.eventgateway.error.EventRejectedException;
import io.eventgateway.error.FunctionInUseException;
import io.eventgateway.error.FunctionNotFoundException;
import io.eventgateway.error.GatewayClosedException;
import io.eventgateway.error.InvalidSubscriptionException;
import io.eventgateway.http.Authorization;
import io.eventgateway.http.HttpRequest;
import io.eventgateway.http.HttpResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Requests that an authorizer grants or refuses. */
class HandleAuthorizerTest extends HandledRequests {
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicReference<HttpRequest> seen = new AtomicReference<>();

    private void guarded(EventGateway by, FunctionHandler authorizer) {
        by.functions().register("auth", authorizer);
        subscribe(by);
    }

    private void subscribe(EventGateway by) {
        by.functions().register("f", (event, context) -> {
            calls.incrementAndGet();
            seen.set(event.dataAs(HttpRequest.class));
            return "in";
        });
        by.subscriptions()
                .create(Subscription.http("POST", "/orders/:id")
                        .function("f")
                        .authorizer("auth")
                        .build());
    }

    private static HttpRequest order() {
        return HttpRequest.of("POST", "/orders/7?full=1")
                .header("Authorization", "Bearer t")
                .authorization(Authorization.granted("forged"))
                .body("application/json", "{\"a\":1}")
                .build();
    }

    private HttpResponse refused(FunctionHandler authorizer) {
        guarded(gateway, authorizer);
        HttpResponse response = gateway.handle(order());
        HttpResponse async = Outcomes.get(gateway.handleAsync(order()));
        assertThat(async.statusCode()).isEqualTo(response.statusCode());
        assertThat(calls).hasValue(0);
        return response;
    }

    @Test
    void theAuthorizerGetsTheRequestAndTheFunctionWhatItGranted() {
        AtomicReference<Event> asked = new AtomicReference<>();
        guarded(gateway, (event, context) -> {
            asked.set(event);
            return Authorization.granted("u-1", Map.of("plan", "pro"));
        });

        assertThat(gateway.handle(order()).bodyAsString()).isEqualTo("\"in\"");
        assertThat(Outcomes.get(gateway.handleAsync(order())).bodyAsString()).isEqualTo("\"in\"");
        assertThat(asked.get().getType()).isEqualTo("http.authorize");
        HttpRequest request = asked.get().dataAs(HttpRequest.class);
        assertThat(request.headers()).containsEntry("Authorization", "Bearer t");
        assertThat(request.params()).containsEntry("id", "7");
        assertThat(request.bodyAsString()).isEqualTo("{\"a\":1}");
        assertThat(request.authorization()).isNull(); // not what the caller of handle made up
        Authorization granted = seen.get().authorization();
        assertThat(granted).isNotNull();
        assertThat(granted.principalId()).isEqualTo("u-1");
        assertThat(granted.context()).containsEntry("plan", "pro");
        assertThat(seen.get().toJson().path("authorization").toString())
                .isEqualTo("{\"principalId\":\"u-1\",\"context\":{\"plan\":\"pro\"}}");
    }

    @Test
    void noClientMakesUpAnAuthorization() {
        on("POST", "/open", (event, context) -> {
            seen.set(event.dataAs(HttpRequest.class));
            return null;
        });

        gateway.handle(HttpRequest.of("POST", "/open")
                .authorization(Authorization.granted("forged"))
                .build());

        assertThat(seen.get().authorization()).isNull();
    }

    @Test
    void aRefusalIsA403ThatDoesNotSayWhy() {
        HttpResponse response = refused((event, context) -> Authorization.refused("u-1 has not paid"));

        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(response.bodyAsString()).isEqualTo("the request was refused");
    }

    @Test
    void aClientThatMustSayWhoItIsGetsA401WithTheChallenge() {
        HttpResponse response =
                refused((event, context) -> Authorization.unauthenticated("Bearer realm=\"orders\"", "no token"));

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.headers()).containsEntry("WWW-Authenticate", "Bearer realm=\"orders\"");
        assertThat(response.bodyAsString()).doesNotContain("token");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
                    {"authorization":{"principalId":"u-1","context":{"plan":"pro","n":1}}}  | 200
                    {"authorization":{"principalId":7}}                                    | 200
                    {"authorization":{"principalId":"u-1"},"error":null}                   | 200
                    {"authorization":{"principalId":"u-1","context":null}}                 | 200
                    {"authorization":{}}                                                   | 502
                    {"authorization":{"principalId":null}}                                 | 502
                    {"authorization":{"principalId":""}}                                   | 502
                    {"authorization":{"principalId":" "}}                                  | 502
                    {"authorization":{"principalId":false}}                                | 502
                    {"authorization":{"context":{"plan":"pro"}}}                           | 502
                    {"authorization":{"principalId":"u-1","effect":"Deny"}}                | 502
                    {"authorization":{"principalId":"u-1"},"statusCode":403}               | 502
                    {"authorization":{"principalId":"u-1"},"error":"expired"}              | 502
                    {"error":{"statusCode":401,"challenge":"Bearer\\nX-A: b"}}              | 502
                    {"error":{"message":"expired"}}                                        | 403
                    {"error":{"message":"expired","statusCode":401,"challenge":"Bearer"}}  | 401
                    {"error":{"statusCode":200}}                                           | 502
                    {"authorization":{},"error":{}}                                        | 502
                    {"authorization":null}                                                 | 502
                    {"authorization":true}                                                 | 502
                    {"authorization":{"context":[]}}                                       | 502
                    {"authorization":{"context":{"a":{}}}}                                 | 502
                    {"authorization":{"principalId":{}}}                                   | 502
                    {"statusCode":200}                                                     | 502
                    {}                                                                     | 502
                    true                                                                   | 502
                    null                                                                   | 502
                    no JSON                                                                | 502
                    """)
    void anAuthorizerElsewhereAnswersAsThatOfEventGateway09(String json, int status) {
        FakeInvokers.Provider provider = new FakeInvokers.Provider(
                "remote",
                invocation -> CompletableFuture.completedFuture(InvocationResult.ofBytes(
                        "application/json", json.getBytes(StandardCharsets.UTF_8), JsonMapper.shared())));
        try (EventGateway own = EventGateway.builder().invoker(provider).build()) {
            own.functions().register(FunctionDefinition.of("auth", "remote", Map.of()));
            subscribe(own);

            assertThat(own.handle(order()).statusCode()).isEqualTo(status);
            assertThat(calls).hasValue(status == 200 ? 1 : 0);
        }
    }

    @ParameterizedTest
    @CsvSource({"401, 401", "403, 403", "500, 502", "404, 502"})
    void anAuthorizerElsewhereMayRefuseByItsStatus(int answered, int status) {
        FakeInvokers.Provider provider = new FakeInvokers.Provider(
                "remote",
                invocation -> CompletableFuture.failedFuture(
                        new InvocationException(InvocationException.Kind.FUNCTION_ERROR, false, "answered " + answered)
                                .withStatusCode(answered)));
        try (EventGateway own = EventGateway.builder().invoker(provider).build()) {
            own.functions().register(FunctionDefinition.of("auth", "remote", Map.of()));
            subscribe(own);

            assertThat(own.handle(order()).statusCode()).isEqualTo(status);
            assertThat(calls).hasValue(0);
        }
    }

    @Test
    void anAuthorizerThatFailsLetsNothingThrough() {
        HttpResponse response = refused((event, context) -> {
            throw new IllegalStateException("s3cret");
        });

        assertThat(response.statusCode()).isEqualTo(502);
        assertThat(response.bodyAsString()).isEqualTo("the request could not be authorized");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer\nX-A: b", "Bearer\r", "Bearer\0", "Bearer\u007F"})
    void aChallengeThatWouldBeMoreThanAHeadersValueIsRefusedWhenItIsMade(String challenge) {
        assertThatThrownBy(() -> Authorization.unauthenticated(challenge, "no token"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "value of header 'WWW-Authenticate' must have no control characters, had one at position 6");

        HttpResponse response = refused((event, context) -> Authorization.unauthenticated(challenge, "no token"));

        assertThat(response.statusCode()).isEqualTo(502);
        assertThat(response.headers()).doesNotContainKeys("WWW-Authenticate", "X-A");
    }

    static Stream<Arguments> whatAuthorizersThrow() {
        return Stream.of(
                Arguments.of(new StackOverflowError(), 502),
                Arguments.of(new OutOfMemoryError("s3cret"), 502),
                Arguments.of(new IOException("s3cret"), 502),
                Arguments.of(new EventRejectedException("s3cret"), 502),
                Arguments.of(new GatewayClosedException("s3cret"), 502),
                Arguments.of(new BacklogFullException("s3cret"), 502),
                Arguments.of(
                        new IllegalStateException() {
                            @Override
                            public String getMessage() {
                                throw new IllegalStateException("s3cret");
                            }
                        },
                        502),
                Arguments.of(
                        new InvocationException(InvocationException.Kind.FUNCTION_ERROR, false, "s3cret")
                                .withStatusCode(401),
                        401));
    }

    @ParameterizedTest
    @MethodSource("whatAuthorizersThrow")
    void whateverAnAuthorizerThrowsLetsNothingThrough(Throwable thrown, int status) {
        HttpResponse response = refused((event, context) -> {
            if (event.dataAs(HttpRequest.class).query().isEmpty()) {
                return CompletableFuture.failedFuture(thrown);
            }
            HandleAuthorizerTest.<RuntimeException>sneak(thrown);
            return null;
        });

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.bodyAsString()).doesNotContain("s3cret");
    }

    @SuppressWarnings("unchecked") // what Kotlin and Lombok do with checked exceptions
    private static <X extends Throwable> void sneak(Throwable thrown) throws X {
        throw (X) thrown;
    }

    @Test
    void aGrantNamesItsPrincipal() {
        assertThatThrownBy(() -> Authorization.granted(" "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("principalId must name on whose behalf the request is");
    }

    @Test
    void anAuthorizerThatReturnsNothingLetsNothingThrough() {
        assertThat(refused((event, context) -> null).statusCode()).isEqualTo(502);
    }

    @Test
    void anAuthorizerThatDoesNotAnswerInTimeLetsNothingThrough() {
        CountDownLatch called = new CountDownLatch(1);
        guarded(gateway, (event, context) -> {
            called.countDown();
            return new CompletableFuture<>();
        });

        CompletableFuture<HttpResponse> response = gateway.handleAsync(order());
        Outcomes.await(called);
        clock.advance(Duration.ofSeconds(31));

        assertThat(Outcomes.get(response).statusCode()).isEqualTo(504);
        assertThat(calls).hasValue(0);
    }

    @Test
    void interceptorsSeeWhatWasGranted() {
        try (EventGateway own = EventGateway.builder()
                .emitInterceptor((event, chain) -> {
                    seen.set(event.dataAs(HttpRequest.class));
                    return chain.proceed(event);
                })
                .build()) {
            guarded(own, (event, context) -> Authorization.granted("u-1"));

            assertThat(own.handle(order()).statusCode()).isEqualTo(200);
            assertThat(Outcomes.get(own.handleAsync(order())).statusCode()).isEqualTo(200);
            assertThat(seen.get().authorization().principalId()).isEqualTo("u-1");
        }
    }

    @Test
    void anAuthorizerIsAFunctionThatIsRegistered() {
        guarded(gateway, (event, context) -> null);
        assertThatThrownBy(() -> gateway.subscriptions()
                        .create(Subscription.http("GET", "/a")
                                .function("f")
                                .authorizer("none")
                                .build()))
                .isInstanceOf(FunctionNotFoundException.class)
                .hasMessageContaining("'none', the authorizer of the subscription to GET /a");
        assertThatThrownBy(() -> gateway.functions().delete("auth"))
                .isInstanceOf(FunctionInUseException.class)
                .hasMessageContaining("(as its authorizer)");
        assertThatThrownBy(() ->
                        Subscription.to("a").function("f").authorizer("auth").build())
                .isInstanceOf(InvalidSubscriptionException.class)
                .hasMessageContaining("only an http subscription");
    }

    @Test
    void anAuthorizationShowsNothingPersonal() {
        assertThat(Authorization.granted("ada@example.com", Map.of("a", "b"))).hasToString("Authorization[granted]");
        assertThat(Authorization.refused("ada has not paid")).hasToString("Authorization[refused with 403]");
        assertThat(Authorization.fromJson(Authorization.unauthenticated("Bearer", "no token")
                                .toJson())
                        .challenge())
                .isEqualTo("Bearer");
        assertThat(Authorization.fromJson(
                                Authorization.granted("u", Map.of("a", "b")).toJson())
                        .context())
                .containsEntry("a", "b");
    }
}
