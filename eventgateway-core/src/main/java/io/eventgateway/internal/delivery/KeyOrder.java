package io.eventgateway.internal.delivery;

import io.eventgateway.spi.EventStore;
import io.eventgateway.spi.EventStore.DeliveryId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The order of one subscription's deliveries by key: of those with the same key one at a time is on its way, and the next goes
 * when that has ended.
 *
 * <p>The first of a key is given the key's {@link Permit}, and gives it back here, whatever has become of the subscription and
 * its policy meanwhile. {@code lock} guards the permits and the queues behind them; nothing is begun or ended under it.
 */
public final class KeyOrder {
    private static final int COMPACTED_FROM = 16;
    private static final int LONGEST_RUN = 100;

    /**
     * Deliveries of one key that have their turns together, one after the other, in the order of their positions.
     *
     * @param owner the last of them, to which the store has given the turn
     * @param first the position of the first
     * @param last the position of the last
     */
    public record Run(DeliveryId owner, long first, long last) {
        boolean covers(EmittedDelivery delivery) {
            return delivery.position() >= first
                    && delivery.position() <= last
                    && delivery.token() == EventStore.FIRST_TOKEN
                    && delivery.id().instance().equals(owner.instance());
        }
    }

    /**
     * The right of one delivery to be on its way with its key, with the queue of those that wait for it. It is there while the
     * key is in use, so that an idle key costs nothing.
     */
    public final class Permit {
        private final Object key;
        /** Null while a dead letter holds the key. */
        private @Nullable EmittedDelivery holder;
        /** Null while nobody waits, as with most keys. */
        private @Nullable Deque<EmittedDelivery> waiting;
        /** How many of those that wait have ended. */
        private int over;
        /** The deliveries that the store has given their turns together; null for none. */
        private @Nullable Run run;

        private Permit(Object key) {
            this.key = key;
        }

        /** Adds a delivery behind those that were accepted before it: that is where a store that gateways share has it too. */
        private void add(EmittedDelivery delivery) {
            Deque<EmittedDelivery> queue = waiting;
            if (queue == null) {
                queue = new ArrayDeque<>(2);
                waiting = queue;
            }
            Deque<EmittedDelivery> later = new ArrayDeque<>(0);
            while (!queue.isEmpty() && queue.getLast().acceptance() > delivery.acceptance()) {
                later.push(queue.removeLast());
            }
            queue.add(delivery);
            queue.addAll(later);
        }

        /** The first of those that wait and have not ended; it waits no more. */
        private @Nullable EmittedDelivery poll() {
            EmittedDelivery next = waiting == null ? null : waiting.poll();
            while (next != null && next.isOver()) {
                next = waiting == null ? null : waiting.poll();
            }
            return next;
        }

        /** The store has given a run of the key's deliveries their turns. */
        public void run(Run granted) {
            lock.lock();
            try {
                run = granted;
            } finally {
                lock.unlock();
            }
        }

        /** Returns the delivery to which the store has given the turn of the last run; null when there was none, or its dead letter has it. */
        public @Nullable DeliveryId runOwner() {
            lock.lock();
            try {
                return run == null ? null : run.owner();
            } finally {
                lock.unlock();
            }
        }

        /** Returns whether a delivery has its turn with the run. */
        public boolean covers(EmittedDelivery delivery) {
            lock.lock();
            try {
                return run != null && run.covers(delivery);
            } finally {
                lock.unlock();
            }
        }

        /** Returns the first of those that wait for the key. */
        public List<DeliveryId> followers() {
            lock.lock();
            try {
                List<DeliveryId> followers = new ArrayList<>();
                if (waiting != null) {
                    for (EmittedDelivery next : waiting) {
                        if (followers.size() == LONGEST_RUN) {
                            break;
                        }
                        if (!next.isOver()) {
                            followers.add(next.id());
                        }
                    }
                }
                return followers;
            } finally {
                lock.unlock();
            }
        }

        /** No other delivery of the run has its turn any more: a dead letter holds the key, or another gateway's delivery is first. */
        public void endRun() {
            lock.lock();
            try {
                run = null;
            } finally {
                lock.unlock();
            }
        }

        /** Passes the key on before the end of its holder is written, if the next delivery has its turn, too. */
        void passOnWithinRun(EmittedDelivery from) {
            EmittedDelivery next;
            lock.lock();
            try {
                if (holder != from || run == null) {
                    return;
                }
                next = first();
                if (next == null || !run.covers(next)) {
                    return;
                }
                Objects.requireNonNull(waiting).remove();
                holder = next;
                next.keyPermit(this);
            } finally {
                lock.unlock();
            }
            HandOff.run(next::keyGranted);
        }

