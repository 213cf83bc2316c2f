package io.eventgateway.simulation;

import io.eventgateway.Subscription;
import io.eventgateway.SubscriptionMode;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.OrderBy;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the clients know of a subscription, now and before. */
final class SubscriptionModel {
    final String id;
    /** Null when it was deleted. */
    @Nullable Subscription now;
    /** The highest number of calls that was ever allowed; 0 for any number. */
    int mostCalls = -1;

    boolean orderChanged;
    boolean policyChanged;
    boolean functionChanged;
    boolean everOnce;
    boolean everSync;
    boolean everGraveyard;
    private boolean everDeleted;
    private boolean everShortLived;
    /** When it was last changed. */
    long changedNanos;

    private boolean first = true;
    private @Nullable OrderBy order;

    SubscriptionModel(String id) {
        this.id = id;
    }

    void set(@Nullable Subscription next, long nanos) {
        Subscription before = now;
        now = next;
        changedNanos = nanos;
        if (next == null) {
            policyChanged = true;
            everDeleted = true;
            return;
        }
        DeliveryPolicy policy = policy();
        if (!first) {
            policyChanged |= before == null || !Objects.equals(before.delivery(), next.delivery());
            functionChanged |= before == null || !before.functionId().equals(next.functionId());
            orderChanged |= before == null || !Objects.equals(order, policy.orderBy()) || before.mode() != next.mode();
        }
        first = false;
        everSync |= next.mode() == SubscriptionMode.SYNC;
        order = policy.orderBy();
        everOnce |= Objects.equals(policy.guarantee(), DeliveryPolicy.Guarantee.AT_MOST_ONCE);
        everShortLived |= policy.timeToLive() != null;
        everGraveyard |= policy.deadLetter() != null;
        Integer calls = policy.maxConcurrency();
        if (calls == null || mostCalls == 0) {
            mostCalls = 0;
        } else {
            mostCalls = Math.max(mostCalls, calls);
        }
    }

    /** The order that it has had all the time; null for none. */
    @Nullable OrderBy order() {
        return orderChanged ? null : order;
    }

    /** Returns whether a delivery that was accepted for the subscription may end without a call. */
    boolean mayEndUncalled() {
        return everOnce || everSync || everDeleted || everShortLived;
    }

    boolean isSync() {
        Subscription current = now;
        return current != null && current.mode() == SubscriptionMode.SYNC;
    }

    DeliveryPolicy policy() {
        Subscription current = now;
        DeliveryPolicy policy = current == null ? null : current.delivery();
        return policy == null ? DeliveryPolicy.builder().build() : policy;
    }
}
