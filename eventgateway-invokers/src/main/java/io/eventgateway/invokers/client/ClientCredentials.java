package io.eventgateway.invokers.client;

import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import io.eventgateway.spi.Secret;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import okhttp3.Credentials;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Bearer tokens that an authorization server gives for a client's credentials (OAuth 2.0, RFC 6749, section 4.4). A token is kept until shortly before it
 * expires, or a server refuses it. However many calls need a token, one of them is asked for at a time. The lock of this object guards
 * the token.
 */
final class ClientCredentials implements Authentication {
    private static final Duration ASKED_WITHIN = Duration.ofSeconds(30);
    /** After so long without an answer, another call asks again: a connection that hangs is not to hold the calls of a function. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** A token goes into a header, and so is far smaller. */
    private static final int MAX_ANSWER = 64 * 1024;
    /** Where the server says no time, as it should (section 5.1). */
    private static final Duration UNKNOWN_LIFE = Duration.ofMinutes(5);

    private static final Duration MAX_LIFE = Duration.ofDays(1);
    private static final Duration EARLY = Duration.ofSeconds(60);
    private static final String BEARER = "Bearer ";

    private final String functionId;
    private final HttpSender sender;
    private final Client client;
    private final LongSupplier nanos;

    /** The token that is known or asked for; null when there is none. */
    private @Nullable CompletableFuture<Token> token;

    private long askedAt;
    /** The requests that are not answered. */
    private final Set<Unanswered> unanswered = ConcurrentHashMap.newKeySet();

    /** What is sent to which server. */
    record Client(
            HttpUrl url,
            Secret id,
            Secret secret,
            @Nullable String scope,
            @Nullable String audience) {}

    private record Token(String value, long usedUntil) {
        @Override
        public String toString() {
            return "Token[]";
        }
    }

    /** A request that is under way: each is itself alone. */
    private static final class Unanswered {
        final CompletableFuture<Answer> answer;

        Unanswered(CompletableFuture<Answer> answer) {
            this.answer = answer;
        }
    }

    ClientCredentials(String functionId, HttpSender sender, Client client, LongSupplier nanos) {
        this.functionId = functionId;
        this.sender = sender;
        this.client = client;
        this.nanos = nanos;
    }

    @Override
    public CompletionStage<Request> authenticate(Request request) {
        return current().thenApply(known -> request.newBuilder()
                .headers(SecretHeader.add(request.headers(), "access_token", "Authorization", BEARER + known.value()))
                .build());
    }

    /** Forgets the token, unless another one has taken its place since. */
    @Override
    public synchronized boolean refresh(Request refused) {
        CompletableFuture<Token> known = token;
        if (known != null
                && known.isDone()
                && !known.isCompletedExceptionally()
                && (BEARER + known.join().value()).equals(refused.header("Authorization"))) {
            token = null;
        }
        return true;
    }

    private CompletableFuture<Token> current() {
        CompletableFuture<Token> asked = new CompletableFuture<>();
        synchronized (this) {
            CompletableFuture<Token> known = token;
            if (known != null && isUsable(known)) {
                return known;
            }
            token = asked;
            askedAt = nanos.getAsLong();
        }
        try {
            CompletableFuture<Answer> answer =
                    sender.send(new HttpSender.Sending(what(), request(), ASKED_WITHIN, MAX_ANSWER, true));
            Unanswered waited = new Unanswered(answer);
            unanswered.add(waited);
            answer.whenComplete((answered, failure) -> unanswered.remove(waited));
            answer.thenApply(this::read).whenComplete((read, failure) -> {
                if (failure == null) {
                    asked.complete(read);
                } else {
                    forget(asked);
                    asked.completeExceptionally(BeforeTheCall.failure(failure));
                }
            });
        } catch (RuntimeException | Error e) { // a secret that can't be read
            forget(asked);
            asked.completeExceptionally(e);
        }
        return asked;
    }

    private synchronized void forget(CompletableFuture<Token> failed) {
        if (token == failed) {
            token = null;
        }
    }

    private boolean isUsable(CompletableFuture<Token> known) {
        return !known.isDone()
                ? nanos.getAsLong() - askedAt < PATIENCE.toNanos()
                : (!known.isCompletedExceptionally() && known.join().usedUntil() - nanos.getAsLong() > 0);
    }

    private String what() {
        return "the authorization server of function '" + functionId + "'";
    }

    /** Section 2.3.1: the client shows itself by basic authentication, with its parts encoded as in a form. */
    private Request request() {
        StringBuilder form = new StringBuilder("grant_type=client_credentials");
        append(form, "scope", client.scope());
        append(form, "audience", client.audience());
        return new Request.Builder()
                .url(client.url())
                .header("User-Agent", OwnVersion.USER_AGENT)
                .header("Accept", "application/json")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header(
                        "Authorization",
                        Credentials.basic(
                                encoded(client.id().value()),
                                encoded(client.secret().value())))
                .post(new BytesBody(form.toString().getBytes(StandardCharsets.UTF_8)))
                .build();
    }

    private static void append(StringBuilder form, String name, @Nullable String value) {
        if (value != null) {
            form.append('&').append(name).append('=').append(encoded(value));
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private Token read(Answer answer) {
        if (!answer.isSuccessful()) {
            boolean isForLater = answer.status() == 429 || answer.isServerError();
            throw answer.failure(isForLater ? Kind.CALL_FAILED : Kind.ACCESS_DENIED, isForLater, "");
        }
        JsonNode json;
        try {
            json = JsonMapper.shared().readTree(answer.body());
        } catch (JacksonException e) {
            throw unreadable();
        }
        String value = json.path("access_token").asString("");
        if (value.isEmpty()) {
            throw unreadable();
        }
        String type = json.path("token_type").asString("");
        if (!type.isEmpty() && !type.equalsIgnoreCase("bearer")) { // section 7.1: a type that is not known is not used
            throw new InvocationException(
                    Kind.CALL_FAILED,
                    true,
                    what() + " answered a token whose 'token_type' must be Bearer, was "
                            + (type.matches("[A-Za-z0-9._:/-]{1,40}") ? "'" + type + "'" : "another"));
        }
        if (!canBeSent(value)) {
            throw new InvocationException(
                    Kind.CALL_FAILED,
                    true,
                    what() + " answered an 'access_token' with characters that no header can have");
        }
        JsonNode expires = json.path("expires_in");
        long seconds = Math.max(0, Math.min(expires.asLong(UNKNOWN_LIFE.toSeconds()), MAX_LIFE.toSeconds()));
        Duration life = Duration.ofSeconds(seconds);
        Duration early = EARLY.compareTo(life.dividedBy(2)) < 0 ? EARLY : life.dividedBy(2);
        return new Token(value, nanos.getAsLong() + life.minus(early).toNanos());
    }

    private static boolean canBeSent(String token) {
        return token.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }

    private InvocationException unreadable() {
        return new InvocationException(
                Kind.CALL_FAILED, true, what() + " answered no JSON object with an 'access_token'");
    }

    @Override
    public void close() {
        unanswered.forEach(waited -> waited.answer.cancel(false));
        sender.close();
    }
}
