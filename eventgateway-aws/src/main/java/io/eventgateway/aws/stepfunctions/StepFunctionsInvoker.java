package io.eventgateway.aws.stepfunctions;

import io.eventgateway.Event;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import io.eventgateway.InvocationResult;
import io.eventgateway.aws.AwsLimits;
import io.eventgateway.aws.EventContent;
import io.eventgateway.aws.EventNames;
import io.eventgateway.delivery.BatchResult;
import io.eventgateway.internal.http.MediaTypes;
import io.eventgateway.invokers.aws.AnswerBound;
import io.eventgateway.invokers.aws.AwsAccess;
import io.eventgateway.invokers.aws.AwsClients;
import io.eventgateway.invokers.aws.AwsFailures;
import io.eventgateway.spi.Invocation;
import io.eventgateway.spi.Invoker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.services.sfn.SfnAsyncClient;
import software.amazon.awssdk.services.sfn.model.ExecutionAlreadyExistsException;
import software.amazon.awssdk.services.sfn.model.StartExecutionResponse;
import software.amazon.awssdk.services.sfn.model.StartSyncExecutionResponse;
import software.amazon.awssdk.services.sfn.model.SyncExecutionStatus;
import tools.jackson.databind.json.JsonMapper;

/**
 * Starts executions of one state machine, each named after its event, so that a retry starts nothing twice. Of a batch each event starts an
 * execution of its own.
 */
final class StepFunctionsInvoker implements Invoker {
    private static final int MAX_SHOWN = 500;

    private final String functionId;
    private final StepFunctionsConfiguration configuration;
    private final AwsAccess access;
    private final AwsClients<SfnAsyncClient> clients;
    private final SfnAsyncClient client;
    private final EventContent content;
    private final AwsFailures failures;
    private final JsonMapper mapper;

    StepFunctionsInvoker(
            String functionId,
            StepFunctionsConfiguration configuration,
            AwsAccess access,
            AwsClients<SfnAsyncClient> clients,
            EventContent content,
            JsonMapper mapper) {
        this.functionId = functionId;
        this.configuration = configuration;
        this.access = access;
        this.clients = clients;
        this.client = clients.acquire(access);
        this.content = content;
        this.failures = new AwsFailures(functionId, "Step Functions", access);
        this.mapper = mapper;
    }

