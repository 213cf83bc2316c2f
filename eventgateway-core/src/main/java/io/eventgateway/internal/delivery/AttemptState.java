package io.eventgateway.internal.delivery;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The state of a delivery: which phase it is in, and in which attempt. Each attempt ends exactly once, by whoever moves the delivery
 * to {@code SETTLING}: its worker, the stage that it waits for, or its deadline. Whoever did decides what is next, and the
 * delivery ends exactly once, when it is moved to {@code ENDED}, there or by the gateway's close.
 *
 * <pre>
 *    +--------------------- again, later ----------------------------+
 *    v                                                               |
 * PARKED --its turn--> READY --worker--> RUNNING --stage--> WAITING  |
 *    |                   |                |   \                |     |
 *    |                   |                |    INTERRUPTING    |     |
 *    |                   |                v         v          v     |
 *    +------> ENDED <----+-- SETTLING <---+---------+----------+     |
 *               ^                |  \--------------------------------+
 *               +----------------+
 * </pre>
 *
 * {@code INTERRUPTING} lasts as long as the deadline's thread needs to interrupt the worker, which waits it out, so that the
 * interruption never hits what the worker runs next. The state has the number of the attempt in its upper bits, so that what
 * comes too late from one attempt can't end the next. Thread-safe: each move is one compare-and-set, which one thread wins.
 */
abstract class AttemptState extends Timers.Entry {
    /** The phases; numbers, since they are the lower bits of the state. */
    static final class Phase {
        static final int PARKED = 0;
        static final int READY = 1;
        static final int RUNNING = 2;
        static final int WAITING = 3;
        static final int INTERRUPTING = 4;
        static final int SETTLING = 5;
        static final int ENDED = 6;

        private Phase() {}
    }

    private static final int PHASE_BITS = 3;
    private static final int PHASE_MASK = (1 << PHASE_BITS) - 1;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(AttemptState.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile int state;

    private static int state(int attempt, int phase) {
        return (attempt << PHASE_BITS) | phase;
    }

    /** Moves the delivery on in an attempt; returns false when it is not where the move begins. */
    final boolean move(int attempt, int from, int to) {
        return STATE.compareAndSet(this, state(attempt, from), state(attempt, to));
    }

    /** Moves the delivery on in whatever attempt it is in; returns false when it is not where the move begins. */
    final boolean move(int from, int to) {
        return move(attemptsBegun(), from, to);
    }

    /** Sets the state; for the one who has moved the delivery to where nobody else moves it. */
    final void set(int attempt, int phase) {
        state = state(attempt, phase);
    }

    /** Returns whether the delivery is in that phase of that attempt. */
    final boolean isIn(int attempt, int phase) {
        return state == state(attempt, phase);
    }

    /** Returns how many attempts have begun before the current one; while it settles, before the one that ended. */
    final int attemptsBegun() {
        return state >>> PHASE_BITS;
    }

    /** Returns whether the delivery has ended. */
    protected final boolean isOver() {
        return (state & PHASE_MASK) == Phase.ENDED;
    }

    /** Returns whether no attempt is under way whose time could run out: what comes of the last one is being written, perhaps for long. */
    final boolean isSettled() {
        return (state & PHASE_MASK) >= Phase.SETTLING;
    }

    /** Ends the delivery; by whoever decides on the last attempt. */
    final void over() {
        set(attemptsBegun(), Phase.ENDED);
    }

    /** Ends the delivery while it waits for its time or its turn; returns false when it does not wait. */
    protected final boolean endParked() {
        return move(Phase.PARKED, Phase.ENDED);
    }

    /** Ends the delivery while it waits for a thread; returns false when it does not wait for one. */
    final boolean endReady() {
        return move(Phase.READY, Phase.ENDED);
    }

    /** Puts a delivery back that was begun, and was taken out of the workers' queue. Returns false when it has ended meanwhile. */
    final boolean standBack() {
        return move(Phase.READY, Phase.PARKED);
    }

    /** Begins an attempt that is one call for several deliveries; returns false when this one has ended meanwhile. */
    final boolean beginInBatch() {
        return move(Phase.PARKED, Phase.WAITING);
    }
}
