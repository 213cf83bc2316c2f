package io.eventgateway.invokers.lambda;

import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import io.eventgateway.InvocationResult;
import io.eventgateway.internal.http.MediaTypes;
import io.eventgateway.invokers.aws.AnswerBound;
import io.eventgateway.invokers.aws.AwsAccess;
import io.eventgateway.invokers.aws.AwsClients;
import io.eventgateway.invokers.aws.AwsFailures;
import io.eventgateway.spi.Invocation;
import io.eventgateway.spi.Invoker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaAsyncClient;
import software.amazon.awssdk.services.lambda.model.InvocationType;
import software.amazon.awssdk.services.lambda.model.InvokeRequest;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls one Lambda function through Lambda's API. */
final class LambdaInvoker implements Invoker {
    private static final int MAX_TYPE = 100;
    private static final int MAX_MESSAGE = 500;

    private final String functionId;
    private final LambdaConfiguration configuration;
    private final AwsAccess access;
    private final AwsClients<LambdaAsyncClient> clients;
    private final LambdaAsyncClient client;
    private final AwsFailures failures;
    private final JsonMapper mapper;

    LambdaInvoker(
            String functionId,
            LambdaConfiguration configuration,
            AwsAccess access,
            AwsClients<LambdaAsyncClient> clients,
            JsonMapper mapper) {
        this.functionId = functionId;
        this.configuration = configuration;
        this.access = access;
        this.clients = clients;
        this.client = clients.acquire(access);
        this.failures = new AwsFailures(functionId, "Lambda", access);
        this.mapper = mapper;
    }

    @Override
    public CompletionStage<InvocationResult> invoke(Invocation invocation) {
        byte[] payload = payload(invocation);
        Duration within = invocation.remaining().isZero() ? Duration.ofMillis(1) : invocation.remaining();
        CompletableFuture<InvokeResponse> call = client.invoke(InvokeRequest.builder()
                .functionName(configuration.target())
                .qualifier(configuration.qualifier())
                .invocationType(InvocationType.fromValue(configuration.type().name()))
                .payload(payload.length == 0 ? null : SdkBytes.fromByteArrayUnsafe(payload))
                .overrideConfiguration(override -> override.apiCallTimeout(within)
                        .putExecutionAttribute(AnswerBound.MAX_BYTES, configuration.largestResponse()))
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
                    result.completeExceptionally(failures.of(failure));
                } else if (configuration.type() == LambdaConfiguration.Type.Event) {
                    result.complete(InvocationResult.empty()); // Lambda has the event, the function has not seen it yet
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
                "function '" + functionId + "' failed with " + shown(type, MAX_TYPE) + ": "
                        + shown(message, MAX_MESSAGE));
    }

    /** A text that the function chose, cut where it is too long; the exception cleans it. */
    private static String shown(String text, int longest) {
        return text.length() > longest ? text.substring(0, longest) + "..." : text;
    }

    @Override
    public void close() {
        clients.release(access);
    }
}
