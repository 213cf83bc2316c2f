package io.eventgateway.invokers.lambda;

import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import io.eventgateway.InvocationResult;
import io.eventgateway.internal.http.MediaTypes;
import io.eventgateway.spi.Invocation;
import io.eventgateway.spi.Invoker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.services.lambda.LambdaAsyncClient;
import software.amazon.awssdk.services.lambda.model.InvocationType;
import software.amazon.awssdk.services.lambda.model.InvokeRequest;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.LambdaException;
import software.amazon.awssdk.services.lambda.model.TooManyRequestsException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls one Lambda function ({@code RequestResponse}). */
final class LambdaInvoker implements Invoker {
    private static final int MAX_MESSAGE = 500;

    private final String functionId;
    private final LambdaConfiguration configuration;
    private final LambdaClients clients;
    private final LambdaAsyncClient client;
    private final JsonMapper mapper;

    LambdaInvoker(String functionId, LambdaConfiguration configuration, LambdaClients clients, JsonMapper mapper) {
        this.functionId = functionId;
        this.configuration = configuration;
        this.clients = clients;
        this.client = clients.acquire(configuration.access());
        this.mapper = mapper;
    }

    @Override
    public CompletionStage<InvocationResult> invoke(Invocation invocation) {
        byte[] payload = payload(invocation);
        Duration within = invocation.remaining().isZero() ? Duration.ofMillis(1) : invocation.remaining();
        CompletableFuture<InvokeResponse> call = client.invoke(InvokeRequest.builder()
                .functionName(configuration.target())
                .qualifier(configuration.qualifier())
                .invocationType(InvocationType.REQUEST_RESPONSE)
                .payload(payload.length == 0 ? null : SdkBytes.fromByteArrayUnsafe(payload))
                .overrideConfiguration(override -> override.apiCallTimeout(within))
                .build());
        CompletableFuture<InvocationResult> result = new CompletableFuture<>();
        result.whenComplete((value, failure) -> {
            if (result.isCancelled()) {
                call.cancel(true);
            }
        });
        call.whenComplete((response, failure) -> {
            try {
                if (failure != null) {
                    result.completeExceptionally(unreached(failure));
                } else {
                    result.complete(answered(response));
                }
            } catch (Throwable e) { // whatever it is, nobody else would end the result before the deadline
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    private byte[] payload(Invocation invocation) {
        byte[] data = invocation.payload();
        if (configuration.mode() == LambdaConfiguration.Mode.structured && !invocation.isBatch()) {
            return invocation.event().toJson().toString().getBytes(StandardCharsets.UTF_8);
        }
        String contentType = invocation.payloadContentType();
        if (data.length > 0 && contentType != null && !MediaTypes.isJson(contentType)) {
            throw new InvocationException(
                    Kind.CALL_FAILED,
                    false,
                    "function '" + functionId + "' is a Lambda function, which takes JSON, but the data is of type '"
                            + contentType + "'; mode structured sends any data");
        }
        return data;
    }

    private InvocationResult answered(InvokeResponse response) {
        byte[] payload =
                response.payload() == null ? new byte[0] : response.payload().asByteArrayUnsafe();
        if (response.functionError() != null) {
            throw functionError(response.functionError(), payload);
        }
        return new String(payload, StandardCharsets.UTF_8).equals("null")
                ? InvocationResult.empty()
                : InvocationResult.ofBytes("application/json", payload, mapper);
    }

    /** What Lambda says of a function that failed: {@code {"errorType": ..., "errorMessage": ..., "stackTrace": ...}}. */
    private InvocationException functionError(String kind, byte[] payload) {
        String type = kind;
        String message = "";
        try {
            JsonNode error = mapper.readTree(payload);
            type = error.path("errorType").asString(kind);
            message = error.path("errorMessage").asString("");
        } catch (JacksonException e) {
            message = "its error can't be read";
        }
        return new InvocationException(
                Kind.FUNCTION_ERROR,
                true,
                "function '" + functionId + "' failed with " + type + ": " + shortened(message));
    }

    private static String shortened(String message) {
        return message.length() > MAX_MESSAGE ? message.substring(0, MAX_MESSAGE) + "..." : message;
    }

    private InvocationException unreached(Throwable thrown) {
        Throwable cause =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        if (cause instanceof LambdaException refused) {
            return refused(refused);
        }
        if (cause instanceof ApiCallTimeoutException || cause instanceof ApiCallAttemptTimeoutException) {
            return new InvocationException(
                    Kind.TIMEOUT, true, "function '" + functionId + "' on Lambda did not answer in time", cause);
        }
        return new InvocationException(
                Kind.CALL_FAILED,
                true,
                "Lambda was not reached for function '" + functionId + "': " + cause.getMessage(),
                cause);
    }

    private InvocationException refused(LambdaException e) {
        int status = e.statusCode();
        Kind kind;
        boolean retryable;
        if (status == 401 || status == 403) {
            kind = Kind.ACCESS_DENIED;
            retryable = false;
        } else if (status == 429 || status >= 500 || e.isThrottlingException()) {
            kind = Kind.PROVIDER_ERROR;
            retryable = true;
        } else {
            kind = Kind.CALL_FAILED; // an unknown function, a payload that Lambda refuses
            retryable = false;
        }
        InvocationException failure = new InvocationException(
                        kind, retryable, "Lambda refused to call function '" + functionId + "': " + detail(e), e)
                .withStatusCode(status);
        Duration wait = retryAfter(e);
        return wait == null ? failure : failure.withRetryAfter(wait);
    }

    /** How long Lambda asks to wait when it throttles: seconds; null when it does not say. */
    private static @Nullable Duration retryAfter(LambdaException e) {
        String seconds = e instanceof TooManyRequestsException throttled ? throttled.retryAfterSeconds() : null;
        return seconds != null && seconds.matches("\\d{1,9}") ? Duration.ofSeconds(Long.parseLong(seconds)) : null;
    }

    private static @Nullable String detail(LambdaException e) {
        return e.awsErrorDetails() == null
                ? e.getMessage()
                : e.awsErrorDetails().errorCode() + " " + e.awsErrorDetails().errorMessage();
    }

    @Override
    public void close() {
        clients.release(configuration.access());
    }
}
