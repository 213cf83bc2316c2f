package io.eventgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.error.InvalidSubscriptionException;
import io.eventgateway.http.Authorization;
import io.eventgateway.http.HttpRequest;
import io.eventgateway.http.HttpResponse;
import io.eventgateway.http.WebhookVerifier;
import io.eventgateway.spi.SubscriptionStore;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.event.Level;

/** Webhooks that a subscription has verified, and the handshake that asks whether they are wanted. */
class HandleWebhooksTest {
    private static final String REQUESTS = "io.eventgateway.internal.intake.Requests";

    private final ManualClock clock = new ManualClock();
    private final AtomicInteger calls = new AtomicInteger();
    private final EventGateway gateway = EventGateway.builder()
            .clock(clock)
            .webhookVerifier("github", WebhookVerifier.gitHub("It's a Secret to Everybody"))
            .webhookVerifier("stripe", WebhookVerifier.stripe("whsec_test_secret"))
            .webhookVerifier("broken", WebhookVerifier.gitHub(() -> {
                throw new IllegalStateException("the vault says s3cret");
            }))
            .build();

    @BeforeEach
    void register() {
        gateway.functions().register("f", (event, context) -> calls.incrementAndGet());
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private void on(String path, String verifier) {
        gateway.subscriptions()
                .create(Subscription.http("POST", path)
                        .function("f")
                        .verify(verifier)
                        .build());
    }

    private static HttpRequest hello(String body) {
        return HttpRequest.of("POST", "/hooks/github")
                .header(
                        "X-Hub-Signature-256",
                        "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")
                .body("text/plain", body)
                .build();
    }

    @Test
    void aVerifiedWebhookReachesItsFunction() {
        on("/hooks/github", "github");

        assertThat(gateway.handle(hello("Hello, World!")).statusCode()).isEqualTo(200);
        assertThat(Outcomes.get(gateway.handleAsync(hello("Hello, World!"))).statusCode())
                .isEqualTo(200);
        assertThat(calls).hasValue(2);
    }

    @Test
    void aForgedWebhookIsA401ThatDoesNotSayWhy() {
        on("/hooks/github", "github");

        HttpResponse response = gateway.handle(hello("Hello, Forger!"));

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.bodyAsString()).isEqualTo("the request could not be verified");
        assertThat(gateway.handle(HttpRequest.of("POST", "/hooks/github").build())
                        .bodyAsString())
                .isEqualTo("the request could not be verified");
        assertThat(calls).hasValue(0);
    }

    @Test
    void theLogSaysWhyAWebhookIsRefusedWithoutSecretsAndBody() {
        on("/hooks/github", "github");
        CapturedLog log = new CapturedLog(Level.WARN);

        HttpResponse forged = log.of(() -> gateway.handle(hello("Hello, Forger!")), REQUESTS);
        HttpResponse unsigned = log.of(
                () -> gateway.handle(HttpRequest.of("POST", "/hooks/github").build()), REQUESTS);

        assertThat(forged.statusCode()).isEqualTo(unsigned.statusCode()).isEqualTo(401);
        assertThat(log.toString().lines())
                .hasSize(2)
                .allSatisfy(line -> assertThat(line)
                        .contains("WARN", "HttpRequest[POST /hooks/github", "refused by the webhook verifier 'github'")
                        .doesNotContain("Everybody", "Forger", "757107ea"))
                .doesNotHaveDuplicates()
                .last()
                .asString()
                .contains("X-Hub-Signature-256");
    }

    @Test
    void aWebhookIsVerifiedBeforeItsAuthorizerIsCalled() {
        AtomicInteger asked = new AtomicInteger();
        gateway.functions().register("auth", (event, context) -> {
            asked.incrementAndGet();
            return Authorization.granted("u-1");
        });
        gateway.subscriptions()
                .create(Subscription.http("POST", "/hooks/github")
                        .function("f")
                        .verify("github")
                        .authorizer("auth")
                        .build());

        assertThat(gateway.handle(hello("Hello, Forger!")).statusCode()).isEqualTo(401);
        assertThat(asked).hasValue(0);
        assertThat(gateway.handle(hello("Hello, World!")).statusCode()).isEqualTo(200);
        assertThat(asked).hasValue(1);
    }

    @Test
    void theReplayWindowGoesByTheGatewaysClock() {
        on("/stripe", "stripe");
        HttpRequest event = HttpRequest.of("POST", "/stripe")
                .header(
                        "Stripe-Signature",
                        "t=1767225600,v1=238d47ccc3251152491130a4587f0a855c0e33e88993ce968255c6d168ef7601")
                .body("application/json", "{\"id\":\"evt_1\",\"object\":\"event\"}")
                .build();

        assertThat(gateway.handle(event).statusCode()).isEqualTo(200);
        clock.advance(Duration.ofMinutes(5));
        assertThat(gateway.handle(event).statusCode()).isEqualTo(200);
        clock.advance(Duration.ofSeconds(1));
        assertThat(gateway.handle(event).statusCode()).isEqualTo(401);
        assertThat(calls).hasValue(2);
    }

