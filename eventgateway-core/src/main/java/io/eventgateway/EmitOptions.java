package io.eventgateway;

import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.error.InvalidEventException;
import io.eventgateway.internal.event.Attributes;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What one emission wants beyond the ordinary. An immutable value. */
public final class EmitOptions {
    private static final Duration LONGEST = Duration.ofDays(365);
    private static final EmitOptions NONE = builder().build();

    private final @Nullable Duration delay;
    private final @Nullable Instant deliverAt;
    private final @Nullable Duration expiry;
    private final @Nullable Duration deduplicationWindow;
    private final @Nullable String deduplicationKey;
    private final Map<String, Object> extensions;
    private final @Nullable Object transaction;
    private final @Nullable Consumer<Runnable> afterCommit;

    private EmitOptions(Builder builder) {
        this.delay = builder.delay;
        this.deliverAt = builder.deliverAt;
        this.expiry = builder.expiry;
        this.deduplicationWindow = builder.deduplicationWindow;
        this.deduplicationKey = builder.deduplicationKey;
        this.extensions = Collections.unmodifiableMap(new LinkedHashMap<>(builder.extensions));
        this.transaction = builder.transaction;
        this.afterCommit = builder.afterCommit;
        if (delay != null && deliverAt != null) {
            throw new IllegalArgumentException(
                    "an emission has a delay or a time of delivery, not both: had " + delay + " and " + deliverAt);
        }
        if (delay != null && expiry != null && expiry.compareTo(delay) <= 0) {
            throw new IllegalArgumentException(
                    "expiry must be more than the delay " + delay + ", was " + expiry + ": nothing could be delivered");
        }
    }

    /** Nothing special. */
    public static EmitOptions none() {
        return NONE;
    }

    /** In the transaction of a connection: {@code builder().inTransaction(connection).build()}. */
    public static EmitOptions inTransaction(Connection connection) {
        return builder().inTransaction(connection).build();
    }

    /** A builder. */
    public static Builder builder() {
        return new Builder();
    }

    /** What the event is to be written in, as the event store knows it; null for a transaction of the store's own. */
    public @Nullable Object transaction() {
        return transaction;
    }

    /** Is given what is to run once the transaction has been committed; null when nobody says when that is. */
    public @Nullable Consumer<Runnable> afterCommit() {
        return afterCommit;
    }

    /** How long after its acceptance the event is delivered; null for at once. */
    public @Nullable Duration delay() {
        return delay;
    }

    /** When the event is delivered; null for at once. */
    public @Nullable Instant deliverAt() {
        return deliverAt;
    }

    /** How long after its acceptance the event is worth delivering; null when each policy's time to live says. */
    public @Nullable Duration expiry() {
        return expiry;
    }

    /** How long an event of the same key counts as this one; null when none does. */
    public @Nullable Duration deduplicationWindow() {
        return deduplicationWindow;
    }

    /** What makes events the same; null for their source and id. */
    public @Nullable String deduplicationKey() {
        return deduplicationKey;
    }

    /** Extensions that the event gets. Unmodifiable. */
    public Map<String, Object> extensions() {
        return extensions;
    }

    @Override
    public String toString() {
        return "EmitOptions[delay=" + delay + ", deliverAt=" + deliverAt + ", expiry=" + expiry
                + ", deduplicationWindow=" + deduplicationWindow + ", extensions=" + extensions.keySet() + "]";
    }

    /** Builds {@link EmitOptions}. Not thread-safe. */
    public static final class Builder {
        private static final String PATH = "path";

        private @Nullable Duration delay;
        private @Nullable Instant deliverAt;
        private @Nullable Duration expiry;
        private @Nullable Duration deduplicationWindow;
        private @Nullable String deduplicationKey;
        private final Map<String, Object> extensions = new LinkedHashMap<>();
        private @Nullable Object transaction;
        private @Nullable Consumer<Runnable> afterCommit;

        private Builder() {}

