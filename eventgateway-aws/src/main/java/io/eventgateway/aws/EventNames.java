package io.eventgateway.aws;

import io.eventgateway.Event;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names that AWS takes, and that are the same at each attempt: what a retry sends twice is taken once. */
public final class EventNames {
    private static final int HASH_BYTES = 16;
    /** What is left of the 80 characters of an execution's name beside a hyphen and the hash. */
    private static final int MAX_READABLE = 80 - 1 - 2 * HASH_BYTES;

    private EventNames() {}

    /**
     * The name of an event, of at most 80 letters, digits, hyphens and underscores. It begins with the id, and ends with a hash of
     * source and id, since an id is unique for its source only.
     */
    public static String of(Event event) {
        String id = event.getId();
        String readable = id.replaceAll("[^A-Za-z0-9_-]", "_");
        return readable.substring(0, Math.min(readable.length(), MAX_READABLE)) + "-"
                + hash(event.getSource() + "\0" + id);
    }

    /** A key of at most so many characters that AWS takes as a group or an id: the key itself where it is one, else a hash of it. */
    public static String legal(String key, int longest) {
        return key.length() <= longest && key.matches("[A-Za-z0-9!\"#$%&'()*+,./:;<=>?@\\[\\\\\\]^_`{|}~-]+")
                ? key
                : hash(key);
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
