package io.eventgateway.invokers.process;

import io.eventgateway.InvocationResult;
import io.eventgateway.spi.Invocation;
import io.eventgateway.spi.Invoker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import tools.jackson.databind.json.JsonMapper;

/** Runs one program for each call of its function. */
final class ProcessInvoker implements Invoker {
    private final ProcessConfiguration configuration;
    private final ProcessThreads threads;
    private final ProcessAnswers answers;

    ProcessInvoker(String functionId, ProcessConfiguration configuration, ProcessThreads threads, JsonMapper mapper) {
        this.configuration = configuration;
        this.threads = threads;
        this.answers = new ProcessAnswers(functionId, configuration, mapper);
    }

    @Override
    public CompletionStage<InvocationResult> invoke(Invocation invocation) {
        ProcessRun run = new ProcessRun(
                configuration,
                answers,
                threads,
                () -> configuration.resolvedVariables(invocation.functionId()),
                input(invocation),
                within(invocation));
        threads.run(run);
        run.result().whenComplete((result, failure) -> {
            if (failure != null) {
                threads.forget(run);
            }
        });
        return run.result();
    }

    private byte[] input(Invocation invocation) {
        byte[] payload = invocation.payload(); // which checks its size, whatever is sent
        boolean structured = configuration.sentAs() == ProcessConfiguration.Mode.structured && !invocation.isBatch();
        return structured ? invocation.event().toJson().toString().getBytes(StandardCharsets.UTF_8) : payload;
    }

    private Duration within(Invocation invocation) {
        Duration remaining = invocation.remaining();
        Duration own = configuration.callTimeout();
        return own == null || own.compareTo(remaining) > 0 ? remaining : own;
    }
}
