package io.eventgateway.invokers.client;

import io.eventgateway.spi.Secret;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The {@code signing} entry of a function's configuration: how what is sent is signed, as Standard Webhooks has it.
 *
 * @param keys {@code whsec_} with the Base64 of a shared secret of 24 to 64 bytes (HMAC, {@code v1}), or {@code whsk_} with that of an
 *     ed25519 private key ({@code v1a}); every one makes a signature, so that receivers may be given a new one before the old one goes
 */
public record SigningSettings(@Nullable List<Secret> keys) {
    private static final int MOST_KEYS = 5;

    /** Checks what can be checked before secrets are read. */
    public SigningSettings {
        if (keys == null || keys.isEmpty() || keys.size() > MOST_KEYS) {
            throw new IllegalArgumentException("'signing.keys' must have 1 to " + MOST_KEYS + " keys, had "
                    + (keys == null ? "none" : keys.size()));
        }
        keys = List.copyOf(keys);
        for (Secret key : keys) {
            if (!key.isReference()) {
                WebhookKey.parse(key.value());
            }
        }
    }

    List<Secret> all() {
        return keys == null ? List.of() : keys;
    }
}
