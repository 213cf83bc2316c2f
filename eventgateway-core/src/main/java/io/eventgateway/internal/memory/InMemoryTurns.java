package io.eventgateway.internal.memory;

import io.eventgateway.spi.EventStore;
import io.eventgateway.spi.EventStore.Delivery;
import io.eventgateway.spi.EventStore.DeliveryId;
import io.eventgateway.spi.EventStore.Run;
import io.eventgateway.spi.EventStore.Turn;
import io.eventgateway.spi.EventStore.TurnAnswer;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Gives deliveries their turns, by key and under limits. A turn is worth nothing once the lease that it was taken under
 * has ended, unless a dead letter holds the key: else a redriven delivery and a later one that has begun could wait for
 * each other.
 *
 * <p>Not thread-safe: the store's lock guards it.
 */
final class InMemoryTurns {
    private record Key(String space, String subscriptionId, String orderKey) {}

    private record Limited(String space, String subscriptionId) {}

    private record Queued(
            long position, DeliveryId id, @Nullable Instant notBefore) implements Comparable<Queued> {
        static Queued of(Delivery delivery, long position) {
            return new Queued(position, delivery.id(), delivery.terms().notBefore());
        }

        boolean isDue(Instant now) {
            return notBefore == null || !notBefore.isAfter(now);
        }

        @Override
        public int compareTo(Queued other) {
            int byPosition = Long.compare(position, other.position);
            return byPosition != 0 ? byPosition : id.compareTo(other.id);
        }
    }

    /** The pending deliveries of one key, and who has its turn: one of them, or a dead letter. */
    private static final class KeyQueue {
        private final NavigableSet<Queued> pending = new TreeSet<>();
        private @Nullable Holder turn;
        private boolean held;
        /** The last position of the run that the turn is for. */
        private long runLast;

        /** Returns whether the turn is that of a delivery, or of a run that it is in. */
        boolean hasTurn(DeliveryId id, long position) {
            return turn != null
                    && !held
                    && (turn.id().equals(id)
                            || (turn.token() == EventStore.FIRST_TOKEN
                                    && turn.id().instance().equals(id.instance())
                                    && position <= runLast));
        }

        boolean isFirst(DeliveryId id, Instant now) {
            for (Queued queued : pending) {
                if (queued.id().equals(id)) {
                    return true;
                }
                if (queued.isDue(now)) {
                    return false;
                }
            }
            return false;
        }
    }

    /** Tells whether a delivery is leased under a token. */
    @FunctionalInterface
    interface Leases {
        boolean isLeased(DeliveryId id, long token);
    }

    /** The lease that a turn was taken under. */
    private record Holder(DeliveryId id, long token) {
        boolean isLeased(Leases leases) {
            return leases.isLeased(id, token);
        }
    }

    private final Map<Key, KeyQueue> queues = new HashMap<>();
    private final Map<Limited, Map<DeliveryId, Holder>> limited = new HashMap<>();

    private static @Nullable Key key(Delivery delivery) {
        String orderKey = delivery.orderKey();
        return orderKey == null ? null : new Key(delivery.space(), delivery.subscriptionId(), orderKey);
    }

    void pending(Delivery delivery, long position) {
        Key key = key(delivery);
        if (key != null) {
            queues.computeIfAbsent(key, added -> new KeyQueue()).pending.add(Queued.of(delivery, position));
        }
    }

    /** A delivery has ended, or is a dead letter that holds its key if it had its turn. */
    void ended(Delivery delivery, long position, boolean holdsKey) {
        attemptEnded(delivery);
        Key key = key(delivery);
        KeyQueue queue = key == null ? null : queues.get(key);
        if (key == null || queue == null) {
            return;
        }
        queue.pending.remove(Queued.of(delivery, position));
        if (holdsKey && queue.hasTurn(delivery.id(), position)) {
            queue.held = true;
            queue.turn = new Holder(delivery.id(), EventStore.FIRST_TOKEN); // a dead letter has no lease
        } else if (queue.turn != null && delivery.id().equals(queue.turn.id())) {
            queue.held = false;
            queue.turn = null;
        }
        if (queue.turn == null && queue.pending.isEmpty()) {
            queues.remove(key);
        }
    }

