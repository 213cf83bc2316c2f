package io.eventgateway.internal.delivery;

import io.eventgateway.Subscription;
import io.eventgateway.SubscriptionMode;
import io.eventgateway.internal.counters.TargetCount;
import io.eventgateway.internal.invocation.RegisteredFunction;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The queues of a gateway's subscriptions. A subscription has one from when something orders or limits its deliveries until it is
 * deleted, since deliveries that are not due yet will enter it, by the settings that hold then. One of a subscription that is
 * deleted goes as soon as nothing waits. Finding a queue changes nothing. Thread-safe.
 */
final class SubscriptionQueues {
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

    private final DeliveryEngine engine;
    private final boolean breakers;
    private final Map<Key, SubscriptionQueue> queues = new ConcurrentHashMap<>();
    /** Those of subscriptions that are not there any more, but in which something may wait. */
    private final Set<Key> retired = ConcurrentHashMap.newKeySet();

    /**
     * Queues.
     *
     * @param breakers whether the gateway has breakers for its functions
     */
    SubscriptionQueues(DeliveryEngine engine, boolean breakers) {
        this.engine = engine;
        this.breakers = breakers;
    }

    /** Makes a subscription as it is now ready for delivery: its queue goes by its policy from now on. */
    Target configure(Subscription subscription, RegisteredFunction function, EffectivePolicy policy, long pausedFor) {
        forgetIdle();
        if (subscription.mode() == SubscriptionMode.HTTP) {
            return new Target(subscription, function, policy, null, count(subscription, function));
        }
        Key key = new Key(function.space(), subscription.id());
        retired.remove(key);
        SubscriptionQueue queue = queues.get(key);
        if (breakers || policy.isLimited() || pausedFor > 0) {
            queue = queues.computeIfAbsent(key, added -> new SubscriptionQueue(engine, subscription.id()));
        }
        if (queue != null) {
            queue.configure(policy, pausedFor);
        }
        return new Target(subscription, function, policy, queue, count(subscription, function));
    }

    private TargetCount count(Subscription subscription, RegisteredFunction function) {
        return engine.counters()
                .of(function.space())
                .subscription(subscription.id(), function.id(), subscription.eventType());
    }

    private TargetCount found(Subscription subscription, RegisteredFunction function) {
        return engine.counters().of(function.space()).find(subscription.id(), function.id(), subscription.eventType());
    }

    /** Makes a target for a delivery that was accepted before; its queue stays as it is, where there is one. */
    Target find(Subscription subscription, RegisteredFunction function, EffectivePolicy policy) {
        SubscriptionQueue queue = queues.get(new Key(function.space(), subscription.id()));
        if (queue == null && (breakers || policy.isLimited())) {
            Target made = configure(subscription, function, policy, 0);
            retired.add(
                    new Key(function.space(), subscription.id())); // unless it is configured, it goes when it is idle
            return made;
        }
        return new Target(subscription, function, policy, queue, found(subscription, function));
    }

    /** Has a target of before an update use the queue that its subscription has got since. */
    void join(Target target) {
        if (target.queue() == null && !queues.isEmpty()) {
            SubscriptionQueue queue = queues.get(
                    new Key(target.function().space(), target.subscription().id()));
            if (queue != null) {
                target.queue(queue);
            }
        }
    }

    /** The queue of a target that needs one now, because the pool's threads are scarce. */
    SubscriptionQueue ofCrowd(Target target) {
        SubscriptionQueue known = target.queue();
        if (known != null) {
            return known;
        }
        SubscriptionQueue queue = queues.computeIfAbsent(
                new Key(target.function().space(), target.subscription().id()),
                added -> new SubscriptionQueue(engine, added.subscriptionId()));
        target.queue(queue);
        return queue;
    }

    /** A subscription was deleted. */
    void retire(String space, String subscriptionId) {
        Key key = new Key(space, subscriptionId);
        SubscriptionQueue queue = queues.get(key);
        if (queue != null) {
            retired.add(key);
            queue.limits().resume(); // nobody could resume it any more
        }
        forgetIdle();
    }

    private void forgetIdle() {
        if (retired.isEmpty()) {
            return;
        }
        retired.removeIf(key -> {
            SubscriptionQueue queue = queues.get(key);
            boolean idle = queue == null || queue.isIdle();
            if (idle) {
                queues.remove(key);
            }
            return idle;
        });
    }

    /** Returns how many queues there are; those in which nothing waits any more are forgotten first. */
    int size() {
        forgetIdle();
        return queues.size();
    }

    /** Has all queues look what may go now. */
    void pump() {
        queues.values().forEach(queue -> queue.limits().pump());
    }

    /** Returns how many permits are out in all queues. */
    int permitsOut() {
        int out = 0;
        for (SubscriptionQueue queue : queues.values()) {
            out += queue.permitsOut();
        }
        return out;
    }
}
