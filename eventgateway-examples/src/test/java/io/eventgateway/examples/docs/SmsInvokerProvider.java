package io.eventgateway.examples.docs;

import io.eventgateway.FunctionDefinition;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import io.eventgateway.InvocationResult;
import io.eventgateway.spi.Invoker;
import io.eventgateway.spi.InvokerContext;
import io.eventgateway.spi.InvokerProvider;
import io.eventgateway.spi.Secret;
import java.util.concurrent.CompletableFuture;

// tag::invoker[]
public final class SmsInvokerProvider implements InvokerProvider {
    record Configuration(String number, Secret token) {
        Configuration {
            if (number == null || !number.startsWith("+") || token == null) {
                throw new IllegalArgumentException(
                        "'number' must start with +, was '" + number + "'; 'token' too is required");
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
        return invocation -> {
            String token = configuration.token().value(); // as it is now: a secret may be rotated
            CompletableFuture<byte[]> sent = client.send(token, invocation.payload(), invocation.remaining());
            String what = "function '" + invocation.functionId() + "' was ";
            CompletableFuture<InvocationResult> result = sent.handle((json, failure) -> {
                if (failure instanceof SmsClient.Refused no) {
                    throw new InvocationException(Kind.FUNCTION_ERROR, no.mayRetry(), what + "refused: " + no.code());
                } else if (failure != null) {
                    throw new InvocationException(Kind.CALL_FAILED, true, what + "not reached: " + failure);
                }
                return InvocationResult.ofBytes("application/json", json, context.jsonMapper());
            });
            result.whenComplete((answer, failure) -> sent.cancel(true)); // when the time is over; else it has ended
            return result;
        };
    }
}
// end::invoker[]
