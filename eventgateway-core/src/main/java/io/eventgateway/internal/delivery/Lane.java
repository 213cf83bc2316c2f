package io.eventgateway.internal.delivery;

import io.eventgateway.Event;
import io.eventgateway.delivery.Batching;
import io.eventgateway.delivery.CircuitBreakerPolicy;
import io.eventgateway.delivery.OrderBy;
import io.eventgateway.delivery.RateLimit;
import io.eventgateway.spi.EventStore.DeliveryId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The order and the limits of one subscription's deliveries. A subscription that has neither has no lane.
 *
 * <p>A delivery waits twice: until it is the first of its key, and then, in {@code ready}, until the limits let its call begin.
 * It owns its key until it ends, and a place under the limits while its function is called.
 *
 * <p>{@code lock} guards everything. Nothing is begun or ended under it.
 */
final class Lane {
    private static final long PLACE_BACKOFF_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** The deliveries of one key. It is there while one of them has not ended, so that an idle key costs nothing. */
    private static final class Line {
        /** Those that wait; null while none does, as with most keys. */
        private @Nullable Deque<EmittedDelivery> behind;

        /** The dead letter that holds the key, until it is redriven or purged. */
        private @Nullable DeliveryId heldBy;

        /** Behind those of the same and of smaller positions: that is where the store has it too. */
        void add(EmittedDelivery delivery) {
            Deque<EmittedDelivery> waiting = behind;
            if (waiting == null) {
                waiting = new ArrayDeque<>(2);
                behind = waiting;
            }
            Deque<EmittedDelivery> later = new ArrayDeque<>(0);
            while (!waiting.isEmpty() && waiting.getLast().position() > delivery.position()) {
                later.push(waiting.removeLast());
            }
            waiting.add(delivery);
            waiting.addAll(later);
        }

        void dropOver() {
            while (behind != null && !behind.isEmpty() && behind.getFirst().isOver()) {
                behind.removeFirst();
            }
        }

        boolean hasBefore(EmittedDelivery delivery) {
            return behind != null && !behind.isEmpty() && behind.getFirst().position() < delivery.position();
        }

        @Nullable EmittedDelivery poll() {
            return behind == null ? null : behind.poll();
        }

        Collection<EmittedDelivery> waiting() {
            return behind == null ? List.of() : behind;
        }
    }

    private final Deliveries room;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Object, Line> lines = new HashMap<>();
    private final Deque<EmittedDelivery> ready = new ArrayDeque<>();
    private @Nullable Breaker breaker;
    /** That of the subscription's own policy; asked before the function's. */
    private @Nullable Breaker own;

    private @Nullable CircuitBreakerPolicy ownPolicy;
    /** Read without the lock. */
    private volatile @Nullable OrderBy ordering;

    private @Nullable Batching batching;
    private int maxConcurrency;
    private @Nullable RateLimit rateLimit;
    private @Nullable TokenBucket bucket;
    private int underWay;
    /** Other gateways have all the places there are; until this lane looks again. */
    private boolean placesAreTaken;
    /** When this lane looks again by itself: for a token, or because a batch has waited long enough. */
    private Timers.@Nullable Entry wakeUp;
    /** When the first of those that wait may expire, in milliseconds of the clock. */
    private long sweepAt = Long.MAX_VALUE;

    private Timers.@Nullable Entry sweep;

    /** How many calls may be under way while the pool's threads are scarce; 0 while they are not. */
    private int crowdLimit;
    /** What to do when nothing waits here any more. */
    private final Runnable whenEmpty;

    private boolean closed;

    Lane(Deliveries room, EffectivePolicy policy) {
        this(room, () -> {});
        obey(policy, null);
    }

    private Lane(Deliveries room, Runnable whenEmpty) {
        this.room = room;
        this.whenEmpty = whenEmpty;
    }

    /** A lane for a target that has too many deliveries in the pool's queue. */
    static Lane forCrowd(Deliveries room, Runnable whenEmpty) {
        return new Lane(room, whenEmpty);
    }

    /** Goes by another policy from now on; what waits for its key's turn still does. */
    void obey(EffectivePolicy policy, @Nullable Breaker functions) {
        lock.lock();
        try {
            breaker = functions;
            if (!Objects.equals(ownPolicy, policy.circuitBreaker())) {
                ownPolicy = policy.circuitBreaker();
                own = ownPolicy == null ? null : new Breaker(ownPolicy, room.clockwork());
            }
            ordering = policy.orderBy();
            batching = policy.batching();
            maxConcurrency = policy.maxConcurrency().orElse(0);
            if (!Objects.equals(rateLimit, policy.rateLimit())) {
                rateLimit = policy.rateLimit();
                bucket = rateLimit == null
                        ? null
                        : new TokenBucket(rateLimit, room.clockwork().now());
            }
        } finally {
            lock.unlock();
        }
        pump();
    }

