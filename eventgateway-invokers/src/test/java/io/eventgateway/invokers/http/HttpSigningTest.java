package io.eventgateway.invokers.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.Backoff;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.error.InvalidFunctionException;
import io.eventgateway.error.WebhookVerificationException;
import io.eventgateway.history.EventQuery;
import io.eventgateway.history.Replay;
import io.eventgateway.history.ReplayOptions;
import io.eventgateway.history.Retention;
import io.eventgateway.http.HttpRequest;
import io.eventgateway.http.HttpResponse;
import io.eventgateway.http.WebhookVerifier;
import io.eventgateway.spi.InMemoryStores;
import io.eventgateway.spi.Secrets;
import java.net.InetAddress;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent can be verified by the verifier of the other side. */
class HttpSigningTest extends HttpFunctionTest {
    private static final String KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final String NEXT = "whsec_" + Base64.getEncoder().encodeToString(new byte[32]);

    private final Map<String, String> vault = new ConcurrentHashMap<>();

    @Override
    EventGateway gateway() {
        return EventGateway.builder()
                .defaultDelivery(DeliveryPolicy.builder()
                        .maxAttempts(3)
                        .backoff(Backoff.fixed(Duration.ofMillis(1)))
                        .build())
                .source("/shop")
                .secrets(new Secrets() {
                    @Override
                    public String scheme() {
                        return "vault";
                    }

                    @Override
                    public @Nullable String resolve(String name) {
                        return vault.get(name);
                    }
                })
                .build();
    }

    private FunctionDefinition signed(String... keys) {
        return function().with("signing", Map.of("keys", List.of(keys)));
    }

    /** The next request, which is signed by a key whose receiver's half this is. */
    private RecordedRequest verified(String secret) throws InterruptedException {
        RecordedRequest request = request();
        WebhookVerifier.standardWebhooks(secret).verify(ReceivingGateway.read(request));
        return request;
    }

