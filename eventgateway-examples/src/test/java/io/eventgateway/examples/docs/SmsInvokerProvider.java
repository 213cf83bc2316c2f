package io.eventgateway.examples.docs;

import io.eventgateway.FunctionDefinition;
import io.eventgateway.InvocationResult;
import io.eventgateway.spi.Invocation;
import io.eventgateway.spi.Invoker;
import io.eventgateway.spi.InvokerContext;
import io.eventgateway.spi.InvokerProvider;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

// tag::invoker[]
public final class SmsInvokerProvider implements InvokerProvider {
    record Configuration(String number, @Nullable Duration timeout) {
        Configuration {
            if (number == null || !number.startsWith("+")) {
                throw new IllegalArgumentException("'number' must start with +, was '" + number + "'");
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
                return client.send(invocation.payload()).thenApply(id -> InvocationResult.of(id));
            }

            @Override
            public void close() {
                client.close();
            }
        };
    }
}
// end::invoker[]
