package io.eventgateway.internal.delivery;

import io.eventgateway.delivery.BacklogPolicy;
import io.eventgateway.delivery.BacklogStatus;
import io.eventgateway.error.BacklogFullException;
import io.eventgateway.error.GatewayClosedException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The room for accepted deliveries that have not ended.
 *
 * <p>Taking and giving back is one atomic step on a counter. {@code lock} and {@code changed} are only for those who wait, for
 * room or for emptiness; {@code waiting} tells the others whether there are any.
 */
public final class Backlog {
    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final int bound;
    private final BacklogPolicy policy;
    private final Duration wait;
    private final long bytesBound;
    private final BooleanSupplier dropOldest;
    private final Waiting waits;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicInteger pending = new AtomicInteger();
    private final LongAdder dropped = new LongAdder();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final AtomicInteger waiting = new AtomicInteger();
    /** Whether the gateway closes, so that emitters don't wait for room any more. */
    private volatile boolean closing;

    /** How a thread waits for a condition that deliveries bring about; in place of the backlog's own way. */
    interface Waiting {
        /** Waits without letting time pass that only the waiting thread can let pass. */
        boolean await(BooleanSupplier condition, Duration atMost);

        /** Waits as a thread that sleeps does, so that what is put off becomes due. */
        boolean awaitAsleep(BooleanSupplier condition, Duration atMost);
    }

    /** Waits until somebody says that something has changed. */
    private final class ForSignals implements Waiting {
        @Override
        public boolean await(BooleanSupplier condition, Duration atMost) {
            return awaitSignal(condition, atMost);
        }

        @Override
        public boolean awaitAsleep(BooleanSupplier condition, Duration atMost) {
            return awaitSignal(condition, atMost);
        }
    }

    /**
     * A backlog.
     *
     * @param settings how much room there is, and what happens where there is none
     * @param dropOldest ends the oldest delivery that waits, and counts it if it is dropped; false when none waits
     * @param waits null for waiting until somebody gives room back
     */
    Backlog(io.eventgateway.delivery.Backlog settings, BooleanSupplier dropOldest, @Nullable Waiting waits) {
        this.bound = settings.bound();
        this.bytesBound = settings.bytes();
        this.policy = settings.policy();
        this.wait = settings.maxWait();
        this.dropOldest = dropOldest;
        this.waits = waits == null ? new ForSignals() : waits;
    }

    /**
     * Takes room for all of an event's deliveries, or for none.
     *
     * @return false when there is no room and the policy is to drop; the drop is counted
     * @throws BacklogFullException when there is no room and the policy is another, or the wait was in vain
     * @throws GatewayClosedException when the gateway closes, unless a handler asks, whose own delivery is waited for
     */
    boolean take(int deliveries, long bytes, boolean insideHandler) {
        boolean taken = takeByPolicy(deliveries, bytes, insideHandler);
        if (taken) {
            refuseIfClosing(deliveries, bytes, insideHandler);
        }
        return taken;
    }

    /**
     * Takes room for all of an event's deliveries, or for none, whatever the policy is: nothing waits, and nothing is dropped.
     *
     * @throws BacklogFullException when there is no room
     * @throws GatewayClosedException when the gateway closes
     */
    void takeOrRefuse(int deliveries, long bytes) {
        if (!tryTake(deliveries, bytes, 1)) {
            throw full(deliveries, bytes, "");
        }
        refuseIfClosing(deliveries, bytes, false);
    }

    /** Gives room back that was taken while the gateway began to close: whoever closes it may have seen that there was none. */
    private void refuseIfClosing(int deliveries, long taken, boolean insideHandler) {
        if (!closing || insideHandler) {
            return;
        }
        if (taken > 0) {
            giveBackBytes(taken);
        }
        giveBack(deliveries);
        throw closed();
    }

    private static GatewayClosedException closed() {
        return new GatewayClosedException("the gateway closed before the event had room; nothing was accepted");
    }

    private boolean takeByPolicy(int deliveries, long bytes, boolean insideHandler) {
        if (tryTake(deliveries, bytes, 1)) {
            return true;
        }
        switch (policy) {
            case DROP -> {
                dropped.add(deliveries);
                return false;
            }
            case DROP_OLDEST -> {
                return takeFromOldest(deliveries, bytes);
            }
            case REJECT -> throw full(deliveries, bytes, "");
            case BLOCK -> {
                takeOrWait(deliveries, bytes, insideHandler);
                return true;
            }
        }
        throw new AssertionError(policy);
    }

    private boolean takeFromOldest(int deliveries, long wanted) {
        boolean fits = deliveries <= bound && wanted <= bytesBound;
        while (fits && dropOldest.getAsBoolean()) {
            if (tryTake(deliveries, wanted, 1)) {
                return true;
            }
        }
        dropped.add(deliveries);
        return false;
    }