        /** Returns the first of those that wait and have not ended, which goes on waiting. */
        private @Nullable EmittedDelivery first() {
            Deque<EmittedDelivery> queue = waiting;
            while (queue != null && !queue.isEmpty() && queue.getFirst().isOver()) {
                queue.removeFirst();
            }
            return queue == null ? null : queue.peekFirst();
        }

        /** Gives the key back: it is the next one's. Does nothing when it is not this delivery's any more. */
        void giveBack(EmittedDelivery delivery) {
            passOn(this, delivery);
        }

        /** Leaves the key to the dead letter that the delivery became, unless that is gone already. */
        void leaveTo(HeldKeys deadLetters, DeliveryId id, EmittedDelivery delivery) {
            lock.lock();
            try {
                if (holder == delivery && deadLetters.has(id)) {
                    holder = null;
                    return;
                }
            } finally {
                lock.unlock();
            }
            passOn(this, delivery);
        }

        /** The dead letter that holds the key is gone: the key is the next one's. */
        void giveBackHeld() {
            passOn(this, null);
        }

        /** The dead letter that holds the key is this delivery again. */
        void giveTo(EmittedDelivery redriven) {
            lock.lock();
            try {
                holder = redriven;
            } finally {
                lock.unlock();
            }
        }

        /** Returns when the key may be free for others, on the clock's timer. */
        long freeAt() {
            EmittedDelivery now;
            lock.lock();
            try {
                now = holder;
            } finally {
                lock.unlock();
            }
            return now == null ? Long.MAX_VALUE : now.goesOnAt();
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Object, Permit> permits = new HashMap<>();

    /** Gives a delivery its key's permit, or has it wait for that; then {@link EmittedDelivery#keyGranted} is called in time. */
    boolean acquire(EmittedDelivery delivery, Object key) {
        lock.lock();
        try {
            Permit permit = permits.get(key);
            if (permit == null) {
                permit = new Permit(key);
                permit.holder = delivery;
                permits.put(key, permit);
                delivery.keyPermit(permit);
                return true;
            }
            delivery.waitsFor(permit);
            permit.add(delivery);
            return false;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Gives the permit of a delivery to one that was accepted earlier and came later, if there is one: where gateways share the
     * order, the store would let no other begin.
     *
     * @return the delivery that has the permit now
     */
    public EmittedDelivery earliest(EmittedDelivery owner, Permit permit) {
        lock.lock();
        try {
            EmittedDelivery first = permit.first();
            if (permit.holder != owner || first == null || first.position() >= owner.position()) {
                return owner;
            }
            Objects.requireNonNull(permit.waiting).removeFirst();
            owner.keyPermit(null);
            owner.waitsFor(permit);
            permit.add(owner);
            permit.holder = first;
            first.keyPermit(permit);
            return first;
        } finally {
            lock.unlock();
        }
    }

    private void passOn(Permit permit, @Nullable EmittedDelivery from) {
        EmittedDelivery next;
        lock.lock();
        try {
            if (permit.holder != from) {
                return;
            }
            next = permit.poll();
            permit.holder = next;
            if (next == null) {
                permits.remove(permit.key);
                return;
            }
            next.keyPermit(permit);
        } finally {
            lock.unlock();
        }
        HandOff.run(next::keyGranted);
    }

    /** Counts a waiting delivery that has ended: when many have, they are taken out. A run ends with the delivery that has its turn. */
    void leftQueue(Permit permit, EmittedDelivery ended) {
        lock.lock();
        try {
            if (permit.run != null && permit.run.owner().equals(ended.id())) {
                permit.run = null;
            }
            Deque<EmittedDelivery> queue = permit.waiting;
            if (queue != null && ++permit.over >= COMPACTED_FROM && permit.over * 2 >= queue.size()) {
                queue.removeIf(EmittedDelivery::isOver);
                permit.over = 0;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Shows all that wait for a key. */
    void forEachWaiting(Consumer<? super EmittedDelivery> action) {
        lock.lock();
        try {
            for (Permit permit : permits.values()) {
                if (permit.waiting != null) {
                    permit.waiting.forEach(action);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Returns how many keys are in use. */
    int size() {
        lock.lock();
        try {
            return permits.size();
        } finally {
            lock.unlock();
        }
    }
}
