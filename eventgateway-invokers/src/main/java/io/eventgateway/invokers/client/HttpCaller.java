package io.eventgateway.invokers.client;

import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import io.eventgateway.InvocationResult;
import io.eventgateway.spi.Invocation;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * Calls one function: sends a request with its authentication until the call's deadline, and has the answer read. Thread-safe. Closes its sender and
 * its authentication.
 *
 * <p>After a 401 the request is sent once more, if the authentication has something newer to show. Redirects are followed where the settings
 * say so: 307 and 308 alone, since they alone keep the method and the body, to the same scheme, host and port, and 5 times at most.
 */
@SuppressWarnings("exports") // the modules that use it require OkHttp, too
public final class HttpCaller implements AutoCloseable {
    /** A megabyte. */
    public static final int DEFAULT_MAX_RESPONSE_BYTES = 1024 * 1024;

    private static final int MAX_REDIRECTS = 5;
    private static final int UNAUTHORIZED = 401;

    private final HttpSender sender;
    private final Authentication authentication;
    private final Settings settings;

    /**
     * What calls of a function have in common.
     *
     * @param functionId for messages
     * @param callTimeout of a call, within the delivery's own timeout; the latter alone if null
     * @param maxResponseBytes a longer answer is a failure
     * @param followRedirects whether redirects are followed, rather than failures
     */
    public record Settings(
            String functionId, @Nullable Duration callTimeout, int maxResponseBytes, boolean followRedirects) {
        /** Settings of a function that has none of its own. */
        public static Settings of(String functionId) {
            return new Settings(functionId, null, DEFAULT_MAX_RESPONSE_BYTES, false);
        }
    }

    /** Makes a result of an answer. */
    @FunctionalInterface
    public interface AnswerReader {
        /**
         * The result that an answer stands for.
         *
         * @throws InvocationException if it stands for a failure, as {@link Answer#failure()} is
         */
        InvocationResult read(Answer answer);
    }

    /** A caller that owns what it is given. */
    public HttpCaller(HttpSender sender, Authentication authentication, Settings settings) {
        this.sender = sender;
        this.authentication = authentication;
        this.settings = settings;
    }

    /**
     * Sends the request of an invocation, and reads the answer whatever its status. The future ends with the result or with an {@link
     * InvocationException}. To cancel it ends the call and closes its connection.
     */
    public CompletableFuture<InvocationResult> call(Invocation invocation, Request request, AnswerReader reader) {
        return call(invocation, () -> request, reader);
    }

    /**
     * Makes a request, sends it, and reads the answer, as {@link #call(Invocation, Request, AnswerReader)} does. Where the function has a time
     * of its own for calls, which is shorter than the delivery's, the request is made and authenticated on a thread of the sender: a secret
     * that can't be read in time would else hold the caller until the delivery's time is over.
     *
     * @param request makes the request, and may read secrets for it; what it throws is thrown, or ends the future
     */
    public CompletableFuture<InvocationResult> call(
            Invocation invocation, Supplier<Request> request, AnswerReader reader) {
        Exchange exchange = new Exchange(invocation, reader);
        if (exchange.hasOwnTime) {
            exchange.prepare(request);
        } else {
            exchange.begin(exchange.made(request), 0, true);
        }
        return exchange.result;
    }

    @Override
    public void close() {
        authentication.close();
        sender.close();
    }

    private String what() {
        return "function '" + settings.functionId() + "'";
    }

    /** One call: the requests it takes, one after the other, within one time. */
    private final class Exchange {
        final CompletableFuture<InvocationResult> result = new CompletableFuture<>();
        private final AnswerReader reader;
        private final long deadline;
        private final boolean mayRepeat;
        final boolean hasOwnTime;
        private volatile @Nullable Request original;
        private volatile @Nullable CompletableFuture<?> underWay;
        /** True until the request is with the sender, which keeps to the time from then on. */
        private volatile boolean isPreparing = true;

        Exchange(Invocation invocation, AnswerReader reader) {
            this.reader = reader;
            this.mayRepeat = invocation.mayBeRepeated();
            Duration remaining = invocation.remaining();
            Duration own = settings.callTimeout();
            this.hasOwnTime = own != null && own.compareTo(remaining) < 0;
            this.deadline = System.nanoTime() + (own != null && hasOwnTime ? own : remaining).toNanos();
            result.whenComplete((value, failure) -> {
                CompletableFuture<?> waited = underWay;
                if (failure != null && waited != null) {
                    waited.cancel(false);
                }
            });
        }

        Request made(Supplier<Request> request) {
            Request made = request.get();
            original = made;
            return made;
        }