        /**
         * Write the event and its deliveries in the transaction that is open on the connection: they are delivered after its
         * commit, and were never there after its rollback. The connection has to be one to the event store's own database, with
         * auto-commit off; it is not committed or closed. {@code emit} throws when it could not write, and the transaction may
         * then be of no use any more, as after any failed statement.
         *
         * <p>The sync subscriptions' functions are called after the commit, on the gateway's threads. Delivery starts when the
         * gateway sees the commit, which is a few milliseconds after it; at once with {@link #inTransaction(Connection,
         * Consumer)}. An emission whose transaction is still open, or was rolled back, after a minute completes as {@link
         * DeliveryStatus#DROPPED}; a commit later than that is still delivered, after more than eleven minutes only when this
         * gateway has ended. So it is with more than 100,000 deliveries in open transactions at a time.
         */
        public Builder inTransaction(Connection connection) {
            this.transaction = Objects.requireNonNull(connection, "connection must not be null");
            return this;
        }

        /**
         * As {@link #inTransaction(Connection)}, where somebody knows of the commit: a framework that manages transactions.
         *
         * @param afterCommit is given, while {@code emit} runs, what is to run right after the commit, on any thread; it is
         *     quick, and running it too early or never does no harm
         */
        public Builder inTransaction(Connection connection, Consumer<Runnable> afterCommit) {
            this.afterCommit = Objects.requireNonNull(afterCommit, "afterCommit must not be null");
            return inTransaction(connection);
        }

        /**
         * Deliver so long after the acceptance: zero to a year. The sync subscriptions' functions are then called on the
         * gateway's threads like all others.
         */
        public Builder delay(Duration delay) {
            this.delay = checked("delay", delay, true);
            return this;
        }

        /**
         * Deliver at that time, as {@link #delay}; at once when it is past. {@code emit} throws an {@link IllegalArgumentException}
         * when it is more than a year ahead by the gateway's clock, or not before the {@link #expiry} ends.
         */
        public Builder deliverAt(Instant time) {
            this.deliverAt = Objects.requireNonNull(time, "time must not be null");
            return this;
        }

        /** The event is worth nothing so long after its acceptance: more than zero, at most a year. */
        public Builder expiry(Duration expiry) {
            this.expiry = checked("expiry", expiry, false);
            return this;
        }

        /**
         * An event of the same source and id that was accepted in the space with this option less than the window ago is not
         * accepted again; {@link Emission#duplicate()} says so. More than zero, at most a year. An event of which a delivery was
         * dropped because the backlog was full does not count, so it can be sent again.
         *
         * <p>Gateways that share a database remember together, for the whole window, in the transaction of the event: an event whose
         * transaction was rolled back was never seen, and one whose transaction is open is waited for. The emission of an event that was
         * accepted elsewhere (by another process, in a transaction, or in an earlier life of this one) says that it is a duplicate, and has
         * no deliveries.
         *
         * <p>The gateway itself remembers the newest 100,000 keys in this process, as far as they fit into 64 MiB. Of an event whose
         * deliveries have ended it keeps neither the data nor what the functions returned, so the emission of a duplicate
         * lacks these then.
         *
         * <p>With {@link #inTransaction}, the store has to be one that remembers; {@code emit} throws an {@link
         * IllegalArgumentException} otherwise.
         */
        public Builder deduplicate(Duration window) {
            this.deduplicationWindow = checked("the window of deduplicate", window, false);
            return this;
        }

        /** As {@link #deduplicate(Duration)}, for events that have the same key of one's own. */
        public Builder deduplicate(String key, Duration window) {
            this.deduplicationKey = Objects.requireNonNull(key, "key must not be null");
            return deduplicate(window);
        }

        /**
         * An extension that the event gets in addition, as {@link Event.Builder#extension}; null for none of the name.
         *
         * @throws InvalidEventException if the name or the value is not valid
         */
        public Builder extension(String name, @Nullable Object value) {
            Attributes.extensionName(name);
            if (value == null) {
                extensions.remove(name);
            } else {
                extensions.put(name, Attributes.extensionValue(name, value));
            }
            return this;
        }

        /** Where the event came in, as the extension {@code path}; null for none. */
        public Builder path(@Nullable String path) {
            return extension(PATH, path);
        }

        private static Duration checked(String what, Duration value, boolean zeroToo) {
            Objects.requireNonNull(value, what);
            if (value.isNegative() || (value.isZero() && !zeroToo) || value.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException(what + " must be " + (zeroToo ? "zero" : "more than zero") + " to "
                        + LONGEST + ", was " + value);
            }
            return value;
        }

        /**
         * The options.
         *
         * @throws IllegalArgumentException if there are both a delay and a time of delivery, or the expiry is before the delay
         */
        public EmitOptions build() {
            return new EmitOptions(this);
        }
    }
}
