package io.eventgateway.http;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Standard Webhooks 1.0: HMAC-SHA256 ({@code v1}) and ed25519 ({@code v1a}) over id, time and body. */
final class StandardWebhooks implements WebhookScheme {
    private static final String HMAC_SECRET = "whsec_";
    private static final String PUBLIC_KEY = "whpk_";
    private static final String PRIVATE_KEY = "whsk_";
    private static final int PUBLIC_KEY_BYTES = 32;

    /** The X.509 form of an ed25519 key, up to the key itself (RFC 8410, section 4). */
    private static final byte[] X509_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    @Override
    public String name() {
        return "STANDARD_WEBHOOKS";
    }

    @Override
    public void checkSecret(String secret) {
        if (secret.startsWith(PRIVATE_KEY)) {
            throw new IllegalArgumentException("a receiver of webhooks must have the public key, " + PUBLIC_KEY
                    + "..., and was given the private one");
        }
        byte[] key = key(secret);
        if (key.length == 0) {
            throw new IllegalArgumentException("a secret of webhooks must not be empty");
        }
        if (secret.startsWith(PUBLIC_KEY) && key.length != PUBLIC_KEY_BYTES) {
            throw new IllegalArgumentException(
                    "a public key of ed25519 must have " + PUBLIC_KEY_BYTES + " bytes, had " + key.length);
        }
    }

    private static byte[] key(String secret) {
        String base64 = secret.startsWith(HMAC_SECRET)
                ? secret.substring(HMAC_SECRET.length())
                : secret.startsWith(PUBLIC_KEY) ? secret.substring(PUBLIC_KEY.length()) : secret;
        byte[] key = decoded(base64);
        if (key == null) {
            throw new IllegalArgumentException(
                    "a secret of Standard Webhooks must be Base64, behind " + HMAC_SECRET + " or " + PUBLIC_KEY);
        }
        return key;
    }

    private static byte @Nullable [] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) { // its message shows a character of what may be secret
            return null;
        }
    }

    @Override
    public Signed signed(HttpRequest request) {
        String id = WebhookScheme.required(request, "webhook-id");
        String timestamp = WebhookScheme.required(request, "webhook-timestamp");
        long seconds = WebhookScheme.timestamp(timestamp, "webhook-timestamp");
        List<String> signatures = Stream.of(
                        WebhookScheme.required(request, "webhook-signature").split(" ", -1))
                .limit(MAX_SIGNATURES)
                .toList();
        return new Signed(WebhookScheme.content(id + "." + timestamp + ".", request.body()), seconds, signatures);
    }

    @Override
    public boolean isSignedBy(Signed signed, String secret) {
        byte[] key = key(secret);
        return secret.startsWith(PUBLIC_KEY) ? isSigned(signed, publicKey(key)) : isSigned(signed, key);
    }

    private static boolean isSigned(Signed signed, byte[] key) {
        byte[] expected = WebhookScheme.hmac(key, signed.content());
        boolean found = false;
        for (String signature : signed.signatures()) {
            byte[] given = ofVersion("v1,", signature);
            found |= given != null && MessageDigest.isEqual(expected, given);
        }
        return found;
    }

    private static boolean isSigned(Signed signed, PublicKey key) {
        for (String signature : signed.signatures()) {
            byte[] given = ofVersion("v1a,", signature);
            if (given != null && isSigned(signed.content(), given, key)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isSigned(byte[] content, byte[] signature, PublicKey key) {
        try {
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(key);
            verifier.update(content);
            return verifier.verify(signature);
        } catch (SignatureException e) { // the bytes are no signature
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform has no Ed25519", e);
        }
    }

    private static byte @Nullable [] ofVersion(String version, String signature) {
        return signature.startsWith(version) ? decoded(signature.substring(version.length())) : null;
    }

    private static PublicKey publicKey(byte[] key) {
        byte[] encoded = new byte[X509_PREFIX.length + key.length];
        System.arraycopy(X509_PREFIX, 0, encoded, 0, X509_PREFIX.length);
        System.arraycopy(key, 0, encoded, X509_PREFIX.length, key.length);
        try {
            return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("a public key of ed25519 can't be read", e);
        }
    }
}
