package io.eventgateway.internal.registry;

import io.eventgateway.Subscription;
import io.eventgateway.SubscriptionMode;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.spi.SubscriptionStore;
import io.eventgateway.spi.SubscriptionStore.Kind;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions that were deleted last. Their dead letters, and what was accepted for them, are delivered by the policy and the
 * transform that they had, so that a deletion lifts no limit. Bounded: older ones are forgotten, and then the gateway's policy
 * holds.
 *
 * <p>Thread-safe; the monitor guards the map.
 */
final class FormerSubscriptions {
    private static final int MOST = 1_000;

    private final Map<SubscriptionStore.Key, Subscription> latest = new LinkedHashMap<>();

    /** Takes note of a subscription that was deleted; http ones, which leave no deliveries behind, are not kept. */
    synchronized void add(String space, Subscription deleted) {
        if (deleted.mode() == SubscriptionMode.HTTP) {
            return;
        }
        SubscriptionStore.Key key = key(space, deleted.id());
        latest.remove(key); // so that it is the youngest
        latest.put(key, withoutCode(deleted));
        if (latest.size() > MOST) {
            latest.remove(latest.keySet().iterator().next());
        }
    }

    /** The subscription without what delivery does not need: its filter may be an application's code, and a pause would never end. */
    private static Subscription withoutCode(Subscription deleted) {
        Subscription.Builder builder =
                Subscription.to(deleted.eventType()).id(deleted.id()).function(deleted.functionId());
        if (deleted.mode() == SubscriptionMode.SYNC) {
            builder.sync();
        }
        if (deleted.transform() != null) {
            builder.transform(deleted.transform());
        }
        DeliveryPolicy policy = deleted.delivery();
        return policy == null ? builder.build() : builder.delivery(policy).build();
    }

    /** A subscription of the id is registered again. */
    synchronized void remove(String space, String subscriptionId) {
        latest.remove(key(space, subscriptionId));
    }

    synchronized @Nullable Subscription get(String space, String subscriptionId) {
        return latest.get(key(space, subscriptionId));
    }

    private static SubscriptionStore.Key key(String space, String subscriptionId) {
        return new SubscriptionStore.Key(Kind.SUBSCRIPTION, space, subscriptionId);
    }
}
