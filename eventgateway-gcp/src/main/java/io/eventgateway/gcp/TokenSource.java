package io.eventgateway.gcp;

import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import io.eventgateway.invokers.client.Answer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Gives identity tokens. Thread-safe. */
interface TokenSource extends AutoCloseable {
    /** How long a token may be waited for, whatever call it is for. */
    Duration PATIENCE = Duration.ofSeconds(10);

    /** The most bytes that an answer with a token has. */
    int MAX_BYTES = 64 * 1024;

    /**
     * A token for an audience, as JWT. The future ends with an {@link InvocationException} if there is none to be had.
     *
     * @throws InvocationException if a secret can't be read
     */
    CompletableFuture<String> token(String audience);

    @Override
    void close();

    /** The failure of an answer without a token. */
    static InvocationException refusal(Answer answer) {
        int status = answer.status();
        return status == 429 || answer.isServerError()
                ? answer.failure(Kind.PROVIDER_ERROR, true, "there is no identity token")
                : answer.failure(Kind.ACCESS_DENIED, false, "there is no identity token");
    }
}
