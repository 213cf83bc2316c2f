package io.eventgateway.internal.delivery;

import io.eventgateway.delivery.CircuitBreakerPolicy;
import io.eventgateway.delivery.RateLimit;
import io.eventgateway.internal.invocation.RegisteredFunction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What limits the calls of one subscription: how many at a time, how many in a time, batches, a pause, and the breakers of its
 * functions. A delivery waits here until it may be called, and its call holds a {@link CallPermit} until it has ended.
 *
 * <p>A change of the settings holds for what waits; a permit that is out goes back to where it came from. {@code lock} guards
 * everything. Nothing is begun or ended under it.
 */
final class DeliveryLimits {
    private static final long PLACE_BACKOFF_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final DeliveryEngine engine;
    private final ReentrantLock lock = new ReentrantLock();
    /** In the order in which the first of each came. */
    private final Map<Target.CallShape, ReadyQueue> ready = new LinkedHashMap<>(4);

    private int maxConcurrency;
    private @Nullable RateLimit rateLimit;
    private @Nullable TokenBucket bucket;
    /** The breaker of the subscription's own policy, asked before the function's; null for none. */
    private @Nullable Breaker own;

    private @Nullable CircuitBreakerPolicy ownPolicy;
    /** Whether the subscription is paused; {@code pausedUntil} says until when, on the clock's timer. */
    private boolean paused;

    private long pausedUntil;
    /** How many calls may be under way while the pool's threads are scarce; 0 while they are not. */
    private int crowdLimit;

    private int underWay;
    /** Other gateways have all the places there are; until this one looks again. */
    private boolean placesAreTaken;
    /** When it looks again by itself: for a token, because a batch has waited long enough, or a pause is over. */
    private Timers.@Nullable Entry wakeUp;
    /** Whether no limit is set and nothing waits, so that a delivery may begin at once. Read without the lock. */
    private volatile boolean unlimited = true;

    DeliveryLimits(DeliveryEngine engine) {
        this.engine = engine;
    }

    /**
     * Goes by other settings from now on.
     *
     * @param pausedForNanos how long nothing is called; 0 for no pause, {@link Long#MAX_VALUE} for until the next change
     */
    void configure(EffectivePolicy policy, long pausedForNanos) {
        lock.lock();
        try {
            if (!Objects.equals(ownPolicy, policy.circuitBreaker())) {
                ownPolicy = policy.circuitBreaker();
                own = ownPolicy == null ? null : new Breaker(ownPolicy, engine.scheduler());
            }
            maxConcurrency = policy.maxConcurrency().orElse(0);
            if (!Objects.equals(rateLimit, policy.rateLimit())) {
                rateLimit = policy.rateLimit();
                bucket = rateLimit == null
                        ? null
                        : new TokenBucket(rateLimit, engine.scheduler().now());
            }
            paused = pausedForNanos > 0;
            pausedUntil = pausedForNanos == Long.MAX_VALUE
                    ? Long.MAX_VALUE
                    : engine.scheduler().now() + pausedForNanos;
            updateUnlimited();
        } finally {
            lock.unlock();
        }
        pump();
    }

    /** Ends a pause. */
    void resume() {
        lock.lock();
        try {
            paused = false;
            updateUnlimited();
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
            updateUnlimited();
        } finally {
            lock.unlock();
        }
    }

    private void updateUnlimited() {
        unlimited =
                maxConcurrency == 0 && crowdLimit == 0 && bucket == null && own == null && !paused && ready.isEmpty();
    }

    /** Has a delivery whose turn it is begin as soon as the limits allow it. */
    void enter(EmittedDelivery delivery) {
        Target target = delivery.target();
        if (unlimited && target.policy().batching() == null && engine.breakers().of(target.function()) == null) {
            delivery.begin();
            return;
        }
        lock.lock();
        try {
            delivery.waitsForLimits(engine.scheduler().now());
            ready.computeIfAbsent(target.callShape(), ReadyQueue::new).add(delivery);
            unlimited = false;
        } finally {
            lock.unlock();
        }
        pump();
    }

    /** A delivery that had begun, and was taken out of the workers' queue, waits here again, before all others of its target. */
    void requeue(EmittedDelivery delivery) {
        lock.lock();
        try {
            delivery.waitsForLimits(engine.scheduler().now());
            ready.computeIfAbsent(delivery.target().callShape(), ReadyQueue::new)
                    .addFirst(delivery);
            unlimited = false;
        } finally {
            lock.unlock();
        }
    }