    /** Lets at most so many calls be under way until nothing waits here any more. */
    void crowd(int limit) {
        lock.lock();
        try {
            crowdLimit = limit;
        } finally {
            lock.unlock();
        }
    }

    /** A delivery that this lane had begun stands back, since others wait for a thread too. */
    void standBack(EmittedDelivery delivery) {
        lock.lock();
        try {
            underWay -= delivery.isCounted() ? 1 : 0;
            ready.addFirst(delivery);
        } finally {
            lock.unlock();
        }
    }

    /** The key of an event; null for none. It may have to read the data, so it is asked for on the emitter's thread. */
    @Nullable Object keyOf(Event event) {
        OrderBy by = ordering;
        return by == null ? null : OrderKey.of(by.key(), event);
    }

    /** A delivery whose time has come: a new one, one that is to be attempted again, or one whose key is its own now. */
    void enter(EmittedDelivery entering) {
        if (entering.isOver()) {
            return; // it ended while it waited for its turn, and its key is another's
        }
        EmittedDelivery delivery = entering;
        boolean limited = false;
        boolean refused;
        boolean asks = false;
        lock.lock();
        try {
            refused = closed;
            if (!refused) {
                if (!delivery.ownsKey() && !takeKey(delivery)) {
                    return;
                }
                asks = room.ledger().isShared() && delivery.key() != null && !delivery.hasTurn();
                if (asks) {
                    delivery = earliest(delivery);
                } else {
                    limited = isLimited();
                    if (limited) {
                        add(delivery);
                    }
                }
            }
        } finally {
            lock.unlock();
        }
        if (refused) {
            delivery.abandon(); // accepted while the gateway closed
        } else if (asks) {
            askForKey(delivery);
        } else {
            go(delivery, limited);
        }
    }

    /** One that was accepted earlier, but entered later, owns the key in its place: the store would let no other begin. */
    private EmittedDelivery earliest(EmittedDelivery owner) {
        Line line = lines.get(owner.key());
        if (line == null) {
            return owner;
        }
        line.dropOver();
        if (!line.hasBefore(owner)) {
            return owner;
        }
        owner.owning(false);
        line.add(owner);
        EmittedDelivery first = Objects.requireNonNull(line.poll());
        first.owning(true);
        return first;
    }

    /** Other gateways may have deliveries of the same key. */
    private void askForKey(EmittedDelivery delivery) {
        room.ledger().takeTurn(delivery, OrderKey.text(delivery.key()), 0).whenComplete((granted, e) -> {
            if (e != null || !granted) {
                delivery.awaitTurn();
                return;
            }
            lock.lock();
            try {
                delivery.hasTurn(true);
            } finally {
                lock.unlock();
            }
            enter(delivery);
        });
    }

    /** Whether the later deliveries of its key wait until it is redriven or purged, should it be a dead letter. */
    boolean holdsKeyOf(EmittedDelivery delivery) {
        OrderBy by = ordering;
        return delivery.key() != null && by != null && by.onDeadLetter() == OrderBy.OnDeadLetter.HOLD;
    }

    /** Begins a delivery that nothing limits, or as many as the limits let. */
    private void go(EmittedDelivery delivery, boolean limited) {
        if (limited) {
            pump();
        } else {
            delivery.counted(false);
            delivery.beginAlone();
        }
    }

    /** Whether more than the order of keys decides when a call begins. */
    private boolean isLimited() {
        return maxConcurrency > 0
                || crowdLimit > 0
                || bucket != null
                || breaker != null
                || own != null
                || batching != null
                || !ready.isEmpty();
    }

    private boolean takeKey(EmittedDelivery delivery) {
        Object key = delivery.key();
        if (key == null) {
            return true;
        }
        Line line = lines.get(key);
        if (line != null && (line.heldBy == null || !line.heldBy.equals(delivery.id()))) {
            line.add(delivery);
            sweepBy(delivery.expiresAtMillis());
            return false;
        }
        if (line == null) {
            lines.put(key, new Line());
        } else {
            line.heldBy = null; // it is the dead letter that held the others back
        }
        delivery.owning(true);
        return true;
    }

