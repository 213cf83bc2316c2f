package io.eventgateway.invokers.client;

import io.eventgateway.InvocationException;
import io.eventgateway.spi.Secret;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import okhttp3.Credentials;
import okhttp3.Request;

/**
 * Adds what proves who calls to a request: a token, a password, a signature. Thread-safe.
 *
 * <p>Secrets are read each time. What it adds as a header is never shown in messages.
 */
@SuppressWarnings("exports") // the modules that implement it require OkHttp, too
@FunctionalInterface
public interface Authentication extends AutoCloseable {
    /**
     * The request with its proof. A signature reads the body of a {@link BytesBody}.
     *
     * @return a stage that ends with the request, or with an {@link InvocationException}
     * @throws InvocationException if a secret can't be read, or no token was to be had
     */
    CompletionStage<Request> authenticate(Request request);

    /**
     * Says that a server answered 401 to a request that was authenticated here. Returns whether another proof may be had, so that the
     * request is worth sending once more.
     */
    default boolean refresh(Request refused) {
        return false;
    }

    /** Releases what it holds. */
    @Override
    default void close() {}

    /** Both, this one first, so that the other one may sign what this one adds. */
    default Authentication then(Authentication other) {
        Authentication first = this;
        return new Authentication() {
            @Override
            public CompletionStage<Request> authenticate(Request request) {
                return first.authenticate(request).thenCompose(other::authenticate);
            }

            @Override
            public boolean refresh(Request refused) {
                boolean ofFirst = first.refresh(refused);
                return other.refresh(refused) || ofFirst;
            }

            @Override
            public void close() {
                first.close();
                other.close();
            }
        };
    }

    /** Adds nothing. */
    static Authentication none() {
        return CompletableFuture::completedFuture;
    }

    /** {@code Authorization: Bearer} with a token (RFC 6750). */
    static Authentication bearer(Secret token) {
        return request -> header(request, "auth.token", "Authorization", "Bearer " + token.value());
    }

    /** Basic authentication (RFC 7617), in UTF-8. */
    static Authentication basic(Secret username, Secret password) {
        return request -> header(
                request,
                "auth.password",
                "Authorization",
                Credentials.basic(username.value(), password.value(), StandardCharsets.UTF_8));
    }

    /** A header with a secret value, such as {@code X-Api-Key}. */
    static Authentication header(String name, Secret value) {
        return request -> header(request, "auth.value", name, value.value());
    }

    private static CompletionStage<Request> header(Request request, String entry, String name, String value) {
        return CompletableFuture.completedFuture(request.newBuilder()
                .headers(SecretHeader.add(request.headers(), entry, name, value))
                .build());
    }
}
