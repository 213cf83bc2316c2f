package io.eventgateway.internal.delivery;

import io.eventgateway.spi.EventStore;
import org.jspecify.annotations.Nullable;

/** Finds where a delivery of the store goes, as functions and subscriptions are now. */
@FunctionalInterface
public interface TargetFinder {
    /**
     * Returns the target of a delivery; null when its function is not registered.
     *
     * @param callable whether a function that this gateway can't call is as good as none
     */
    @Nullable Target find(EventStore.Delivery delivery, boolean callable);
}
