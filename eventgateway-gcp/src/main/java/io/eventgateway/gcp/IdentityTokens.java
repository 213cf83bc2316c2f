package io.eventgateway.gcp;

import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import io.eventgateway.invokers.client.Authentication;
import io.eventgateway.invokers.client.SecretHeader;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Adds an identity token as {@code Authorization: Bearer}. A token is kept until shortly before it expires, or a function refuses it. However many calls
 * need one, it is asked for once. Closes its source. The lock of this object guards the token, and the request that is under way.
 */
final class IdentityTokens implements Authentication {
    private static final String BEARER = "Bearer ";
    private static final Duration EARLY = Duration.ofMinutes(1);
    /** A refused token that is younger is not asked for again, or a function that refuses every token would have one asked for with every call. */
    private static final Duration YOUNG = Duration.ofSeconds(30);

    /** After so long without a token, another call asks again: a request that hangs is not to hold the calls of a function. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final String functionId;
    private final TokenSource source;
    private final Function<HttpUrl, String> audiences;
    private final InstantSource clock;

    private @Nullable Token known;
    private @Nullable Fetch underWay;

    /** A token, and until when it is used. */
    private record Token(String audience, String text, Instant fetchedAt, Instant usedUntil) {
        @Override
        public String toString() {
            return "Token[" + audience + "]";
        }
    }

    /** A request for a token, which every call that needs it waits for. */
    private static final class Fetch {
        final String audience;
        final Instant begunAt;
        final CompletableFuture<Token> result = new CompletableFuture<>();

        Fetch(String audience, Instant begunAt) {
            this.audience = audience;
            this.begunAt = begunAt;
        }
    }

    /**
     * Tokens of a source, which this object owns.
     *
     * @param audiences says who a token for a URL is meant for
     */
    IdentityTokens(String functionId, TokenSource source, Function<HttpUrl, String> audiences, InstantSource clock) {
        this.functionId = functionId;
        this.source = source;
        this.audiences = audiences;
        this.clock = clock;
    }

    @Override
    public CompletionStage<Request> authenticate(Request request) {
        return token(audiences.apply(request.url())).thenApply(token -> request.newBuilder()
                .headers(SecretHeader.add(request.headers(), "identity token", "Authorization", BEARER + token.text()))
                .build());
    }

    @Override
    public synchronized boolean refresh(Request refused) {
        Token token = known;
        if (token == null || !(BEARER + token.text()).equals(refused.header("Authorization"))) {
            return true; // another one is there, or on its way
        }
        if (clock.instant().isBefore(token.fetchedAt().plus(YOUNG))) {
            return false;
        }
        known = null;
        return true;
    }

    private CompletableFuture<Token> token(String audience) {
        Fetch begun;
        synchronized (this) {
            Token token = known;
            if (token != null
                    && token.audience().equals(audience)
                    && clock.instant().isBefore(token.usedUntil())) {
                return CompletableFuture.completedFuture(token);
            }
            Fetch other = underWay;
            if (other != null
                    && other.audience.equals(audience)
                    && clock.instant().isBefore(other.begunAt.plus(PATIENCE))) {
                return other.result;
            }
            begun = new Fetch(audience, clock.instant());
            underWay = begun;
        }
        begin(begun);
        return begun.result;
    }

    private void begin(Fetch fetch) {
        CompletableFuture<Token> fetched;
        try {
            fetched = source.token(fetch.audience).thenApply(text -> read(fetch.audience, text));
        } catch (RuntimeException | Error e) {
            fetched = CompletableFuture.failedFuture(e);
        }
        fetched.whenComplete((token, failure) -> {
            synchronized (this) {
                if (underWay == fetch) {
                    underWay = null;
                }
                if (failure == null) {
                    known = token;
                }
            }
            if (failure == null) {
                fetch.result.complete(token);
            } else {
                fetch.result.completeExceptionally(failure);
            }
        });
    }

    /** Reads when a JWT expires (RFC 7519, section 4.1.4); whether its signature is good is for who gets it. */
    private Token read(String audience, String text) {
        String[] parts = text.split("\\.", -1);
        try {
            if (parts.length == 3) {
                JsonNode claims =
                        JsonMapper.shared().readTree(Base64.getUrlDecoder().decode(parts[1]));
                if (claims.path("exp").isNumber()) {
                    Instant expires = Instant.ofEpochSecond(claims.path("exp").asLong());
                    return new Token(audience, text, clock.instant(), expires.minus(EARLY));
                }
            }
        } catch (JacksonException | IllegalArgumentException e) {
            // the message below says it, without what was answered
        }
        throw new InvocationException(
                Kind.PROVIDER_ERROR,
                true,
                "the identity token for function '" + functionId + "' is no JWT that expires");
    }

    @Override
    public void close() {
        source.close();
    }
}