    /** Counts a waiting delivery that has ended. */
    void left(EmittedDelivery delivery) {
        lock.lock();
        try {
            ReadyQueue queue = ready.get(delivery.target().callShape());
            if (queue != null) {
                queue.left();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Has calls begin as far as the limits allow it. */
    void pump() {
        HandOff.run(this::beginAll);
    }

    private void beginAll() {
        while (true) {
            List<EmittedDelivery> call = new ArrayList<>(2);
            CallPermit permit;
            int concurrent;
            lock.lock();
            try {
                permit = take(call);
                if (permit == null) {
                    return;
                }
                concurrent = maxConcurrency;
            } finally {
                lock.unlock();
            }
            begin(call, permit, concurrent);
        }
    }

    private void begin(List<EmittedDelivery> call, CallPermit permit, int concurrent) {
        if (call.isEmpty()) {
            permit.unused();
            return;
        }
        EmittedDelivery first = call.get(0);
        if (first.target().policy().batching() != null) {
            beginTogether(call, permit);
            return;
        }
        CompletableFuture<Boolean> place = concurrent > 0 ? first.askForPlace(concurrent) : null;
        if (place == null) {
            beginAlone(first, permit);
        } else {
            place.whenComplete((granted, e) -> placeAnswered(first, permit, e == null && granted));
        }
    }

    private static void beginAlone(EmittedDelivery delivery, CallPermit permit) {
        delivery.callPermit(permit);
        if (!delivery.begin()) {
            permit.unused();
        }
    }

    private void beginTogether(List<EmittedDelivery> call, CallPermit permit) {
        List<EmittedDelivery> members =
                call.stream().filter(EmittedDelivery::mayBeginInBatch).toList();
        if (members.isEmpty()) {
            permit.unused();
        } else {
            new BatchedCall(engine, permit, members).start();
        }
    }

    /** Begins a delivery if the calls of other gateways for the same subscription leave one for it; else it waits again. */
    private void placeAnswered(EmittedDelivery delivery, CallPermit permit, boolean granted) {
        if (granted) {
            beginAlone(delivery, permit);
            return;
        }
        if (delivery.isOver()) {
            permit.unused(); // the answer was not about the place
            return;
        }
        lock.lock();
        try {
            placesAreTaken = true;
            ready.computeIfAbsent(delivery.target().callShape(), ReadyQueue::new)
                    .addFirst(delivery);
            wakeAt(engine.scheduler().now() + PLACE_BACKOFF_NANOS);
        } finally {
            lock.unlock();
        }
        permit.unused();
    }

    /** Takes what may be called now; null when nothing may, and then it is known when to look again. */
    private @Nullable CallPermit take(List<EmittedDelivery> call) {
        ready.values().removeIf(ReadyQueue::isEmpty);
        if (ready.isEmpty()) {
            crowdLimit = 0;
            updateUnlimited();
            return null;
        }
        long now = engine.scheduler().now();
        boolean havePlaces = ready.values().stream().anyMatch(ReadyQueue::firstHasPlace);
        if (isPaused(now) || (placesAreTaken && !havePlaces) || isAtLimit(maxConcurrency) || isAtLimit(crowdLimit)) {
            return null;
        }
        long tokenIn = bucket == null ? 0 : bucket.nanosUntilToken(now);
        for (ReadyQueue queue : ready.values()) {
            if (havePlaces && !queue.firstHasPlace()) {
                continue; // it may be waiting for the places of those
            }
            long wait = Math.max(tokenIn, untilDue(queue, now));
            if (wait > 0) {
                wakeAt(now + wait);
                continue;
            }
            CallPermit permit = pass(queue.function());
            if (permit != null) {
                if (bucket != null) {
                    bucket.take(now);
                }
                queue.poll(call);
                underWay++;
                return permit;
            }
        }
        return null;
    }

    private long untilDue(ReadyQueue queue, long now) {
        return engine.isDraining() ? 0 : queue.nanosUntilDue(now);
    }

    private @Nullable CallPermit pass(RegisteredFunction function) {
        Breaker.Pass ownPass = own == null ? null : own.pass(this);
        if (own != null && ownPass == null) {
            return null;
        }
        Breaker functions = engine.breakers().of(function);
        Breaker.Pass functionPass = functions == null ? null : functions.pass(this);
        if (functions != null && functionPass == null) {
            if (ownPass != null) {
                ownPass.takenBack();
            }
            return null;
        }
        return new CallPermit(this, bucket, ownPass, functionPass);
    }

    private boolean isPaused(long now) {
        if (paused && pausedUntil != Long.MAX_VALUE && pausedUntil - now <= 0) {
            paused = false;
        }
        if (paused && pausedUntil != Long.MAX_VALUE) {
            wakeAt(pausedUntil);
        }
        return paused;
    }

    private boolean isAtLimit(int limit) {
        return limit > 0 && underWay >= limit;
    }

    /** Takes a permit back whose call has ended, or was not made; returns whether it was out. */
    boolean takeBack(CallPermit permit, boolean called) {
        lock.lock();
        try {
            if (!permit.takeBack(called)) {
                return false;
            }
            underWay--;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Looks again at that time on the clock's timer, or earlier. */
    private void wakeAt(long nanos) {
        Timers.Entry known = wakeUp;
        if (known != null && known.atNanos() - nanos <= 0) {
            return;
        }
        if (known != null) {
            engine.scheduler().cancel(known);
        }
        Timers.Entry next = new Timers.Task(this::woken, nanos);
        wakeUp = next;
        engine.scheduler().schedule(next);
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

    /** Returns when the deliveries of a target may go on, on the clock's timer: a time in the past when calls that end let them. */
    long goesOnAt(Target target) {
        lock.lock();
        try {
            if (paused) {
                return pausedUntil;
            }
            ReadyQueue queue = ready.get(target.callShape());
            long now = engine.scheduler().now();
            long due = queue == null || queue.isEmpty() ? now : now + untilDue(queue, now);
            long token = bucket == null ? now : now + bucket.nanosUntilToken(now);
            Breaker functions = engine.breakers().of(target.function());
            long breakers =
                    Math.max(own == null ? now : own.passesAt(), functions == null ? now : functions.passesAt());
            return Math.max(Math.max(due, token), breakers);
        } finally {
            lock.unlock();
        }
    }

    /** Shows all that wait. */
    void forEachWaiting(Consumer<? super EmittedDelivery> action) {
        lock.lock();
        try {
            ready.values().forEach(queue -> queue.forEach(action));
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether nothing waits and no permit is out. */
    boolean isIdle() {
        lock.lock();
        try {
            ready.values().removeIf(ReadyQueue::isEmpty);
            return ready.isEmpty() && underWay == 0;
        } finally {
            lock.unlock();
        }
    }

    /** Returns how many permits are out. */
    int permitsOut() {
        lock.lock();
        try {
            return underWay;
        } finally {
            lock.unlock();
        }
    }
}
