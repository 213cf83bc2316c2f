package io.eventgateway.http;

import io.eventgateway.error.WebhookVerificationException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Verifies that a request is a webhook of the sender who shares its secrets, and was sent less than five minutes ago. Immutable and
 * thread-safe; signatures are compared in constant time.
 *
 * <p>Several secrets are for rotation: a signature by any of them is good. A secret that a {@link Supplier} gives is asked for at
 * each request, so that it may change without a restart; a supplier must be quick.
 */
public final class WebhookVerifier {
    private final WebhookScheme scheme;
    private final List<Supplier<String>> secrets;

    private WebhookVerifier(WebhookScheme scheme, List<Supplier<String>> secrets) {
        this.scheme = scheme;
        this.secrets = List.copyOf(secrets);
    }

    private static WebhookVerifier of(WebhookScheme scheme, String secret, String... more) {
        List<Supplier<String>> suppliers = new ArrayList<>();
        Stream.concat(Stream.of(secret), Stream.of(more)).forEach(each -> {
            scheme.checkSecret(each);
            suppliers.add(() -> each);
        });
        return new WebhookVerifier(scheme, suppliers);
    }

    private static WebhookVerifier of(WebhookScheme scheme, Supplier<String> secret, List<Supplier<String>> more) {
        List<Supplier<String>> suppliers = new ArrayList<>();
        suppliers.add(Objects.requireNonNull(secret, "secret must not be null"));
        suppliers.addAll(more);
        return new WebhookVerifier(scheme, suppliers);
    }

    /**
     * A verifier of Standard Webhooks 1.0: {@code webhook-id}, {@code webhook-timestamp} and {@code webhook-signature}.
     *
     * @param secret {@code whsec_} and Base64 for HMAC-SHA256 ({@code v1}), or {@code whpk_} and Base64 for the public key of ed25519
     *     ({@code v1a}); a text without either is Base64 for HMAC
     * @throws IllegalArgumentException if a secret is not one; it is not shown
     */
    public static WebhookVerifier standardWebhooks(String secret, String... more) {
        return of(new StandardWebhooks(), secret, more);
    }

    /** A verifier as {@link #standardWebhooks(String, String...)} gives it, of secrets that are asked for at each request. */
    @SafeVarargs
    @SuppressWarnings("varargs") // they are copied and never written to
    public static WebhookVerifier standardWebhooks(Supplier<String> secret, Supplier<String>... more) {
        return of(new StandardWebhooks(), secret, List.of(more));
    }

    /**
     * A verifier of GitHub's webhooks: {@code X-Hub-Signature-256}. GitHub signs no time, so that a request may be sent again; {@code
     * X-GitHub-Delivery} tells one from another.
     *
     * @throws IllegalArgumentException if a secret is empty
     */
    public static WebhookVerifier gitHub(String secret, String... more) {
        return of(HmacWebhooks.GITHUB, secret, more);
    }

    /** A verifier as {@link #gitHub(String, String...)} gives it, of secrets that are asked for at each request. */
    @SafeVarargs
    @SuppressWarnings("varargs") // they are copied and never written to
    public static WebhookVerifier gitHub(Supplier<String> secret, Supplier<String>... more) {
        return of(HmacWebhooks.GITHUB, secret, List.of(more));
    }

    /**
     * A verifier of Stripe's webhooks: {@code Stripe-Signature}, with the time {@code t} and signatures {@code v1}.
     *
     * @throws IllegalArgumentException if a secret is empty
     */
    public static WebhookVerifier stripe(String secret, String... more) {
        return of(HmacWebhooks.STRIPE, secret, more);
    }

    /** A verifier as {@link #stripe(String, String...)} gives it, of secrets that are asked for at each request. */
    @SafeVarargs
    @SuppressWarnings("varargs") // they are copied and never written to
    public static WebhookVerifier stripe(Supplier<String> secret, Supplier<String>... more) {
        return of(HmacWebhooks.STRIPE, secret, List.of(more));
    }

    /**
     * A verifier of Slack's requests: {@code X-Slack-Request-Timestamp} and {@code X-Slack-Signature}, version {@code v0}.
     *
     * @throws IllegalArgumentException if a secret is empty
     */
    public static WebhookVerifier slack(String secret, String... more) {
        return of(HmacWebhooks.SLACK, secret, more);
    }

    /** A verifier as {@link #slack(String, String...)} gives it, of secrets that are asked for at each request. */
    @SafeVarargs
    @SuppressWarnings("varargs") // they are copied and never written to
    public static WebhookVerifier slack(Supplier<String> secret, Supplier<String>... more) {
        return of(HmacWebhooks.SLACK, secret, List.of(more));
    }

    /**
     * Verifies a request by the system's clock.
     *
     * @throws WebhookVerificationException if the request is not a webhook of the sender, or not of now; the message says why
     * @throws IllegalStateException if a supplier gives null in place of a secret
     * @throws IllegalArgumentException if a supplier gives what is no secret for the scheme; it is not shown
     * @throws RuntimeException what a supplier of a secret threw
     */
    public void verify(HttpRequest request) {
        verify(request, InstantSource.system());
    }

    /**
     * Verifies a request by a clock.
     *
     * @throws WebhookVerificationException if the request is not a webhook of the sender, or not of now; the message says why
     * @throws IllegalStateException if a supplier gives null in place of a secret
     * @throws IllegalArgumentException if a supplier gives what is no secret for the scheme; it is not shown
     * @throws RuntimeException what a supplier of a secret threw
     */
    public void verify(HttpRequest request, InstantSource clock) {
        WebhookScheme.Signed signed = scheme.signed(request);
        Instant now = clock.instant();
        Long timestamp = signed.timestamp();
        if (timestamp != null && Math.abs(now.getEpochSecond() - timestamp) > WebhookScheme.TOLERANCE_SECONDS) {
            throw new WebhookVerificationException("the webhook was signed at " + Instant.ofEpochSecond(timestamp)
                    + ", which is more than " + WebhookScheme.TOLERANCE_SECONDS + " s from now, " + now);
        }
        for (Supplier<String> supplier : secrets) {
            String secret = secretOf(supplier);
            scheme.checkSecret(secret);
            if (scheme.isSignedBy(signed, secret)) {
                return;
            }
        }
        throw new WebhookVerificationException(
                "no signature of the webhook is by one of the " + secrets.size() + " secrets");
    }

    @SuppressWarnings("ConstantConditions") // a supplier is foreign code: System.getenv gives null for what is not set
    private String secretOf(Supplier<String> supplier) {
        String secret = supplier.get();
        if (secret == null) {
            throw new IllegalStateException("the supplier of a secret of " + this
                    + " must give the secret, gave null; is the place set from which it takes it?");
        }
        return secret;
    }

    /** The scheme and the number of secrets. */
    @Override
    public String toString() {
        return "WebhookVerifier[" + scheme.name() + ", " + secrets.size() + " secrets]";
    }
}
