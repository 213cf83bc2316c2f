package io.eventgateway;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How long the gateway lets a function work on one delivery.
 *
 * @param timeout how long one attempt may take, 30 s unless said; measured from the moment the function is called, and for
 *     {@code invoke} and {@code handle}, whose callers wait, from the moment of their call. Enforced to within about 20 ms.
 */
public record DeliveryPolicy(Duration timeout) {
    private static final Duration MAX_TIMEOUT = Duration.ofDays(1);
    private static final DeliveryPolicy DEFAULT = new DeliveryPolicy(Duration.ofSeconds(30));

    /** Checks the timeout: more than zero, at most a day. */
    public DeliveryPolicy {
        Objects.requireNonNull(timeout, "timeout");
        if (timeout.isZero() || timeout.isNegative() || timeout.compareTo(MAX_TIMEOUT) > 0) {
            throw new IllegalArgumentException(
                    "timeout must be more than zero and at most " + MAX_TIMEOUT + ", was " + timeout);
        }
    }

    /** The policy of a gateway and a subscription that say nothing else. */
    public static DeliveryPolicy defaults() {
        return DEFAULT;
    }

    /** A builder that starts from {@link #defaults()}. */
    public static Builder builder() {
        return new Builder();
    }

    @JsonCreator
    static DeliveryPolicy fromJson(@JsonProperty("timeout") @Nullable Duration timeout) {
        return timeout == null ? DEFAULT : new DeliveryPolicy(timeout);
    }

    /** Builds a {@link DeliveryPolicy}. Not thread-safe. */
    public static final class Builder {
        private Duration timeout = DEFAULT.timeout;

        private Builder() {}

        /** How long one attempt may take; more than zero, at most a day. */
        public Builder timeout(Duration timeout) {
            this.timeout = timeout;
            return this;
        }

        /** The policy. */
        public DeliveryPolicy build() {
            return new DeliveryPolicy(timeout);
        }
    }
}
