package io.eventgateway.internal.delivery.shared;

import io.eventgateway.internal.delivery.DeliveryEngine;
import io.eventgateway.internal.delivery.DeliveryStore.StoredEmission;
import io.eventgateway.internal.delivery.PendingEmission;
import io.eventgateway.spi.EventStore;
import io.eventgateway.spi.EventStore.DeliveryId;
import io.eventgateway.spi.EventStore.State;
import io.eventgateway.spi.EventStore.Terms;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The deliveries of this gateway that were written in emitters' transactions and begin when these are committed, which nobody
 * tells: so it is looked at, at a pace that fits the transaction's age. One that was just emitted is looked at within a
 * millisecond, one that is open for a second eight times a second.
 *
 * <p>After a minute the emission ends. The delivery is looked after for ten more, and is for any gateway if it is committed then.
 * One that is committed later still is this gateway's, and taken over when that ends.
 *
 * <p>Emitters add; everything else is done by {@link ClaimPoller}, one look after the other.
 */
final class OpenTransactions {
    private static final long SOONEST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long SHARE = 8;
    private static final long EMISSION_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long LAST_NANOS = TimeUnit.MINUTES.toNanos(11);
    private static final long EXPEDITED_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final int ASKED_AT_MOST = 500;
    private static final int MOST = 100_000;

    /** A delivery whose transaction is open. */
    private static final class Open {
        private final DeliveryId id;
        private final int index;
        private final StoredEmission stored;
        private final Terms terms;
        private final long since;
        /** True when this gateway is to make the delivery, false when it follows it. */
        private final boolean here;
        /** Null when the emission has ended. */
        private @Nullable PendingEmission emission;

        private long nextAt;

        Open(PendingEmission emission, int index, StoredEmission stored, Terms terms, long since, boolean here) {
            this.here = here;
            this.id = stored.deliveries().get(index).id();
            this.emission = emission;
            this.index = index;
            this.stored = stored;
            this.terms = terms;
            this.since = since;
            this.nextAt = since + SOONEST_NANOS / 2;
        }
    }

    private final DeliveryEngine engine;
    private final SharedStore sharing;
    private final EventStore store;
    private final Queue<Open> added = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final PriorityQueue<Open> waiting = new PriorityQueue<>((a, b) -> Long.compare(a.nextAt - b.nextAt, 0));
    /** Guards what waits: of those who look there is one at a time, but the gateway may close meanwhile. */
    private final ReentrantLock lock = new ReentrantLock();

    private volatile boolean expedited;

    OpenTransactions(DeliveryEngine engine, SharedStore sharing, EventStore store) {
        this.engine = engine;
        this.sharing = sharing;
        this.store = store;
    }

    void await(PendingEmission emission, int index, StoredEmission stored, Terms terms, boolean here) {
        if (size.incrementAndGet() > MOST) {
            size.decrementAndGet();
            // it is this gateway's, and begins when that ends; so many transactions are not open at a time
            RemoteDeliveries.end(
                    emission, index, "the gateway looks after no more than " + MOST + " open transactions");
            return;
        }
        added.add(new Open(emission, index, stored, terms, engine.scheduler().now(), here));
    }

    /** A transaction was committed just now. */
    void expedite() {
        expedited = true;
    }

    /** Returns in how many nanoseconds to look again; negative for never. */
    long nextIn() {
        if (!added.isEmpty()) {
            return SOONEST_NANOS / 2;
        }
        lock.lock();
        try {
            Open next = waiting.peek();
            return next == null
                    ? -1
                    : Math.max(0, next.nextAt - engine.scheduler().now());
        } finally {
            lock.unlock();
        }
    }

    /** Begins what was committed. */
    void look() {
        lock.lock();
        try {
            lookLocked();
        } finally {
            lock.unlock();
        }
    }

    private void lookLocked() {
        long now = engine.scheduler().now();
        boolean all = expedited;
        expedited = false;
        Open next = added.poll();
        while (next != null) {
            waiting.add(next);
            next = added.poll();
        }
        List<Open> asked = new ArrayList<>();
        while (!waiting.isEmpty()
                && asked.size() < ASKED_AT_MOST
                && (waiting.peek().nextAt - now <= 0 || (all && now - waiting.peek().since < EXPEDITED_NANOS))) {
            asked.add(waiting.remove());
        }
        if (asked.isEmpty()) {
            return;
        }
        Map<DeliveryId, Long> positions = new HashMap<>();
        asked.forEach(open -> positions.put(open.id, open.stored.position()));
        Map<DeliveryId, State> states = Map.of();
        try {
            states = store.states(positions);
        } finally {
            for (Open open : asked) {
                if (settled(open, states.getOrDefault(open.id, State.UNKNOWN), now)) {
                    size.decrementAndGet();
                } else {
                    open.nextAt = now + Math.max(SOONEST_NANOS, (now - open.since) / SHARE);
                    waiting.add(open);
                }
            }
        }
    }

    /** Returns whether it need not be looked after any more. */
    private boolean settled(Open open, State state, long now) {
        PendingEmission emission = open.emission;
        switch (state) {
            case PENDING -> {
                if (!open.here) {
                    if (emission != null) {
                        sharing.follow(emission, open.index, open.stored);
                    }
                    return true;
                }
                if (emission == null) {
                    store.release(open.id, EventStore.FIRST_TOKEN);
                    return true;
                }
                if (!engine.backlog().tryTake()) {
                    return false; // there is no room now
                }
                engine.start(sharing.accepted(emission, open.index, open.terms, open.stored), open.terms.notBefore());
                return true;
            }
            case UNKNOWN -> {
                if (emission != null && now - open.since > EMISSION_NANOS) {
                    open.emission = null;
                    engine.offThisThread(() -> RemoteDeliveries.end(
                            emission, open.index, "its transaction was not committed within a minute"));
                }
                return now - open.since > LAST_NANOS;
            }
            default -> { // another gateway had it
                if (emission != null) {
                    engine.offThisThread(() -> sharing.remote().end(emission, open.index, open.id, state));
                }
                return true;
            }
        }
    }

    /** The gateway closes; what is committed from now on is for others. */
    void close() {
        List<Open> left = new ArrayList<>(added);
        lock.lock();
        try {
            left.addAll(waiting);
            waiting.clear();
        } finally {
            lock.unlock();
        }
        for (Open open : left) {
            PendingEmission emission = open.emission;
            if (emission != null) {
                RemoteDeliveries.release(
                        emission, open.index, "the gateway closed before the transaction was committed");
            }
        }
    }
}