        /** Begins on a thread that may be held by a secret's source. */
        void prepare(Supplier<Request> request) {
            Runnable preparation = () -> {
                if (result.isDone()) {
                    return;
                }
                Request made;
                try {
                    made = made(request);
                } catch (Throwable e) { // what the caller would have thrown
                    result.completeExceptionally(e);
                    return;
                }
                begin(made, 0, true);
            };
            limitPreparations();
            try {
                Runnable forget = sender.prepare(settings.functionId(), preparation);
                result.whenComplete((value, failure) -> forget.run());
            } catch (RuntimeException | Error e) {
                result.completeExceptionally(new InvocationException(
                        Kind.CALL_FAILED, true, what() + " was not called: " + e.getMessage(), e));
            }
        }

        private void limitPreparations() {
            CompletableFuture<Void> time =
                    new CompletableFuture<Void>().completeOnTimeout(null, left(), TimeUnit.NANOSECONDS);
            time.thenRun(() -> {
                if (isPreparing) {
                    result.completeExceptionally(notPrepared());
                }
            });
            result.whenComplete((value, failure) -> time.cancel(false));
        }

        /** Sends a request, which its authentication has not seen yet. */
        void begin(Request request, int redirects, boolean mayRefresh) {
            if (result.isDone()) {
                return;
            }
            isPreparing = true;
            try {
                CompletableFuture<Request> proven =
                        authentication.authenticate(request).toCompletableFuture();
                if (proven.isDone()) {
                    send(proven.join(), redirects, mayRefresh);
                    return;
                }
                CompletableFuture<Request> waited = proven.copy().orTimeout(left(), TimeUnit.NANOSECONDS);
                await(waited);
                waited.whenComplete((made, failure) -> {
                    if (failure == null) {
                        send(made, redirects, mayRefresh);
                    } else {
                        fail(failure);
                    }
                });
            } catch (RuntimeException | Error e) {
                fail(e);
            }
        }

        private void send(Request request, int redirects, boolean mayRefresh) {
            if (result.isDone()) { // its time was over before the secrets were there
                return;
            }
            CompletableFuture<Answer> answer = sender.send(new HttpSender.Sending(
                    what(),
                    request,
                    Duration.ofNanos(left()),
                    settings.maxResponseBytes(),
                    mayRepeat,
                    "maxResponseBytes"));
            isPreparing = false;
            await(answer);
            answer.whenComplete((answered, failure) -> {
                if (failure != null) {
                    fail(failure);
                } else {
                    next(answered, redirects, mayRefresh);
                }
            });
        }

        private void next(Answer answer, int redirects, boolean mayRefresh) {
            try {
                if (answer.status() == UNAUTHORIZED && mayRefresh && authentication.refresh(answer.request())) {
                    begin(redirected(answer.request().url()), redirects, false);
                } else if (settings.followRedirects() && (answer.status() == 307 || answer.status() == 308)) {
                    begin(redirected(target(answer, redirects)), redirects + 1, mayRefresh);
                } else {
                    result.complete(reader.read(answer));
                }
            } catch (Throwable e) { // an Error too, or nobody would end the result before the deadline
                fail(e);
            }
        }

        private Request redirected(HttpUrl to) {
            Request first = Objects.requireNonNull(original, "a request was answered");
            return to.equals(first.url()) ? first : first.newBuilder().url(to).build();
        }

        private HttpUrl target(Answer answer, int redirects) {
            if (redirects == MAX_REDIRECTS) {
                throw answer.failure(Kind.FUNCTION_ERROR, false, "it redirected more than " + MAX_REDIRECTS + " times");
            }
            String location = answer.header("Location");
            HttpUrl from = answer.request().url();
            HttpUrl to = location == null ? null : from.resolve(location);
            if (to == null
                    || !to.scheme().equals(from.scheme())
                    || !to.host().equals(from.host())
                    || to.port() != from.port()) {
                throw answer.failure(
                        Kind.FUNCTION_ERROR,
                        false,
                        "only redirects to the same scheme, host and port are followed, since others would get its"
                                + " credentials");
            }
            return to;
        }

        private long left() {
            return Math.max(0, deadline - System.nanoTime());
        }

        private void await(CompletableFuture<?> next) {
            underWay = next;
            if (result.isDone()) { // it was cancelled meanwhile
                next.cancel(false);
            }
        }

        private void fail(Throwable failure) {
            result.completeExceptionally(known(failure));
        }

        private InvocationException notPrepared() {
            return new InvocationException(
                    Kind.TIMEOUT,
                    true,
                    "what a request to " + what()
                            + " needs first, a secret, a token or a permission, was not to be had in time");
        }

        private InvocationException known(Throwable failure) {
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            if (cause instanceof InvocationException known) {
                return known;
            }
            if (cause instanceof TimeoutException) {
                return notPrepared();
            }
            return new InvocationException(
                    Kind.FUNCTION_ERROR,
                    false,
                    what() + " answered what can't be read: " + cause.getClass().getName());
        }
    }
}
