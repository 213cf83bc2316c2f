package io.eventgateway.internal.observation;

/** The builder of a gateway that can be observed. */
public interface ObservedBuilder {
    /** Has an observer learn of everything that the gateway does. */
    void observer(GatewayObserver observer);
}
