package io.eventgateway.internal.memory;

import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.delivery.DeadLetterOverflow;
import io.eventgateway.delivery.DeadLetterQuery;
import io.eventgateway.delivery.DeliveryAttempt;
import io.eventgateway.error.DeadLetterNotFoundException;
import io.eventgateway.history.EventQuery;
import io.eventgateway.history.RecordedEvent;
import io.eventgateway.history.Retention;
import io.eventgateway.spi.EventStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event store of a gateway that was given no other. It forgets a delivery when it is delivered, and a dead letter when there
 * is no room for one more.
 *
 * <p>Most deliveries are appended and completed by one gateway in one attempt, so these two steps are one operation each on a
 * concurrent map, whose value is then the delivery itself. Everything else makes a {@code Held} of it. {@code lock} guards that:
 * who is alive, the dead letters, and the moves of a delivery from one {@code Held} to the next, which replace it conditionally
 * because a completion may come in between.
 */
public class InMemoryEventStore implements EventStore {
    private static final Logger log = LoggerFactory.getLogger(InMemoryEventStore.class);

    /** A pending delivery that is not in its first lease and attempt. Compared by identity, as are deliveries. */
    private static final class Held {
        private final Delivery delivery;
        private final long position;
        private final @Nullable String holder;
        private final long token;
        private final List<DeliveryAttempt> attempts;
        private final @Nullable Instant dueAt;

        Held(
                Delivery delivery,
                long position,
                @Nullable String holder,
                long token,
                List<DeliveryAttempt> attempts,
                @Nullable Instant dueAt) {
            this.delivery = delivery;
            this.position = position;
            this.holder = holder;
            this.token = token;
            this.attempts = attempts;
            this.dueAt = dueAt;
        }

        /** When it is due, or was accepted: the order in which it is claimed. */
        Instant order() {
            return dueAt == null ? delivery.terms().acceptedAt() : dueAt;
        }

        boolean isDue(Instant before) {
            return dueAt == null || dueAt.isBefore(before);
        }
    }

    private record Dead(long sequence, Held held, DeadLetter letter) {
        Delivery delivery() {
            return held.delivery;
        }
    }

    private final int maxDeadLetters;
    private final DeadLetterOverflow overflow;
    private final InstantSource clock;
    private final InMemoryHistory history;
    /** The value is a {@code Delivery} in its first lease, or a {@code Held}. */
    private final Map<DeliveryId, Object> pending = new ConcurrentHashMap<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Instant> aliveUntil = new HashMap<>();
    /** Those whose deliveries others have begun to take over. */
    private final Set<String> gone = new HashSet<>();

    private final InMemoryTurns turns = new InMemoryTurns();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Map<DeliveryId, Dead> dead = new HashMap<>();
    private final NewestGone newestGone = new NewestGone();
    private final NavigableMap<Long, Dead> deadBySequence = new TreeMap<>();
    private long sequence;
    private long discarded;
    private volatile Consumer<DeliveryId> deadLetterGone = id -> {};

    /** A store that keeps that many dead letters, with a clock for leases and due times. */
    public InMemoryEventStore(
            int maxDeadLetters, DeadLetterOverflow overflow, Retention retention, InstantSource clock) {
        if (maxDeadLetters < 0) {
            throw new IllegalArgumentException("maxDeadLetters must be at least 0, was " + maxDeadLetters);
        }
        this.maxDeadLetters = maxDeadLetters;
        this.overflow = Objects.requireNonNull(overflow, "overflow");
        this.clock = clock;
        this.history = new InMemoryHistory(retention);
    }

    @Override
    public long[] append(List<Accepted> events, @Nullable Object transaction) {
        if (transaction != null) {
            throw new IllegalArgumentException(
                    "an event store in memory can't write in a transaction; give the gateway the"
                            + " store of the database that the connection is to");
        }
        long[] placed = new long[events.size()];
        for (int i = 0; i < placed.length; i++) {
            placed[i] = append(events.get(i));
        }
        return placed;
    }

    private long append(Accepted accepted) {
        List<Delivery> held = accepted.held();
        int needed = held.size() + accepted.free().size();
        long position = accepted.replayOf();
        if (position > 0) {
            history.need(position, needed);
        } else {
            position = history.record(accepted.space(), clock.instant(), accepted.event(), needed);
        }
        for (int i = 0; i < held.size(); i++) {
            Delivery delivery = held.get(i);
            if (delivery.orderKey() == null && !history.isKept()) {
                pending.put(delivery.id(), delivery);
            } else {
                keep(new Held(
                        delivery,
                        position,
                        delivery.id().instance(),
                        FIRST_TOKEN,
                        List.of(),
                        delivery.terms().notBefore()));
            }
        }
        for (Delivery delivery : accepted.free()) {
            keep(new Held(
                    delivery,
                    position,
                    null,
                    FIRST_TOKEN,
                    List.of(),
                    delivery.terms().notBefore()));
        }
        if (!accepted.free().isEmpty()) {
            listeners.forEach(Runnable::run);
        }
        return position;
    }

