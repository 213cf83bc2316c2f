package io.eventgateway.azure;

import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import io.eventgateway.InvocationResult;
import io.eventgateway.delivery.BatchResult;
import io.eventgateway.invokers.client.Answer;
import io.eventgateway.invokers.client.Answers;
import io.eventgateway.invokers.client.BytesBody;
import io.eventgateway.invokers.client.EndpointUrl;
import io.eventgateway.invokers.client.EventRequests;
import io.eventgateway.invokers.client.HttpCaller;
import io.eventgateway.spi.Invocation;
import io.eventgateway.spi.Invoker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Publishes to one topic: an event as a structured CloudEvent, a batch in as many requests as its size takes. */
final class EventGridInvoker implements Invoker {
    private final EventGridConfiguration configuration;
    private final EndpointUrl endpoint;
    private final HttpCaller caller;
    private final JsonMapper mapper;

    /** An invoker that owns its caller. */
    EventGridInvoker(EventGridConfiguration configuration, HttpCaller caller, JsonMapper mapper) {
        this.configuration = configuration;
        this.endpoint = configuration.endpointUrl();
        this.caller = caller;
        this.mapper = mapper;
    }

    @Override
    public CompletionStage<InvocationResult> invoke(Invocation invocation) {
        HttpUrl url = configuration.publishing(endpoint.resolve(invocation.functionId()));
        if (!invocation.isBatch()) {
            byte[] unused = invocation.payload(); // which refuses what can't be sent or is too large
        }
        Request request = EventRequests.of(invocation, url, "POST", EventRequests.Mode.structured, Headers.EMPTY);
        if (request.body() instanceof BytesBody body && body.bytes().length <= EventGridBatch.MAX_BYTES) {
            return caller.call(invocation, request, this::read);
        }
        EventGridBatch batch = EventGridBatch.of(invocation.events());
        if (batch.parts().isEmpty()) {
            throw tooLarge(invocation, batch.tooLarge().get(0));
        }
        return publish(invocation, request, batch);
    }

    /** Publishes the parts side by side, and says which events failed unless all did for the same reason. */
    private CompletableFuture<InvocationResult> publish(Invocation invocation, Request request, EventGridBatch batch) {
        List<CompletableFuture<InvocationResult>> calls = new ArrayList<>();
        for (EventGridBatch.Part part : batch.parts()) {
            Request of = request.newBuilder().post(new BytesBody(part.body())).build();
            calls.add(caller.call(invocation, of, this::read));
        }
        CompletableFuture<InvocationResult> result = new CompletableFuture<>();
        result.whenComplete((value, failure) -> {
            if (failure != null) {
                calls.forEach(call -> call.cancel(false));
            }
        });
        CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new)).whenComplete((done, failure) -> {
            Map<Integer, InvocationException> failed = new HashMap<>();
            batch.tooLarge().forEach(place -> failed.put(place, tooLarge(invocation, place)));
            for (int i = 0; i < calls.size(); i++) {
                InvocationException own = failureOf(calls.get(i), invocation.functionId());
                if (own != null) {
                    batch.parts().get(i).places().forEach(place -> failed.put(place, own));
                }
            }
            if (failure != null && calls.stream().allMatch(CompletableFuture::isCompletedExceptionally)) {
                result.completeExceptionally(failure);
            } else {
                result.complete(
                        failed.isEmpty()
                                ? InvocationResult.empty()
                                : InvocationResult.of(BatchResult.failed(invocation.events(), failed), mapper));
            }
        });
        return result;
    }

    private static InvocationException tooLarge(Invocation invocation, int place) {
        return new InvocationException(
                Kind.CALL_FAILED,
                false,
                "event '" + invocation.events().get(place).getId() + "' can't be sent to function '"
                        + invocation.functionId() + "': it is larger than the " + EventGridBatch.MAX_BYTES
                        + " bytes that Event Grid takes");
    }

    /** Why a call that has ended failed; null when it did not. */
    private static @Nullable InvocationException failureOf(
            CompletableFuture<InvocationResult> call, String functionId) {
        try {
            InvocationResult unused = call.join();
            return null;
        } catch (CompletionException | CancellationException e) {
            return e.getCause() instanceof InvocationException known
                    ? known
                    : new InvocationException(
                            Kind.PROVIDER_ERROR, true, "the call of function '" + functionId + "' failed: " + e, e);
        }
    }

    private InvocationResult read(Answer answer) {
        int status = answer.status();
        if (answer.isSuccessful()) {
            return Answers.result(answer, mapper);
        }
        if (status == 401 || status == 403) {
            throw answer.failure(Kind.ACCESS_DENIED, false, "is the key or the token the topic's?");
        }
        if (status == 400) {
            throw answer.failure(Kind.FUNCTION_ERROR, false, ""); // the topic takes no such event
        }
        throw status == 408 || status == 429 || answer.isServerError()
                ? answer.failure(Kind.PROVIDER_ERROR, true, "")
                : answer.failure(Kind.CALL_FAILED, false, ""); // an unknown topic, a request that is too large
    }

    @Override
    public void close() {
        caller.close();
    }
}
