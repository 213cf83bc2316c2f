package io.eventgateway.invokers.client;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A key that makes signatures of Standard Webhooks ("Signature scheme"). Not shown by {@code toString}. */
abstract sealed class WebhookKey {
    private static final String HMAC = "HmacSHA256";
    private static final String ED25519 = "Ed25519";
    private static final String SYMMETRIC = "whsec_";
    private static final String ASYMMETRIC = "whsk_";
    private static final int LEAST_BYTES = 24;
    private static final int MOST_BYTES = 64;
    private static final int SEED_BYTES = 32;
    /** What comes before the seed of an ed25519 key in PKCS #8 (RFC 8410, section 7). */
    private static final byte[] PKCS8 = {
        0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20
    };

    /** The signature of a head and a body, one behind the other, with its version. */
    abstract String sign(byte[] head, byte[] body) throws GeneralSecurityException;

    /**
     * A key from its text.
     *
     * @throws IllegalArgumentException if it is none; the message does not show it
     */
    static WebhookKey parse(String text) {
        try {
            if (text.startsWith(SYMMETRIC)) {
                return new Symmetric(bytes(text, SYMMETRIC));
            }
            if (text.startsWith(ASYMMETRIC)) {
                return new Asymmetric(bytes(text, ASYMMETRIC));
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw refused();
        }
        throw refused();
    }

    private static IllegalArgumentException refused() {
        return new IllegalArgumentException("a key of 'signing.keys' must be 'whsec_' with the Base64 of " + LEAST_BYTES
                + " to " + MOST_BYTES + " bytes, or 'whsk_' with that of an ed25519 private key");
    }

    private static byte[] bytes(String text, String prefix) {
        byte[] bytes = Base64.getDecoder().decode(text.substring(prefix.length()));
        if (bytes.length > MOST_BYTES) {
            throw refused();
        }
        return bytes;
    }

    private static final class Symmetric extends WebhookKey {
        private final SecretKeySpec key;

        Symmetric(byte[] secret) {
            if (secret.length < LEAST_BYTES) {
                throw refused();
            }
            this.key = new SecretKeySpec(secret, HMAC);
        }

        @Override
        String sign(byte[] head, byte[] body) throws GeneralSecurityException {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            mac.update(head);
            return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
        }
    }

    private static final class Asymmetric extends WebhookKey {
        private final PrivateKey key;

        /** A key of its seed, which may be followed by the public key. */
        Asymmetric(byte[] bytes) throws GeneralSecurityException {
            if (bytes.length != SEED_BYTES && bytes.length != 2 * SEED_BYTES) {
                throw refused();
            }
            byte[] encoded = Arrays.copyOf(PKCS8, PKCS8.length + SEED_BYTES);
            System.arraycopy(bytes, 0, encoded, PKCS8.length, SEED_BYTES);
            this.key = KeyFactory.getInstance(ED25519).generatePrivate(new PKCS8EncodedKeySpec(encoded));
        }

        @Override
        String sign(byte[] head, byte[] body) throws GeneralSecurityException {
            Signature signature = Signature.getInstance(ED25519);
            signature.initSign(key);
            signature.update(head);
            signature.update(body);
            return "v1a," + Base64.getEncoder().encodeToString(signature.sign());
        }
    }
}
