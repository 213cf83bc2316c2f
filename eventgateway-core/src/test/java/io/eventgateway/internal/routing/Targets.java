package io.eventgateway.internal.routing;

import io.eventgateway.Subscription;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.internal.delivery.Target;
import io.eventgateway.internal.invocation.Emitter;
import io.eventgateway.internal.invocation.RegisteredFunction;
import io.eventgateway.internal.invocation.SystemEvents;
import java.lang.reflect.Proxy;

/** Targets for tests of routing, where nothing is ever called. */
final class Targets {
    private static final Emitter NOWHERE = (Emitter) Proxy.newProxyInstance(
            Emitter.class.getClassLoader(), new Class<?>[] {Emitter.class}, (proxy, method, arguments) -> {
                throw new AssertionError("routing emits nothing");
            });

    private Targets() {}

    static Target of(Subscription subscription) {
        return Target.withoutLimits(
                subscription,
                new RegisteredFunction("default", subscription.functionId(), new SystemEvents("default", NOWHERE)),
                DeliveryPolicy.defaults());
    }
}
