package io.eventgateway.internal.memory;

import io.eventgateway.spi.EventStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The event store of a gateway that was given no other. It forgets a delivery when it is delivered, and its oldest dead letter
 * when there is no room for one more.
 *
 * <p>Most deliveries are appended and completed by one gateway in one attempt, so these two steps are one operation each on a
 * concurrent map. {@code lock} guards everything else: who is alive, the dead letters, and the moves of a delivery from one
 * {@code Held} to the next, which replace it conditionally because a completion may come in between.
 */
public class InMemoryEventStore implements EventStore {
    /** A pending delivery. Compared by identity, so that a conditional replacement fails if anybody moved it meanwhile. */
    private static final class Held {
        private final Delivery delivery;
        private final @Nullable String holder;
        private final long token;
        private final List<Attempt> attempts;
        private final Instant dueAt;

        Held(Delivery delivery, @Nullable String holder, long token, List<Attempt> attempts, Instant dueAt) {
            this.delivery = delivery;
            this.holder = holder;
            this.token = token;
            this.attempts = attempts;
            this.dueAt = dueAt;
        }
    }

    private final int maxDeadLetters;
    private final InstantSource clock;
    private final Map<DeliveryId, Held> pending = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Instant> aliveUntil = new HashMap<>();
    private final Map<DeliveryId, Kept> deadLetters = new LinkedHashMap<>();

    /** A store that keeps that many dead letters, with a clock for leases and due times. */
    public InMemoryEventStore(int maxDeadLetters, InstantSource clock) {
        if (maxDeadLetters < 0) {
            throw new IllegalArgumentException("maxDeadLetters must be at least 0, was " + maxDeadLetters);
        }
        this.maxDeadLetters = maxDeadLetters;
        this.clock = clock;
    }

    @Override
    public void append(List<Delivery> deliveries) {
        for (int i = 0; i < deliveries.size(); i++) {
            Delivery delivery = deliveries.get(i);
            pending.put(
                    delivery.id(), new Held(delivery, delivery.id().instance(), FIRST_TOKEN, List.of(), Instant.MIN));
        }
    }

    @Override
    public List<Lease> claim(Claim claim) {
        lock.lock();
        try {
            Instant now = clock.instant();
            aliveUntil.put(claim.holder(), now.plus(claim.lease()));
            List<Held> free = pending.values().stream()
                    .filter(held -> isFree(held, now))
                    .filter(held -> claim.callable().test(held.delivery.space(), held.delivery.functionId()))
                    .sorted(Comparator.comparing((Held held) -> held.dueAt).thenComparing(held -> held.delivery.id()))
                    .limit(claim.atMost())
                    .toList();
            List<Lease> leases = new ArrayList<>(free.size());
            for (Held held : free) {
                Held leased = new Held(held.delivery, claim.holder(), held.token + 1, held.attempts, held.dueAt);
                if (pending.replace(held.delivery.id(), held, leased)) {
                    leases.add(new Lease(leased.delivery, leased.token, leased.attempts));
                }
            }
            return leases;
        } finally {
            lock.unlock();
        }
    }

    private boolean isFree(Held held, Instant now) {
        return held.holder == null ? !held.dueAt.isAfter(now) : !isAlive(held.holder, now);
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
        Held held = leased(id, token);
        return held != null && pending.remove(id, held);
    }

    @Override
    public boolean reschedule(DeliveryId id, long token, Instant dueAt, @Nullable Attempt failed) {
        lock.lock();
        try {
            Held held = leased(id, token);
            return held != null
                    && pending.replace(
                            id, held, new Held(held.delivery, null, token, with(held.attempts, failed), dueAt));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean deadLetter(DeliveryId id, long token, String reason, @Nullable Attempt failed) {
        lock.lock();
        try {
            Held held = leased(id, token);
            if (held == null || !pending.remove(id, held)) {
                return false;
            }
            deadLetters.put(id, new Kept(held.delivery, State.DEAD_LETTERED, with(held.attempts, failed), reason));
            if (deadLetters.size() > maxDeadLetters) {
                Iterator<DeliveryId> oldest = deadLetters.keySet().iterator();
                oldest.next();
                oldest.remove();
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Held leased(DeliveryId id, long token) {
        Held held = pending.get(id);
        return held != null && held.holder != null && held.token == token ? held : null;
    }

    private static List<Attempt> with(List<Attempt> attempts, @Nullable Attempt failed) {
        if (failed == null) {
            return attempts;
        }
        List<Attempt> all = new ArrayList<>(attempts);
        all.add(failed);
        return List.copyOf(all);
    }

    @Override
    public List<Kept> read(Query query) {
        lock.lock();
        try {
            List<Kept> kept = query.state() == State.DEAD_LETTERED
                    ? List.copyOf(deadLetters.values())
                    : pending.values().stream()
                            .map(held -> new Kept(held.delivery, State.PENDING, held.attempts, null))
                            .toList();
            DeliveryId after = query.after();
            return kept.stream()
                    .filter(each -> each.delivery().space().equals(query.space()))
                    .filter(each -> after == null || each.delivery().id().compareTo(after) > 0)
                    .sorted(Comparator.comparing(each -> each.delivery().id()))
                    .limit(query.atMost())
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /** Nothing to release. */
    @Override
    public void close() {}
}
