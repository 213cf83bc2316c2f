package io.eventgateway.internal.delivery;

import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads before Java 21: so many, first come first served, and more while those are all held.
 *
 * <p>Waking a thread costs more than most handlers, so one is woken only when none is looking for work already, and it wakes the
 * next one if it leaves work behind: what Go's scheduler does with its spinning threads (Vyukov, 2012). The invariant is that
 * while something waits and a thread is idle, one is {@code looking}: who adds work checks that after adding; who stops looking
 * checks the queue after it stopped. Of the idle ones the one that has been idle longest is woken: the kernel runs it where the
 * emitter runs, while one that ran just now has a processor to wake.
 *
 * <p>Tasks may hold every thread: handlers, and callbacks that a caller has chained to a completion. The clock's thread counts a
 * thread as held when it runs the same task at two looks in a row. When all are held and something waits, it raises the limit by
 * half the size at a time, up to eight times the size. Threads go when they have been idle for a while.
 */
final class BoundedPool {
    private static final Logger log = LoggerFactory.getLogger(BoundedPool.class);

    private static final long KEEP_ALIVE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int LOOKS = 20;
    private static final int MOST = 8;

    private final int size;
    private final Queue<Runnable> queue = new ConcurrentLinkedQueue<>();
    private final Deque<Worker> idle = new ConcurrentLinkedDeque<>();
    private final AtomicInteger looking = new AtomicInteger();
    private final AtomicInteger alive = new AtomicInteger();
    private final Set<Worker> workers = ConcurrentHashMap.newKeySet();
    private final AtomicInteger numbers = new AtomicInteger();
    /** How many threads there may be; the clock's thread writes it. */
    private final AtomicInteger limit = new AtomicInteger();

    private final Consumer<Thread> starter;
    /** How many threads were held at the last look; for the clock's thread. */
    private int held;

    private volatile Runnable onShortage = () -> {};
    private volatile boolean refusing;

    BoundedPool(int size) {
        this(size, Thread::start);
    }

    /** A pool whose threads are started by the starter, which throws an {@link OutOfMemoryError} where the system has none left. */
    BoundedPool(int size, Consumer<Thread> starter) {
        this.size = size;
        this.starter = starter;
        limit.set(size);
    }

    /** Sets what is run when a task has to wait because all threads are taken; it is brief, and never throws. */
    void onShortage(Runnable action) {
        onShortage = action;
    }

    /** Returns whether this thread is one of such a pool's. */
    static boolean isCurrentThread() {
        return Thread.currentThread() instanceof Worker;
    }

    void execute(Runnable task) {
        queue.add(task);
        if (refusing && queue.remove(task)) {
            throw new RejectedExecutionException("the gateway is closed");
        }
        wakeOne();
    }

    /** Has one more thread look for work, unless one does. */
    private void wakeOne() {
        if (looking.get() != 0 || !looking.compareAndSet(0, 1)) {
            return;
        }
        Worker worker = idle.pollLast();
        if (worker != null) {
            worker.wake();
            return;
        }
        int threads = alive.get();
        while (threads < limit.get()) {
            if (alive.compareAndSet(threads, threads + 1)) {
                start();
                return;
            }
            threads = alive.get();
        }
        stopLooking();
    }

    /** Starts a thread, which looks for work. Where none can be started, the others or {@link #nudge} see to the work. */
    private void start() {
        Worker worker = null;
        try {
            worker = new Worker(numbers.incrementAndGet());
            workers.add(worker);
            starter.accept(worker);
        } catch (
                Throwable e) { // no memory for a thread, or the system allows no more; the task is in the queue all the
            // same
            if (worker != null) {
                workers.remove(worker);
            }
            int others = alive.decrementAndGet();
            looking.decrementAndGet();
            onShortage.run();
            reportUnstarted(others, e);
        }
    }

    private static void reportUnstarted(int others, Throwable e) {
        try {
            log.warn("No thread could be started; {} others do the work", others, e);
        } catch (Throwable again) { // as where memory ran out; the task is seen to all the same
            Thread.onSpinWait();
        }
    }