    private static String[] keyPair() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        return new String[] {
            "whsk_" + last32(pair.getPrivate().getEncoded()),
            "whpk_" + last32(pair.getPublic().getEncoded())
        };
    }

    private static String last32(byte[] encoded) {
        return Base64.getEncoder().encodeToString(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
    }

    @ParameterizedTest
    @ValueSource(strings = {"binary", "structured", "data"})
    void everyModeIsSignedWithASharedSecret(String mode) throws Exception {
        server.enqueue(status(204).build());

        deliver(signed(KEY).with("mode", mode), Event.of("order.placed", Map.of("id", "€1")));

        HttpRequest request = ReceivingGateway.read(verified(KEY));
        assertThatCode(() -> WebhookVerifier.standardWebhooks(NEXT).verify(request))
                .isInstanceOf(WebhookVerificationException.class);
    }

    @Test
    void aBatchIsSigned() throws Exception {
        server.enqueue(status(204).build());
        gateway.functions().register(signed(KEY));
        gateway.subscriptions()
                .create(Subscription.to("a")
                        .function("hook")
                        .delivery(DeliveryPolicy.builder()
                                .batching(2, Duration.ofMinutes(5))
                                .build())
                        .build());

        gateway.emit(Event.of("a", 1));
        gateway.emit(Event.of("a", 2));

        assertThat(verified(KEY).getHeaders().get("Content-Type")).startsWith("application/cloudevents-batch+json");
    }

    private List<String> idsOf(int requests) throws InterruptedException {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
            ids.add(String.valueOf(request().getHeaders().get("webhook-id")));
        }
        return ids;
    }

    @Test
    void aBatchHasTheIdOfItsEventsSoThatOneOfOtherEventsHasAnother() throws Exception {
        gateway.functions().register(signed(KEY));
        Subscription.Builder one = Subscription.to("a").id("s").function("hook");
        gateway.subscriptions()
                .create(one.delivery(DeliveryPolicy.builder()
                                .batching(2, Duration.ofMinutes(5))
                                .maxAttempts(2)
                                .backoff(Backoff.fixed(Duration.ofMillis(1)))
                                .build())
                        .build());
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return status(request.getBody().utf8().contains("\"e3\"") ? 204 : 500)
                        .build();
            }
        });

        gateway.emit(Event.builder("a").id("e1").build());
        gateway.emit(Event.builder("a").id("e2").build());
        List<String> attempts = idsOf(2);
        gateway.emit(Event.builder("a").id("e1").build());
        gateway.emit(Event.builder("a").id("e3").build());

        assertThat(new HashSet<>(attempts)).hasSize(1);
        assertThat(idsOf(1)).doesNotContainAnyElementsOf(attempts);
    }

    @Test
    void aReplayHasAnIdOfItsOwnForEachEvent() throws Exception {
        try (EventGateway recording = EventGateway.builder()
                .stores(InMemoryStores.builder()
                        .history(Retention.of(Duration.ofDays(1), 100))
                        .build())
                .build()) {
            recording.functions().register(signed(KEY));
            Subscription hook = recording.subscribe("a", "hook");
            for (int i = 0; i < 4; i++) {
                server.enqueue(status(i == 1 ? 500 : 204).build());
            }
            var unused = recording.emit(Event.builder("a").id("e1").build());
            String first = idsOf(1).get(0);

            Replay replay = recording
                    .history()
                    .replay(EventQuery.all(), ReplayOptions.to(hook.id()).named("again"));
            List<String> attempts = idsOf(2);
            Replay other = recording
                    .history()
                    .replay(EventQuery.all(), ReplayOptions.to(hook.id()).named("other"));

            assertThat(new HashSet<>(attempts)).hasSize(1).doesNotContain(first);
            assertThat(idsOf(1)).doesNotContain(first).doesNotContainAnyElementsOf(attempts);
            assertThat(replay.completion()).succeedsWithin(Duration.ofSeconds(20));
            assertThat(other.completion()).succeedsWithin(Duration.ofSeconds(20));
        }
    }

    @Test
    void aPrivateKeySignsForThoseWhoHaveThePublicOne() throws Exception {
        String[] pair = keyPair();
        server.enqueue(status(204).build());

        deliver(signed(pair[0]), Event.of("a", 1));

        verified(pair[1]);
    }

    @Test
    void duringARotationReceiversVerifyWithEitherKey() throws Exception {
        String[] pair = keyPair();
        server.enqueue(status(204).build());

        deliver(signed(KEY, NEXT, pair[0]), Event.of("a", 1));

        HttpRequest request = ReceivingGateway.read(verified(KEY));
        WebhookVerifier.standardWebhooks(NEXT).verify(request);
        WebhookVerifier.standardWebhooks(pair[1]).verify(request);
    }

    @Test
    void aKeyByReferenceIsReadForEachCall() throws Exception {
        server.enqueue(status(204).build());
        server.enqueue(status(204).build());
        vault.put("key", KEY);
        deliver(signed("${vault:key}"), Event.of("a", 1));
        verified(KEY);

        vault.put("key", NEXT);
        deliver(signed("${vault:key}"), Event.of("a", 2));
        verified(NEXT);
    }

    @Test
    void aGatewayReceivesWhatAnotherOneSigned() {
        List<Object> received = new ArrayList<>();
        try (EventGateway receiver = EventGateway.builder()
                .webhookVerifier("shop", WebhookVerifier.standardWebhooks(KEY))
                .build()) {
            receiver.functions().register("take", (event, context) -> {
                received.add(event.dataAs(HttpRequest.class).toEvents().get(0).dataAs(Integer.class));
                return HttpResponse.of(204);
            });
            receiver.subscriptions()
                    .create(Subscription.http("POST", "/hooks")
                            .function("take")
                            .verify("shop")
                            .build());
            server.setDispatcher(new ReceivingGateway(receiver));

            assertThat(deliver(signed(KEY), Event.of("a", 7)).status()).isEqualTo(DeliveryStatus.DELIVERED);
            gateway.functions().update(signed(NEXT));
            assertThat(failure(signed(NEXT), Event.of("a", 8)).statusCode()).hasValue(401);
        }
        assertThat(received).containsExactly(7);
    }

    @Test
    void eachAttemptHasTheIdOfItsDeliveryAndEachSubscriptionAnother() throws Exception {
        for (int i = 0; i < 2; i++) {
            server.enqueue(status(503).build());
            server.enqueue(status(204).build());
        }
        server.enqueue(status(204).build());
        deliver(signed(KEY), Event.builder("a").id("1").data(1).build());
        Set<String> first = new HashSet<>();
        first.add(verified(KEY).getHeaders().get("webhook-id"));
        first.add(verified(KEY).getHeaders().get("webhook-id"));

        gateway.subscriptions().create(Subscription.to("b").function("hook").build());
        gateway.emit(Event.builder("b").id("2").data(1).build())
                .completion()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
        Set<String> others = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            others.add(verified(KEY).getHeaders().get("webhook-id"));
        }

        assertThat(first).hasSize(1).allMatch(id -> id.startsWith("msg_"));
        assertThat(others).hasSize(2).doesNotContainAnyElementsOf(first);
    }

    @Test
    void theRequestThatFollowsARedirectIsSigned() throws Exception {
        server.enqueue(status(307).addHeader("Location", "/other").build());
        server.enqueue(status(204).build());

        deliver(signed(KEY).with("followRedirects", true), Event.of("a", 1));

        assertThat(verified(KEY).getHeaders().get("webhook-id"))
                .isEqualTo(verified(KEY).getHeaders().get("webhook-id"));
    }

    @Test
    void theRequestWithANewTokenIsSigned() throws Exception {
        try (MockWebServer tokens = new MockWebServer()) {
            for (int i = 1; i <= 2; i++) {
                tokens.enqueue(new MockResponse.Builder()
                        .body("{\"access_token\":\"token-" + i + "\"}")
                        .build());
            }
            tokens.start(InetAddress.getLoopbackAddress(), 0);
            server.enqueue(status(401).build());
            server.enqueue(status(204).build());

            deliver(
                    signed(KEY)
                            .with(
                                    "auth",
                                    Map.of(
                                            "type", "oauth2",
                                            "tokenUrl", tokens.url("/").toString(),
                                            "clientId", "shop",
                                            "clientSecret", "s3cret")),
                    Event.of("a", 1));

            verified(KEY);
            assertThat(verified(KEY).getHeaders().get("Authorization")).isEqualTo("Bearer token-2");
        }
    }

    @Test
    void theTimeIsTheGatewaysAndConfiguredHeadersDoNotReplaceTheSignature() throws Exception {
        Instant at = Instant.parse("2030-01-01T00:00:00Z");
        gateway.close();
        gateway = EventGateway.builder().clock(() -> at).build();
        server.enqueue(status(204).build());
        gateway.functions().register(signed(KEY).with("headers", Map.of("webhook-id", "x", "webhook-signature", "y")));

        gateway.invoke("hook", 1);

        RecordedRequest request = request();
        assertThat(request.getHeaders().values("webhook-id")).hasSize(1).doesNotContain("x");
        WebhookVerifier.standardWebhooks(KEY).verify(ReceivingGateway.read(request), () -> at);
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3cret", "whsec_s3cret", "whpk_czNjcmV0"})
    void whatIsNoKeyIsRefusedWithoutBeingShown(String key) {
        assertThatThrownBy(() -> gateway.functions().register(signed(key)))
                .isInstanceOf(InvalidFunctionException.class)
                .hasMessageContaining("'signing.keys'")
                .hasMessageNotContaining(key);
    }
}
