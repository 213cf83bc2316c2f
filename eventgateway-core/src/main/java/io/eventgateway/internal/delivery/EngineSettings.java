package io.eventgateway.internal.delivery;

import io.eventgateway.Event;
import io.eventgateway.InvocationException;
import io.eventgateway.delivery.Backlog;
import io.eventgateway.delivery.CircuitBreakerPolicy;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.internal.observation.GatewayObserver;
import io.eventgateway.spi.EventStore;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a gateway that are about deliveries.
 *
 * @param observer learns of every emission; null for nobody
 */
public record EngineSettings(
        Storage storage,
        Backlog backlog,
        Threads threads,
        Defaults defaults,
        @Nullable GatewayObserver observer) {
    /**
     * Where deliveries are kept.
     *
     * @param shared whether other gateways may look into the store
     * @param sharing makes what shares the store with them
     * @param adopt makes an event that the store has read like one that was emitted here
     */
    public record Storage(EventStore store, boolean shared, StoreSharing.Factory sharing, UnaryOperator<Event> adopt) {}

    /**
     * The threads that deliveries are to have; null parts for what the settings don't say.
     *
     * @param executor runs deliveries in place of the gateway's own threads
     * @param number how many threads of its own the gateway has
     */
    public record Threads(
            @Nullable Executor executor, @Nullable Integer number) {}

    /**
     * How deliveries are made where a subscription says nothing else.
     *
     * @param predicates the retry predicates, by name
     * @param circuitBreaker null for none
     */
    public record Defaults(
            DeliveryPolicy policy,
            Map<String, Predicate<InvocationException>> predicates,
            @Nullable CircuitBreakerPolicy circuitBreaker) {
        /** Copies the predicates. */
        public Defaults {
            predicates = Map.copyOf(predicates);
        }
    }
}
