package io.eventgateway.internal.delivery.shared;

import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.internal.delivery.DeliveryEngine;
import io.eventgateway.internal.delivery.EmittedDelivery;
import io.eventgateway.internal.delivery.KeyOrder;
import io.eventgateway.internal.delivery.OrderKey;
import io.eventgateway.internal.delivery.Origin;
import io.eventgateway.internal.delivery.PendingEmission;
import io.eventgateway.spi.EventStore;
import io.eventgateway.spi.EventStore.OutcomeAnswer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A delivery that this gateway has leased from a store which others may look into. Before each call the lease has to hold, and where the
 * subscription orders or limits its deliveries, the store grants their turns.
 */
final class LeasedDelivery extends EmittedDelivery {
    private static final Duration UNTIL_RENEWED = Duration.ofMillis(500);
    /** How long the thread that is about to make an only call waits for the store; the call itself waits for as long as it takes. */
    private static final long MARK_MILLIS = 1_000;

    private static final int FIRST_TURN_BACKOFF_MILLIS = 2;
    private static final int LAST_TURN_BACKOFF_MILLIS = 250;

    private final SharedStore sharing;
    private final LeaseTerm lease;
    /** True from when the store has granted the delivery its key's turn. */
    private boolean turn;

    /** True while the delivery has a place under its subscription's limit for a call that has not begun. */
    private volatile boolean place;

    private short turnBackoffMillis = FIRST_TURN_BACKOFF_MILLIS;
    /** Whether the store was told of the end of the delivery before its call. */
    private boolean endWritten;

    LeasedDelivery(
            DeliveryEngine engine,
            SharedStore sharing,
            LeaseTerm lease,
            PendingEmission emission,
            int index,
            Placement placement) {
        super(engine, emission, index, placement.terms(), placement.origin());
        this.sharing = sharing;
        this.lease = lease;
    }

    /** The terms and the origin of a delivery. */
    record Placement(EventStore.Terms terms, Origin origin) {}

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public boolean isEndWritten() {
        return endWritten;
    }

    /** Returns the key that the store was given, because the store goes by that; a redrive to another function takes it away. */
    @Override
    protected @Nullable Object readKey() {
        return isKept() ? stored().orderKey() : super.readKey();
    }

    // ------------------------------------------------------------------------------------------------ turns

    @Override
    protected boolean awaitsTurn() {
        KeyOrder order = order();
        KeyOrder.Permit permit = keyPermit();
        if (order == null || permit == null || turn) {
            return false;
        }
        LeasedDelivery first = (LeasedDelivery) order.earliest(this, permit);
        if (first == this && permit.covers(this)) {
            turn = true;
            return false;
        }
        first.askForTurn(permit);
        return true;
    }

    private void askForTurn(KeyOrder.Permit permit) {
        engine().deliveryStore()
                .takeRun(this, OrderKey.text(key()), permit.followers(), permit.runOwner())
                .whenComplete((run, e) -> {
                    if (e != null) {
                        awaitTurn();
                    } else if (run.answer() == EventStore.TurnAnswer.NOT_YET) {
                        permit.endRun();
                        awaitTurn();
                    } else if (run.answer() == EventStore.TurnAnswer.NOT_YOURS) {
                        endTakenOver();
                    } else {
                        turn = true;
                        permit.run(new KeyOrder.Run(run.owner(), position(), run.last()));
                        keyGranted();
                    }
                });
    }

    @Override
    protected boolean hasTurn() {
        return turn;
    }

    /** Asks for the turn again a little later, and later each time. */
    private void awaitTurn() {
        if (lease.isLost()) {
            endTakenOver();
            return;
        }
        if (turnBackoffMillis == LAST_TURN_BACKOFF_MILLIS && engine().backlog().isTight() && handBack()) {
            return;
        }
        park(Duration.ofMillis(turnBackoffMillis));
        turnBackoffMillis = (short) Math.min(LAST_TURN_BACKOFF_MILLIS, turnBackoffMillis * 2);
    }

    /**
     * Makes room for the deliveries before this one, which may still be in the store: this one goes there too, and is claimed again by
     * whoever has room. Returns false when it has ended meanwhile.
     */
    private boolean handBack() {
        if (!endParked()) {
            return false;
        }
        release();
        return true;
    }

    @Override
    protected boolean returnToStore() {
        if (token() == EventStore.FIRST_TOKEN || !isKept()) {
            return false;
        }
        release();
        return true;
    }

