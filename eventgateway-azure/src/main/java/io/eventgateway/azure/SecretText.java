package io.eventgateway.azure;

import io.eventgateway.invokers.client.Authentication;
import io.eventgateway.invokers.client.SecretHeader;
import io.eventgateway.spi.Secret;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * Authentication by a secret text in a header.
 *
 * @param entry of the configuration, for messages
 * @param header whose value the text is
 */
record SecretText(String entry, String header, Secret text) implements Authentication {
    /**
     * Checks what can be checked before secrets are read.
     *
     * @throws IllegalArgumentException if the text can't be a header's value; the message does not show it
     */
    static void check(String entry, @Nullable Secret text) {
        if (text != null && !text.isReference() && !text.value().matches("[\\x21-\\x7e]+")) {
            throw new IllegalArgumentException("'" + entry + "' must be of visible characters");
        }
    }

    @Override
    public CompletionStage<Request> authenticate(Request request) {
        return CompletableFuture.completedFuture(request.newBuilder()
                .headers(SecretHeader.add(request.headers(), entry, header, text.value()))
                .build());
    }
}
