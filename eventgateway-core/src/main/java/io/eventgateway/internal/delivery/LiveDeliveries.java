package io.eventgateway.internal.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The registry of a gateway's live deliveries: each of them is here from its acceptance to its end, whichever stage holds it
 * meanwhile, so that whoever closes the gateway or waits for it to be idle finds them all. Whether the gateway still delivers is
 * a state of this registry, asked nowhere else.
 *
 * <p>A delivery is in one of two lists, by whether an attempt of it is under way. The lists go through the deliveries
 * themselves, so that being registered takes no memory of its own; they are striped, so that threads seldom meet. A stripe's
 * lock guards its lists and the links of their members; nothing foreign runs under it.
 */
final class LiveDeliveries {
    private static final int STRIPES = 8;
    /** How many deliveries of a stripe may be among those under way, and looked at every few milliseconds, before an attempt begins. */
    private static final int FEW = 32;

    /** A list of deliveries, whose links are in the deliveries. */
    private static final class Members {
        private @Nullable Delivery first;
        private int size;

        void add(Delivery delivery) {
            Delivery next = first;
            delivery.liveNext = next;
            delivery.livePrevious = null;
            if (next != null) {
                next.livePrevious = delivery;
            }
            first = delivery;
            size++;
        }

        void remove(Delivery delivery) {
            Delivery previous = delivery.livePrevious;
            Delivery next = delivery.liveNext;
            if (previous == null) {
                first = next;
            } else {
                previous.liveNext = next;
            }
            if (next != null) {
                next.livePrevious = previous;
            }
            delivery.liveNext = null;
            delivery.livePrevious = null;
            size--;
        }

        /** Asks the stages, whose locks are taken inside of the stripe's and never around it. */
        @Nullable Delivery goingOnUpTo(long nanos, Set<Delivery> butFor) {
            for (Delivery at = first; at != null; at = at.liveNext) {
                if (at.goesOnAt() <= nanos && !butFor.contains(at)) {
                    return at;
                }
            }
            return null;
        }

        void forEach(Consumer<? super Delivery> action) {
            for (Delivery at = first; at != null; at = at.liveNext) {
                action.accept(at);
            }
        }
    }

    @SuppressWarnings("serial") // never serialized
    private static final class Stripe extends ReentrantLock {
        private final Members waiting = new Members();
        private final Members underWay = new Members();

        Members membersOf(Delivery delivery) {
            return delivery.liveList == Delivery.UNDER_WAY ? underWay : waiting;
        }
    }

    private final Stripe[] stripes = new Stripe[STRIPES];
    private volatile boolean closed;

