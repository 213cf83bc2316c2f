package io.eventgateway.invokers.openwhisk;

import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import io.eventgateway.InvocationResult;
import io.eventgateway.invokers.client.BytesBody;
import io.eventgateway.invokers.client.EndpointUrl;
import io.eventgateway.invokers.client.HttpCaller;
import io.eventgateway.invokers.client.OwnVersion;
import io.eventgateway.invokers.openwhisk.ActivationAnswers.Pending;
import io.eventgateway.spi.Invocation;
import io.eventgateway.spi.Invoker;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Invokes one action, and waits for its activation unless told not to. */
final class OpenWhiskInvoker implements Invoker {
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    /** The last request before the deadline leaves that much time for its answer, or a tenth of the call's time if that is less. */
    private static final Duration LAST_ANSWER = Duration.ofMillis(500);

    private final OpenWhiskConfiguration configuration;
    private final EndpointUrl endpoint;
    private final HttpCaller caller;
    private final JsonMapper mapper;
    private final ActivationAnswers answers;
    private final Duration firstPause;

    /** An invoker that owns its caller, and pauses that long before it first asks for an activation. */
    OpenWhiskInvoker(OpenWhiskConfiguration configuration, HttpCaller caller, JsonMapper mapper, Duration firstPause) {
        this.configuration = configuration;
        this.endpoint = configuration.endpoint();
        this.caller = caller;
        this.mapper = mapper;
        this.answers = new ActivationAnswers(mapper);
        this.firstPause = firstPause;
    }

    @Override
    public CompletionStage<InvocationResult> invoke(Invocation invocation) {
        HttpUrl host = endpoint.resolve(invocation.functionId());
        Request request = new Request.Builder()
                .url(configuration.invocationAt(host))
                .header("User-Agent", OwnVersion.USER_AGENT)
                .header("Content-Type", "application/json")
                .post(new BytesBody(Parameters.of(invocation, configuration.isStructured(), mapper)))
                .build();
        Activation activation = new Activation(invocation, host);
        activation.await(caller.call(invocation, request, answers::ofInvocation));
        return activation.result;
    }

    @Override
    public void close() {
        caller.close();
    }

    /** One call: the invocation, then requests for the record of its activation until there is one. */
    private final class Activation {
        final CompletableFuture<InvocationResult> result = new CompletableFuture<>();
        private final Invocation invocation;
        private final HttpUrl host;
        private final long deadline;
        private final long lastRequest;
        private Duration pause = firstPause;
        private boolean isLast;
        private volatile @Nullable CompletableFuture<?> underWay;

        Activation(Invocation invocation, HttpUrl host) {
            this.invocation = invocation;
            this.host = host;
            Duration remaining = invocation.remaining();
            Duration own = configuration.callTimeout();
            long time = (own == null || own.compareTo(remaining) > 0 ? remaining : own).toNanos();
            this.deadline = System.nanoTime() + time;
            this.lastRequest = deadline - Math.min(LAST_ANSWER.toNanos(), time / 10);
            result.whenComplete((value, failure) -> {
                CompletableFuture<?> waited = underWay;
                if (failure != null && waited != null) {
                    waited.cancel(false);
                }
            });
        }

        void await(CompletableFuture<InvocationResult> call) {
            waitFor(call);
            call.whenComplete((answered, failure) -> {
                if (failure != null) {
                    result.completeExceptionally(failure);
                } else if (!(answered.value() instanceof Pending pending)) {
                    result.complete(answered);
                } else if (!configuration.waits()) {
                    result.complete(InvocationResult.of(Map.of("activationId", pending.activationId()), mapper));
                } else {
                    askLater(pending);
                }
            });
        }

        private void askLater(Pending pending) {
            if (isLast) {
                later(deadline, () -> giveUp(pending));
                return;
            }
            long now = System.nanoTime();
            isLast = lastRequest - now <= pause.toNanos();
            later(isLast ? lastRequest : now + pause.toNanos(), () -> ask(pending));
            Duration next = pause.multipliedBy(2);
            pause = next.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : next;
        }

        private void later(long at, Runnable step) {
            CompletableFuture<Void> taken = CompletableFuture.runAsync(
                    step, CompletableFuture.delayedExecutor(Math.max(0, at - System.nanoTime()), TimeUnit.NANOSECONDS));
            waitFor(taken);
            taken.whenComplete((done, failure) -> {
                if (failure != null) {
                    result.completeExceptionally(failure);
                }
            });
        }

        private void giveUp(Pending pending) {
            result.completeExceptionally(new InvocationException(
                    Kind.TIMEOUT,
                    true,
                    "activation '" + pending.activationId() + "' of function '" + invocation.functionId()
                            + "' did not end in time"));
        }

        private void ask(Pending pending) {
            Request request = new Request.Builder()
                    .url(configuration
                            .namespaceAt(host)
                            .newBuilder()
                            .addPathSegment("activations")
                            .addPathSegment(pending.activationId())
                            .build())
                    .header("User-Agent", OwnVersion.USER_AGENT)
                    .build();
            CompletableFuture<InvocationResult> call =
                    caller.call(invocation, request, answer -> answers.ofRecord(answer, pending));
            CompletableFuture<InvocationResult> orAgain = call.exceptionally(failure -> again(pending, failure));
            orAgain.whenComplete((answered, failure) -> {
                if (failure instanceof CancellationException) {
                    call.cancel(false);
                }
            });
            await(orAgain);
        }

        /** A record that could not be asked for is asked for again, since the action runs meanwhile, and should not run twice. */
        private InvocationResult again(Pending pending, Throwable failure) {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            if (cause instanceof InvocationException known
                    && known.retryable()
                    && known.kind() != Kind.FUNCTION_ERROR
                    && known.kind() != Kind.TIMEOUT
                    && !isEnd(known)) {
                return InvocationResult.of(pending);
            }
            throw cause instanceof InvocationException known
                    ? known
                    : new CompletionException(cause == null ? failure : cause);
        }

        /** Returns whether the record was had, and says that OpenWhisk itself failed. */
        private boolean isEnd(InvocationException failure) {
            return failure.kind() == Kind.PROVIDER_ERROR
                    && failure.statusCode().isPresent()
                    && failure.statusCode().getAsInt() == 200;
        }

        private void waitFor(CompletableFuture<?> next) {
            underWay = next;
            if (result.isDone()) { // it was cancelled meanwhile
                next.cancel(false);
            }
        }
    }
}
