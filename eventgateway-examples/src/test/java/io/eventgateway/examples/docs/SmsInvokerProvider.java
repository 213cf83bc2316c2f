package io.eventgateway.examples.docs;

import io.eventgateway.FunctionDefinition;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import io.eventgateway.InvocationResult;
import io.eventgateway.spi.Invocation;
import io.eventgateway.spi.Invoker;
import io.eventgateway.spi.InvokerContext;
import io.eventgateway.spi.InvokerProvider;
import io.eventgateway.spi.Secret;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

// tag::invoker[]
public final class SmsInvokerProvider implements InvokerProvider {
    record Configuration(String number, Secret token) {
        Configuration {
            if (number == null || !number.startsWith("+")) {
                throw new IllegalArgumentException("'number' must start with +, was '" + number + "'");
            }
            if (token == null) {
                throw new IllegalArgumentException("'token' must be a token of the service, was missing");
            }
        }
    }

    @Override
    public String type() {
        return "sms";
    }

    @Override
    public Invoker create(FunctionDefinition function, InvokerContext context) {
        Configuration configuration = context.configuration(function, Configuration.class);
        SmsClient client = new SmsClient(configuration.number());
        return new Invoker() {
            @Override
            public CompletionStage<InvocationResult> invoke(Invocation invocation) {
                String token = configuration.token().value(); // as it is now: a secret may be rotated
                CompletableFuture<byte[]> sent = client.send(token, invocation.payload(), invocation.remaining());
                CompletableFuture<InvocationResult> result = sent.handle((json, failure) -> {
                    if (failure != null) {
                        throw failed(invocation.functionId(), failure);
                    }
                    return InvocationResult.ofBytes("application/json", json, context.jsonMapper());
                });
                result.whenComplete((answer, failure) -> {
                    if (result.isCancelled()) {
                        sent.cancel(true); // the time is over: the service need not work for nobody
                    }
                });
                return result;
            }

            @Override
            public void close() {
                client.close();
            }
        };
    }

    private static InvocationException failed(String functionId, Throwable failure) {
        return failure instanceof SmsClient.Refused refused
                ? new InvocationException(
                        Kind.FUNCTION_ERROR,
                        refused.mayRetry(),
                        "function '" + functionId + "' was refused with " + refused.code())
                : new InvocationException(
                        Kind.CALL_FAILED, true, "function '" + functionId + "' was not reached: " + failure);
    }
}
// end::invoker[]
