package io.eventgateway.jdbc;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Objects;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/** AES-GCM with one key: a random nonce of 96 bits, the ciphertext, a tag of 128 bits. */
final class AesGcmEncryption implements DataEncryption {
    private static final String ALGORITHM = "AES/GCM/NoPadding";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int MAX_KEY_ID = 256;

    private final String keyId;
    private final SecretKey key;
    private final SecureRandom random = new SecureRandom();

    AesGcmEncryption(String keyId, SecretKey key) {
        this.keyId = Objects.requireNonNull(keyId, "keyId");
        this.key = Objects.requireNonNull(key, "key");
        if (keyId.isEmpty() || keyId.length() > MAX_KEY_ID) {
            throw new IllegalArgumentException(
                    "keyId must have 1 to " + MAX_KEY_ID + " characters, had " + keyId.length());
        }
        try {
            Cipher.getInstance(ALGORITHM)
                    .init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, new byte[NONCE_BYTES]));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "key '" + keyId + "' must be an AES key of 128, 192 or 256 bits, was one of " + size(key) + " for "
                            + key.getAlgorithm(),
                    e);
        }
    }

    private static String size(SecretKey key) {
        byte[] encoded = key.getEncoded(); // null where the key is kept in a device
        return encoded == null ? "unknown size" : encoded.length * 8 + " bits";
    }

    @Override
    public Encrypted encrypt(byte[] data, Context context) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, context).doFinal(data);
            return new Encrypted(
                    keyId,
                    ByteBuffer.allocate(NONCE_BYTES + sealed.length)
                            .put(nonce)
                            .put(sealed)
                            .array());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("data can't be encrypted with key '" + keyId + "': " + e.getMessage(), e);
        }
    }

    @Override
    public byte[] decrypt(Encrypted encrypted, Context context) {
        if (!encrypted.keyId().equals(keyId)) {
            throw new IllegalStateException("the data of event '" + context.eventId() + "' was encrypted with key '"
                    + encrypted.keyId() + "'; this one is '" + keyId + "'");
        }
        byte[] bytes = encrypted.bytes();
        try {
            byte[] nonce = Arrays.copyOf(bytes, NONCE_BYTES);
            return cipher(Cipher.DECRYPT_MODE, nonce, context)
                    .doFinal(bytes, NONCE_BYTES, Math.max(0, bytes.length - NONCE_BYTES));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalStateException(
                    "the data of event '" + context.eventId() + "' can't be decrypted with key '" + keyId + "': "
                            + e.getMessage(),
                    e);
        }
    }

    private Cipher cipher(int mode, byte[] nonce, Context context) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(ALGORITHM);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(String.join("\n", context.space(), context.source(), context.eventId())
                .getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    @Override
    public String toString() {
        return "AesGcmEncryption[" + keyId + "]";
    }
}
