package io.eventgateway.invokers.client;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The calls that may be under way at once, for each host and port and in all. A call that may not start waits without a thread.
 *
 * <p>A host and port may have as many calls under way as are free for everybody else (the dynamic threshold of Choudhury and Hahne, 1998), and
 * never more than its own limit; one call each is always allowed, beside the limit for all. Hosts that don't answer therefore keep nobody from
 * the others, however many of them there are. The calls that wait are bounded in number, and those to one host and port to half of it.
 * The lock of this object guards all of its state.
 */
final class CallSlots {
    static final int MOST_WAITING = 100_000;

    private final int mostWaiting;
    private final Executor executor;
    private final int total;
    private final int most;
    private final Map<String, Origin> origins = new HashMap<>();
    /** The origins that have waiting calls, the one that was served last at the end. */
    private final LinkedHashSet<Origin> waiting = new LinkedHashSet<>();

    private int running;
    private int held;

    private static final class Origin {
        final String name;
        final LinkedHashSet<Runnable> queue = new LinkedHashSet<>();
        int running;

        Origin(String name) {
            this.name = name;
        }
    }

    /**
     * Slots for calls.
     *
     * @param total the most calls under way
     * @param most the most calls under way to one host and port
     */
    CallSlots(Executor executor, int total, int most) {
        this(executor, total, most, MOST_WAITING);
    }

    /**
     * Slots for calls.
     *
     * @param mostWaiting the most calls that wait
     */
    CallSlots(Executor executor, int total, int most, int mostWaiting) {
        this.mostWaiting = mostWaiting;
        this.executor = executor;
        this.total = total;
        this.most = most;
    }

    /** A call that may not wait, since too many others do. */
    static final class FullException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        FullException(String message) {
            super(message);
        }
    }

    /**
     * Runs a call on the executor, at once or when there is a slot for it. Returns whether it has to wait.
     *
     * @throws FullException if it would have to, and too many others do
     */
    boolean submit(String name, Runnable call) {
        Origin origin;
        synchronized (this) {
            origin = origins.computeIfAbsent(name, Origin::new);
            if (!origin.queue.isEmpty() || !hasSlot(origin)) {
                checkSpace(origin);
                origin.queue.add(call);
                held++;
                waiting.add(origin);
                return true;
            }
            take(origin);
        }
        start(origin, call);
        return false;
    }

    /** Half of the space is left to the others, so that calls to a host that does not answer can't take it all. */
    private void checkSpace(Origin origin) {
        int largest = held >= mostWaiting ? mostWaiting : mostWaiting / 2;
        if (held >= mostWaiting || origin.queue.size() >= mostWaiting / 2) {
            throw new FullException("as many as " + largest + " calls "
                    + (held >= mostWaiting ? "" : "to its host and port ") + "already wait for others to end");
        }
    }

    /** Takes a call out that waits. Returns false if it does not wait, since it has started or ended. */
    synchronized boolean remove(String name, Runnable call) {
        Origin origin = origins.get(name);
        if (origin == null || !origin.queue.remove(call)) {
            return false;
        }
        held--;
        if (origin.queue.isEmpty()) {
            waiting.remove(origin);
            forgetIfIdle(origin);
        }
        return true;
    }

    private boolean hasSlot(Origin origin) {
        int free = total - running;
        return origin.running == 0 || origin.running < Math.min(most, free);
    }

    private void take(Origin origin) {
        origin.running++;
        running++;
    }

    private void start(Origin origin, Runnable call) {
        try {
            executor.execute(() -> runFrom(new Started(origin, call)));
        } catch (RuntimeException | Error e) { // no thread could be had
            startAll(release(origin));
            throw e;
        }
    }

    /** Runs a call and, one after the other, those that may begin when it has ended, so that most calls need no thread of their own. */
    private void runFrom(Started first) {
        Started current = first;
        while (current != null) {
            boolean ended = false;
            try {
                current.call().run();
                ended = true;
            } finally {
                Started next = release(current.origin());
                if (!ended) {
                    startAll(next); // this thread ends with what the call threw
                }
                current = next;
            }
        }
    }

    private void startAll(@Nullable Started first) {
        for (Started each = first; each != null; each = next()) {
            start(each.origin(), each.call());
        }
    }

    /** Gives a slot back. Returns a call for the thread that had it, and starts the others that may begin now. */
    private @Nullable Started release(Origin origin) {
        synchronized (this) {
            origin.running--;
            running--;
            forgetIfIdle(origin);
        }
        Started own = next();
        if (own != null) {
            startAll(next());
        }
        return own;
    }

    private record Started(Origin origin, Runnable call) {}

    private synchronized @Nullable Started next() {
        Origin origin = firstWithSlot();
        if (origin == null) {
            return null;
        }
        Iterator<Runnable> first = origin.queue.iterator();
        Runnable call = first.next();
        first.remove();
        held--;
        waiting.remove(origin);
        if (!origin.queue.isEmpty()) {
            waiting.add(origin);
        }
        take(origin);
        return new Started(origin, call);
    }

    private @Nullable Origin firstWithSlot() {
        for (Origin origin : waiting) {
            if (hasSlot(origin)) {
                return origin;
            }
        }
        return null;
    }

    private void forgetIfIdle(Origin origin) {
        if (origin.running == 0 && origin.queue.isEmpty()) {
            origins.remove(origin.name);
        }
    }
}