    /** Has a thread look for work if some waits and none looks: one that was to be started may not have been. */
    void nudge() {
        if (!queue.isEmpty()) {
            wakeOne();
        }
    }

    /** Returns whether a task waits for a thread. */
    boolean hasWaiting() {
        return !queue.isEmpty();
    }

    /** All threads are busy: they find what is there when they are done, and a thread that is idle by now is woken. */
    private void stopLooking() {
        looking.decrementAndGet();
        if (queue.isEmpty()) {
            return;
        }
        if (idle.isEmpty()) {
            onShortage.run();
        } else {
            wakeOne();
        }
    }

    /** A thread of the pool, looking for work when it starts. */
    private final class Worker extends Thread {
        private volatile boolean woken;
        /** The number of the task that runs; even when none does. The worker itself writes it. */
        private final AtomicInteger task = new AtomicInteger();
        /** The number that the clock's thread saw last. */
        private int seen;

        Worker(int number) {
            super("eventgateway-worker-" + number);
            setDaemon(true);
        }

        void wake() {
            woken = true;
            LockSupport.unpark(this);
        }

        @Override
        public void run() {
            while (true) {
                Runnable found = look();
                if (found == null) {
                    if (!sleep()) {
                        return;
                    }
                    continue;
                }
                looking.decrementAndGet();
                if (!queue.isEmpty()) {
                    wakeOne();
                }
                while (found != null) {
                    work(found);
                    found = queue.poll();
                }
                looking.incrementAndGet();
            }
        }

        private Runnable look() {
            Runnable found = queue.poll();
            for (int i = 0; found == null && i < LOOKS && looking.get() == 1; i++) {
                Thread.onSpinWait();
                found = queue.poll();
            }
            return found;
        }

        private void work(Runnable work) {
            int number = task.getPlain() + 1;
            task.lazySet(number);
            try {
                work.run();
            } catch (Throwable e) { // as any other thread has it, but for going on
                getUncaughtExceptionHandler().uncaughtException(this, e);
            } finally {
                Thread.interrupted(); // a flag that the task left is not for the next one
                task.lazySet(number + 1);
            }
        }

        /** Returns whether the same task ran when this was last asked; only for the clock's thread. */
        boolean isHeld() {
            int now = task.get();
            boolean same = now == seen && (now & 1) == 1;
            seen = now;
            return same;
        }

        /** Stops looking and sleeps until it is woken, when it looks again; false when it is to end. */
        private boolean sleep() {
            woken = false;
            idle.addFirst(this);
            looking.decrementAndGet();
            if (!queue.isEmpty()) {
                wakeOne(); // whoever added it may have seen this one looking
            }
            long until = System.nanoTime() + KEEP_ALIVE_NANOS;
            while (!woken) {
                long left = until - System.nanoTime();
                if ((left <= 0 || refusing) && idle.remove(this)) {
                    workers.remove(this);
                    alive.decrementAndGet();
                    return false;
                }
                LockSupport.parkNanos(this, Math.max(1, left));
                Thread.interrupted(); // nobody has anything to tell an idle thread
            }
            return true;
        }
    }

    /** Returns how many threads one target may have at most while others wait for one. */
    int share() {
        return Math.max(1, size / 2);
    }

    /** Looks how many threads are held, and returns whether all of them are while a task waits. Only for the clock's thread. */
    boolean isStalled() {
        held = 0;
        for (Worker worker : workers) {
            held += worker.isHeld() ? 1 : 0;
        }
        if (held < size) {
            limit.set(size);
            return false;
        }
        return !queue.isEmpty();
    }

    /** Takes out what waits for a thread. */
    List<Runnable> takeWaiting() {
        List<Runnable> waiting = new ArrayList<>();
        for (Runnable task = queue.poll(); task != null; task = queue.poll()) {
            waiting.add(task);
        }
        return waiting;
    }

    /** Has more threads if all that there may be were held at the last look. Only for the clock's thread. */
    void relieve() {
        int threads = limit.get();
        if (held >= threads) {
            limit.set(Math.min(MOST * size, threads + share()));
        }
    }

    /** Starts nothing any more. */
    void refuse() {
        refusing = true;
        for (Worker worker : idle) {
            LockSupport.unpark(worker);
        }
    }
}
