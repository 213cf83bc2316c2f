package io.eventgateway.spi;

import io.eventgateway.Event;
import io.eventgateway.InvocationException;
import io.eventgateway.internal.memory.InMemoryEventStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Where accepted events and their async deliveries live until the deliveries have ended.
 *
 * <p>A delivery is always in one place: leased to one gateway, waiting to be claimed, a dead letter, or gone because it was
 * delivered. Every step is conditional on the {@code token} of the lease that it was taken under, so that a gateway that lost
 * its lease can't end what another has taken over (Kleppmann's fencing token).
 *
 * <p>Thread-safe. Every call is one atomic step with a time limit of the store's own; what it throws, it throws without having
 * changed anything. {@code EventStoreContract} in eventgateway-test is the contract as tests.
 */
public interface EventStore extends AutoCloseable {
    /** The token of the lease that {@link #append} gives. */
    long FIRST_TOKEN = 1;

    /**
     * What names a delivery.
     *
     * @param instance the gateway that accepted the event, unique for each that ever was
     * @param number counts up in that gateway
     */
    record DeliveryId(String instance, long number) implements Comparable<DeliveryId> {
        /** Refuses a null instance. */
        public DeliveryId {
            Objects.requireNonNull(instance, "instance");
        }

        @Override
        public int hashCode() {
            return Long.hashCode(number * 0x9e3779b97f4a7c15L)
                    ^ instance.hashCode(); // a record's own is slower, and this is hot
        }

        @Override
        public int compareTo(DeliveryId other) {
            int byInstance = instance.compareTo(other.instance);
            return byInstance != 0 ? byInstance : Long.compare(number, other.number);
        }
    }

    /** One event on its way to one subscription's function; {@code event} is the same for all deliveries of an emission. */
    record Delivery(DeliveryId id, String space, Event event, String subscriptionId, String functionId) {
        /** Refuses nulls. */
        public Delivery {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(space, "space");
            Objects.requireNonNull(event, "event");
            Objects.requireNonNull(subscriptionId, "subscriptionId");
            Objects.requireNonNull(functionId, "functionId");
        }
    }

    /**
     * A call that failed.
     *
     * @param number the first is 1
     * @param statusCode what the function answered; 0 when there was no answer with one
     */
    record Attempt(
            int number,
            Instant startedAt,
            Duration duration,
            InvocationException.Kind kind,
            String message,
            int statusCode) {
        /** Refuses nulls. */
        public Attempt {
            Objects.requireNonNull(startedAt, "startedAt");
            Objects.requireNonNull(duration, "duration");
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(message, "message");
        }
    }

    /** A delivery that the holder may attempt, with the attempts that were made before. */
    record Lease(Delivery delivery, long token, List<Attempt> attempts) {
        /** Copies the attempts. */
        public Lease {
            Objects.requireNonNull(delivery, "delivery");
            attempts = List.copyOf(attempts);
        }
    }

    /**
     * What a gateway asks to be leased.
     *
     * @param holder the gateway that asks; its leases hold for as long as it {@link #renew renews} them
     * @param atMost how many deliveries, at least 1
     * @param callable tells from space and function id whether the gateway can call the function
     */
    record Claim(String holder, Duration lease, int atMost, BiPredicate<String, String> callable) {
        /** Refuses nulls, a lease that is not positive, and less than one delivery. */
        public Claim {
            Objects.requireNonNull(holder, "holder");
            Objects.requireNonNull(callable, "callable");
            if (lease.isNegative() || lease.isZero()) {
                throw new IllegalArgumentException("lease must be more than zero, was " + lease);
            }
            if (atMost < 1) {
                throw new IllegalArgumentException("atMost must be at least 1, was " + atMost);
            }
        }
    }

    /** Where a delivery stands. */
    enum State {
        /** Leased, or waiting for its next attempt. */
        PENDING,
        /** Given up, and kept. */
        DEAD_LETTERED
    }

    /**
     * Which deliveries to read, in the order of their ids.
     *
     * @param after the last id of the page before; null for the first page
     * @param atMost the size of the page, at least 1
     */
    record Query(String space, State state, @Nullable DeliveryId after, int atMost) {
        /** Refuses nulls and an empty page. */
        public Query {
            Objects.requireNonNull(space, "space");
            Objects.requireNonNull(state, "state");
            if (atMost < 1) {
                throw new IllegalArgumentException("atMost must be at least 1, was " + atMost);
            }
        }
    }

    /**
     * A delivery as it is kept.
     *
     * @param reason why it was given up; null while it is pending
     */
    record Kept(
            Delivery delivery,
            State state,
            List<Attempt> attempts,
            @Nullable String reason) {
        /** Copies the attempts. */
        public Kept {
            Objects.requireNonNull(delivery, "delivery");
            Objects.requireNonNull(state, "state");
            attempts = List.copyOf(attempts);
        }
    }

    /** A store in memory, empty, that keeps the newest 1,000 dead letters. */
    static EventStore inMemory() {
        return inMemory(1_000, InstantSource.system());
    }

    /** A store in memory, empty, that keeps the newest dead letters up to that many, and goes by the clock. */
    static EventStore inMemory(int maxDeadLetters, InstantSource clock) {
        return new InMemoryEventStore(maxDeadLetters, clock);
    }

    /**
     * Keeps an event's deliveries, all of them or none, leased under {@link #FIRST_TOKEN} to the gateway that their ids name.
     * When this returns, they survive whatever the store survives.
     *
     * @param deliveries of one event, at least one
     */
    void append(List<Delivery> deliveries);

    /**
     * Leases deliveries that are due and that no living gateway holds, those due first first. A holder is alive until the
     * lease that it last claimed or renewed with has run out; one that did neither is alive for as long as the store's process
     * is.
     */
    List<Lease> claim(Claim claim);

    /** Extends every lease of the holder; false when they had run out, so that others may have taken them over. */
    boolean renew(String holder, Duration lease);

    /** Ends a delivery that succeeded; false when the token is not that of its lease, and nothing changed. */
    boolean complete(DeliveryId id, long token);

    /**
     * Gives a delivery back to wait for its next attempt; false as {@link #complete}.
     *
     * @param failed the last attempt; null when none was made, because the gateway closes
     */
    boolean reschedule(DeliveryId id, long token, Instant dueAt, @Nullable Attempt failed);

    /**
     * Gives a delivery up and keeps it; false as {@link #complete}.
     *
     * @param failed the last attempt; null when the delivery was given up before one was made
     */
    boolean deadLetter(DeliveryId id, long token, String reason, @Nullable Attempt failed);

    /** One page of the deliveries that are kept. */
    List<Kept> read(Query query);

    /** Releases what the store holds. A gateway does not close a store that it was given. */
    @Override
    void close();
}
