package io.eventgateway.internal.delivery;

import io.eventgateway.delivery.CircuitBreakerPolicy;
import io.eventgateway.internal.invocation.RegisteredFunction;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The breakers of functions, where the gateway has a policy for them; those of a function that is deleted go with it. Thread-safe. */
final class Breakers {
    private final @Nullable CircuitBreakerPolicy settings;
    private final DeliveryScheduler scheduler;
    private final Map<RegisteredFunction, Breaker> breakers = new ConcurrentHashMap<>();

    Breakers(@Nullable CircuitBreakerPolicy settings, DeliveryScheduler scheduler) {
        this.settings = settings;
        this.scheduler = scheduler;
    }

    /** Returns the breaker of a function; null where functions have none, and for a function that was deleted. */
    @Nullable Breaker of(RegisteredFunction function) {
        CircuitBreakerPolicy policy = settings;
        if (policy == null) {
            return null;
        }
        Breaker known = breakers.get(function);
        return known != null
                ? known
                : breakers.computeIfAbsent(
                        function, asked -> asked.isPresent() ? new Breaker(policy, scheduler) : null);
    }

    /** Forgets the breaker of a function that was deleted. */
    void forget(RegisteredFunction function) {
        breakers.remove(function);
    }

    /** Returns how many breakers there are. */
    int size() {
        return breakers.size();
    }
}
