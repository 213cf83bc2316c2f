package io.eventgateway.invokers.client;

import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/**
 * Sends the requests of one function with its connection settings. Thread-safe. Whoever opens it closes it.
 *
 * <p>Redirects are not followed and nothing is sent again, except where a kept connection ended before one byte was answered, and the request may
 * be repeated.
 */
@SuppressWarnings("exports") // the modules that use it require OkHttp, too
public final class HttpSender implements AutoCloseable {
    private final HttpClients clients;
    private final ConnectionSettings settings;
    private final ClientOfSettings client;

    HttpSender(HttpClients clients, ConnectionSettings settings) {
        this.clients = clients;
        this.settings = settings;
        this.client = new ClientOfSettings(clients, settings);
    }

    /**
     * What to send, and for how long.
     *
     * @param what is called, to begin messages with, such as {@code function 'x'}
     * @param request with its credentials
     * @param within until the answer is read; the time that the request waits for others to the same host counts
     * @param maxBytes of a body; a longer one is a failure if the status is a success, and else is cut
     * @param mayRepeat whether the server may get the request twice
     * @param bound the entry of the configuration that sets {@code maxBytes}, for messages; null where none does
     */
    public record Sending(
            String what,
            Request request,
            Duration within,
            int maxBytes,
            boolean mayRepeat,
            @Nullable String bound) {
        /** A request whose answer has a bound that no configuration sets. */
        public Sending(String what, Request request, Duration within, int maxBytes, boolean mayRepeat) {
            this(what, request, within, maxBytes, mayRepeat, null);
        }

        /** Checks the bound. */
        public Sending {
            if (maxBytes < 1) {
                throw new IllegalArgumentException("maxBytes must be at least 1, was " + maxBytes);
            }
        }
    }

    /**
     * Sends a request. The future ends with whatever the server answers, or with an {@link InvocationException}: {@code TIMEOUT}, {@code
     * CALL_FAILED} if the server was not reached (not retryable if a network policy refuses it), {@code PROVIDER_ERROR} if the request was
     * sent and the answer did not come or can't be read, {@code FUNCTION_ERROR} if an answer of success was too long. To cancel the future ends the call and closes its connection.
     */
    public CompletableFuture<Answer> send(Sending sending) {
        Request request = sending.request();
        OkHttpClient http;
        Set<String> hidden;
        try {
            ClientOfSettings.Current current = client.current();
            http = current.client();
            hidden = current.hidden();
        } catch (InvocationException e) {
            return CompletableFuture.failedFuture(e);
        } catch (IllegalArgumentException e) { // of a secret that was read just now
            return CompletableFuture.failedFuture(new InvocationException(
                    Kind.CALL_FAILED, true, sending.what() + " can't be called: " + e.getMessage()));
        }
        Sent sent = new Sent(sending.what(), request, hidden);
        String refusal = refusal(request.url());
        if (refusal != null) {
            return CompletableFuture.failedFuture(sent.refused(refusal));
        }
        if (sending.within().isZero() || sending.within().isNegative()) {
            return CompletableFuture.failedFuture(sent.late(null));
        }
        Sendable call = new Sendable(http, sent, sending);
        call.begin();
        return call.result;
    }

    /**
     * Runs what makes a request, on a thread of its own: it may wait for a source of secrets. Few of one function run at a time, and the others wait.
     *
     * @return what forgets it, unless it has begun
     * @throws RuntimeException if too many wait, or there is no thread
     */
    Runnable prepare(String functionId, Runnable preparation) {
        CallSlots slots = clients.preparations();
        slots.submit(functionId, preparation);
        return () -> slots.remove(functionId, preparation);
    }

    private @Nullable String refusal(HttpUrl url) {
        String refusal = settings.refusal(url.scheme(), url.port());
        if (refusal != null || settings.proxy() == null || settings.policies().isEmpty()) {
            return refusal; // without a proxy, the socket sees the address
        }
        return HostAddress.isNumeric(url.host()) ? addressRefusal(url.host()) : null;
    }

    private @Nullable String addressRefusal(String host) {
        InetAddress address;
        try {
            address = HostAddress.parse(host);
        } catch (UnknownHostException e) {
            return "'" + host + "' is no address in its usual form";
        }
        return settings.policies().stream()
                .map(policy -> policy.refusal(address))
                .filter(reason -> reason != null)
                .findFirst()
                .orElse(null);
    }

