package io.eventgateway.examples.quickstart;

import io.eventgateway.FunctionDefinition;
import io.eventgateway.InvocationResult;
import io.eventgateway.spi.Invoker;
import io.eventgateway.spi.InvokerContext;
import io.eventgateway.spi.InvokerProvider;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** A function type of one's own, found by ServiceLoader: counts events by one of their attributes. */
public final class TallyInvokerProvider implements InvokerProvider {
    private static final Map<String, LongAdder> COUNTS = new ConcurrentHashMap<>();

    /** What the provider configuration of a {@code tally} function says. */
    record Configuration(String by) {
        Configuration {
            if (!"subject".equals(by) && !"type".equals(by)) {
                throw new IllegalArgumentException("'by' must be subject or type, was '" + by + "'");
            }
        }
    }

    @Override
    public String type() {
        return "tally";
    }

    @Override
    public Invoker create(FunctionDefinition function, InvokerContext context) {
        Configuration configuration = context.configuration(function, Configuration.class);
        return invocation -> {
            String key = String.valueOf(invocation.event().getAttribute(configuration.by()));
            COUNTS.computeIfAbsent(key, name -> new LongAdder()).increment();
            return CompletableFuture.completedFuture(InvocationResult.empty());
        };
    }

    /** How many different keys there were. */
    static int size() {
        return COUNTS.size();
    }

    static void reset() {
        COUNTS.clear();
    }
}
