package io.eventgateway.internal.delivery;

import io.eventgateway.delivery.OrderBy;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where the deliveries of one subscription wait once they are due: for their key, and then for the limits. It lives on when the
 * subscription is changed. Thread-safe.
 */
final class SubscriptionQueue {
    private final DeliveryLimits limits;
    private final Expiry expiry;
    /** By what the key is read from; an order of before a change goes on until nothing waits in it. */
    private final Map<String, KeyOrder> orders = new ConcurrentHashMap<>(2);

    SubscriptionQueue(DeliveryEngine engine, String subscriptionId) {
        this.limits = new DeliveryLimits(engine, subscriptionId);
        this.expiry = new Expiry(engine, this::forEachWaiting);
    }

    /** Goes by another policy from now on; what waits for its key still does. */
    void configure(EffectivePolicy policy, long pausedForNanos) {
        OrderBy orderBy = policy.orderBy();
        orders.entrySet()
                .removeIf(each -> each.getValue().size() == 0
                        && (orderBy == null || !each.getKey().equals(orderBy.key())));
        limits.configure(policy, pausedForNanos);
    }

    /** The order that a policy asks for; null for none. */
    @Nullable KeyOrder order(EffectivePolicy policy) {
        OrderBy orderBy = policy.orderBy();
        return orderBy == null ? null : orders.computeIfAbsent(orderBy.key(), path -> new KeyOrder());
    }

    DeliveryLimits limits() {
        return limits;
    }

    /** A delivery whose time has come: a new one, or one that is to be attempted again. */
    void enter(EmittedDelivery delivery) {
        Object key = delivery.key();
        KeyOrder order = delivery.order();
        if (key != null && order != null && delivery.keyPermit() == null) {
            if (!order.acquire(delivery, key)) {
                expiry.lookAt(delivery.expiresAtMillis());
                if (delivery.isOver()) {
                    delivery.leaveQueues(); // it ended before it was known where it waits
                }
                return;
            }
            if (delivery.isOver()) {
                delivery.returnKey();
                return;
            }
        }
        keyGranted(delivery);
    }

    /** A delivery has its key, or needs none. */
    void keyGranted(EmittedDelivery delivery) {
        if (delivery.isOver()) {
            delivery.returnKey();
        } else if (!delivery.awaitsTurn()) {
            limits.enter(delivery);
            if (delivery.waitsForLimits()) {
                expiry.lookAt(delivery.expiresAtMillis());
            }
        }
    }

    private void forEachWaiting(Consumer<EmittedDelivery> action) {
        limits.forEachWaiting(action);
        orders.values().forEach(order -> order.forEachWaiting(action));
    }

    /** Returns whether nothing waits, no key is in use and no permit is out, so that it can be forgotten. */
    boolean isIdle() {
        return limits.isIdle() && orders.values().stream().allMatch(order -> order.size() == 0);
    }

    /** Returns how many permits are out: of keys, and of calls. */
    int permitsOut() {
        int keys = 0;
        for (KeyOrder order : orders.values()) {
            keys += order.size();
        }
        return limits.permitsOut() + keys;
    }
}