    private void add(EmittedDelivery delivery) {
        delivery.enteredAt(room.clockwork().now());
        ready.add(delivery);
        sweepBy(delivery.expiresAtMillis());
    }

    /** Lets calls begin as far as the limits do. */
    void pump() {
        while (true) {
            List<EmittedDelivery> next = new ArrayList<>();
            boolean together;
            int shared;
            lock.lock();
            try {
                if (!take(next)) {
                    return;
                }
                together = batching != null;
                shared = room.ledger().isShared() ? maxConcurrency : 0;
            } finally {
                lock.unlock();
            }
            if (together) {
                beginTogether(next);
            } else if (shared > 0 && !next.isEmpty()) {
                askForPlace(next.get(0), shared);
            } else if (next.isEmpty() || !next.get(0).beginAlone()) {
                callDidNotBegin();
            }
        }
    }

    /** Other gateways may be calling the function for the same subscription. */
    private void askForPlace(EmittedDelivery delivery, int most) {
        room.ledger().takeTurn(delivery, null, most).whenComplete((granted, e) -> {
            if (e == null && granted) {
                if (!delivery.beginAlone()) {
                    callDidNotBegin();
                    pump();
                }
                return;
            }
            callDidNotBegin();
            boolean refused;
            lock.lock();
            try {
                refused = closed;
                if (!refused) {
                    placesAreTaken = true;
                    ready.addFirst(delivery);
                    wakeIn(PLACE_BACKOFF_NANOS);
                }
            } finally {
                lock.unlock();
            }
            if (refused) {
                delivery.abandon();
            }
        });
    }

    private boolean take(List<EmittedDelivery> next) {
        dropOver();
        if (closed || placesAreTaken || ready.isEmpty() || isAtLimit(maxConcurrency) || isAtLimit(crowdLimit)) {
            return false;
        }
        int wanted = 1;
        if (batching != null) {
            wanted = batching.maxEvents();
            long wait = ready.size() < wanted ? untilBatchIsDue(batching) : 0;
            if (wait > 0) {
                wakeIn(wait);
                return false;
            }
        }
        long now = room.clockwork().now();
        if (bucket != null) {
            long wait = bucket.nanosUntilToken(now);
            if (wait > 0) {
                wakeIn(wait);
                return false;
            }
        }
        if (own != null && !own.pass(this)) {
            return false;
        }
        if (breaker != null && !breaker.pass(this)) {
            if (own != null) {
                own.takeBack();
            }
            return false;
        }
        if (bucket != null) {
            bucket.take(now);
        }
        while (next.size() < wanted && !ready.isEmpty()) {
            EmittedDelivery delivery = ready.poll();
            if (!delivery.isOver()) {
                delivery.counted(true);
                next.add(delivery);
            }
        }
        underWay++;
        return true;
    }

    private boolean isAtLimit(int limit) {
        return limit > 0 && underWay >= limit;
    }

    private long untilBatchIsDue(Batching asked) {
        EmittedDelivery first = Objects.requireNonNull(ready.peek());
        return first.enteredAt() + asked.maxWait().toNanos() - room.clockwork().now();
    }

    private void dropOver() {
        while (!ready.isEmpty() && ready.peek().isOver()) {
            ready.poll();
        }
    }

    private void beginTogether(List<EmittedDelivery> next) {
        List<EmittedDelivery> members =
                next.stream().filter(EmittedDelivery::mayBeginInBatch).toList();
        if (members.isEmpty()) {
            callDidNotBegin();
        } else {
            new BatchedCall(room, this, members).start();
        }
    }

    private void callDidNotBegin() {
        Breaker functions;
        Breaker subscriptions;
        lock.lock();
        try {
            underWay--;
            functions = breaker;
            subscriptions = own;
        } finally {
            lock.unlock();
        }
        tell(subscriptions, null);
        tell(functions, null);
    }

    /**
     * A call has ended.
     *
     * @param failed whether it tells against the function; null when the function was not called
     */
    void callEnded(@Nullable Boolean failed) {
        Breaker functions;
        Breaker subscriptions;
        boolean empty;
        lock.lock();
        try {
            underWay--;
            functions = breaker;
            subscriptions = own;
            empty = ready.isEmpty();
            crowdLimit = empty ? 0 : crowdLimit;
        } finally {
            lock.unlock();
        }
        tell(subscriptions, failed);
        tell(functions, failed);
        if (empty) {
            whenEmpty.run();
        } else {
            pump();
        }
    }