    /** Takes room for one delivery whose result a caller waits for, so that it can't be dropped. */
    void takeForCaller(boolean insideHandler) {
        if (!tryTake(1, 0, 1)) {
            if (policy != BacklogPolicy.BLOCK) {
                throw full(1, 0, "");
            }
            takeOrWait(1, 0, insideHandler);
        }
        refuseIfClosing(1, 0, insideHandler);
    }

    /** Returns whether less than a quarter of the room is left; where there is room for three deliveries or fewer, whether none is left. */
    public boolean isTight() {
        return free() * 4L < bound;
    }

    /** Returns for how many deliveries there is room right now. */
    public int free() {
        return bound - pending.get();
    }

    /** Takes room for one delivery if there is any right now. */
    public boolean tryTake() {
        return tryTake(1, 0, 1);
    }

    private void takeOrWait(int deliveries, long wanted, boolean insideHandler) {
        boolean fits = deliveries <= bound && wanted <= bytesBound;
        if (insideHandler) {
            // the room it would wait for may be its own, so it gets an overdraft instead
            if (!tryTake(deliveries, wanted, 2)) {
                throw full(deliveries, wanted, ", and a handler's own events may take it to twice that");
            }
            return;
        }
        AtomicBoolean taken = new AtomicBoolean();
        if (fits) {
            waits.awaitAsleep(
                    () -> {
                        taken.set(taken.get() || (!closing && tryTake(deliveries, wanted, 1)));
                        return closing || taken.get();
                    },
                    wait);
        }
        if (taken.get()) {
            return;
        }
        if (closing) {
            throw closed();
        }
        throw full(
                deliveries,
                wanted,
                !fits ? "" : Thread.currentThread().isInterrupted() ? "; the wait was interrupted" : " after " + wait);
    }

    private boolean tryTake(int deliveries, long wanted, int times) {
        if (wanted > 0 && !tryTakeBytes(wanted, (double) bytesBound * times)) {
            return false;
        }
        int taken;
        do {
            taken = pending.get();
            if (taken + (long) deliveries > (long) bound * times) {
                if (wanted > 0) {
                    bytes.addAndGet(-wanted);
                }
                return false;
            }
        } while (!pending.compareAndSet(taken, taken + deliveries));
        return true;
    }

    private boolean tryTakeBytes(long wanted, double limit) {
        long taken;
        do {
            taken = bytes.get();
            if ((double) taken + wanted > limit) {
                return false;
            }
        } while (!bytes.compareAndSet(taken, taken + wanted));
        return true;
    }

    private BacklogFullException full(int deliveries, long wanted, String detail) {
        String what = (deliveries == 1 ? "1 more delivery" : deliveries + " more deliveries")
                + (wanted > 0 ? " with " + wanted + " bytes" : "");
        String held = bytes.get() + wanted > bytesBound
                ? bytes.get() + " of " + bytesBound + " bytes are taken"
                : pending.get() + " of " + bound + " are unfinished";
        return new BacklogFullException(
                "the backlog has no room for " + what + ": " + held + detail + "; nothing was accepted");
    }

    void giveBackBytes(long taken) {
        bytes.addAndGet(-taken);
        tell();
    }

    /** Gives back the room of so many deliveries. */
    public void giveBack(int deliveries) {
        pending.addAndGet(-deliveries);
        tell();
    }

    /** Refuses those who wait for room, because the gateway closes. */
    void close() {
        closing = true;
        tell();
    }

    /** A delivery has ended. */
    void changed() {
        tell();
    }

    private void tell() {
        if (waiting.get() > 0) {
            lock.lock();
            try {
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Counts deliveries that were dropped without asking for room. */
    void dropped(int deliveries) {
        dropped.add(deliveries);
    }

    /** Waits until the condition holds; false when that took longer, or the thread was interrupted, whose flag is set then. */
    boolean await(BooleanSupplier condition, Duration atMost) {
        return condition.getAsBoolean() || waits.await(condition, atMost);
    }

    private boolean awaitSignal(BooleanSupplier condition, Duration atMost) {
        long left = TimeUnit.NANOSECONDS.convert(atMost);
        waiting.incrementAndGet();
        lock.lock();
        try {
            while (!condition.getAsBoolean()) {
                if (left <= 0) {
                    return false;
                }
                long step = Math.min(left, LOOK_AGAIN_NANOS);
                left -= step - changed.awaitNanos(step); // not all that a condition depends on is told
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
            waiting.decrementAndGet();
        }
    }

    BacklogStatus status() {
        return new BacklogStatus(bound, pending.get(), dropped.sum(), bytesBound, bytes.get());
    }
}