    /** Gives the connections back when calls under way have ended. */
    @Override
    public void close() {
        client.close();
        clients.release();
    }

    /** One request on its way. */
    private final class Sendable implements Runnable {
        final CompletableFuture<Answer> result = new CompletableFuture<>();
        private final OkHttpClient http;
        private final Sent sent;
        private final Sending sending;
        private final String origin;
        private final long deadline;
        private volatile @Nullable Call call;
        private Attempt attempt = new Attempt(); // of the thread that runs it

        Sendable(OkHttpClient http, Sent sent, Sending sending) {
            this.http = http;
            this.sent = sent;
            this.sending = sending;
            HttpUrl url = sent.request().url();
            this.origin = url.host() + ":" + url.port();
            this.deadline = System.nanoTime() + sending.within().toNanos();
        }

        void begin() {
            result.whenComplete((answer, failure) -> {
                if (failure != null) {
                    abandon();
                }
            });
            boolean waits;
            try {
                waits = clients.slots().submit(origin, this);
            } catch (CallSlots.FullException e) {
                result.completeExceptionally(new InvocationException(
                        Kind.CALL_FAILED, true, sent.what() + " was not called, since " + e.getMessage()));
                return;
            } catch (RuntimeException | Error e) {
                result.completeExceptionally(new InvocationException(
                        Kind.CALL_FAILED, true, sent.what() + " was not called, since there was no thread: " + e, e));
                return;
            }
            if (waits) {
                CompletableFuture<Void> time =
                        new CompletableFuture<Void>().orTimeout(sending.within().toNanos(), TimeUnit.NANOSECONDS);
                time.whenComplete((none, up) -> {
                    if (up != null) {
                        result.completeExceptionally(sent.late(null));
                    }
                });
                result.whenComplete((answer, failure) -> time.complete(null)); // a failure would leave its timer behind
            }
        }

        /** Ends what is under way when nobody waits for it any more. */
        private void abandon() {
            if (!clients.slots().remove(origin, this)) {
                Call underWay = call;
                if (underWay != null) {
                    underWay.cancel();
                }
            }
        }

        @Override
        public void run() {
            if (result.isDone()) {
                return;
            }
            try {
                result.complete(answer());
            } catch (InvocationException e) {
                result.completeExceptionally(e);
            } catch (Throwable e) { // an Error too, or nobody would end the result before the deadline
                result.completeExceptionally(sent.failed(e, attempt));
            }
        }

        private Answer answer() throws IOException {
            try {
                return once(http);
            } catch (IOException e) {
                if (!sending.mayRepeat()
                        || !attempt.metStaleConnection(e)
                        || e instanceof InterruptedIOException
                        || result.isDone()) {
                    throw e;
                }
                OkHttpClient fresh = clients.withoutKeptConnections(http);
                try {
                    attempt = new Attempt();
                    return once(fresh);
                } finally {
                    fresh.connectionPool().evictAll();
                }
            }
        }

        private Answer once(OkHttpClient with) throws IOException {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                throw new InterruptedIOException("waited for a slot");
            }
            Call made = with.newCall(
                    sent.request().newBuilder().tag(Attempt.class, attempt).build());
            made.timeout().timeout(left, TimeUnit.NANOSECONDS);
            call = made;
            if (result.isDone()) {
                made.cancel();
            }
            try (Response response = made.execute()) {
                return read(response);
            }
        }

        /** Reads the body. An answer that is no success is what its status says, whatever becomes of its body. */
        private Answer read(Response response) throws IOException {
            int status = response.code();
            boolean isSuccess = status >= 200 && status <= 299;
            BufferedSource source = response.body().source();
            InvocationException cut = null;
            try {
                if (source.request(sending.maxBytes() + 1L)) {
                    cut = sent.tooLong(status, sending);
                }
            } catch (IOException | RuntimeException e) {
                if (isSuccess) {
                    throw e;
                }
                cut = sent.failed(e, attempt);
            }
            if (cut != null && isSuccess) {
                throw cut;
            }
            byte[] body =
                    source.getBuffer().readByteArray(Math.min(source.getBuffer().size(), sending.maxBytes()));
            return new Answer(sent, status, RetryAfter.restored(response.headers()), body, cut);
        }
    }
}
