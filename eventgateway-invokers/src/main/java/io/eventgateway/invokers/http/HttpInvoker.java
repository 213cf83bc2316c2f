package io.eventgateway.invokers.http;

import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import io.eventgateway.InvocationResult;
import io.eventgateway.SubscriptionMode;
import io.eventgateway.spi.Invocation;
import io.eventgateway.spi.Invoker;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import tools.jackson.databind.json.JsonMapper;

/** Calls one function behind an HTTP endpoint. */
final class HttpInvoker implements Invoker {
    private final String functionId;
    private final HttpConfiguration configuration;
    private final SharedClient clients;
    private final OkHttpClient client;
    private final Requests requests;
    private final Answers answers;

    HttpInvoker(String functionId, HttpConfiguration configuration, SharedClient clients, JsonMapper mapper) {
        this.functionId = functionId;
        this.configuration = configuration;
        this.clients = clients;
        this.client = clients.acquire()
                .newBuilder()
                .connectTimeout(configuration.connectWithin())
                .followRedirects(configuration.redirects())
                .followSslRedirects(false)
                .build();
        this.requests = new Requests(configuration);
        this.answers = new Answers(functionId, configuration, mapper);
    }

    @Override
    public CompletionStage<InvocationResult> invoke(Invocation invocation) {
        boolean http = invocation.subscriptionMode() == SubscriptionMode.HTTP;
        Call call = client.newCall(requests.of(invocation));
        call.timeout().timeout(within(invocation).toNanos(), TimeUnit.NANOSECONDS);
        CompletableFuture<InvocationResult> result = new CompletableFuture<>();
        result.whenComplete((value, failure) -> {
            if (result.isCancelled()) {
                call.cancel();
            }
        });
        call.enqueue(new Callback() {
            @Override
            public void onResponse(Call answered, Response response) {
                try (response) {
                    result.complete(http ? answers.asResponse(response) : answers.asResult(response));
                } catch (InvocationException e) {
                    result.completeExceptionally(e);
                } catch (IOException e) {
                    result.completeExceptionally(unreached(e));
                } catch (Throwable e) { // an Error too, or nobody would end the result before the deadline
                    result.completeExceptionally(new InvocationException(
                            Kind.FUNCTION_ERROR,
                            false,
                            "function '" + functionId + "' answered what can't be read: " + e,
                            e));
                }
            }

            @Override
            public void onFailure(Call failed, IOException e) {
                result.completeExceptionally(unreached(e));
            }
        });
        return result;
    }

    private Duration within(Invocation invocation) {
        Duration remaining = invocation.remaining();
        Duration own = configuration.callTimeout();
        Duration within = own == null || own.compareTo(remaining) > 0 ? remaining : own;
        return within.isZero() ? Duration.ofNanos(1) : within; // OkHttp takes zero for no limit
    }

    private InvocationException unreached(IOException e) {
        return e instanceof InterruptedIOException
                ? new InvocationException(
                        Kind.TIMEOUT,
                        true,
                        "function '" + functionId + "' at " + configuration + " did not answer in time",
                        e)
                : new InvocationException(
                        Kind.CALL_FAILED,
                        true,
                        "function '" + functionId + "' at " + configuration + " was not reached: " + e,
                        e);
    }

    @Override
    public void close() {
        clients.release();
    }
}
