package io.eventgateway.invokers.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.Event;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import io.eventgateway.InvocationResult;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.error.InvalidFunctionException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Credentials;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a function is told who calls. */
class HttpAuthenticationTest extends HttpFunctionTest {
    private final MockWebServer tokens = new MockWebServer();
    private final AtomicInteger given = new AtomicInteger();

    @AfterEach
    void stopTokens() {
        tokens.close();
    }

    private void giveTokens(long expiresIn) throws Exception {
        tokens.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return new MockResponse.Builder()
                        .addHeader("Content-Type", "application/json")
                        .headersDelay(50, TimeUnit.MILLISECONDS)
                        .body("{\"access_token\":\"token-" + given.incrementAndGet()
                                + "\",\"token_type\":\"Bearer\",\"expires_in\":" + expiresIn + "}")
                        .build();
            }
        });
        tokens.start(InetAddress.getLoopbackAddress(), 0);
    }

    private FunctionDefinition withOAuth2() {
        return function()
                .with(
                        "auth",
                        Map.of(
                                "type", "oauth2",
                                "tokenUrl", tokens.url("/token").toString(),
                                "clientId", "shop:1",
                                "clientSecret", "cl1ent s3cret",
                                "scope", "events",
                                "audience", "hooks"));
    }

    static Stream<Arguments> credentials() {
        return Stream.of(
                Arguments.of(Map.of("type", "bearer", "token", "t0ken"), "Authorization", "Bearer t0ken"),
                Arguments.of(
                        Map.of("type", "basic", "username", "al1ce", "password", "pässword"),
                        "Authorization",
                        Credentials.basic("al1ce", "pässword", StandardCharsets.UTF_8)),
                Arguments.of(Map.of("type", "header", "name", "X-Api-Key", "value", "k3y"), "X-Api-Key", "k3y"));
    }

    @ParameterizedTest
    @MethodSource("credentials")
    void sendsWhatTheConfigurationSays(Map<String, Object> auth, String name, String value) throws Exception {
        server.enqueue(status(204).build());

        assertThat(deliver(function().with("auth", auth), Event.of("a", 1)).status())
                .isEqualTo(DeliveryStatus.DELIVERED);

        assertThat(request().getHeaders().get(name)).isEqualTo(value);
    }

    @Test
    void saysWhoseRequestItIsUnlessHeadersDo() throws Exception {
        server.enqueue(status(204).build());
        deliver(function(), Event.of("a", 1));
        assertThat(request().getHeaders().get("User-Agent")).matches("eventgateway-java/\\d.*");

        gateway.functions().update(function().with("headers", Map.of("user-agent", "shop/1")));
        server.enqueue(status(204).build());
        deliver(function(), Event.of("a", 1));
        assertThat(request().getHeaders().values("User-Agent")).containsExactly("shop/1");
    }

    static Stream<Arguments> incomplete() {
        return Stream.of(
                Arguments.of(Map.of("token", "s3cret"), "'auth.type' must be bearer, basic, header or oauth2"),
                Arguments.of(Map.of("type", "bearer"), "'auth.token' is required"),
                Arguments.of(
                        Map.of("type", "bearer", "token", "s3cret", "password", "s3cret"),
                        "'auth.password' is of the type basic"),
                Arguments.of(Map.of("type", "header", "name", "a b", "value", "s3cret"), "'auth.name'"),
                Arguments.of(
                        Map.of("type", "oauth2", "tokenUrl", "ftp://x", "clientId", "s3cret", "clientSecret", "s3cret"),
                        "'auth.tokenUrl'"));
    }

    @ParameterizedTest
    @MethodSource("incomplete")
    void refusesWhatIsNotComplete(Map<String, Object> auth, String message) {
        assertThatThrownBy(() -> gateway.functions().register(function().with("auth", auth)))
                .isInstanceOf(InvalidFunctionException.class)
                .hasMessageContaining(message)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("s3cret"));
    }

    @Test
    void asksForATokenOnceForManyCalls() throws Exception {
        giveTokens(3_600);
        server.setDispatcher(always(204));
        gateway.functions().register(withOAuth2());

        List<CompletableFuture<InvocationResult>> calls = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            calls.add(gateway.invokeAsync("hook", Event.of("a", i)));
        }
        CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new))
                .orTimeout(20, TimeUnit.SECONDS)
                .join();

        assertThat(given).hasValue(1);
        assertThat(request().getHeaders().get("Authorization")).isEqualTo("Bearer token-1");
        RecordedRequest asked = tokens.takeRequest(20, TimeUnit.SECONDS);
        assertThat(asked.getBody().utf8()).isEqualTo("grant_type=client_credentials&scope=events&audience=hooks");
        assertThat(asked.getHeaders().get("Authorization")).isEqualTo(Credentials.basic("shop%3A1", "cl1ent+s3cret"));
    }

    @Test
    void asksForATokenAgainAfterA401AndSendsTheRequestOnceMore() throws Exception {
        giveTokens(3_600);
        server.enqueue(status(401).build());
        server.enqueue(status(204).build());

        assertThat(deliver(withOAuth2(), Event.of("a", 1)).status()).isEqualTo(DeliveryStatus.DELIVERED);

        assertThat(request().getHeaders().get("Authorization")).isEqualTo("Bearer token-1");
        assertThat(request().getHeaders().get("Authorization")).isEqualTo("Bearer token-2");
    }

    @Test
    void aSecond401IsAFailureWithoutTheToken() throws Exception {
        giveTokens(3_600);
        server.enqueue(text(401, "bad token-1"));
        server.enqueue(text(401, "bad token-2"));

        InvocationException failure = failure(withOAuth2(), Event.of("a", 1));

        assertThat(failure.statusCode()).hasValue(401);
        assertThat(failure.getMessage()).contains("bad ***").doesNotContain("token-2");
        assertThat(server.getRequestCount()).isEqualTo(2);
    }

    @Test
    void aTokenThatExpiresAtOnceIsAskedForEachTime() throws Exception {
        giveTokens(0);
        server.setDispatcher(always(204));

        deliver(withOAuth2(), Event.of("a", 1));
        deliver(withOAuth2(), Event.of("a", 2));

        assertThat(given).hasValue(2);
    }

    @Test
    void anAuthorizationServerThatRefusesTheClientIsAFailureWithoutItsSecret() throws Exception {
        tokens.enqueue(new MockResponse.Builder()
                .code(401)
                .addHeader("Content-Type", "application/json")
                .body("{\"error\":\"invalid_client\",\"you_sent\":\"cl1ent+s3cret\"}")
                .build());
        tokens.start(InetAddress.getLoopbackAddress(), 0);

        InvocationException failure = failure(withOAuth2(), Event.of("a", 1));

        assertThat(failure.kind()).isEqualTo(Kind.ACCESS_DENIED);
        assertThat(failure.retryable()).isFalse();
        assertThat(failure.getMessage()).contains("invalid_client").doesNotContain("s3cret");
        assertThat(server.getRequestCount()).isZero();
    }

    @Test
    void anAuthorizationServersErrorPageIsWhatItsStatusSaysHoweverLongItIs() throws Exception {
        tokens.enqueue(new MockResponse.Builder()
                .code(503)
                .addHeader("Retry-After", "5")
                .addHeader("Content-Type", "text/html")
                .body("<h1>Maintenance</h1>" + "x".repeat(120_000))
                .build());
        tokens.start(InetAddress.getLoopbackAddress(), 0);

        InvocationException failure = failure(withOAuth2(), Event.of("a", 1));

        assertThat(failure.kind()).isEqualTo(Kind.CALL_FAILED);
        assertThat(failure.retryable()).isTrue();
        assertThat(failure.retryAfter()).contains(Duration.ofSeconds(5));
        assertThat(failure).hasMessageContaining("Maintenance");
    }

    @Test
    void anAuthorizationServerThatBreaksOffMeansThatTheCallWasNotMade() throws Exception {
        try (ScriptedServer broken = new ScriptedServer("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{")) {
            Map<String, Object> auth = Map.of(
                    "type", "oauth2", "tokenUrl", broken.url(), "clientId", "shop", "clientSecret", "cl1ent s3cret");

            InvocationException failure = failure(function().with("auth", auth), Event.of("a", 1));

            assertThat(failure.kind()).isEqualTo(Kind.CALL_FAILED);
            assertThat(failure.retryable()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"t\u00e9ken", "to ken", "to\\r\\nX: 1"})
    void aTokenThatNoHeaderCanHaveIsRefusedAndNotKept(String token) throws Exception {
        tokens.enqueue(new MockResponse.Builder()
                .body("{\"access_token\":\"" + token + "\",\"expires_in\":3600}")
                .build());
        tokens.enqueue(new MockResponse.Builder()
                .body("{\"access_token\":\"good\",\"expires_in\":3600}")
                .build());
        tokens.start(InetAddress.getLoopbackAddress(), 0);
        server.enqueue(status(204).build());

        InvocationException failure = failure(withOAuth2(), Event.of("a", 1));

        assertThat(failure.kind()).isEqualTo(Kind.CALL_FAILED);
        assertThat(failure)
                .hasMessageContaining("the authorization server of function 'hook' answered an 'access_token' with")
                .hasMessageNotContaining("ken\"");
        assertThat(deliver(withOAuth2(), Event.of("a", 2)).status()).isEqualTo(DeliveryStatus.DELIVERED);
        assertThat(request().getHeaders().get("Authorization")).isEqualTo("Bearer good");
    }

    @Test
    void anAuthorizationServerObeysTheNetworkPolicy() throws Exception {
        giveTokens(3_600);

        InvocationException failure = failure(
                FunctionDefinition.http("hook", "http://example.com/hooks")
                        .with("auth", withOAuth2().configuration().get("auth"))
                        .with("network", "public"),
                Event.of("a", 1));

        assertThat(failure).hasMessageContaining("the authorization server of function 'hook'");
        assertThat(failure).hasMessageContaining("is not public");
        assertThat(given).hasValue(0);
    }

    @Test
    void aProxyGetsTheRequestWithItsCredentials() throws Exception {
        server.enqueue(status(204).build());

        assertThat(deliver(
                                FunctionDefinition.http("hook", "http://shop.invalid/hooks")
                                        .with("proxy", "http://al1ce:s3cret@127.0.0.1:" + server.getPort()),
                                Event.of("a", 1))
                        .status())
                .isEqualTo(DeliveryStatus.DELIVERED);

        RecordedRequest request = request();
        assertThat(request.getTarget()).isEqualTo("http://shop.invalid/hooks");
        assertThat(request.getHeaders().get("Proxy-Authorization")).isEqualTo(Credentials.basic("al1ce", "s3cret"));
    }

    @Test
    void aProxyThatEchoesItsCredentialsIsNotQuoted() {
        server.enqueue(text(407, "who is al1ce:s3cret? " + Credentials.basic("al1ce", "s3cret")));

        InvocationException failure = failure(
                FunctionDefinition.http("hook", "http://shop.invalid/hooks")
                        .with("proxy", "http://al1ce:s3cret@127.0.0.1:" + server.getPort()),
                Event.of("a", 1));

        assertThat(failure.getMessage())
                .contains("407")
                .doesNotContain("s3cret", Credentials.basic("al1ce", "s3cret").substring(6));
    }

    private static Dispatcher always(int code) {
        return new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return status(code).build();
            }
        };
    }
}