    /** A dead letter is to be delivered again, and has its key like any other then. */
    void redriven(Delivery delivery) {
        Key key = key(delivery);
        KeyQueue queue = key == null ? null : queues.get(key);
        if (queue != null && queue.turn != null && delivery.id().equals(queue.turn.id())) {
            queue.held = false;
        }
    }

    void attemptEnded(Delivery delivery) {
        Limited subscription = new Limited(delivery.space(), delivery.subscriptionId());
        Map<DeliveryId, Holder> taken = limited.get(subscription);
        if (taken != null && taken.remove(delivery.id()) != null && taken.isEmpty()) {
            limited.remove(subscription);
        }
    }

    /**
     * Gives a delivery the turn of its key together with those that follow it in their first lease at the same gateway, unless it is
     * another's.
     */
    Run takeRun(Turn turn, List<DeliveryId> followers, @Nullable DeliveryId before, Leases leases, Instant now) {
        KeyQueue queue = turn.orderKey() == null
                ? null
                : queues.get(new Key(turn.space(), turn.subscriptionId(), turn.orderKey()));
        if (queue != null
                && queue.turn != null
                && !queue.held
                && (queue.turn.id().equals(before) || followers.contains(queue.turn.id()))) {
            queue.turn = null; // none of those is being made
        }
        if (!take(turn, leases, now)) {
            return new Run(TurnAnswer.NOT_YET, turn.id(), turn.position());
        }
        if (queue == null || turn.token() != EventStore.FIRST_TOKEN) {
            return new Run(TurnAnswer.GRANTED, turn.id(), turn.position());
        }
        Queued last = new Queued(turn.position(), turn.id(), null);
        Iterator<DeliveryId> expected = followers.iterator();
        for (Queued next : queue.pending.tailSet(last, false)) {
            if (!expected.hasNext()
                    || !next.id().equals(expected.next())
                    || !next.id().instance().equals(turn.id().instance())
                    || !leases.isLeased(next.id(), EventStore.FIRST_TOKEN)) {
                break;
            }
            last = next;
        }
        queue.turn = new Holder(last.id(), EventStore.FIRST_TOKEN);
        queue.runLast = last.position();
        return new Run(TurnAnswer.GRANTED, last.id(), last.position());
    }

    /** Gives a delivery its turn, unless it is another's; one that is not due yet holds up none of its key. */
    boolean take(Turn turn, Leases leases, Instant now) {
        Holder asking = new Holder(turn.id(), turn.token());
        if (turn.orderKey() != null) {
            KeyQueue queue = queues.get(new Key(turn.space(), turn.subscriptionId(), turn.orderKey()));
            if (queue != null) {
                Holder owner = queue.turn;
                boolean free = owner == null || (!queue.held && !owner.isLeased(leases));
                boolean mine = free ? queue.isFirst(turn.id(), now) : !queue.held && asking.equals(owner);
                if (!mine) {
                    return false;
                }
                queue.turn = asking;
                queue.runLast = 0;
            }
        }
        if (turn.maxConcurrency() == 0) {
            return true;
        }
        Map<DeliveryId, Holder> taken =
                limited.computeIfAbsent(new Limited(turn.space(), turn.subscriptionId()), added -> new HashMap<>());
        taken.values().removeIf(holder -> !holder.isLeased(leases));
        if (taken.containsKey(turn.id())) {
            return true;
        }
        boolean admitted = taken.size() < turn.maxConcurrency();
        if (admitted) {
            taken.put(turn.id(), asking);
        }
        return admitted;
    }
}
