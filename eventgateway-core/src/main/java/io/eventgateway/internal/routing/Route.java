package io.eventgateway.internal.routing;

import io.eventgateway.SubscriptionType;
import io.eventgateway.internal.delivery.Target;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** The targets of the events of one type. Immutable; the arrays are for reading. */
public final class Route {
    private final Target[] sync;
    private final Target[] async;
    /** Which state of the patterns this was made with. */
    private final Object patternState;

    private Route(Target[] sync, Target[] async, Object patternState) {
        this.sync = sync;
        this.async = async;
        this.patternState = patternState;
    }

    /**
     * The route to the subscriptions of an exact type and those of patterns. A subscription that moves from one to the other is
     * for a moment in both, and is taken once.
     */
    static Route to(Collection<Target> exact, Collection<Target> matched, Object patternState) {
        Map<String, Target> byId = new LinkedHashMap<>();
        exact.forEach(target -> byId.put(target.subscription().id(), target));
        matched.forEach(target -> byId.put(target.subscription().id(), target));
        return new Route(
                of(SubscriptionType.SYNC, byId.values()), of(SubscriptionType.ASYNC, byId.values()), patternState);
    }

    private static Target[] of(SubscriptionType type, Collection<Target> targets) {
        Target[] found = targets.stream()
                .filter(target -> target.subscription().type() == type)
                .toArray(Target[]::new);
        return found.length == 0 ? Target.NONE : found;
    }

    boolean isMadeWith(Object state) {
        return patternState == state;
    }

    /** Those called on the emitter's thread. */
    public Target[] sync() {
        return sync;
    }

    /** Those called on the gateway's threads. */
    public Target[] async() {
        return async;
    }

    /** Whether the events go to nobody. */
    public boolean isEmpty() {
        return sync.length == 0 && async.length == 0;
    }
}
