package io.eventgateway;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How a subscription's function is called. */
public enum SubscriptionMode {
    /** On the gateway's threads; {@code emit} does not wait for it. */
    @JsonProperty("async")
    ASYNC,
    /** On the emitter's thread, before {@code emit} returns. */
    @JsonProperty("sync")
    SYNC,
    /** By {@code handle}, for requests of one method and path; its result is the response. */
    @JsonProperty("http")
    HTTP
}
