package io.eventgateway.spi;

import io.eventgateway.EventTypeDefinition;
import io.eventgateway.EventTypePolicy;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.Subscription;

/** What is registered with a gateway and kept by a {@link io.eventgateway.spi.SubscriptionStore}. An immutable value. */
public sealed interface Registration permits FunctionDefinition, Subscription, EventTypeDefinition, EventTypePolicy {
    /** The id, unique within its kind and space. */
    String id();

    /** The JSON form, which {@code fromJson} of the same class reads. It holds secrets, if the configuration does. */
    String toJson();
}