    @Override
    public CompletionStage<InvocationResult> invoke(Invocation invocation) {
        List<byte[]> contents = content.of(invocation);
        List<Event> events = invocation.events();
        Queue<CompletableFuture<?>> underWay = new ConcurrentLinkedQueue<>();
        List<CompletableFuture<InvocationResult>> executions = new ArrayList<>(events.size());
        for (int i = 0; i < events.size(); i++) {
            executions.add(execution(invocation, events.get(i), contents.get(i), underWay));
        }
        CompletableFuture<InvocationResult> result = new CompletableFuture<>();
        result.whenComplete((value, failure) -> {
            if (result.isCancelled()) {
                underWay.forEach(call -> call.cancel(true));
            }
        });
        CompletableFuture.allOf(executions.toArray(CompletableFuture[]::new)).whenComplete((done, failure) -> {
            try {
                result.complete(invocation.isBatch() ? ofAll(events, executions) : outcome(executions.get(0)));
            } catch (Throwable e) { // whatever it is, nobody else would end the result before the deadline
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    private CompletableFuture<InvocationResult> execution(
            Invocation invocation, Event event, byte[] input, Queue<CompletableFuture<?>> underWay) {
        try {
            Duration within = invocation.remaining().isZero() ? Duration.ofMillis(1) : invocation.remaining();
            String json = json(event, input);
            return Boolean.TRUE.equals(configuration.sync())
                    ? toItsEnd(EventNames.of(event), json, within, underWay)
                    : started(EventNames.of(event), json, within, underWay);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private String json(Event event, byte[] input) {
        if (input.length == 0) {
            return "{}"; // an event without data; a state machine's input is JSON
        }
        if (content.mode() == EventContent.Mode.data && !MediaTypes.isJson(event.getDataContentType())) {
            throw new InvocationException(
                    Kind.CALL_FAILED,
                    false,
                    "function '" + functionId + "' is a state machine, which takes JSON, but the data is of type '"
                            + event.getDataContentType() + "'; mode structured sends any data");
        }
        return new String(input, StandardCharsets.UTF_8);
    }

    private CompletableFuture<InvocationResult> started(
            String name, String input, Duration within, Queue<CompletableFuture<?>> underWay) {
        CompletableFuture<StartExecutionResponse> call =
                client.startExecution(request -> request.stateMachineArn(configuration.stateMachineArn())
                        .name(name)
                        .input(input)
                        .overrideConfiguration(override -> bound(override, within)));
        underWay.add(call);
        return call.handle((answer, failure) -> {
            if (failure == null) {
                if (answer.executionArn() == null) {
                    throw without("executionArn"); // another attempt starts nothing twice
                }
                return InvocationResult.of(Map.of("executionArn", answer.executionArn()), mapper);
            }
            if (failure instanceof ExecutionAlreadyExistsException
                    || failure.getCause() instanceof ExecutionAlreadyExistsException) {
                return InvocationResult.empty(); // an attempt before this one started it
            }
            throw failures.of(failure);
        });
    }

    private CompletableFuture<InvocationResult> toItsEnd(
            String name, String input, Duration within, Queue<CompletableFuture<?>> underWay) {
        CompletableFuture<StartSyncExecutionResponse> call =
                client.startSyncExecution(request -> request.stateMachineArn(configuration.stateMachineArn())
                        .name(name)
                        .input(input)
                        .overrideConfiguration(override -> bound(override, within)));
        underWay.add(call);
        return call.handle((answer, failure) -> {
            if (failure != null) {
                throw failures.of(failure);
            }
            if (answer.status() == null) {
                throw without("status");
            }
            if (answer.status() != SyncExecutionStatus.SUCCEEDED) {
                throw failed(answer);
            }
            String output = answer.output();
            return output == null || output.isEmpty() || output.equals("null")
                    ? InvocationResult.empty()
                    : InvocationResult.ofBytes("application/json", output.getBytes(StandardCharsets.UTF_8), mapper);
        });
    }

    private void bound(AwsRequestOverrideConfiguration.Builder override, Duration within) {
        override.apiCallTimeout(within)
                .putExecutionAttribute(AnswerBound.MAX_BYTES, AwsLimits.response(configuration.maxResponseBytes()));
    }

    private InvocationException without(String member) {
        return new InvocationException(
                Kind.PROVIDER_ERROR,
                true,
                "Step Functions answered for function '" + functionId + "' without '" + member + "'");
    }

    private InvocationException failed(StartSyncExecutionResponse answer) {
        String how = answer.status() == SyncExecutionStatus.TIMED_OUT ? "ran out of its own time" : "failed";
        return new InvocationException(
                Kind.FUNCTION_ERROR,
                true,
                "function '" + functionId + "' " + how + shown(": ", answer.error()) + shown(": ", answer.cause()));
    }

    private static String shown(String before, @Nullable String text) {
        return text == null || text.isEmpty()
                ? ""
                : before + (text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) + "..." : text);
    }

    private static InvocationResult outcome(CompletableFuture<InvocationResult> execution) {
        try {
            return execution.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof InvocationException known ? known : e;
        }
    }

    private InvocationResult ofAll(List<Event> events, List<CompletableFuture<InvocationResult>> executions) {
        Map<String, InvocationException> causes = new LinkedHashMap<>();
        for (int i = 0; i < events.size(); i++) {
            try {
                InvocationResult unused = outcome(executions.get(i));
            } catch (InvocationException e) {
                causes.putIfAbsent(events.get(i).getId(), e);
            } catch (CompletionException e) {
                causes.putIfAbsent(events.get(i).getId(), failures.of(e));
            }
        }
        return causes.isEmpty() ? InvocationResult.empty() : InvocationResult.of(BatchResult.failed(causes));
    }

    @Override
    public void close() {
        clients.release(access);
    }
}
