package io.eventgateway.internal.memory;

import io.eventgateway.spi.EventStore.Delivery;
import io.eventgateway.spi.EventStore.DeliveryId;
import io.eventgateway.spi.EventStore.Turn;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Whose turn it is, by key and under limits. Not thread-safe: the store's lock guards it. */
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
        private @Nullable DeliveryId turn;

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

    private final Map<Key, Line> lines = new HashMap<>();
    private final Map<Limited, Set<DeliveryId>> slots = new HashMap<>();

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
        if (!holdsKey && delivery.id().equals(line.turn)) {
            line.turn = null;
        }
        if (line.turn == null && line.pending.isEmpty()) {
            lines.remove(key);
        }
    }

    void attemptEnded(Delivery delivery) {
        Limited limited = new Limited(delivery.space(), delivery.subscriptionId());
        Set<DeliveryId> taken = slots.get(limited);
        if (taken != null && taken.remove(delivery.id()) && taken.isEmpty()) {
            slots.remove(limited);
        }
    }

    /** Gives a delivery its turn, unless it is another's; one that is not due yet holds up none of its key. */
    boolean take(Turn turn, Instant now) {
        if (turn.orderKey() != null) {
            Line line = lines.get(new Key(turn.space(), turn.subscriptionId(), turn.orderKey()));
            if (line != null) {
                boolean mine = line.turn == null ? line.isFirst(turn.id(), now) : line.turn.equals(turn.id());
                if (!mine) {
                    return false;
                }
                line.turn = turn.id();
            }
        }
        if (turn.maxConcurrency() == 0) {
            return true;
        }
        Set<DeliveryId> taken =
                slots.computeIfAbsent(new Limited(turn.space(), turn.subscriptionId()), added -> new HashSet<>());
        return taken.contains(turn.id()) || (taken.size() < turn.maxConcurrency() && taken.add(turn.id()));
    }
}
