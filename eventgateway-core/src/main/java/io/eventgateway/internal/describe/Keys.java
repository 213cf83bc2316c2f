package io.eventgateway.internal.describe;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The keys of a document's objects, which AsyncAPI wants to be of {@code a-z A-Z 0-9 . - _}. A name of other characters becomes one of
 * those, with a hash of the name behind it, so that the key of a name never depends on what else is there.
 */
final class Keys {
    private static final int HASH_BYTES = 6;

    private Keys() {}

    static String of(String name) {
        String plain = name.replaceAll("[^A-Za-z0-9._-]", "-");
        return plain.equals(name) && !name.isEmpty() ? name : plain + "-" + hash(name);
    }

    private static String hash(String name) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) { // every Java has it
            throw new IllegalStateException("SHA-256 is missing", e);
        }
    }
}
