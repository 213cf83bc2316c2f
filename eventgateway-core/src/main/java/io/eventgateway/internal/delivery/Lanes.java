package io.eventgateway.internal.delivery;

import io.eventgateway.Subscription;
import io.eventgateway.SubscriptionMode;
import io.eventgateway.delivery.CircuitBreakerPolicy;
import io.eventgateway.internal.invocation.RegisteredFunction;
import io.eventgateway.spi.EventStore.DeliveryId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The lanes of a gateway's subscriptions, which live on when a subscription is changed, and those that are made for a while for
 * subscriptions that hold every thread of the pool.
 */
final class Lanes {
    private record Key(String space, String subscriptionId) {
        // written out, since what a record has by itself links a dozen method handles at its first use: 20 ms of an
        // application's start
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key that && space.equals(that.space) && subscriptionId.equals(that.subscriptionId);
        }

        @Override
        public int hashCode() {
            return 31 * space.hashCode() + subscriptionId.hashCode();
        }
    }

    private final Deliveries room;
    private final @Nullable CircuitBreakerPolicy settings;
    private final Map<Key, Lane> lanes = new ConcurrentHashMap<>();
    private final Map<RegisteredFunction, Breaker> breakers = new ConcurrentHashMap<>();
    private final Set<Lane> crowded = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    Lanes(Deliveries room, @Nullable CircuitBreakerPolicy settings) {
        this.room = room;
        this.settings = settings;
    }

    /** The lane of a subscription; null when it needs none and has none that is still in use. */
    @Nullable Lane of(Subscription subscription, RegisteredFunction function, EffectivePolicy policy) {
        if (subscription.mode() == SubscriptionMode.HTTP) {
            return null;
        }
        Key key = new Key(function.space(), subscription.id());
        if (settings != null || policy.isLimited()) {
            Breaker breaker =
                    settings == null ? null : breakers.computeIfAbsent(function, place -> newBreaker(settings));
            Lane lane = lanes.computeIfAbsent(key, added -> new Lane(room, policy));
            lane.obey(policy, breaker);
            return lane;
        }
        Lane known = lanes.get(key);
        if (known == null || known.isIdle()) {
            lanes.remove(key);
            return null;
        }
        known.obey(policy, null);
        return known;
    }

    private Breaker newBreaker(CircuitBreakerPolicy of) {
        return new Breaker(of, room.clockwork());
    }

    /** A dead letter was purged, or goes to another function: what it held back may go. */
    void letGo(String space, String subscriptionId, DeliveryId id) {
        Lane lane = lanes.get(new Key(space, subscriptionId));
        if (lane != null) {
            lane.letGo(id);
        }
    }

    /**
     * When the pool's threads are all held, takes the deliveries of each target that has more than its share waiting out of the
     * pool's queue, into a lane that lets its share run at a time: so they don't stand before those of others any more.
     */
    void relieve() {
        BoundedPool pool = room.workers().pool();
        if (pool == null) {
            return;
        }
        int held = room.clockwork().heldThreads() + room.workers().overrunning();
        if (!pool.isStalled(held)) {
            return;
        }
        List<Runnable> others = new ArrayList<>();
        Map<Target, Integer> waiting = new HashMap<>();
        List<EmittedDelivery> tooMany = new ArrayList<>();
        int share = pool.share();
        for (Runnable task : pool.takeWaiting()) {
            if (task instanceof EmittedDelivery delivery
                    && waiting.merge(delivery.target(), 1, Integer::sum) > share
                    && delivery.standBack()) {
                tooMany.add(delivery);
            } else {
                others.add(task);
            }
        }
        pool.relieve(held);
        for (Runnable task : others) {
            try {
                pool.execute(task);
            } catch (RejectedExecutionException e) {
                room.endUnstarted(task);
            }
        }
        for (int i = tooMany.size() - 1; i >= 0; i--) { // the first of them is to be the first again
            EmittedDelivery delivery = tooMany.get(i);
            Lane own = delivery.lane();
            if (own != null) {
                own.crowd(share);
                own.standBack(delivery);
            }
        }
        for (EmittedDelivery delivery : tooMany) {
            Lane own = delivery.lane();
            if (own == null) {
                crowd(delivery.target(), share);
                delivery.due();
            } else {
                own.pump(); // those that were under way may have ended meanwhile, and nobody else would
            }
        }
        if (closed) { // meanwhile, and these were in nobody's queue when it was
            tooMany.forEach(Delivery::abandon);
        }
    }

    private void crowd(Target target, int share) {
        if (target.lane() == null) {
            Lane lane = Lane.forCrowd(room, () -> uncrowd(target));
            lane.crowd(share);
            crowded.add(lane);
            target.lane(lane);
        }
    }

    private void uncrowd(Target target) {
        Lane lane = target.lane();
        if (lane != null) {
            target.lane(null);
            crowded.remove(lane);
        }
    }

    /** Ends what waits in lanes; how many that were. */
    int close() {
        closed = true;
        List<Lane> all = new ArrayList<>(lanes.values());
        all.addAll(crowded);
        int abandoned = 0;
        for (Lane lane : all) {
            for (EmittedDelivery delivery : lane.close()) {
                abandoned += delivery.abandon() ? 1 : 0;
            }
        }
        return abandoned;
    }
}
