package io.eventgateway.azure;

import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import io.eventgateway.invokers.client.Authentication;
import io.eventgateway.invokers.client.SecretHeader;
import io.eventgateway.spi.Secret;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import okhttp3.HttpUrl;
import okhttp3.Request;

/**
 * Authentication by a shared access signature of Event Grid: {@code r=<resource>&e=<expiry>&s=<signature>}, each percent-encoded, where the signature is
 * HMAC-SHA256 over all before it. It proves the key without sending it, for one topic and one hour.
 */
record SasAuthentication(Secret key, InstantSource clock) implements Authentication {
    private static final Duration LIFE = Duration.ofHours(1);
    private static final DateTimeFormatter EXPIRY =
            DateTimeFormatter.ofPattern("M/d/yyyy h:mm:ss a", Locale.US).withZone(ZoneOffset.UTC);

    @Override
    public CompletionStage<Request> authenticate(Request request) {
        byte[] secret;
        try {
            secret = decoded(key.value());
        } catch (IllegalArgumentException e) { // of a secret that was read just now
            throw new InvocationException(Kind.CALL_FAILED, true, String.valueOf(e.getMessage()));
        }
        String resource = withoutQuery(request.url());
        String token = token(resource, clock.instant().plus(LIFE), secret);
        return CompletableFuture.completedFuture(request.newBuilder()
                .headers(SecretHeader.add(request.headers(), "key", "aeg-sas-token", token))
                .build());
    }

    /**
     * The bytes of an access key.
     *
     * @throws IllegalArgumentException if it is none; the message does not show it
     */
    static byte[] decoded(String key) {
        try {
            byte[] bytes = Base64.getDecoder().decode(key);
            if (bytes.length > 0) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            // the message below says it, without the key
        }
        throw new IllegalArgumentException("'key' must be an access key in base64, to sign with");
    }

    private static String withoutQuery(HttpUrl url) {
        return url.newBuilder().query(null).build().toString();
    }

    static String token(String resource, Instant expires, byte[] key) {
        String unsigned = "r=" + encoded(resource) + "&e=" + encoded(EXPIRY.format(expires));
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            byte[] signature = mac.doFinal(unsigned.getBytes(StandardCharsets.UTF_8));
            return unsigned + "&s=" + encoded(Base64.getEncoder().encodeToString(signature));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA256 is in every JDK", e);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