    LiveDeliveries() {
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Stripe();
        }
    }

    /**
     * Registers a delivery that was accepted; returns false when the gateway delivers nothing any more: it is to be abandoned then.
     *
     * @param straight whether the next step is an attempt; it may then be among those under way from now on, which saves a step
     */
    boolean accepted(Delivery delivery, boolean straight) {
        int number = ThreadLocalRandom.current().nextInt(STRIPES);
        delivery.liveStripe = (byte) number;
        move(delivery, straight && stripes[number].underWay.size < FEW ? Delivery.UNDER_WAY : Delivery.WAITS);
        return !closed;
    }

    /** Notes that an attempt is under way, whose deadline is to be looked after; false as for {@link #accepted}. */
    boolean begins(Delivery delivery) {
        if (delivery.liveList != Delivery.UNDER_WAY) {
            move(delivery, Delivery.UNDER_WAY);
        }
        return !closed;
    }

    /** Notes that no attempt is under way any more, and another is to come; false as for {@link #accepted}. */
    boolean waits(Delivery delivery) {
        move(delivery, Delivery.WAITS);
        return !closed;
    }

    /** Forgets a delivery that has ended. */
    void ended(Delivery delivery) {
        move(delivery, Delivery.NOT_LIVE);
    }

    private void move(Delivery delivery, byte list) {
        Stripe stripe = stripes[delivery.liveStripe];
        stripe.lock();
        try {
            if (delivery.liveList == list || delivery.liveList == Delivery.GONE) {
                return;
            }
            if (delivery.liveList != Delivery.NOT_LIVE) {
                stripe.membersOf(delivery).remove(delivery);
            }
            delivery.liveList = list == Delivery.NOT_LIVE ? Delivery.GONE : list;
            if (list != Delivery.NOT_LIVE) {
                stripe.membersOf(delivery).add(delivery);
            }
        } finally {
            stripe.unlock();
        }
    }

    /** Returns whether the gateway delivers nothing any more. */
    boolean isClosed() {
        return closed;
    }

    /** Delivers nothing from now on; what is registered is for the caller to end. */
    void close() {
        closed = true;
    }

    /** All live deliveries at this moment. */
    List<Delivery> all() {
        List<Delivery> all = new ArrayList<>();
        for (Stripe stripe : stripes) {
            stripe.lock();
            try {
                stripe.waiting.forEach(all::add);
                stripe.underWay.forEach(all::add);
            } finally {
                stripe.unlock();
            }
        }
        return all;
    }

    /** A delivery that may go on up to a time on the clock's timer, but for those; null when there is none. */
    @Nullable Delivery goingOnUpTo(long nanos, Set<Delivery> butFor) {
        for (Stripe stripe : stripes) {
            stripe.lock();
            try {
                Delivery found = stripe.underWay.goingOnUpTo(nanos, butFor);
                if (found == null) {
                    found = stripe.waiting.goingOnUpTo(nanos, butFor);
                }
                if (found != null) {
                    return found;
                }
            } finally {
                stripe.unlock();
            }
        }
        return null;
    }

    /** The deliveries whose attempt is under way and whose deadline has come. */
    List<Delivery> overdue(long now) {
        List<Delivery> overdue = null;
        for (Stripe stripe : stripes) {
            if (stripe.underWay.first == null) { // a racy look: the next tick sees what this one does not
                continue;
            }
            stripe.lock();
            try {
                for (Delivery at = stripe.underWay.first; at != null; at = at.liveNext) {
                    if (at.isOverdue(now)) {
                        overdue = overdue == null ? new ArrayList<>() : overdue;
                        overdue.add(at);
                    }
                }
            } finally {
                stripe.unlock();
            }
        }
        return overdue == null ? List.of() : overdue;
    }

    /** The earliest deadline of an attempt that is under way; {@link Long#MAX_VALUE} when there is none. */
    long nextDeadline() {
        long[] next = {Long.MAX_VALUE};
        forEachUnderWay(delivery -> {
            long deadline = delivery.deadlineNanos();
            next[0] = deadline == 0 ? next[0] : Math.min(next[0], deadline);
        });
        return next[0];
    }

    private void forEachUnderWay(Consumer<? super Delivery> action) {
        for (Stripe stripe : stripes) {
            stripe.lock();
            try {
                stripe.underWay.forEach(action);
            } finally {
                stripe.unlock();
            }
        }
    }

    /** Returns whether an attempt is under way, or what is next after one is being decided. */
    boolean isBusy() {
        for (Stripe stripe : stripes) {
            if (stripe.underWay.first != null) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether an attempt is under way that is none of these. */
    boolean isBusyWithout(Set<Delivery> these) {
        boolean[] busy = new boolean[1];
        forEachUnderWay(delivery -> busy[0] |= !these.contains(delivery));
        return busy[0];
    }

    /** Returns how many deliveries are live that the backlog counts. */
    int size() {
        int[] size = {0};
        for (Stripe stripe : stripes) {
            stripe.lock();
            try {
                Consumer<Delivery> count = delivery -> size[0] += delivery.isCounted() ? 1 : 0;
                stripe.waiting.forEach(count);
                stripe.underWay.forEach(count);
            } finally {
                stripe.unlock();
            }
        }
        return size[0];
    }
}