    private void keep(Held held) {
        lock.lock();
        try {
            turns.pending(held.delivery, held.position);
            pending.put(held.delivery.id(), held);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean hasHistory() {
        return history.isKept();
    }

    private static Held held(Object value) {
        return value instanceof Held held ? held : fresh((Delivery) value);
    }

    private static Held fresh(Delivery delivery) {
        return new Held(
                delivery,
                0,
                delivery.id().instance(),
                FIRST_TOKEN,
                List.of(),
                delivery.terms().notBefore());
    }

    @Override
    public List<Lease> claim(Claim claim) {
        lock.lock();
        try {
            Instant now = clock.instant();
            aliveUntil.put(claim.holder(), now.plus(claim.lease()));
            aliveUntil.forEach((holder, until) -> {
                if (!until.isAfter(now)) {
                    gone.add(holder);
                }
            });
            Instant dueBefore = now.plus(claim.dueWithin());
            record Free(Object value, Held held) {}
            List<Free> free = pending.values().stream()
                    .map(value -> new Free(value, held(value)))
                    .filter(each -> isFree(each.held) && each.held.isDue(dueBefore))
                    .filter(each -> claim.callable().test(each.held.delivery.space(), each.held.delivery.functionId()))
                    .sorted(Comparator.comparing((Free each) -> each.held.order())
                            .thenComparing(each -> each.held.delivery.id()))
                    .limit(claim.atMost())
                    .toList();
            List<Lease> leases = new ArrayList<>(free.size());
            for (Free each : free) {
                Held held = each.held;
                Held leased = new Held(
                        held.delivery, held.position, claim.holder(), held.token + 1, held.attempts, held.dueAt);
                if (pending.replace(held.delivery.id(), each.value, leased)) {
                    leases.add(lease(leased));
                }
            }
            return leases;
        } finally {
            lock.unlock();
        }
    }

    private static Lease lease(Held held) {
        return new Lease(held.delivery, held.position, held.token, held.attempts, held.dueAt);
    }

    private boolean isFree(Held held) {
        return held.holder == null || gone.contains(held.holder);
    }

    @Override
    public boolean renew(String holder, Duration lease) {
        lock.lock();
        try {
            boolean alive = !gone.contains(holder);
            if (alive) {
                aliveUntil.put(holder, clock.instant().plus(lease));
            }
            return alive;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void leave(String holder) {
        lock.lock();
        try {
            gone.add(holder);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Watch listen(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    private static final CompletableFuture<Boolean> DONE = CompletableFuture.completedFuture(true);
    private static final CompletableFuture<Boolean> STALE = CompletableFuture.completedFuture(false);

    private static CompletableFuture<Boolean> told(boolean done) {
        return done ? DONE : STALE;
    }

    @Override
    public CompletableFuture<Boolean> complete(DeliveryId id, long token) {
        Object value = pending.get(id);
        return told(
                (value instanceof Delivery && token == FIRST_TOKEN && pending.remove(id, value)) || ended(id, token));
    }

    private boolean ended(DeliveryId id, long token) {
        Held removed = remove(id, token, false);
        if (removed != null) {
            history.release(removed.position);
        }
        return removed != null;
    }

    private @Nullable Held remove(DeliveryId id, long token, boolean holdsKey) {
        lock.lock();
        try {
            Object value = pending.get(id);
            Held held = leased(value, token);
            if (held == null || value == null || !pending.remove(id, value)) {
                return null;
            }
            turns.ended(held.delivery, held.position, holdsKey);
            return held;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public CompletableFuture<Boolean> retry(DeliveryId id, long token, Instant dueAt, DeliveryAttempt failed) {
        return told(move(
                id,
                token,
                held -> new Held(
                        held.delivery, held.position, held.holder, token, with(held.attempts, failed), dueAt)));
    }

    @Override
    public CompletableFuture<Boolean> release(DeliveryId id, long token) {
        Instant now = clock.instant();
        boolean released = move(
                id,
                token,
                held -> new Held(
                        held.delivery,
                        held.position,
                        null,
                        token,
                        held.attempts,
                        held.order().isAfter(now) ? held.dueAt : now));
        if (released) {
            listeners.forEach(Runnable::run);
        }
        return told(released);
    }

    private boolean move(DeliveryId id, long token, UnaryOperator<Held> step) {
        lock.lock();
        try {
            Object value = pending.get(id);
            Held held = leased(value, token);
            if (held == null || value == null || !pending.replace(id, value, step.apply(held))) {
                return false;
            }
            turns.attemptEnded(held.delivery);
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public CompletableFuture<Boolean> takeTurn(Turn turn) {
        lock.lock();
        try {
            Object value = pending.get(turn.id());
            Held held = leased(value, turn.token());
            if (held == null || value == null || !turns.take(turn, this::isLeased, clock.instant())) {
                return STALE;
            }
            // no more the plain delivery, so that its completion comes by here
            return told(value == held || pending.replace(turn.id(), value, held));
        } finally {
            lock.unlock();
        }
    }

    /** Whether a delivery is leased under the token to a gateway that is not gone. */
    private boolean isLeased(DeliveryId id, long token) {
        Held held = leased(pending.get(id), token);
        return held != null && !gone.contains(held.holder);
    }

    @Override
    public Map<DeliveryId, State> states(Map<DeliveryId, Long> positionsById) {
        Map<DeliveryId, State> states = new HashMap<>();
        lock.lock();
        try {
            positionsById.forEach((id, position) -> states.put(
                    id,
                    pending.containsKey(id)
                            ? State.PENDING
                            : dead.containsKey(id)
                                    ? State.DEAD_LETTER
                                    : newestGone.state(id, position <= history.last() ? State.ENDED : State.UNKNOWN)));
        } finally {
            lock.unlock();
        }
        return states;
    }

    @Override
    public List<RecordedEvent> events(String space, EventQuery query) {
        return history.events(space, query, clock.instant());
    }

    @Override
    public Extent extent() {
        long last = history.last();
        return new Extent(last, last);
    }

    @Override
    public long consumed(String space, String consumer) {
        return history.consumed(space, consumer);
    }

    @Override
    public void consumed(String space, String consumer, long position) {
        history.consumed(space, consumer, position);
    }

    @Override
    public long erase(String space, String subject) {
        Set<String> events = new HashSet<>();
        List<DeliveryId> gone = new ArrayList<>();
        lock.lock();
        try {
            for (Object value : List.copyOf(pending.values())) {
                Held held = held(value);
                if (isOf(held.delivery, space, subject) && pending.remove(held.delivery.id(), value)) {
                    turns.ended(held.delivery, held.position, false);
                    history.release(held.position);
                    newestGone.erased(held.delivery.id());
                    events.add(held.delivery.event().getId());
                }
            }
            for (Dead each : List.copyOf(dead.values())) {
                if (isOf(each.delivery(), space, subject)) {
                    forget(each);
                    gone.add(each.delivery().id());
                    events.add(each.delivery().event().getId());
                }
            }
        } finally {
            lock.unlock();
        }
        gone.forEach(deadLetterGone);
        return Math.max(events.size(), history.erase(space, subject));
    }

    private static boolean isOf(Delivery delivery, String space, String subject) {
        return delivery.space().equals(space) && subject.equals(delivery.event().getSubject());
    }

    @Override
    public CompletableFuture<Boolean> deadLetter(
            DeliveryId id,
            long token,
            DeadLetter.Reason reason,
            String message,
            @Nullable DeliveryAttempt failed,
            boolean holdsKey) {
        DeliveryId discarded = null;
        lock.lock();
        try {
            Held held = remove(id, token, holdsKey);
            if (held == null) {
                return STALE;
            }
            Delivery delivery = held.delivery;
            discarded = keep(
                    held,
                    new DeadLetter(
                            id.toString(),
                            delivery.event(),
                            delivery.subscriptionId(),
                            delivery.functionId(),
                            reason,
                            message,
                            failed == null ? held.attempts : with(held.attempts, failed),
                            clock.instant()));
        } finally {
            lock.unlock();
        }
        if (discarded != null) {
            deadLetterGone.accept(discarded);
        }
        return DONE;
    }

    /** Keeps a dead letter; the id of the one that is discarded for that, which may be its own, or null. */
    private @Nullable DeliveryId keep(Held held, DeadLetter letter) {
        DeliveryId discarded = null;
        if (dead.size() >= maxDeadLetters) {
            if (maxDeadLetters == 0 || overflow == DeadLetterOverflow.DISCARD_NEWEST) {
                turns.ended(held.delivery, held.position, false);
                history.release(held.position);
                newestGone.givenUp(held.delivery.id());
                discard(letter);
                return held.delivery.id();
            }
            Dead oldest = deadBySequence.firstEntry().getValue();
            forget(oldest);
            discard(oldest.letter);
            discarded = oldest.delivery().id();
        }
        Dead added = new Dead(sequence++, held, letter);
        dead.put(added.delivery().id(), added);
        deadBySequence.put(added.sequence, added);
        return discarded;
    }

    private void discard(DeadLetter letter) {
        discarded++;
        if (Long.bitCount(discarded) == 1) { // the 1st, 2nd, 4th, 8th, ...: a full store should not fill the log too
            log.warn(
                    "{} dead letters were discarded because {} are kept at most; the latest was of event '{}' to function '{}'",
                    discarded,
                    maxDeadLetters,
                    letter.event().getId(),
                    letter.functionId());
        }
    }

    private static @Nullable Held leased(@Nullable Object value, long token) {
        if (value == null) {
            return null;
        }
        Held held = held(value);
        return held.holder != null && held.token == token ? held : null;
    }

    private static List<DeliveryAttempt> with(List<DeliveryAttempt> attempts, DeliveryAttempt failed) {
        List<DeliveryAttempt> all = new ArrayList<>(attempts);
        all.add(failed);
        return List.copyOf(all);
    }

    @Override
    public List<DeadLetter> deadLetters(String space, DeadLetterQuery query) {
        lock.lock();
        try {
            NavigableMap<Long, Dead> page = deadBySequence;
            if (query.after() != null) {
                Dead last = dead.get(DeliveryId.parse(query.after()));
                if (last == null) {
                    throw new DeadLetterNotFoundException("the page can't begin after dead letter '" + query.after()
                            + "': it is not there any more; begin with the first page");
                }
                page = deadBySequence.headMap(last.sequence, false);
            }
            Integer limit = query.limit();
            return page.descendingMap().values().stream()
                    .filter(each -> each.delivery().space().equals(space))
                    .map(Dead::letter)
                    .filter(query::matches)
                    .limit(limit == null ? Long.MAX_VALUE : limit)
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public @Nullable DeadLetter deadLetter(String space, DeliveryId id) {
        lock.lock();
        try {
            Dead found = find(space, id);
            return found == null ? null : found.letter;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long countDeadLetters(String space) {
        lock.lock();
        try {
            return dead.values().stream()
                    .filter(each -> each.delivery().space().equals(space))
                    .count();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public @Nullable Lease redrive(String space, DeliveryId id, String holder, @Nullable String functionId) {
        lock.lock();
        try {
            Dead found = find(space, id);
            if (found == null) {
                return null;
            }
            take(found);
            Delivery delivery = found.delivery();
            boolean elsewhere = functionId != null && !functionId.equals(delivery.functionId());
            if (elsewhere) {
                turns.ended(delivery, found.held.position, false); // it is out of its order
            }
            Held leased = new Held(
                    new Delivery(
                            id,
                            space,
                            delivery.event(),
                            new Terms(clock.instant(), null, null),
                            delivery.subscriptionId(),
                            functionId == null ? delivery.functionId() : functionId,
                            elsewhere ? null : delivery.orderKey()),
                    found.held.position,
                    holder,
                    found.held.token + 1,
                    found.letter.attempts(),
                    null);
            turns.redriven(leased.delivery);
            turns.pending(leased.delivery, leased.position);
            pending.put(id, leased);
            return lease(leased);
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Dead find(String space, DeliveryId id) {
        Dead found = dead.get(id);
        return found == null || !found.delivery().space().equals(space) ? null : found;
    }

    private void take(Dead letter) {
        dead.remove(letter.delivery().id());
        deadBySequence.remove(letter.sequence);
    }

    /** A dead letter is gone for good: it holds its key and its event no longer. */
    private void forget(Dead letter) {
        take(letter);
        newestGone.givenUp(letter.delivery().id());
        turns.ended(letter.delivery(), letter.held.position, false);
        history.release(letter.held.position);
    }

    @Override
    public boolean purge(String space, DeliveryId id) {
        lock.lock();
        try {
            Dead found = find(space, id);
            if (found == null) {
                return false;
            }
            forget(found);
        } finally {
            lock.unlock();
        }
        deadLetterGone.accept(id);
        return true;
    }

    @Override
    public void onDeadLetterGone(Consumer<DeliveryId> listener) {
        deadLetterGone = listener;
    }

    @Override
    public List<Pending> read(Query query) {
        DeliveryId after = query.after();
        return pending.values().stream()
                .map(InMemoryEventStore::held)
                .filter(each -> each.delivery.space().equals(query.space()))
                .filter(each -> after == null || each.delivery.id().compareTo(after) > 0)
                .sorted(Comparator.comparing(each -> each.delivery.id()))
                .limit(query.atMost())
                .map(each -> new Pending(each.delivery, each.attempts))
                .toList();
    }

    /** Nothing to release. */
    @Override
    public void close() {}
}
