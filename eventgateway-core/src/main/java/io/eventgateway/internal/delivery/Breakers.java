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

    /** The breaker of a function; null where functions have none. */
    @Nullable Breaker of(RegisteredFunction function) {
        if (settings == null) {
            return null;
        }
        Breaker known = breakers.get(function);
        return known != null ? known : breakers.computeIfAbsent(function, added -> new Breaker(settings, scheduler));
    }

    void forget(RegisteredFunction function) {
        breakers.remove(function);
    }

    int size() {
        return breakers.size();
    }
}
