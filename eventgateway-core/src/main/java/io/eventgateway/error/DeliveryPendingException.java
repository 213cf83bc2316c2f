package io.eventgateway.error;

import io.eventgateway.EventGatewayException;
import io.eventgateway.delivery.DeliveryReport;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A wait for an event's deliveries was over before they were. The deliveries go on; nothing about them has changed. */
public final class DeliveryPendingException extends EventGatewayException {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable DeliveryReport soFar;

    /** A message that names the event and how long the wait was, and what is known of its deliveries. */
    public DeliveryPendingException(String message, DeliveryReport soFar, @Nullable Throwable cause) {
        super(message, cause);
        this.soFar = Objects.requireNonNull(soFar, "soFar");
    }

    /** How the deliveries that have ended ended; see {@link io.eventgateway.Emission#soFar()}. */
    public DeliveryReport soFar() {
        return soFar == null ? DeliveryReport.empty() : soFar;
    }
}
