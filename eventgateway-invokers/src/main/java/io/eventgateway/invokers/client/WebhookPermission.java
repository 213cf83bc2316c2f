package io.eventgateway.invokers.client;

import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * Holds requests back until their endpoint has allowed the sender to send ("HTTP 1.1 Web Hooks for Event Delivery", section 4). Thread-safe.
 *
 * <p>An endpoint is asked by one {@code OPTIONS} request, however many requests wait for its answer. A permission holds for an hour and a
 * denial for five minutes; then the next request has the endpoint asked again. The lock of this object guards the answers.
 */
@SuppressWarnings("exports") // the modules that use it require OkHttp, too
public final class WebhookPermission implements Authentication {
    private static final Duration GRANTED_FOR = Duration.ofHours(1);
    private static final Duration DENIED_FOR = Duration.ofMinutes(5);
    private static final Duration ASKED_WITHIN = Duration.ofSeconds(30);
    private static final int MAX_ANSWER = 64 * 1024;
    /** A function has one URL, and others where it redirects or its URL changes. */
    private static final int MOST_URLS = 8;

    private static final int UNAUTHORIZED = 401;
    private static final String ALLOWED_ORIGIN = "WebHook-Allowed-Origin";

    private final Handshake handshake;
    private final HttpSender sender;
    private final InstantSource clock;
    private final Map<HttpUrl, CompletableFuture<Verdict>> verdicts = new LinkedHashMap<>();

    /**
     * What an endpoint is asked.
     *
     * @param functionId for messages
     * @param settings what it is asked for
     * @param proof added to the question; its owner closes it
     * @param headers sent with the question, read each time
     */
    public record Handshake(
            String functionId, ValidationSettings settings, Authentication proof, Supplier<Headers> headers) {
        private String what() {
            return "the webhook validation of function '" + functionId + "'";
        }

        private Request request(HttpUrl url) {
            Headers.Builder all = headers.get().newBuilder().removeAll("Content-Type");
            if (all.get("User-Agent") == null) {
                all.set("User-Agent", OwnVersion.USER_AGENT);
            }
            all.set("WebHook-Request-Origin", settings.origin());
            Integer rate = settings.rate();
            if (rate != null) {
                all.set("WebHook-Request-Rate", String.valueOf(rate));
            }
            return new Request.Builder()
                    .url(url)
                    .headers(all.build())
                    .method("OPTIONS", null)
                    .build();
        }

        private boolean isAllowedBy(Answer answer) {
            String allowed = answer.header(ALLOWED_ORIGIN);
            return answer.isSuccessful()
                    && allowed != null
                    && (allowed.equals("*") || allowed.equalsIgnoreCase(settings.origin()));
        }
    }

    /** What an endpoint has answered, and until when that holds; a denial if there is a failure. */
    private record Verdict(Instant until, @Nullable InvocationException denial) {}

    /** A permission that is not asked for yet. It owns the sender. */
    public WebhookPermission(Handshake handshake, HttpSender sender, InstantSource clock) {
        this.handshake = handshake;
        this.sender = sender;
        this.clock = clock;
    }

    /**
     * The request as it is, when its endpoint allows it. The stage fails with {@code ACCESS_DENIED} if the endpoint does not: retryable after
     * the time for which the denial holds.
     */
    @Override
    public CompletionStage<Request> authenticate(Request request) {
        return verdict(request.url()).thenApply(verdict -> {
            InvocationException denial = verdict.denial();
            if (denial != null) {
                Duration left = Duration.between(clock.instant(), verdict.until());
                throw denial.withRetryAfter(left.isNegative() ? Duration.ZERO : left);
            }
            return request;
        });
    }

    private CompletableFuture<Verdict> verdict(HttpUrl url) {
        CompletableFuture<Verdict> asked = new CompletableFuture<>();
        synchronized (this) {
            CompletableFuture<Verdict> known = verdicts.get(url);
            if (known != null && isUsable(known)) {
                return known;
            }
            verdicts.remove(url);
            if (verdicts.size() == MOST_URLS) {
                verdicts.remove(verdicts.keySet().iterator().next());
            }
            verdicts.put(url, asked);
        }
        try {
            ask(url, true).whenComplete((verdict, failure) -> {
                if (failure == null) {
                    asked.complete(verdict);
                } else {
                    fail(url, asked, BeforeTheCall.failure(failure));
                }
            });
        } catch (RuntimeException | Error e) { // a secret that can't be read
            fail(url, asked, e);
        }
        return asked;
    }

    private boolean isUsable(CompletableFuture<Verdict> known) {
        return !known.isDone()
                || (!known.isCompletedExceptionally() && known.join().until().isAfter(clock.instant()));
    }

    /** The endpoint is asked again for the next request, since nothing is known of its will. */
    private void fail(HttpUrl url, CompletableFuture<Verdict> asked, Throwable failure) {
        synchronized (this) {
            verdicts.remove(url, asked);
        }
        asked.completeExceptionally(failure);
    }

    private CompletionStage<Verdict> ask(HttpUrl url, boolean mayRefresh) {
        return handshake
                .proof()
                .authenticate(handshake.request(url))
                .thenCompose(request ->
                        sender.send(new HttpSender.Sending(handshake.what(), request, ASKED_WITHIN, MAX_ANSWER, true)))
                .thenCompose(answer -> answer.status() == UNAUTHORIZED
                                && mayRefresh
                                && handshake.proof().refresh(answer.request())
                        ? ask(url, false)
                        : CompletableFuture.completedFuture(verdict(answer)));
    }

    private Verdict verdict(Answer answer) {
        Instant now = clock.instant();
        if (handshake.isAllowedBy(answer)) {
            return new Verdict(now.plus(GRANTED_FOR), null);
        }
        InvocationException failure = answer.failure();
        if (failure.retryable()) {
            throw answer.failure(Kind.CALL_FAILED, true, "it did not say who may send to it");
        }
        return new Verdict(
                now.plus(DENIED_FOR),
                answer.failure(
                        Kind.ACCESS_DENIED,
                        true,
                        "it does not allow '" + handshake.settings().origin() + "' to send to it (" + ALLOWED_ORIGIN
                                + ")"));
    }

    @Override
    public void close() {
        sender.close();
    }
}
