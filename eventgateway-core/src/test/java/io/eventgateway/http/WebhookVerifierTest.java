package io.eventgateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.error.WebhookVerificationException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Verifiers against vectors that senders publish, and that npm's standardwebhooks and stripe made. */
class WebhookVerifierTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z"); // 1767225600

    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final String PUBLIC_KEY = "whpk_6kpsY+KcUgq+9VB7Ey7F+ZVHdq6+vnuSQh7qaRRG0iw=";
    private static final String CONTACT = "{\"type\":\"contact.created\",\"timestamp\":\"2022-11-03T20:26:10.344522Z\","
            + "\"data\":{\"id\":\"1f81eb52-5198-4599-803e-771906343485\"}}";

    /** By npm's standardwebhooks 1.1.1, of SECRET. */
    private static final String BY_HMAC = "v1,+c2hI0NJ1qENrBwf2/hU0ihfLtbOEyo/SOPQfc16Xxg=";

    /** By Node's ed25519, of the private key of PUBLIC_KEY, whose seed is 32 times the byte 7. */
    private static final String BY_ED25519 =
            "v1a,wxEkeD1Thp7EZnX3hwBPaZs5blZu6h8Ce5YKgvRnmEnA/0xYrobuu7waLKjsJ3nO0RDnu1ezMxSc2BrjKiYyCg==";

    private static HttpRequest.Builder webhook(String id, long timestamp, String signature, String body) {
        return HttpRequest.of("POST", "/hooks")
                .header("webhook-id", id)
                .header("webhook-timestamp", String.valueOf(timestamp))
                .header("webhook-signature", signature)
                .body("application/json", body.getBytes(StandardCharsets.UTF_8));
    }

    private static HttpRequest contact(String signature) {
        return webhook("msg_2KWPBgLlAfxdpx2AI54pPJ85f4W", NOW.getEpochSecond(), signature, CONTACT)
                .build();
    }

    private static void verifies(WebhookVerifier verifier, HttpRequest request, Instant now) {
        assertThatCode(() -> verifier.verify(request, () -> now)).doesNotThrowAnyException();
    }

    private static void refuses(WebhookVerifier verifier, HttpRequest request, Instant now, String reason) {
        assertThatThrownBy(() -> verifier.verify(request, () -> now))
                .isInstanceOf(WebhookVerificationException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void takesTheVectorsOfStandardWebhooks() {
        verifies(
                WebhookVerifier.standardWebhooks(SECRET),
                webhook(
                                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                                1614265330,
                                "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
                                "{\"test\": 2432232314}")
                        .build(),
                Instant.ofEpochSecond(1614265330));
        verifies(
                WebhookVerifier.standardWebhooks("plJ3nmyCDGBKInavdOK15jsl"), // without its prefix
                webhook(
                                "msg_loFOjxBNrRLzqYUf",
                                1731705121,
                                "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=",
                                "{\"event_type\":\"ping\",\"data\":{\"success\":true}}")
                        .build(),
                Instant.ofEpochSecond(1731705121));
        verifies(
                WebhookVerifier.standardWebhooks(SECRET),
                webhook(
                                "msg_1",
                                NOW.getEpochSecond(),
                                "v1,+W8eRd4AG4/dcBNWCUGt+SBzdDBhDYaFQ7LskexmQ0c=",
                                "{\"a\":\"Grüße 東京 😀\"}")
                        .build(),
                NOW);
        verifies(WebhookVerifier.standardWebhooks(SECRET), contact(BY_HMAC), NOW);
        verifies(WebhookVerifier.standardWebhooks(PUBLIC_KEY), contact(BY_ED25519), NOW);
    }

    @Test
    void takesGitHubsPublishedVector() {
        HttpRequest hello = HttpRequest.of("POST", "/hooks")
                .header(
                        "X-Hub-Signature-256",
                        "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")
                .body("text/plain", "Hello, World!")
                .build();

        verifies(WebhookVerifier.gitHub("It's a Secret to Everybody"), hello, NOW);
        refuses(
                WebhookVerifier.gitHub("another"),
                hello,
                NOW,
                "no signature of the webhook is by one of the 1 secrets");
        refuses(
                WebhookVerifier.gitHub("It's a Secret to Everybody"),
                hello.toBuilder().body("text/plain", "Hello, World?").build(),
                NOW,
                "no signature");
        refuses(
                WebhookVerifier.gitHub("It's a Secret to Everybody"),
                HttpRequest.of("POST", "/hooks")
                        .header("X-Hub-Signature-256", "sha1=7571")
                        .build(),
                NOW,
                "version sha256=");
    }

    @Test
    void takesSlacksPublishedVector() {
        HttpRequest command = HttpRequest.of("POST", "/slack")
                .header("X-Slack-Request-Timestamp", "1531420618")
                .header("X-Slack-Signature", "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503")
                .body(
                        "application/x-www-form-urlencoded",
                        "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
                                + "&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
                                + "&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands"
                                + "%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
                                + "&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c")
                .build();
        WebhookVerifier verifier = WebhookVerifier.slack("8f742231b10e8888abcd99yyyzzz85a5");
        Instant sent = Instant.ofEpochSecond(1531420618);

        verifies(verifier, command, sent);
        refuses(verifier, command, sent.plusSeconds(301), "more than 300 s from now");
    }

    @Test
    void takesStripesVector() {
        HttpRequest.Builder event =
                HttpRequest.of("POST", "/stripe").body("application/json", "{\"id\":\"evt_1\",\"object\":\"event\"}");
        String good = "238d47ccc3251152491130a4587f0a855c0e33e88993ce968255c6d168ef7601";
        HttpRequest signed = event.build().toBuilder()
                .header("Stripe-Signature", "t=1767225600,v1=" + good)
                .build();
        HttpRequest rotated = event.build().toBuilder()
                .header("Stripe-Signature", "t=1767225600,v1=00,v1=" + good + ",v0=6f")
                .build();
        HttpRequest downgraded = event.build().toBuilder()
                .header("Stripe-Signature", "t=1767225600,v0=" + good)
                .build();
        WebhookVerifier verifier = WebhookVerifier.stripe("whsec_test_secret");

        verifies(verifier, signed, NOW);
        verifies(verifier, rotated, NOW);
        refuses(verifier, downgraded, NOW, "no signature");
        refuses(verifier, signed, NOW.plusSeconds(301), "more than 300 s from now");
        refuses(
                verifier,
                event.build().toBuilder()
                        .header("Stripe-Signature", "v1=" + good)
                        .build(),
                NOW,
                "must have a time");
    }

    @Test
    void severalSecretsAreForRotation() {
        String other = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

        verifies(WebhookVerifier.standardWebhooks(other, SECRET), contact(BY_HMAC), NOW);
        verifies(WebhookVerifier.standardWebhooks(other, PUBLIC_KEY), contact(BY_ED25519), NOW);
        verifies(WebhookVerifier.standardWebhooks(SECRET), contact("v1,AAAA v2,x " + BY_ED25519 + " " + BY_HMAC), NOW);
        refuses(WebhookVerifier.standardWebhooks(other), contact(BY_HMAC), NOW, "no signature");
    }

    @Test
    void aSignatureOfOneSchemeIsNoneOfTheOther() {
        refuses(WebhookVerifier.standardWebhooks(PUBLIC_KEY), contact(BY_HMAC), NOW, "no signature");
        refuses(WebhookVerifier.standardWebhooks(SECRET), contact(BY_ED25519), NOW, "no signature");
        refuses(
                WebhookVerifier.standardWebhooks(PUBLIC_KEY),
                contact(BY_HMAC.replace("v1,", "v1a,")),
                NOW,
                "no signature");
    }

    @Test
    void aWebhookIsOfNow() {
        WebhookVerifier verifier = WebhookVerifier.standardWebhooks(SECRET);
        Duration tolerance = Duration.ofMinutes(5);

        verifies(verifier, contact(BY_HMAC), NOW.plus(tolerance));
        verifies(verifier, contact(BY_HMAC), NOW.minus(tolerance));
        refuses(verifier, contact(BY_HMAC), NOW.plus(tolerance).plusSeconds(1), "more than 300 s from now");
        refuses(verifier, contact(BY_HMAC), NOW.minus(tolerance).minusSeconds(1), "more than 300 s from now");
        assertThatThrownBy(() -> verifier.verify(contact(BY_HMAC))).isInstanceOf(WebhookVerificationException.class);
    }

    @Test
    void whateverIsSignedCannotBeChanged() {
        WebhookVerifier verifier = WebhookVerifier.standardWebhooks(SECRET);
        long now = NOW.getEpochSecond();

        refuses(verifier, webhook("msg_2", now, BY_HMAC, CONTACT).build(), NOW, "no signature");
        refuses(
                verifier,
                webhook("msg_2KWPBgLlAfxdpx2AI54pPJ85f4W", now + 1, BY_HMAC, CONTACT)
                        .build(),
                NOW,
                "no signature");
        refuses(
                verifier,
                webhook("msg_2KWPBgLlAfxdpx2AI54pPJ85f4W", now, BY_HMAC, CONTACT + " ")
                        .build(),
                NOW,
                "no signature");
    }

    @ParameterizedTest
    @ValueSource(strings = {"webhook-id", "webhook-timestamp", "webhook-signature"})
    void everyHeaderMustBeThereOnce(String header) {
        WebhookVerifier verifier = WebhookVerifier.standardWebhooks(SECRET);
        HttpRequest.Builder without = HttpRequest.of("POST", "/hooks");
        contact(BY_HMAC).allHeaders().forEach((name, values) -> {
            if (!name.equalsIgnoreCase(header)) {
                without.header(name, values.get(0));
            }
        });

        refuses(verifier, without.build(), NOW, "must have the header " + header + " once");
        refuses(
                verifier,
                contact(BY_HMAC).toBuilder().header(header, "1").build(),
                NOW,
                "must have the header " + header + " once");
    }

    @ParameterizedTest
    @ValueSource(strings = {"now", "1767225600.5", "-1767225600", "9999999999999999999", "١٧٦٧"})
    void aTimeIsSeconds(String timestamp) {
        HttpRequest request = HttpRequest.of("POST", "/hooks")
                .header("webhook-id", "1")
                .header("webhook-timestamp", timestamp)
                .header("webhook-signature", BY_HMAC)
                .build();

        refuses(WebhookVerifier.standardWebhooks(SECRET), request, NOW, "must be seconds since 1970");
    }

    @Test
    void aSecretThatIsAskedForMayChange() {
        AtomicReference<String> secret = new AtomicReference<>("whsec_AAAA");
        WebhookVerifier verifier = WebhookVerifier.standardWebhooks(secret::get);

        refuses(verifier, contact(BY_HMAC), NOW, "no signature");
        secret.set(SECRET);
        verifies(verifier, contact(BY_HMAC), NOW);
    }

    @Test
    void secretsAreCheckedAndNeverShown() {
        refusesSecret(() -> WebhookVerifier.standardWebhooks("whsec_s3cret!"), "must be Base64");
        refusesSecret(() -> WebhookVerifier.standardWebhooks("whsk_s3cretsss"), "must have the public key");
        refusesSecret(() -> WebhookVerifier.standardWebhooks("whpk_s3cretss"), "must have 32 bytes, had 6");
        refusesSecret(() -> WebhookVerifier.standardWebhooks("whsec_"), "must not be empty");
        refusesSecret(() -> WebhookVerifier.gitHub(""), "must not be empty");
        assertThat(WebhookVerifier.gitHub("s3cret", "s3cret2")).hasToString("WebhookVerifier[GITHUB, 2 secrets]");
        assertThat(WebhookVerifier.standardWebhooks(SECRET))
                .hasToString("WebhookVerifier[STANDARD_WEBHOOKS, 1 secrets]");
        assertThatThrownBy(() -> WebhookVerifier.standardWebhooks(() -> "whsec_s3cret!")
                        .verify(contact(BY_HMAC), InstantSource.fixed(NOW)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("s3cret");
    }

    private static void refusesSecret(ThrowingCallable making, String reason) {
        assertThatThrownBy(making)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason)
                .hasMessageNotContaining("s3cret");
    }

    @Test
    @SuppressWarnings("NullAway") // as System.getenv gives it for what is not set
    void aSupplierThatGivesNoSecretIsAFailureThatSaysSo() {
        HttpRequest request = HttpRequest.of("POST", "/hooks")
                .header("X-Hub-Signature-256", "sha256=00")
                .build();

        assertThatThrownBy(() -> WebhookVerifier.gitHub(() -> null).verify(request, () -> NOW))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "the supplier of a secret of WebhookVerifier[GITHUB, 1 secrets] must give the secret, gave null;"
                                + " is the place set from which it takes it?");
    }

    @Test
    void aSignatureThatIsEmptyIsNotSaidToBeMissing() {
        HttpRequest request = HttpRequest.of("POST", "/hooks")
                .header("X-Hub-Signature-256", " ")
                .build();

        assertThatThrownBy(() -> WebhookVerifier.gitHub("secret").verify(request, () -> NOW))
                .isInstanceOf(WebhookVerificationException.class)
                .hasMessage("the request's header X-Hub-Signature-256 must have a value, is empty");
    }
}
