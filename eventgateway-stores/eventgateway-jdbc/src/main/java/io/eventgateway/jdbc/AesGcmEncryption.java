package io.eventgateway.jdbc;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/** AES-GCM: a random nonce of 96 bits, the ciphertext, a tag of 128 bits. One key encrypts; all that are given decrypt. */
final class AesGcmEncryption implements DataEncryption {
    private static final String ALGORITHM = "AES/GCM/NoPadding";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final AesKey current;
    private final Map<String, SecretKey> keys = new LinkedHashMap<>();
    private final SecureRandom random = new SecureRandom();

    AesGcmEncryption(AesKey current, AesKey... older) {
        this.current = current;
        keys.put(current.id(), current.key());
        for (AesKey key : older) {
            if (keys.put(key.id(), key.key()) != null) {
                throw new IllegalArgumentException(
                        "two keys have the id '" + key.id() + "': each needs one of its own");
            }
        }
    }

    /** Checks that AES takes a key. */
    static void check(String keyId, SecretKey key) {
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
            byte[] sealed =
                    cipher(Cipher.ENCRYPT_MODE, current.key(), nonce, context).doFinal(data);
            return new Encrypted(
                    current.id(),
                    ByteBuffer.allocate(NONCE_BYTES + sealed.length)
                            .put(nonce)
                            .put(sealed)
                            .array());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "data can't be encrypted with key '" + current.id() + "': " + e.getMessage(), e);
        }
    }

    @Override
    public byte[] decrypt(Encrypted encrypted, Context context) {
        SecretKey key = keys.get(encrypted.keyId());
        if (key == null) {
            throw new IllegalStateException("the data of event '" + context.eventId() + "' was encrypted with key '"
                    + encrypted.keyId() + "'; these are " + keys.keySet());
        }
        byte[] bytes = encrypted.bytes();
        try {
            byte[] nonce = Arrays.copyOf(bytes, NONCE_BYTES);
            return cipher(Cipher.DECRYPT_MODE, key, nonce, context)
                    .doFinal(bytes, NONCE_BYTES, Math.max(0, bytes.length - NONCE_BYTES));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalStateException(
                    "the data of event '" + context.eventId() + "' can't be decrypted with key '" + encrypted.keyId()
                            + "', or an attribute of the event was changed: " + e.getMessage(),
                    e);
        }
    }

    private static Cipher cipher(int mode, SecretKey key, byte[] nonce, Context context)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(ALGORITHM);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(context.authenticated());
        return cipher;
    }

    @Override
    public String toString() {
        return "AesGcmEncryption" + keys.keySet();
    }
}