    private static void tell(@Nullable Breaker breaker, @Nullable Boolean failed) {
        if (breaker == null) {
            return;
        }
        if (failed == null) {
            breaker.unused();
        } else if (failed) {
            breaker.failed();
        } else {
            breaker.succeeded();
        }
    }

    /** A delivery has ended, and its key is the next one's, unless a dead letter holds it. */
    void ended(EmittedDelivery delivery, boolean deadLettered) {
        EmittedDelivery next;
        lock.lock();
        try {
            Object key = delivery.key();
            Line line = key == null ? null : lines.get(key);
            if (key == null || line == null || !delivery.ownsKey()) {
                return; // one that ended behind others is found over when they are done
            }
            delivery.owning(false);
            // where gateways share the order, the store holds the key, since any of them may let it go
            if (deadLettered && holdsKeyOf(delivery) && !room.ledger().isShared()) {
                line.heldBy = delivery.id();
                return;
            }
            next = passOn(key, line);
        } finally {
            lock.unlock();
        }
        if (next != null) {
            enter(next);
        }
    }

    /** Gives a key to the next one that waits for it. */
    private @Nullable EmittedDelivery passOn(Object key, Line line) {
        EmittedDelivery next = line.poll();
        while (next != null && next.isOver()) {
            next = line.poll();
        }
        if (next == null) {
            lines.remove(key);
            return null;
        }
        next.owning(true);
        return next;
    }

    /** A dead letter is not there any more: what it held back may go. */
    void letGo(DeliveryId id) {
        List<EmittedDelivery> free = new ArrayList<>();
        lock.lock();
        try {
            List<Object> held = new ArrayList<>();
            lines.forEach((key, line) -> {
                if (id.equals(line.heldBy)) {
                    held.add(key);
                }
            });
            for (Object key : held) {
                Line line = Objects.requireNonNull(lines.get(key));
                line.heldBy = null;
                EmittedDelivery next = passOn(key, line);
                if (next != null) {
                    free.add(next);
                }
            }
        } finally {
            lock.unlock();
        }
        free.forEach(this::enter);
    }

    /** Looks again in so many nanoseconds; what waits for something else by then finds out and waits on. */
    private void wakeIn(long nanos) {
        if (wakeUp == null) {
            wakeUp = room.clockwork().schedule(Duration.ofNanos(nanos), this::woken);
        }
    }

    private void woken() {
        lock.lock();
        try {
            wakeUp = null;
            placesAreTaken = false;
        } finally {
            lock.unlock();
        }
        pump();
    }

    /** What waits too long expires; the earliest of those who began to wait is known, so the rest is looked at then. */
    private void sweepBy(long millis) {
        if (millis < sweepAt) {
            sweepAt = millis;
            if (sweep != null) {
                room.clockwork().cancel(sweep);
            }
            long in = Math.max(1, millis - room.clock().millis());
            sweep = room.clockwork().schedule(Duration.ofMillis(in), this::sweep);
        }
    }

    private void sweep() {
        List<EmittedDelivery> expired = new ArrayList<>();
        lock.lock();
        try {
            long now = room.clock().millis();
            long next = Long.MAX_VALUE;
            List<EmittedDelivery> waiting = new ArrayList<>(ready);
            lines.values().forEach(line -> waiting.addAll(line.waiting()));
            for (EmittedDelivery delivery : waiting) {
                if (delivery.expiresAtMillis() <= now) {
                    expired.add(delivery);
                } else if (!delivery.isOver()) {
                    next = Math.min(next, delivery.expiresAtMillis());
                }
            }
            sweep = null;
            sweepAt = Long.MAX_VALUE;
            if (next != Long.MAX_VALUE) {
                sweepBy(next);
            }
        } finally {
            lock.unlock();
        }
        expired.forEach(EmittedDelivery::expireWhileItWaits);
    }

    /** Lets nothing begin any more; what waits is the caller's to end. */
    List<EmittedDelivery> close() {
        lock.lock();
        try {
            closed = true;
            List<EmittedDelivery> waiting = new ArrayList<>(ready);
            lines.values().forEach(line -> waiting.addAll(line.waiting()));
            return waiting;
        } finally {
            lock.unlock();
        }
    }

    /** Whether nothing waits and nothing is under way, so that it can be forgotten. */
    boolean isIdle() {
        lock.lock();
        try {
            return ready.isEmpty() && lines.isEmpty() && underWay == 0;
        } finally {
            lock.unlock();
        }
    }
}
