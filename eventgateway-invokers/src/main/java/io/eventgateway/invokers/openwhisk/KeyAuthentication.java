package io.eventgateway.invokers.openwhisk;

import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import io.eventgateway.invokers.client.Authentication;
import io.eventgateway.invokers.client.SecretHeader;
import io.eventgateway.spi.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import okhttp3.Request;

/** Basic authentication with a namespace's key, whose parts are the user and the password. */
record KeyAuthentication(Secret auth) implements Authentication {
    @Override
    public CompletionStage<Request> authenticate(Request request) {
        String key = auth.value();
        if (!OpenWhiskConfiguration.isKey(key)) {
            throw new InvocationException(Kind.CALL_FAILED, true, "'auth' must be a namespace's key, 'uuid:key'");
        }
        String encoded = Base64.getEncoder().encodeToString(key.getBytes(StandardCharsets.UTF_8));
        return CompletableFuture.completedFuture(request.newBuilder()
                .headers(SecretHeader.add(request.headers(), "auth", "Authorization", "Basic " + encoded))
                .build());
    }
}
