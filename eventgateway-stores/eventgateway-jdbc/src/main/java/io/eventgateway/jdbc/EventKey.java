package io.eventgateway.jdbc;

import io.eventgateway.Event;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * What an event is known by in a key of a table: a digest, since a source and an id together may be longer than a key of each
 * database.
 */
final class EventKey {
    private EventKey() {}

    /** Returns the key of an event, which is known by its source and id (CloudEvents 1.0.2, section 3.1). */
    static String of(Event event) {
        return digest("event", event.getSource().toString(), event.getId());
    }

    /** Returns the key of an event that is known by a key of the application's own; null for its source and id. */
    static String of(Event event, @Nullable String own) {
        return own == null ? of(event) : digest("own", own);
    }

    /** Digests parts, each with its length, so that no other parts have the same digest. */
    private static String digest(String... parts) {
        MessageDigest digest = sha256();
        for (String part : parts) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            digest.update(
                    ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
            digest.update(bytes);
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
