package io.eventgateway.internal.routing;

import io.cloudevents.CloudEvent;
import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.Subscription;
import io.eventgateway.internal.delivery.Target;
import io.eventgateway.internal.invocation.Emitter;
import io.eventgateway.internal.invocation.RegisteredFunction;
import io.eventgateway.internal.invocation.SystemEvents;
import java.time.Duration;

/** Targets for tests of routing, where nothing is ever called. */
final class Targets {
    private static final Emitter NOWHERE = new Emitter() {
        @Override
        public Emission emit(String space, CloudEvent event, Event cause) {
            throw new AssertionError("routing emits nothing");
        }

        @Override
        public Emission emit(String space, String type, Object data, Event cause) {
            throw new AssertionError("routing emits nothing");
        }

        @Override
        public void emitSystem(String space, String type, Object data, Event cause) {
            throw new AssertionError("routing emits nothing");
        }
    };

    private Targets() {}

    static Target of(Subscription subscription) {
        return new Target(
                subscription,
                new RegisteredFunction("default", subscription.functionId(), new SystemEvents("default", NOWHERE)),
                Duration.ofSeconds(1));
    }
}
