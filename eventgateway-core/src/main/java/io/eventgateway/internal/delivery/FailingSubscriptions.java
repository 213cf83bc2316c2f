package io.eventgateway.internal.delivery;

import io.eventgateway.delivery.FailingPeriod;
import org.jspecify.annotations.Nullable;

/** The place where it is written down for how long a subscription's attempts have failed, and where it is paused. Thread-safe. */
public interface FailingSubscriptions {
    /** Writes down a period; null when the attempts fail no more. */
    void failing(String space, String subscriptionId, @Nullable FailingPeriod period);

    /** Pauses a subscription; returns false when it is paused already, or there is none. */
    boolean pauseFailing(String space, String subscriptionId, FailingPeriod period);
}
