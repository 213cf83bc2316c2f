package io.eventgateway.internal.delivery;

import io.eventgateway.BacklogFullException;
import io.eventgateway.BacklogPolicy;
import io.eventgateway.BacklogStatus;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * The room for accepted deliveries that have not ended.
 *
 * <p>Taking and giving back is one atomic step on a counter. {@code lock} and {@code changed} are only for those who wait, for
 * room or for emptiness; {@code waiting} tells the others whether there are any.
 */
final class Backlog {
    private final int bound;
    private final BacklogPolicy policy;
    private final Duration wait;
    private final AtomicInteger pending = new AtomicInteger();
    private final LongAdder dropped = new LongAdder();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final AtomicInteger waiting = new AtomicInteger();

    Backlog(int bound, BacklogPolicy policy, Duration wait) {
        this.bound = bound;
        this.policy = policy;
        this.wait = wait;
    }

    /**
     * Takes room for all of an event's deliveries, or for none.
     *
     * @return false when there is no room and the policy is to drop; the drop is counted
     * @throws BacklogFullException when there is no room and the policy is another, or the wait was in vain
     */
    boolean take(int deliveries, boolean insideHandler) {
        if (tryTake(deliveries, bound)) {
            return true;
        }
        switch (policy) {
            case DROP -> {
                dropped.add(deliveries);
                return false;
            }
            case REJECT -> throw full(deliveries, "");
            case BLOCK -> {
                takeOrWait(deliveries, insideHandler);
                return true;
            }
        }
        throw new AssertionError(policy);
    }

    /** Takes room for one delivery whose result a caller waits for, so that it can't be dropped. */
    void takeForCaller(boolean insideHandler) {
        if (!tryTake(1, bound)) {
            if (policy != BacklogPolicy.BLOCK) {
                throw full(1, "");
            }
            takeOrWait(1, insideHandler);
        }
    }

    private void takeOrWait(int deliveries, boolean insideHandler) {
        if (insideHandler) {
            // the room it would wait for may be its own, so it gets an overdraft instead
            if (!tryTake(deliveries, 2L * bound)) {
                throw full(deliveries, ", and a handler's own events may take it to twice that");
            }
        } else if (deliveries > bound || !await(() -> tryTake(deliveries, bound), wait)) {
            throw full(
                    deliveries,
                    deliveries > bound
                            ? ""
                            : Thread.currentThread().isInterrupted() ? "; the wait was interrupted" : " after " + wait);
        }
    }

    private boolean tryTake(int deliveries, long limit) {
        int taken;
        do {
            taken = pending.get();
            if (taken + (long) deliveries > limit) {
                return false;
            }
        } while (!pending.compareAndSet(taken, taken + deliveries));
        return true;
    }

    private BacklogFullException full(int deliveries, String detail) {
        return new BacklogFullException(
                "the backlog has no room for " + deliveries + " more deliveries: " + pending.get()
                        + " are unfinished and its bound is " + bound + detail + "; the event was delivered to nobody");
    }

    void giveBack(int deliveries) {
        pending.addAndGet(-deliveries);
        if (waiting.get() > 0) {
            lock.lock();
            try {
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Waits until no more than that are pending; false when that took longer, or the thread was interrupted. */
    boolean awaitPending(int left, Duration atMost) {
        return await(() -> pending.get() <= left, atMost);
    }

    private boolean await(BooleanSupplier condition, Duration atMost) {
        if (condition.getAsBoolean()) {
            return true;
        }
        long left = TimeUnit.NANOSECONDS.convert(atMost);
        waiting.incrementAndGet();
        lock.lock();
        try {
            while (!condition.getAsBoolean()) {
                if (left <= 0) {
                    return false;
                }
                left = changed.awaitNanos(left);
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
        return new BacklogStatus(bound, pending.get(), dropped.sum());
    }
}
