package io.eventgateway.internal.event;

import io.eventgateway.SubscriptionMode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The id of a subscription that was given none. It is the same for the same subscription in every process: the binding
 * in readable form, and a hash behind it where the binding alone does not tell two subscriptions apart, or is not an
 * id.
 */
public final class DerivedId {
    private static final int HASH_BYTES = 4;

    private DerivedId() {}

    /**
     * Derives an id.
     *
     * @param binding the event type or path and the function, such as {@code order.placed->shipping}
     * @param mode how the function is called
     * @param filter the filter's JSON form; empty for no filter
     * @param transform the transform's JSON form; empty for no transform
     */
    public static String of(String binding, SubscriptionMode mode, String filter, String transform) {
        String id = Names.asId(binding);
        if (filter.isEmpty() && transform.isEmpty() && id.equals(binding) && id.length() <= Names.MAX_LENGTH) {
            return id;
        }
        String hash = "~" + hash(binding + "\n" + mode + "\n" + filter + "\n" + transform);
        return id.substring(0, Math.min(id.length(), Names.MAX_LENGTH - hash.length())) + hash;
    }

    private static String hash(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
