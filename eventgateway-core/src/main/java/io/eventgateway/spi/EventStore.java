package io.eventgateway.spi;

import io.eventgateway.Event;
import io.eventgateway.annotation.Experimental;
import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.delivery.DeadLetterOverflow;
import io.eventgateway.delivery.DeadLetterQuery;
import io.eventgateway.delivery.DeliveryAttempt;
import io.eventgateway.delivery.RateLimit;
import io.eventgateway.error.DeadLetterNotFoundException;
import io.eventgateway.history.EventQuery;
import io.eventgateway.history.RecordedEvent;
import io.eventgateway.history.Retention;
import io.eventgateway.internal.memory.InMemoryEventStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where accepted events and their async deliveries live until the deliveries have ended, and events longer where there is a
 * history.
 *
 * <p>A delivery is always in one place: leased to one gateway, waiting to be claimed, a dead letter, or gone because it was
 * delivered. Every step is conditional on the {@code token} of the lease that it was taken under, so that a gateway that lost
 * its lease can't end what another has taken over (Kleppmann's fencing token).
 *
 * <p>Thread-safe. Every call is one atomic step with a time limit of the store's own; what it throws, it throws without having
 * changed anything. {@code EventStoreContract} in eventgateway-test is the contract as tests.
 */
@Experimental
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

        /** The instance, a dash, the number: what {@link #parse} reads, and the id of a dead letter. */
        @Override
        public String toString() {
            return instance + "-" + number;
        }

        /** What {@link #toString} wrote; null when it did not write this. */
        public static @Nullable DeliveryId parse(String text) {
            int dash = text.lastIndexOf('-');
            try {
                return dash < 0
                        ? null
                        : new DeliveryId(text.substring(0, dash), Long.parseLong(text, dash + 1, text.length(), 10));
            } catch (NumberFormatException e) {
                return null;
            }
        }
    }

    /**
     * When an event was accepted and when it may be delivered.
     *
     * @param notBefore no attempt begins before; null for at once
     * @param expiresAt no attempt begins then or later; null when the subscription's policy alone says
     */
    record Terms(
            Instant acceptedAt,
            @Nullable Instant notBefore,
            @Nullable Instant expiresAt) {
        /** Refuses a null time of acceptance. */
        public Terms {
            Objects.requireNonNull(acceptedAt, "acceptedAt");
        }
    }

    /**
     * One event on its way to one subscription's function; event and terms are the same for all deliveries of an emission.
     *
     * @param orderKey what the subscription orders its deliveries by has this value for the event; null when it orders none
     */
    record Delivery(
            DeliveryId id,
            String space,
            Event event,
            Terms terms,
            String subscriptionId,
            String functionId,
            @Nullable String orderKey) {
        /** Refuses nulls where a value must be. */
        public Delivery {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(space, "space");
            Objects.requireNonNull(event, "event");
            Objects.requireNonNull(terms, "terms");
            Objects.requireNonNull(subscriptionId, "subscriptionId");
            Objects.requireNonNull(functionId, "functionId");
        }

        /** A delivery without an order. */
        public Delivery(
                DeliveryId id, String space, Event event, Terms terms, String subscriptionId, String functionId) {
            this(id, space, event, terms, subscriptionId, functionId, null);
        }
    }

    /**
     * That an event must not be kept twice within a time.
     *
     * @param key what makes events of a space the same; null for their source and id
     * @param window how long another event of the same key is a duplicate of this one, from its acceptance
     */
    record Once(@Nullable String key, Duration window) {
        /** Refuses a window that is not positive. */
        public Once {
            if (window.isNegative() || window.isZero()) {
                throw new IllegalArgumentException("window must be more than zero, was " + window);
            }
        }
    }

    /**
     * An event that was accepted, with its deliveries, of which there may be none.
     *
     * @param held those leased under {@link #FIRST_TOKEN} to the gateway that their ids name
     * @param free those that any gateway may claim
     * @param replayOf the position of the recorded event that is delivered again, which is then not recorded once more; 0 for
     *     an event of its own
     * @param once that the event must not be kept twice; null when it may, and always where the store does not {@link #deduplicates}
     */
    record Accepted(
            String space,
            Event event,
            Terms terms,
            List<Delivery> held,
            List<Delivery> free,
            long replayOf,
            @Nullable Once once) {
        /** Copies the lists. */
        public Accepted {
            Objects.requireNonNull(space, "space");
            Objects.requireNonNull(event, "event");
            Objects.requireNonNull(terms, "terms");
            held = List.copyOf(held);
            free = List.copyOf(free);
        }

        /** An event that may be kept twice. */
        public Accepted(
                String space, Event event, Terms terms, List<Delivery> held, List<Delivery> free, long replayOf) {
            this(space, event, terms, held, free, replayOf, null);
        }
    }

    /**
     * A delivery that the holder may attempt, with the attempts that were made before.
     *
     * @param position that of its event, as {@link #append} told it
     * @param dueAt when the next attempt may begin; null for at once
     */
    record Lease(
            Delivery delivery,
            long position,
            long token,
            List<DeliveryAttempt> attempts,
            @Nullable Instant dueAt) {
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
     * @param dueWithin only those due in less than that
     * @param callable tells from space and function id whether the gateway can call the function
     */
    record Claim(String holder, Duration lease, int atMost, Duration dueWithin, BiPredicate<String, String> callable) {
        /** Refuses nulls, a lease that is not positive, and less than one delivery. */
        public Claim {
            Objects.requireNonNull(holder, "holder");
            Objects.requireNonNull(dueWithin, "dueWithin");
            Objects.requireNonNull(callable, "callable");
            if (lease.isNegative() || lease.isZero()) {
                throw new IllegalArgumentException("lease must be more than zero, was " + lease);
            }
            if (atMost < 1) {
                throw new IllegalArgumentException("atMost must be at least 1, was " + atMost);
            }
        }
    }

    /**
     * What a delivery needs before its function is called, where gateways share an order or a limit.
     *
     * @param position that of its event
     * @param orderKey no earlier delivery of the subscription with this key may be pending, unless it is put off and not due yet; null
     *     for no order
     * @param maxConcurrency how many deliveries of the subscription may have a turn at a time; 0 for any number
     */
    record Turn(
            DeliveryId id,
            long token,
            String space,
            String subscriptionId,
            long position,
            @Nullable String orderKey,
            int maxConcurrency) {
        /** Refuses nulls where a value must be. */
        public Turn {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(space, "space");
            Objects.requireNonNull(subscriptionId, "subscriptionId");
        }
    }

    /** What a store answers to the outcome of an attempt. */
    enum OutcomeAnswer {
        /** The outcome is written, by this call or by an earlier try of the same call whose answer was lost. */
        DONE,
        /**
         * The token is not that of a lease: another gateway has taken the delivery over, or its event was erased. Nothing changed,
         * neither of the delivery nor of what it held.
         */
        NOT_YOURS
    }

    /** What a store answers to a delivery that asks for its turn. */
    enum TurnAnswer {
        /** The delivery has its turn. */
        GRANTED,
        /** The turn is another delivery's; this one asks again later. */
        NOT_YET,
        /** The token is not that of a lease: another gateway has taken the delivery over, or it is not pending any more. It never has a turn. */
        NOT_YOURS
    }

    /** Where a delivery is. */
    enum State {
        /** The store does not know its event: it was never appended, its transaction has not been committed, or it is forgotten. */
        UNKNOWN,
        /** The delivery is still to be made. */
        PENDING,
        /** The delivery is a dead letter, or was one that was discarded or purged. A store remembers that for an hour at least. */
        DEAD_LETTER,
        /** The delivery was given up without a dead letter, or dropped. A store remembers that for an hour at least. */
        DROPPED,
        /** The delivery was made. */
        DELIVERED
    }

    /**
     * Which pending deliveries to read, in the order of their ids.
     *
     * @param after the last id of the page before; null for the first page
     * @param atMost the size of the page, at least 1
     */
    record Query(String space, @Nullable DeliveryId after, int atMost) {
        /** Refuses nulls and an empty page. */
        public Query {
            Objects.requireNonNull(space, "space");
            if (atMost < 1) {
                throw new IllegalArgumentException("atMost must be at least 1, was " + atMost);
            }
        }
    }

    /** A pending delivery as it is kept. */
    record Pending(Delivery delivery, List<DeliveryAttempt> attempts) {
        /** Copies the attempts. */
        public Pending {
            Objects.requireNonNull(delivery, "delivery");
            attempts = List.copyOf(attempts);
        }
    }

    /** A store in memory, empty, that keeps the newest 10,000 dead letters. */
    static EventStore inMemory() {
        return inMemory(10_000, InstantSource.system());
    }

    /** A store in memory, empty, that keeps the newest dead letters up to that many, and goes by the clock. */
    static EventStore inMemory(int maxDeadLetters, InstantSource clock) {
        return inMemory(maxDeadLetters, DeadLetterOverflow.DISCARD_OLDEST, clock);
    }

    /** A store in memory, empty, that keeps up to that many dead letters and no history, and goes by the clock. */
    static EventStore inMemory(int maxDeadLetters, DeadLetterOverflow overflow, InstantSource clock) {
        return inMemory(maxDeadLetters, overflow, Retention.NONE, clock);
    }

    /** A store in memory, empty, that keeps up to that many dead letters and that much history, and goes by the clock. */
    static EventStore inMemory(
            int maxDeadLetters, DeadLetterOverflow overflow, Retention history, InstantSource clock) {
        return new InMemoryEventStore(maxDeadLetters, overflow, history, clock);
    }

    /** A subscription to what a store tells of itself; it goes on until it is closed. */
    interface Watch extends AutoCloseable {
        /** Ends the watch. */
        @Override
        void close();
    }

    /**
     * Keeps events with their deliveries, all of them or none. When this returns, they survive whatever the store survives; with
     * a transaction, once that is committed.
     *
     * @param transaction what {@link io.eventgateway.EmitOptions#transaction()} has, to be written in; null for one of the
     *     store's own
     * <p>A recorded event that is delivered again is looked up in the same step: when it was erased or forgotten, none of its
     * deliveries is kept, and what erases it later finds them.
     *
     * @return the position of each event: larger than that of every event whose append had returned before this one began; 0 for a
     *     recorded event that is not there any more
     * @throws IllegalArgumentException if the store can't write in such a transaction
     * @throws DuplicateEventException if some of the events must not be kept {@linkplain Accepted#once twice}, and are duplicates of events
     *     that were kept before, or of earlier ones in the list; none is kept then, and the transaction goes on. An event whose transaction
     *     is open is waited for, and one whose transaction was rolled back was never there
     */
    long[] append(List<Accepted> events, @Nullable Object transaction);

    /** Whether events that have no deliveries, or end at once, are worth an {@link #append}: because the store has a history. */
    boolean hasHistory();

    /**
     * Leases deliveries that no living gateway holds; of one function those due first first. A holder is alive until the lease
     * that it last claimed or renewed with has run out, and another gateway has claimed since; one that did neither is alive
     * for as long as the store says. One that another has begun to take over from claims nothing, until it {@link #renew renews} under
     * another name.
     */
    List<Lease> claim(Claim claim);

    /** Extends every lease of the holder; false when another gateway has begun to take them over. */
    boolean renew(String holder, Duration lease);

    /**
     * The holder ends: what it still holds is for others, at once. Outcomes of its deliveries that are not written yet get no other
     * try, and their futures end.
     */
    void leave(String holder);

    /**
     * Tells whenever there may be something to claim that was not there before, on any thread. The listener is brief and does
     * not call the store. A store that can't tell never does.
     */
    Watch listen(Runnable listener);

    /**
     * Ends a delivery that was made.
     *
     * <p>Like all that end an attempt, this is written together with others where that is faster, and tried again for as long as
     * the store can't be reached: a delivery has no better place to wait. Where an answer of the database is lost, the store finds
     * out what it was. So the future ends exceptionally only when {@linkplain #leave the gateway has left} or the store refuses
     * what is to be written.
     */
    CompletableFuture<OutcomeAnswer> complete(DeliveryId id, long token);

    /** Ends a delivery that was not made, and of which nothing is kept; as {@link #complete}. */
    CompletableFuture<OutcomeAnswer> drop(DeliveryId id, long token);

    /** Keeps a failed attempt of a delivery, whose lease goes on while it waits for the next; as {@link #complete}. */
    CompletableFuture<OutcomeAnswer> retry(DeliveryId id, long token, Instant dueAt, DeliveryAttempt failed);

    /**
     * Gives a delivery back, for any gateway to claim; as {@link #complete}. It is claimed after those that have been due for longer:
     * a gateway without room gives back what is to wait for them.
     */
    CompletableFuture<OutcomeAnswer> release(DeliveryId id, long token);

    /**
     * Gives a delivery up and keeps it; as {@link #complete}.
     *
     * @param failed the last attempt; null when the delivery was given up without one, or it is kept already
     * @param holdsKey whether the later deliveries of its key wait until the dead letter is redriven or purged; only of a delivery
     *     that has its key's turn
     */
    CompletableFuture<OutcomeAnswer> deadLetter(
            DeliveryId id,
            long token,
            DeadLetter.Reason reason,
            String message,
            @Nullable DeliveryAttempt failed,
            boolean holdsKey);

    /**
     * Gives a delivery its turn: for its key until it ends, under the limit until its attempt has ended, and neither for longer
     * than its lease. The future ends exceptionally when the store gave up.
     *
     * <p>The turn of a key goes to the earliest pending delivery, unless a later one has the turn already: an earlier one may have
     * been a dead letter that was redriven meanwhile. When the lease of that later one ends, its turn ends, so that the two never
     * wait for each other.
     */
    CompletableFuture<TurnAnswer> takeTurn(Turn turn);

    /**
     * Gives back what a delivery has under its subscription's limit, because its attempt is not made after all; as {@link #complete}. The
     * delivery goes on waiting, and keeps its key.
     */
    CompletableFuture<OutcomeAnswer> returnPlace(DeliveryId id, long token);

    /**
     * What a store answers to a delivery that asks for the turn of its key, and for those that follow it.
     *
     * @param owner the delivery of the run that the turn belongs to: the last one, whose end gives the turn back
     * @param last the position of the last delivery of the run
     */
    record Run(TurnAnswer answer, DeliveryId owner, long last) {
        /** Refuses nulls. */
        public Run {
            Objects.requireNonNull(answer, "answer");
            Objects.requireNonNull(owner, "owner");
        }
    }

    /**
     * Gives a delivery the turn of its key, and with it the deliveries of the same gateway that follow it, as long as they are in their
     * first lease and no other pending delivery of the key has a position in between. The gateway makes the deliveries of such a run
     * one after the other without asking again, and need not wait for the end of one to be written before it begins the next. A store
     * may give runs of one delivery only, as this method does unless a store has a better one.
     *
     * @param turn of a delivery with a key, without a limit
     * @param followers the deliveries of the key that wait behind it at this gateway, by their positions; perhaps not all of them. The
     *     turn may be one of theirs, which is not being made
     * @param before the owner of the gateway's run before, none of whose deliveries is being made. The turn may still be that one's, and
     *     is given back when the answer is NOT_YET. Null for none
     */
    default CompletableFuture<Run> takeRun(Turn turn, List<DeliveryId> followers, @Nullable DeliveryId before) {
        return takeTurn(turn).thenApply(answer -> new Run(answer, turn.id(), turn.position()));
    }

    /**
     * Where deliveries are.
     *
     * @param positions the position of the event of each
     */
    Map<DeliveryId, State> states(Map<DeliveryId, Long> positions);

    /**
     * Recorded events of a space that the query matches, the earliest first, and none behind the {@link Extent#settled settled}
     * position. Empty where there is no history. An event that can't be read is there without its data, and says so.
     */
    List<RecordedEvent> events(String space, EventQuery query);

    /**
     * How far the history goes.
     *
     * @param last the position of the newest event; 0 when there is none
     * @param settled no event will appear at this position or before any more, unless its transaction has been open for more
     *     than ten seconds
     */
    record Extent(long last, long settled) {}

    /** How far the history goes. */
    Extent extent();

    /** The position that a consumer of the history has reached; 0 when it is not known. */
    long consumed(String space, String consumer);

    /** Sets the position of a consumer of the history, forward or back; 0 to forget it. */
    void consumed(String space, String consumer, long position);

    /**
     * Sets the position of a consumer of the history if it is the expected one, in one step.
     *
     * @param expected the position that the consumer has; 0 when it is not known
     * @param position the new one, more than 0
     * @return the position that the consumer has now: the new one if it was set
     */
    long advance(String space, String consumer, long expected, long position);

    /**
     * Forgets everything about the events of a subject: recorded events, pending deliveries and dead letters. What is appended or moved
     * at the same time comes before the erasure, and is erased, or after it: no delivery and no dead letter stays without its event.
     *
     * @return how many events that were
     */
    long erase(String space, String subject);

    /**
     * The dead letters of a space that the query matches, the one given up last first.
     *
     * @throws DeadLetterNotFoundException if the query begins after one that is not there any more
     */
    List<DeadLetter> deadLetters(String space, DeadLetterQuery query);

    /** A dead letter of a space; null when there is none. */
    @Nullable DeadLetter deadLetter(String space, DeliveryId id);

    /** How many dead letters a space has. */
    long countDeadLetters(String space);

    /**
     * Makes a pending delivery of a dead letter, accepted now, without a time before or after which it may not be delivered, with
     * its attempts, and leased to the holder; null when there is no such dead letter.
     *
     * @param functionId the function that it is to go to instead; null for its own
     */
    @Nullable Lease redrive(String space, DeliveryId id, String holder, @Nullable String functionId);

    /** Forgets a dead letter; false when there is none. */
    boolean purge(String space, DeliveryId id);

    /**
     * Tells of each dead letter that is not kept any more, and is not a delivery again: because it was purged or erased, or there was no
     * room for it. A gateway sets the listener before it uses a store that no other gateway looks into; a store that gateways
     * share holds the keys of ordered deliveries itself, and need not tell. The listener is brief; the store holds no lock
     * while it calls it.
     */
    default void onDeadLetterGone(Consumer<DeliveryId> listener) {
        Objects.requireNonNull(listener, "listener");
    }

    /** One page of the pending deliveries. */
    List<Pending> read(Query query);

    /** Returns whether {@link #append} obeys {@link Accepted#once}. */
    default boolean deduplicates() {
        return false;
    }

    /**
     * Forgets that an event was kept which must not be kept twice, so that it may be accepted again. Does nothing when it is not known.
     *
     * @param key that of {@link Once}
     */
    default void forget(String space, Event event, @Nullable String key) {}

    /**
     * What a gateway asks of the bucket of a subscription's rate limit, which gateways share.
     *
     * @param wanted how many tokens, at least 1
     */
    record TokenRequest(String space, String subscriptionId, RateLimit limit, int wanted) {
        /** Refuses nulls and less than one token. */
        public TokenRequest {
            Objects.requireNonNull(space, "space");
            Objects.requireNonNull(subscriptionId, "subscriptionId");
            Objects.requireNonNull(limit, "limit");
            if (wanted < 1) {
                throw new IllegalArgumentException("wanted must be at least 1, was " + wanted);
            }
        }
    }

    /**
     * Tokens that were taken out of a shared bucket.
     *
     * @param tokens how many; 0 when there was none
     * @param next how long until there is one, when there was none; else zero
     */
    record TokenLease(int tokens, Duration next) {
        /** Refuses a null time. */
        public TokenLease {
            Objects.requireNonNull(next, "next");
        }
    }

    /** Returns whether gateways share rate limits by {@link #leaseTokens}. */
    default boolean sharesRateLimits() {
        return false;
    }

    /**
     * Takes tokens out of the bucket of a subscription: as many as are wanted, as far as there are. A bucket that nobody has taken from for
     * long is full. The future ends exceptionally when the store could not tell; it is asked again later.
     */
    default CompletableFuture<TokenLease> leaseTokens(TokenRequest request) {
        return CompletableFuture.failedFuture(
                new UnsupportedOperationException("this event store shares no rate limits"));
    }

    /** The name of a function. */
    record FunctionName(String space, String functionId) {
        /** Refuses nulls. */
        public FunctionName {
            Objects.requireNonNull(space, "space");
            Objects.requireNonNull(functionId, "functionId");
        }
    }

    /**
     * A function that a gateway can call.
     *
     * @param isOwn whether no other process could ever call it, because its handler has no name that another could register: deliveries to
     *     it end as dropped when the gateway is gone
     */
    record Callable(FunctionName name, boolean isOwn) {
        /** Refuses a null name. */
        public Callable {
            Objects.requireNonNull(name, "name");
        }
    }

    /**
     * Notes which functions a holder can call, in place of what it noted before. They count for as long as the holder is alive. The store drops
     * the free deliveries to a function that is a holder's own when the holder has left, or has been gone for so long that it does not come
     * back under another name.
     */
    default void announce(String holder, Set<Callable> functions) {}

    /** Returns the functions that living holders have announced; null when the store does not know. */
    default @Nullable Set<FunctionName> callable() {
        return null;
    }

    /**
     * Notes in a function's own transaction that it handles an event for a subscription. A second transaction that notes the same waits
     * for the first. Notes are kept for a time that the store says.
     *
     * @param transaction what {@link #append} takes
     * @param event is known by its source and id
     * @return whether it was not noted before, by a transaction that was committed or by this one
     * @throws IllegalArgumentException if the store can't write in such a transaction
     * @throws UnsupportedOperationException if the store has no transactions
     */
    default boolean inbox(String space, String subscriptionId, Event event, Object transaction) {
        throw new UnsupportedOperationException("the event store " + getClass().getSimpleName()
                + " has no inbox, since it has no transactions that a function"
                + " could write in; use a store on a database, such as JdbcStores");
    }

    /** Releases what the store holds. A gateway does not close a store that it was given. */
    @Override
    void close();
}