    @Test
    void aVerifierThatFailsLetsNothingThrough() {
        on("/hooks/github", "broken");

        HttpResponse response = gateway.handle(hello("Hello, World!"));

        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.bodyAsString()).doesNotContain("s3cret");
        assertThat(calls).hasValue(0);
    }

    @Test
    void anUnknownVerifierIsRefusedAtCreation() {
        assertThatThrownBy(() -> on("/hooks/github", "gihub"))
                .isInstanceOf(InvalidSubscriptionException.class)
                .hasMessageContaining("POST /hooks/github names the verifier 'gihub'")
                .hasMessageContaining("webhookVerifier")
                .hasMessageContaining("github");
        assertThatThrownBy(() -> Subscription.to("order.placed")
                        .function("f")
                        .verify("github")
                        .build())
                .isInstanceOf(InvalidSubscriptionException.class)
                .hasMessageContaining("only an http subscription");
        assertThatThrownBy(() -> EventGateway.builder()
                        .webhookVerifier("a", WebhookVerifier.gitHub("x"))
                        .webhookVerifier("a", WebhookVerifier.gitHub("y")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the webhook verifier 'a' was given before");
    }

    @Test
    void aSubscriptionOfAnotherGatewayWhoseVerifierIsMissingHereIsNotServed() {
        SubscriptionStore store = SubscriptionStore.inMemory();
        try (EventGateway knows = EventGateway.builder()
                        .subscriptionStore(store)
                        .webhookVerifier("github", WebhookVerifier.gitHub("It's a Secret to Everybody"))
                        .build();
                EventGateway other =
                        EventGateway.builder().subscriptionStore(store).build()) {
            for (EventGateway each : new EventGateway[] {knows, other}) {
                each.functions().register("f", (event, context) -> calls.incrementAndGet());
            }
            knows.subscriptions()
                    .create(Subscription.http("POST", "/hooks/github")
                            .function("f")
                            .verify("github")
                            .build());

            assertThat(knows.handle(hello("Hello, World!")).statusCode()).isEqualTo(200);
            assertThat(other.handle(hello("Hello, World!")).statusCode()).isEqualTo(500);
            assertThat(calls).hasValue(1);
        }
    }

    private HttpResponse asked(String origin, String rate) {
        return gateway.handle(HttpRequest.of("OPTIONS", "/hooks")
                .header("WebHook-Request-Origin", origin)
                .header("WebHook-Request-Callback", "https://example.com/confirm")
                .header("WebHook-Request-Rate", rate)
                .build());
    }

    private void wants(String... origins) {
        gateway.subscriptions()
                .create(Subscription.http("POST", "/hooks")
                        .function("f")
                        .webhookOrigins(origins)
                        .build());
    }

    @Test
    void theHandshakeGrantsWhatAnAllowedSenderAsksFor() {
        wants("eventemitter.example.com");

        HttpResponse granted = asked("EventEmitter.example.com", "120");
        assertThat(granted.statusCode()).isEqualTo(200);
        assertThat(granted.headers())
                .containsEntry("WebHook-Allowed-Origin", "EventEmitter.example.com")
                .containsEntry("WebHook-Allowed-Rate", "120")
                .containsEntry("Allow", "OPTIONS, POST");
        assertThat(asked("eventemitter.example.com", null).headers()).containsEntry("WebHook-Allowed-Rate", "*");
        assertThat(asked("eventemitter.example.com", "many").statusCode()).isEqualTo(400);
        assertThat(asked("eventemitter.example.com", "0").headers()).doesNotContainKey("WebHook-Allowed-Origin");
        assertThat(calls).hasValue(0);
    }

    @Test
    void theHandshakeGrantsNothingToOthers() {
        wants("eventemitter.example.com");
        gateway.subscriptions()
                .create(Subscription.http("POST", "/other").function("f").build());

        assertThat(asked("evil.example.com", "120").statusCode()).isEqualTo(204);
        assertThat(asked("evil.example.com", "120").headers()).containsOnlyKeys("Allow");
        assertThat(gateway.handle(HttpRequest.of("OPTIONS", "/other")
                                .header("WebHook-Request-Origin", "eventemitter.example.com")
                                .build())
                        .headers())
                .containsOnlyKeys("Allow");
    }

    @Test
    void aStarGrantsEveryOrigin() {
        wants("*");

        assertThat(asked("anybody.example.com", "1").headers())
                .containsEntry("WebHook-Allowed-Origin", "anybody.example.com");
    }

    @Test
    void anOptionsSubscriptionOfOnesOwnGoesFirst() {
        wants("*");
        gateway.functions().register("own", (event, context) -> HttpResponse.of(200, "text/plain", "own"));
        gateway.subscriptions()
                .create(Subscription.http("OPTIONS", "/hooks").function("own").build());

        assertThat(asked("anybody.example.com", "1").bodyAsString()).isEqualTo("own");
    }

    @ParameterizedTest
    @CsvSource({"GET, a.example.com, webhooks are sent by POST", "POST, https://a.example.com, must be DNS names"})
    void webhookOriginsThatMeanNothingAreRefused(String method, String origin, String message) {
        assertThatThrownBy(() -> Subscription.http(method, "/hooks")
                        .function("f")
                        .webhookOrigins(origin)
                        .build())
                .isInstanceOf(InvalidSubscriptionException.class)
                .hasMessageContaining(message);
    }
}
