package io.eventgateway.internal.registry;

import io.eventgateway.EventGatewayException;
import io.eventgateway.Subscription;
import io.eventgateway.error.InvalidSubscriptionException;
import io.eventgateway.internal.delivery.DeliveryEngine;
import io.eventgateway.internal.delivery.Target;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the delivery targets of subscriptions, as far as this gateway can deliver to them. */
final class SubscriptionTargets {
    private static final Logger log = LoggerFactory.getLogger(SubscriptionTargets.class);

    private final DeliveryEngine deliveries;

    SubscriptionTargets(DeliveryEngine deliveries) {
        this.deliveries = deliveries;
    }

    /**
     * Checks that this gateway can deliver to a subscription, before anything is changed or stored.
     *
     * @throws InvalidSubscriptionException if it can't
     */
    void check(Subscription subscription) {
        try {
            deliveries.targets().check(subscription);
        } catch (RuntimeException e) {
            throw undeliverable(subscription, e);
        }
    }

    /** Makes the target of a subscription, of a disabled one too: its accepted deliveries have to learn of a change. */
    Target required(SpaceRegistry space, Subscription subscription) {
        try {
            return deliveries.targets().configure(subscription, space.callee(subscription.functionId()));
        } catch (EventGatewayException e) {
            throw e;
        } catch (RuntimeException e) {
            throw undeliverable(subscription, e);
        }
    }

    /**
     * Makes the target of a subscription that another gateway may have registered; null when this one can't deliver to
     * it.
     */
    @Nullable Target ifAny(SpaceRegistry space, Subscription subscription) {
        try {
            return required(space, subscription);
        } catch (EventGatewayException e) {
            log.warn("{} was registered by another gateway and gets no events from this one", subscription, e);
            return null;
        }
    }

    private static InvalidSubscriptionException undeliverable(Subscription subscription, RuntimeException e) {
        return new InvalidSubscriptionException(
                "subscription '" + subscription.id() + "' can't be delivered to: " + e.getMessage(), e);
    }
}
