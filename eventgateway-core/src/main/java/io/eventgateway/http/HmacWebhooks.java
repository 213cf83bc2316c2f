package io.eventgateway.http;

import io.eventgateway.error.WebhookVerificationException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The schemes that sign with HMAC-SHA256 under the secret's own bytes, and write the signature in hexadecimal. */
enum HmacWebhooks implements WebhookScheme {
    GITHUB {
        @Override
        public Signed signed(HttpRequest request) {
            String value = WebhookScheme.required(request, "X-Hub-Signature-256");
            return new Signed(request.body(), null, List.of(after("sha256=", value)));
        }
    },
    STRIPE {
        @Override
        public Signed signed(HttpRequest request) {
            String timestamp = null;
            List<String> signatures = new ArrayList<>();
            for (String part :
                    WebhookScheme.required(request, "Stripe-Signature").split(",", -1)) {
                String item = part.strip();
                if (item.startsWith("t=") && timestamp == null) {
                    timestamp = item.substring(2);
                } else if (item.startsWith("v1=") && signatures.size() < MAX_SIGNATURES) {
                    signatures.add(item.substring("v1=".length()));
                }
            }
            if (timestamp == null) {
                throw new WebhookVerificationException("Stripe-Signature must have a time, t=");
            }
            long seconds = WebhookScheme.timestamp(timestamp, "the t of Stripe-Signature");
            return new Signed(WebhookScheme.content(timestamp + ".", request.body()), seconds, signatures);
        }
    },
    SLACK {
        @Override
        public Signed signed(HttpRequest request) {
            String timestamp = WebhookScheme.required(request, "X-Slack-Request-Timestamp");
            long seconds = WebhookScheme.timestamp(timestamp, "X-Slack-Request-Timestamp");
            String value = WebhookScheme.required(request, "X-Slack-Signature");
            return new Signed(
                    WebhookScheme.content("v0:" + timestamp + ":", request.body()),
                    seconds,
                    List.of(after("v0=", value)));
        }
    };

    private static String after(String version, String value) {
        if (!value.startsWith(version)) {
            throw new WebhookVerificationException("the signature must be of version " + version);
        }
        return value.substring(version.length());
    }

    @Override
    public void checkSecret(String secret) {
        if (secret.isEmpty()) {
            throw new IllegalArgumentException("a secret of webhooks must not be empty");
        }
    }

    @Override
    public boolean isSignedBy(Signed signed, String secret) {
        byte[] expected = WebhookScheme.hmac(secret.getBytes(StandardCharsets.UTF_8), signed.content());
        boolean found = false;
        for (String signature : signed.signatures()) {
            byte[] given = parsed(signature);
            found |= given != null && MessageDigest.isEqual(expected, given);
        }
        return found;
    }

    private static byte @Nullable [] parsed(String hex) {
        try {
            return HexFormat.of().parseHex(hex);
        } catch (IllegalArgumentException e) { // as of a signature that is cut off: it is nobody's
            return null;
        }
    }
}
