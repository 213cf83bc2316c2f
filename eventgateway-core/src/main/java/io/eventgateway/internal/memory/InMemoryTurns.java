package io.eventgateway.internal.memory;

import io.eventgateway.spi.EventStore.Delivery;
import io.eventgateway.spi.EventStore.DeliveryId;
import io.eventgateway.spi.EventStore.Turn;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is, by key and under limits. A turn is worth nothing once the lease that it was taken under has ended, unless a
 * dead letter holds the key: else a redriven delivery and a later one that has begun could wait for each other.
 *
 * <p>Not thread-safe: the store's lock guards it.
 */
final class InMemoryTurns {
    private record Key(String space, String subscriptionId, String orderKey) {}

    private record Limited(String space, String subscriptionId) {}

    private record Place(
            long position, DeliveryId id, @Nullable Instant notBefore) implements Comparable<Place> {
        static Place of(Delivery delivery, long position) {
            return new Place(position, delivery.id(), delivery.terms().notBefore());
        }

        boolean isDue(Instant now) {
            return notBefore == null || !notBefore.isAfter(now);
        }

        @Override
        public int compareTo(Place other) {
            int byPosition = Long.compare(position, other.position);
            return byPosition != 0 ? byPosition : id.compareTo(other.id);
        }
    }

    /** The pending deliveries of one key, and who has its turn: one of them, or a dead letter. */
    private static final class Line {
        private final NavigableSet<Place> pending = new TreeSet<>();
        private @Nullable Holder turn;
        private boolean held;

        boolean isFirst(DeliveryId id, Instant now) {
            for (Place place : pending) {
                if (place.id().equals(id)) {
                    return true;
                }
                if (place.isDue(now)) {
                    return false;
                }
            }
            return false;
        }
    }

    /** Whether a delivery is leased under a token. */
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

    private final Map<Key, Line> lines = new HashMap<>();
    private final Map<Limited, Map<DeliveryId, Holder>> slots = new HashMap<>();

    private static @Nullable Key key(Delivery delivery) {
        String orderKey = delivery.orderKey();
        return orderKey == null ? null : new Key(delivery.space(), delivery.subscriptionId(), orderKey);
    }

    void pending(Delivery delivery, long position) {
        Key key = key(delivery);
        if (key != null) {
            lines.computeIfAbsent(key, added -> new Line()).pending.add(Place.of(delivery, position));
        }
    }

    /** A delivery has ended, or is a dead letter that holds its key if it had its turn. */
    void ended(Delivery delivery, long position, boolean holdsKey) {
        attemptEnded(delivery);
        Key key = key(delivery);
        Line line = key == null ? null : lines.get(key);
        if (key == null || line == null) {
            return;
        }
        line.pending.remove(Place.of(delivery, position));
        if (line.turn != null && delivery.id().equals(line.turn.id())) {
            line.held = holdsKey;
            line.turn = holdsKey ? line.turn : null;
        }
        if (line.turn == null && line.pending.isEmpty()) {
            lines.remove(key);
        }
    }

    /** A dead letter is to be delivered again, and has its key like any other then. */
    void redriven(Delivery delivery) {
        Key key = key(delivery);
        Line line = key == null ? null : lines.get(key);
        if (line != null && line.turn != null && delivery.id().equals(line.turn.id())) {
            line.held = false;
        }
    }

    void attemptEnded(Delivery delivery) {
        Limited limited = new Limited(delivery.space(), delivery.subscriptionId());
        Map<DeliveryId, Holder> taken = slots.get(limited);
        if (taken != null && taken.remove(delivery.id()) != null && taken.isEmpty()) {
            slots.remove(limited);
        }
    }

    /** Gives a delivery its turn, unless it is another's; one that is not due yet holds up none of its key. */
    boolean take(Turn turn, Leases leases, Instant now) {
        Holder asking = new Holder(turn.id(), turn.token());
        if (turn.orderKey() != null) {
            Line line = lines.get(new Key(turn.space(), turn.subscriptionId(), turn.orderKey()));
            if (line != null) {
                Holder owner = line.turn;
                boolean free = owner == null || (!line.held && !owner.isLeased(leases));
                boolean mine = free ? line.isFirst(turn.id(), now) : !line.held && asking.equals(owner);
                if (!mine) {
                    return false;
                }
                line.turn = asking;
            }
        }
        if (turn.maxConcurrency() == 0) {
            return true;
        }
        Map<DeliveryId, Holder> taken =
                slots.computeIfAbsent(new Limited(turn.space(), turn.subscriptionId()), added -> new HashMap<>());
        taken.values().removeIf(holder -> !holder.isLeased(leases));
        if (taken.containsKey(turn.id())) {
            return true;
        }
        boolean hasRoom = taken.size() < turn.maxConcurrency();
        if (hasRoom) {
            taken.put(turn.id(), asking);
        }
        return hasRoom;
    }
}
