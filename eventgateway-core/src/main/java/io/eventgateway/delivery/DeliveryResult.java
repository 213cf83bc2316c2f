package io.eventgateway.delivery;

import io.eventgateway.EventGatewayException;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationResult;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How one delivery ended.
 *
 * @param subscriptionId the subscription that the event was delivered for
 * @param functionId the function that it was delivered to
 * @param status how it ended
 * @param attempts how many times the function was called; 0 when it never was
 * @param result what the function returned; present when, and only when, the status is {@link DeliveryStatus#DELIVERED}
 * @param failure why it was not delivered; present for every other status
 */
public record DeliveryResult(
        String subscriptionId,
        String functionId,
        DeliveryStatus status,
        int attempts,
        @Nullable InvocationResult result,
        @Nullable EventGatewayException failure) {

    /** The member that a weighted group called at last; null where the function itself was called. */
    public @Nullable String calledFunctionId() {
        if (result != null) {
            return result.calledFunctionId();
        }
        return failure instanceof InvocationException called ? called.calledFunctionId() : null;
    }

    /** Checks that a result and a failure exclude each other. */
    public DeliveryResult {
        Objects.requireNonNull(subscriptionId, "subscriptionId");
        Objects.requireNonNull(functionId, "functionId");
        boolean delivered = status == DeliveryStatus.DELIVERED;
        if (delivered != (result != null) || delivered == (failure != null)) {
            throw new IllegalArgumentException("a delivery that ended " + status + " has "
                    + (delivered ? "a result and no failure" : "a failure and no result"));
        }
    }
}
