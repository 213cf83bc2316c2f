package io.eventgateway.spi;

import io.eventgateway.delivery.DeadLetterOverflow;
import io.eventgateway.history.Retention;
import java.time.InstantSource;
import java.util.Objects;

/**
 * Stores in memory: what they keep goes with the process. A value that says how much that is; every gateway that is built with it
 * makes stores of its own. Immutable.
 *
 * <pre>{@code
 * EventGateway.builder().stores(InMemoryStores.builder().history(Retention.of(Duration.ofDays(1), 10_000)).build())
 * }</pre>
 */
public final class InMemoryStores implements Stores {
    private final Retention history;
    private final int maxDeadLetters;
    private final DeadLetterOverflow overflow;

    private InMemoryStores(Builder builder) {
        this.history = builder.history;
        this.maxDeadLetters = builder.maxDeadLetters;
        this.overflow = builder.overflow;
    }

    /** A builder of stores that keep 10,000 dead letters and no history. */
    public static Builder builder() {
        return new Builder();
    }

    /** A new, empty store at each call. */
    @Override
    public SubscriptionStore subscriptionStore() {
        return SubscriptionStore.inMemory();
    }

    /** A new, empty store at each call, which goes by the system's clock. */
    @Override
    public EventStore eventStore() {
        return eventStore(InstantSource.system());
    }

    /** A new, empty store at each call, which goes by the clock. */
    public EventStore eventStore(InstantSource clock) {
        return EventStore.inMemory(maxDeadLetters, overflow, history, clock);
    }

    /** Builds {@link InMemoryStores}. Not thread-safe. */
    public static final class Builder {
        private Retention history = Retention.NONE;
        private int maxDeadLetters = 10_000;
        private DeadLetterOverflow overflow = DeadLetterOverflow.DISCARD_OLDEST;

        private Builder() {}

        /** How much of what was emitted is kept, to be read and replayed; nothing unless said. */
        public Builder history(Retention retention) {
            this.history = Objects.requireNonNull(retention, "retention must not be null");
            return this;
        }

        /** How many dead letters are kept, at least 1, and what happens to more; 10,000 and DISCARD_OLDEST unless said. */
        public Builder deadLetters(int bound, DeadLetterOverflow whenFull) {
            if (bound < 1) {
                throw new IllegalArgumentException("the bound of deadLetters must be at least 1, was " + bound);
            }
            this.maxDeadLetters = bound;
            this.overflow = Objects.requireNonNull(whenFull, "whenFull must not be null");
            return this;
        }

        /** The stores. */
        public InMemoryStores build() {
            return new InMemoryStores(this);
        }
    }
}
