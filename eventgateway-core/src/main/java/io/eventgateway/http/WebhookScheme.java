package io.eventgateway.http;

import io.eventgateway.error.WebhookVerificationException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** One way in which senders of webhooks sign them. Immutable. */
interface WebhookScheme {
    /** How far the time of a signature may be from now, in seconds: what Standard Webhooks, Stripe and Slack recommend. */
    long TOLERANCE_SECONDS = 300;

    /** The most signatures of one request that are looked at. */
    int MAX_SIGNATURES = 16;

    int MAX_DIGITS = 12;

    /** What a sender has signed, when, and with what result. */
    final class Signed {
        private final byte[] content;
        private final @Nullable Long timestamp;
        private final List<String> signatures;

        Signed(byte[] content, @Nullable Long timestamp, List<String> signatures) {
            this.content = content;
            this.timestamp = timestamp;
            this.signatures = List.copyOf(signatures);
        }

        /** The bytes that were signed; not a copy. */
        byte[] content() {
            return content;
        }

        /** When it was signed, in seconds since 1970; null where the scheme signs no time. */
        @Nullable Long timestamp() {
            return timestamp;
        }

        List<String> signatures() {
            return signatures;
        }
    }

    /** The name, for a message. */
    String name();

    /**
     * Checks a secret.
     *
     * @throws IllegalArgumentException if it is none for the scheme; it is not shown
     */
    void checkSecret(String secret);

    /**
     * What the request says was signed.
     *
     * @throws WebhookVerificationException if the request lacks a signature, or has one that can't be read
     */
    Signed signed(HttpRequest request);

    /** Returns whether one of the signatures is by the secret. */
    boolean isSignedBy(Signed signed, String secret);

    /** The one value of a header. */
    static String required(HttpRequest request, String header) {
        List<String> values = request.headerValues(header);
        if (values.size() != 1) {
            throw new WebhookVerificationException(
                    "the request must have the header " + header + " once, has it " + values.size() + " times");
        }
        if (values.get(0).isBlank()) {
            throw new WebhookVerificationException("the request's header " + header + " must have a value, is empty");
        }
        return values.get(0).strip();
    }

    /** A time in seconds since the epoch. */
    static long timestamp(String value, String where) {
        if (value.isEmpty() || value.length() > MAX_DIGITS || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new WebhookVerificationException(where + " must be seconds since 1970");
        }
        return Long.parseLong(value);
    }

    /** The bytes of a text, and behind them those of a body. */
    static byte[] content(String before, byte[] body) {
        byte[] prefix = before.getBytes(StandardCharsets.UTF_8);
        byte[] content = new byte[prefix.length + body.length];
        System.arraycopy(prefix, 0, content, 0, prefix.length);
        System.arraycopy(body, 0, content, prefix.length, body.length);
        return content;
    }

    static byte[] hmac(byte[] key, byte[] content) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(content);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }
}
