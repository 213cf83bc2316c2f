package io.eventgateway.internal.memory;

import io.eventgateway.DeadLetter;
import io.eventgateway.DeadLetterNotFoundException;
import io.eventgateway.DeadLetterOverflow;
import io.eventgateway.DeadLetterQuery;
import io.eventgateway.DeliveryAttempt;
import io.eventgateway.spi.EventStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
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
        private final @Nullable String holder;
        private final long token;
        private final List<DeliveryAttempt> attempts;
        private final @Nullable Instant dueAt;

        Held(
                Delivery delivery,
                @Nullable String holder,
                long token,
                List<DeliveryAttempt> attempts,
                @Nullable Instant dueAt) {
            this.delivery = delivery;
            this.holder = holder;
            this.token = token;
            this.attempts = attempts;
            this.dueAt = dueAt;
        }

        Instant order() {
            return dueAt == null ? Instant.MIN : dueAt;
        }
    }

    private record Dead(long sequence, Delivery delivery, long token, DeadLetter letter) {}

    private final int maxDeadLetters;
    private final DeadLetterOverflow overflow;
    private final InstantSource clock;
    /** The value is a {@code Delivery} in its first lease, or a {@code Held}. */
    private final Map<DeliveryId, Object> pending = new ConcurrentHashMap<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Instant> aliveUntil = new HashMap<>();
    private final Map<DeliveryId, Dead> dead = new HashMap<>();
    private final NavigableMap<Long, Dead> deadBySequence = new TreeMap<>();
    private long sequence;
    private long discarded;

    /** A store that keeps that many dead letters, with a clock for leases and due times. */
    public InMemoryEventStore(int maxDeadLetters, DeadLetterOverflow overflow, InstantSource clock) {
        if (maxDeadLetters < 0) {
            throw new IllegalArgumentException("maxDeadLetters must be at least 0, was " + maxDeadLetters);
        }
        this.maxDeadLetters = maxDeadLetters;
        this.overflow = Objects.requireNonNull(overflow, "overflow");
        this.clock = clock;
    }

    @Override
    public void append(List<Delivery> deliveries) {
        for (int i = 0; i < deliveries.size(); i++) {
            Delivery delivery = deliveries.get(i);
            pending.put(delivery.id(), delivery);
        }
    }

    private static Held held(Object value) {
        return value instanceof Held held ? held : fresh((Delivery) value);
    }

    private static Held fresh(Delivery delivery) {
        return new Held(
                delivery,
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
            record Free(Object value, Held held) {}
            List<Free> free = pending.values().stream()
                    .map(value -> new Free(value, held(value)))
                    .filter(each -> isFree(each.held, now))
                    .filter(each -> claim.callable().test(each.held.delivery.space(), each.held.delivery.functionId()))
                    .sorted(Comparator.comparing((Free each) -> each.held.order())
                            .thenComparing(each -> each.held.delivery.id()))
                    .limit(claim.atMost())
                    .toList();
            List<Lease> leases = new ArrayList<>(free.size());
            for (Free each : free) {
                Held held = each.held;
                Held leased = new Held(held.delivery, claim.holder(), held.token + 1, held.attempts, held.dueAt);
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
        return new Lease(held.delivery, held.token, held.attempts, held.dueAt);
    }

    private boolean isFree(Held held, Instant now) {
        return held.holder == null || !isAlive(held.holder, now);
    }

    private boolean isAlive(String holder, Instant now) {
        Instant until = aliveUntil.get(holder);
        return until == null || until.isAfter(now);
    }

    @Override
    public boolean renew(String holder, Duration lease) {
        lock.lock();
        try {
            Instant now = clock.instant();
            boolean alive = isAlive(holder, now);
            if (alive) {
                aliveUntil.put(holder, now.plus(lease));
            }
            return alive;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean complete(DeliveryId id, long token) {
        Object value = pending.get(id);
        return (value instanceof Delivery && token == FIRST_TOKEN && pending.remove(id, value))
                || remove(id, token) != null;
    }

    private @Nullable Held remove(DeliveryId id, long token) {
        lock.lock();
        try {
            Object value = pending.get(id);
            Held held = leased(value, token);
            return held != null && value != null && pending.remove(id, value) ? held : null;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean retry(DeliveryId id, long token, Instant dueAt, DeliveryAttempt failed) {
        return move(id, token, held -> new Held(held.delivery, held.holder, token, with(held.attempts, failed), dueAt));
    }

    @Override
    public boolean release(DeliveryId id, long token) {
        return move(id, token, held -> new Held(held.delivery, null, token, held.attempts, held.dueAt));
    }

    private boolean move(DeliveryId id, long token, UnaryOperator<Held> step) {
        lock.lock();
        try {
            Object value = pending.get(id);
            Held held = leased(value, token);
            return held != null && value != null && pending.replace(id, value, step.apply(held));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean deadLetter(
            DeliveryId id, long token, DeadLetter.Reason reason, String message, @Nullable DeliveryAttempt failed) {
        lock.lock();
        try {
            Held held = remove(id, token);
            if (held == null) {
                return false;
            }
            Delivery delivery = held.delivery;
            keep(
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
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void keep(Held held, DeadLetter letter) {
        if (dead.size() >= maxDeadLetters) {
            if (maxDeadLetters == 0 || overflow == DeadLetterOverflow.DISCARD_NEWEST) {
                discard(letter);
                return;
            }
            Dead oldest = deadBySequence.pollFirstEntry().getValue();
            dead.remove(oldest.delivery.id());
            discard(oldest.letter);
        }
        Dead added = new Dead(sequence++, held.delivery, held.token, letter);
        dead.put(added.delivery.id(), added);
        deadBySequence.put(added.sequence, added);
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
            return page.descendingMap().values().stream()
                    .filter(each -> each.delivery.space().equals(space))
                    .map(Dead::letter)
                    .filter(query::matches)
                    .limit(query.limit())
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public @Nullable DeadLetter deadLetter(String space, DeliveryId id) {
        lock.lock();
        try {
            Dead found = dead.get(id);
            return found == null || !found.delivery.space().equals(space) ? null : found.letter;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long countDeadLetters(String space) {
        lock.lock();
        try {
            return dead.values().stream()
                    .filter(each -> each.delivery.space().equals(space))
                    .count();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public @Nullable Lease redrive(String space, DeliveryId id, String holder, @Nullable String functionId) {
        lock.lock();
        try {
            Dead found = take(space, id);
            if (found == null) {
                return null;
            }
            Delivery delivery = found.delivery;
            Held leased = new Held(
                    new Delivery(
                            id,
                            space,
                            delivery.event(),
                            new Terms(clock.instant(), null, null),
                            delivery.subscriptionId(),
                            functionId == null ? delivery.functionId() : functionId),
                    holder,
                    found.token + 1,
                    found.letter.attempts(),
                    null);
            pending.put(id, leased);
            return lease(leased);
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Dead take(String space, DeliveryId id) {
        Dead found = dead.get(id);
        if (found == null || !found.delivery.space().equals(space)) {
            return null;
        }
        dead.remove(id);
        deadBySequence.remove(found.sequence);
        return found;
    }

    @Override
    public boolean purge(String space, DeliveryId id) {
        lock.lock();
        try {
            return take(space, id) != null;
        } finally {
            lock.unlock();
        }
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
