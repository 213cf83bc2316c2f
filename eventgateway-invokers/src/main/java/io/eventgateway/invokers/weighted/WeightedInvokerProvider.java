package io.eventgateway.invokers.weighted;

import io.eventgateway.FunctionDefinition;
import io.eventgateway.spi.Invoker;
import io.eventgateway.spi.InvokerContext;
import io.eventgateway.spi.InvokerProvider;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Hands each event to one of several functions: type {@code weighted}. The functions may be groups themselves.
 *
 * <p>Provider configuration: {@code weights} (required: function ids with weights of at least 0, not all 0), {@code sticky} (an
 * attribute, an extension, or a path such as {@code data.user.id}, whose value decides where an event goes; an event without one
 * goes at random).
 */
public final class WeightedInvokerProvider implements InvokerProvider {
    @Override
    public String type() {
        return "weighted";
    }

    @Override
    public Set<String> references(FunctionDefinition function) {
        return function.configuration().get("weights") instanceof Map<?, ?> weights
                ? new TreeSet<>(weights.keySet().stream().map(String::valueOf).toList())
                : Set.of();
    }

    @Override
    public Invoker create(FunctionDefinition function, InvokerContext context) {
        WeightedConfiguration configuration = context.configuration(function, WeightedConfiguration.class);
        Choice choice = new Choice(function.functionId(), configuration.positive());
        StickyKey sticky = configuration.sticky() == null ? null : new StickyKey(configuration.sticky());
        return invocation -> {
            String key = sticky == null ? null : sticky.of(invocation.event());
            return context.invoke(chosen(choice, key), invocation);
        };
    }

    private static String chosen(Choice choice, @Nullable String key) {
        return key == null ? choice.atRandom(ThreadLocalRandom.current()) : choice.byKey(key);
    }
}
