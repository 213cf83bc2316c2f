package io.eventgateway.invokers.weighted;

import io.eventgateway.Event;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.InvocationResult;
import io.eventgateway.spi.Invocation;
import io.eventgateway.spi.Invoker;
import io.eventgateway.spi.InvokerContext;
import io.eventgateway.spi.InvokerProvider;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
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
        return new Group(context, choice, sticky);
    }

    /** Hands over to the chosen function. */
    private record Group(
            InvokerContext context, Choice choice, @Nullable StickyKey sticky) implements Invoker {
        @Override
        public CompletionStage<InvocationResult> invoke(Invocation invocation) {
            String key = sticky == null ? null : sticky.of(invocation.event());
            return context.invoke(
                    key == null ? choice.atRandom(ThreadLocalRandom.current()) : choice.byKey(key), invocation);
        }

        /** Returns whether all can be called: an event that was given to one that can't be would fail here, while another process could deliver it. */
        @Override
        public boolean isCallable() {
            return choice.isEvery(context::isCallable);
        }

        /** Events that stay on one function, there and in the groups that it may be. */
        @Override
        public @Nullable Object batchKey(Event event) {
            String key = sticky == null ? null : sticky.of(event);
            if (key == null) {
                return null;
            }
            String member = choice.byKey(key);
            Object there = context.batchKey(member, event);
            return there == null ? member : List.of(member, there);
        }
    }
}
