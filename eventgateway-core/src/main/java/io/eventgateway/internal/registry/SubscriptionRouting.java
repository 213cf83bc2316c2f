package io.eventgateway.internal.registry;

import io.eventgateway.Subscription;
import io.eventgateway.SubscriptionMode;
import io.eventgateway.internal.delivery.DeliveryEngine;
import io.eventgateway.internal.delivery.Target;
import io.eventgateway.internal.registry.SpaceRegistry.SubscriptionEntry;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Puts subscriptions into the routing of their spaces, replaces them there and takes them out.
 *
 * <p>Not thread-safe: the lock of {@link Changes} guards it.
 */
final class SubscriptionRouting {
    private final DeliveryEngine deliveries;
    private final FormerSubscriptions former;
    private final PathOwners pathOwners;

    SubscriptionRouting(DeliveryEngine deliveries, SubscriptionTargets targets, FormerSubscriptions former) {
        this.deliveries = deliveries;
        this.former = former;
        this.pathOwners = new PathOwners(targets);
    }

    /**
     * Puts a subscription in the place of the one with the same id. The new one comes in before the old one goes, so
     * that an event in between finds one of them, and never both.
     *
     * @param next the new subscription; null to take the old one out
     * @param target the target of the new subscription; null when there is no new one, or this gateway can't deliver to it
     */
    void replace(SpaceRegistry space, String id, @Nullable Subscription next, @Nullable Target target, long version) {
        SubscriptionEntry known = space.subscriptions.get(id);
        Subscription before = known == null ? null : known.subscription();
        Target routed = next != null && next.enabled() ? target : null;
        Runnable change = () -> {
            if (next != null) {
                SubscriptionEntry entry = new SubscriptionEntry(next, version);
                space.subscriptions.put(id, entry);
                put(space, entry, routed);
            } else {
                space.subscriptions.remove(id);
            }
            if (before != null) {
                remove(space, before, next, routed != null);
            }
            if (next == null) {
                deliveries.targets().subscriptionDeleted(space.space().name(), id);
            }
        };
        if (before != null && next != null && isMove(before, next)) {
            space.space().types().atomically(change);
        } else {
            change.run();
        }
        if (next != null) {
            former.remove(space.space().name(), id);
        } else if (before != null) {
            former.add(space.space().name(), before);
        }
        if (before != null) {
            space.forgetUnusedCallee(before.functionId());
        }
        space.space()
                .systemEvents()
                .listened(type -> !space.space().types().route(type).isEmpty());
    }

    /** Returns whether events look for the new subscription in another index than for the old one. */
    private static boolean isMove(Subscription before, Subscription next) {
        return before.mode() != next.mode()
                || !Objects.equals(before.eventType(), next.eventType())
                || (before.filter() == null) != (next.filter() == null);
    }

    private void put(SpaceRegistry space, SubscriptionEntry entry, @Nullable Target target) {
        if (entry.subscription().mode() == SubscriptionMode.HTTP) {
            pathOwners.add(space, entry);
        } else if (target != null) {
            space.space().types().put(target);
        }
    }

    private void remove(SpaceRegistry space, Subscription before, @Nullable Subscription next, boolean nextIsRouted) {
        if (before.mode() == SubscriptionMode.HTTP) {
            boolean keepsPath = next != null
                    && next.mode() == SubscriptionMode.HTTP
                    && SpaceRegistry.pathKey(next).equals(SpaceRegistry.pathKey(before));
            if (!keepsPath) {
                pathOwners.remove(space, before);
            }
        } else {
            boolean replaced = next != null
                    && nextIsRouted
                    && next.mode() != SubscriptionMode.HTTP
                    && next.eventType().equals(before.eventType());
            if (!replaced) {
                space.space().types().remove(before.eventType(), before.id());
            }
        }
    }
}