    /** Gives the delivery, which is over here, to whoever claims it. */
    private void release() {
        follow();
        engine().deliveryStore().release(this);
        leaveStages();
    }

    private void follow() {
        sharing.remote().expect(emission(), index(), id(), position());
    }

    @Override
    protected @Nullable CompletableFuture<Boolean> askForPlace(int maxConcurrency) {
        if (endWritten) {
            return null; // the store knows nothing of it any more
        }
        return engine().deliveryStore().takePlace(this, maxConcurrency).thenApply(answer -> {
            if (answer == EventStore.TurnAnswer.NOT_YOURS) {
                endTakenOver();
            }
            place = answer == EventStore.TurnAnswer.GRANTED;
            return place;
        });
    }

    /** Gives back what the delivery has for a call that is not made, and then has it wait. */
    private void notBegun(Runnable next) {
        notCalled();
        if (!place) {
            next.run();
            return;
        }
        place = false;
        // first given back and then asked for again, or another delivery's place would be given back
        engine().deliveryStore().returnPlace(this).whenComplete((answer, e) -> next.run());
    }

    // ------------------------------------------------------------------------------------------------ the lease

    @Override
    protected boolean mayBegin() {
        if (!sharing.holds(lease)) {
            if (putBack()) {
                notBegun(this::awaitRenewal);
            }
            return false;
        }
        boolean begins = super.mayBegin() && (!target().isAtMostOnce() || endWritten || !isKept() || writeEnd());
        if (begins || endWritten) {
            place = false;
        }
        return begins;
    }

    @Override
    protected boolean isStillHeld() {
        if (!sharing.holds(lease)) {
            awaitRenewal();
            return false;
        }
        return true;
    }

    /**
     * Has the store forget the delivery before its only call, so that nobody makes that call again should this process end in the
     * middle of it. The thread waits for the store a little, as the call has to; where the store takes longer, the delivery goes on when
     * the store has answered.
     */
    private boolean writeEnd() {
        CompletableFuture<OutcomeAnswer> told = engine().deliveryStore().ended(this, "begins its only attempt");
        if (told == null) {
            return true;
        }
        try {
            if (told.get(MARK_MILLIS, TimeUnit.MILLISECONDS) == OutcomeAnswer.DONE) {
                endIsWritten();
                return !isOver();
            }
            if (putBack()) {
                notCalled();
                endTakenOver();
            }
        } catch (ExecutionException e) { // which is logged; the store has the delivery still
            if (putBack()) {
                notBegun(() -> park(UNTIL_RENEWED));
            }
        } catch (TimeoutException e) {
            awaitEndWritten(told);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            awaitEndWritten(told);
        }
        return false;
    }

    private void endIsWritten() {
        kept(false);
        endWritten = true;
        place = false;
    }

    private void awaitEndWritten(CompletableFuture<OutcomeAnswer> told) {
        if (!putBack()) {
            return;
        }
        notBegun(() -> told.whenComplete((answer, e) -> {
            if (answer == OutcomeAnswer.NOT_YOURS) {
                endTakenOver();
                return;
            }
            if (answer == OutcomeAnswer.DONE) {
                endIsWritten();
            }
            park(answer == null ? UNTIL_RENEWED : Duration.ZERO);
        }));
    }

    @Override
    protected boolean isTakenOver() {
        return lease.isLost();
    }

    /** The lease is lost: the delivery ends, wherever it waits. One whose attempt runs ends with that attempt. */
    void leaseLost() {
        if (isTakenOver()) {
            endTakenOver();
        }
    }

    /** Waits until it is known whether another gateway has the delivery by now. */
    private void awaitRenewal() {
        if (lease.isLost()) {
            endTakenOver();
        } else {
            park(UNTIL_RENEWED);
        }
    }

    /**
     * The store says that the delivery is not this gateway's, though its lease holds by the timer here: the event was erased by another
     * gateway, or the store's clock went forward and another gateway delivers it. The store knows which.
     */
    @Override
    protected boolean followElsewhere() {
        if (!isKept() || !sharing.holds(lease)) {
            return false;
        }
        follow();
        leaveStages();
        return true;
    }

    @Override
    protected DeliveryStatus takenOverStatus() {
        return DeliveryStatus.RELEASED;
    }

    @Override
    protected String takenOverReason() {
        return "another gateway has taken the delivery over, since this one did not renew its lease in time,"
                + " or the event was erased";
    }
}
