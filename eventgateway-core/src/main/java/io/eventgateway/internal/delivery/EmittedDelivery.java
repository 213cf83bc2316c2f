package io.eventgateway.internal.delivery;

import io.eventgateway.Event;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationResult;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.DeliveryAttempt;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.internal.invocation.RegisteredFunction;
import io.eventgateway.spi.EventStore;
import io.eventgateway.spi.EventStore.DeliveryId;
import java.time.Duration;
import java.time.Instant;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A delivery for an emission: attempted until the function took it or its policy gives it up. What is next after an attempt, and what
 * the end of a delivery brings about, is the {@link Settlement}'s.
 *
 * <p>What is not final is guarded by the state of the delivery, whose owner alone reads and writes it; the permits are guarded by those who give
 * them, and giving back a permit that was not given, or was given back, does nothing.
 */
public class EmittedDelivery extends Delivery {
    /** Where a delivery waits whose attempt does not run. */
    private enum Stage {
        /** Nowhere: the delivery is on its way from one stage to the next, or in an attempt. */
        MOVES,
        /** For a time. */
        DUE,
        /** For its key. */
        KEY,
        /** For the limits. */
        LIMITS
    }

    private final PendingEmission emission;
    private final Target target;
    private final int index;
    private final long acceptedAtMillis;
    /** Null for those of an event that is due at once, and that expires when its policy says. */
    private final EventStore.@Nullable Terms terms;

    private final Origin origin;
    /** The attempts that failed, while the store does not know the delivery; null for none. */
    private @Nullable FailedAttempts failed;
    /** The delivery as the store knows it; null until it is asked for. */
    private EventStore.@Nullable Delivery stored;
    /** Whether the store knows the delivery. */
    private boolean kept;
    /** Whether the event was erased, so that nothing is to be kept of the delivery any more. */
    private volatile boolean erased;

    private volatile Stage stage = Stage.MOVES;
    private @Nullable Object key;
    private volatile KeyOrder.@Nullable Permit keyPermit;
    /** The permit for which the delivery waits. */
    private volatile KeyOrder.@Nullable Permit awaitedKey;

    private volatile @Nullable CallPermit callPermit;
    private long enteredAt;
    /** Whether the delivery has given back its room in the backlog. */
    private boolean roomGivenBack;

    /** Creates the delivery of an emission to one of its targets, which the store may know. */
    public EmittedDelivery(
            DeliveryEngine engine, PendingEmission emission, int index, EventStore.Terms terms, Origin origin) {
        super(engine);
        this.emission = emission;
        this.target = emission.asyncTargets()[index];
        this.index = index;
        this.acceptedAtMillis = EffectivePolicy.millis(terms.acceptedAt());
        this.terms = terms;
        this.origin = origin;
        this.stored = origin.stored();
        this.kept = origin.stored() != null;
    }

    /**
     * Creates the delivery of an emission of which no store is told.
     *
     * @param terms null for those of an event that is due at once, and that expires when its policy says
     */
    EmittedDelivery(
            DeliveryEngine engine,
            PendingEmission emission,
            int index,
            long acceptedAtMillis,
            EventStore.@Nullable Terms terms) {
        super(engine);
        this.emission = emission;
        this.target = emission.asyncTargets()[index];
        this.index = index;
        this.acceptedAtMillis = acceptedAtMillis;
        this.terms = terms;
        this.origin = Origin.UNKNOWN_TO_STORE;
    }

    @Override
    public final RegisteredFunction function() {
        return target.function();
    }

    @Override
    final Subscription subscription() {
        return target.subscription();
    }

    @Override
    public final Event event() {
        return emission.event();
    }

    @Override
    final boolean mayBeRepeated() {
        return !target.policy().isAtMostOnce();
    }

    @Override
    final long timeoutNanos() {
        return target.policy().timeoutNanos();
    }

    /** Returns the id under which the store knows the delivery, or is to know it. */
    public final DeliveryId id() {
        return stored().id();
    }

    /** Returns the token of the lease. */
    public final long token() {
        return origin.token();
    }

    /** Returns the position of the event in the store; 0 where the store does not order events. */
    public final long position() {
        return origin.position();
    }

    /** Returns the place of the delivery among those of its subscription, by when their events were accepted. */
    final long acceptance() {
        return position() != 0 ? position() : id().number();
    }

    @Override
    final boolean isCounted() {
        return emission.takesRoom();
    }

    /** Returns the place of the delivery among the async deliveries of its emission. */
    public final int index() {
        return index;
    }

    /** Returns the delivery as the store knows it, or is to know it. */
    public final EventStore.Delivery stored() {
        EventStore.Delivery known = stored;
        if (known == null) {
            known = engine().deliveryStore().delivery(event(), terms(), target);
            stored = known;
        }
        return known;
    }

    private EventStore.Terms terms() {
        return terms == null ? new EventStore.Terms(Instant.ofEpochMilli(acceptedAtMillis), null, null) : terms;
    }

    /** Returns whether the store knows the delivery. */
    public final boolean isKept() {
        return kept;
    }

    /** The store knows the delivery from now on, or does not know it any more. */
    protected final void kept(boolean known) {
        kept = known;
    }

    /** The event was erased: nothing is kept of the delivery from now on. */
    final void erase() {
        erased = true;
    }

    /** The event was not erased after all, because the store failed. */
    final void notErased() {
        erased = false;
    }

    final boolean isErased() {
        return erased;
    }

    /** Returns whether other gateways may have the delivery when this one does not. */
    public boolean isShared() {
        return false;
    }

    /** Returns whether the store keeps the delivery for others when this gateway closes. */
    final boolean staysInStore() {
        return kept && isShared();
    }

    /** Returns whether the store was told of the end of the delivery before its call. */
    public boolean isEndWritten() {
        return false;
    }

    /** Returns the target. */
    public final Target target() {
        return target;
    }

    @Override
    public final PendingEmission emission() {
        return emission;
    }

    final long expiresAtMillis() {
        return target.policy().expiresAtMillis(acceptedAtMillis, terms);
    }

    final Instant expiresAt() {
        long millis = expiresAtMillis();
        return millis == Long.MAX_VALUE ? Instant.MAX : Instant.ofEpochMilli(millis);
    }

    /** Notes how long an attempt took that has ended, of one attempt in some. */
    final void tookTime() {
        if (Sampling.now()) {
            long nanos = elapsed().toNanos();
            if (nanos > 0) {
                target.count().took(event().getType(), nanos);
            }
        }
    }

    /** Remembers an attempt that failed, since the store does not know the delivery. */
    final void remember(DeliveryAttempt attempt) {
        failed = new FailedAttempts(failed, attempt);
    }

    /** Returns the attempts that the store does not know, oldest first, and forgets them. */
    final Deque<DeliveryAttempt> takeRemembered() {
        Deque<DeliveryAttempt> all = FailedAttempts.oldestFirst(failed);
        failed = null;
        return all;
    }

    final int countedAttempts() {
        return origin.countedAttempts();
    }

    @Override
    protected final int attemptsBefore() {
        return origin.earlierAttempts() + attemptsBegun();
    }

    // ------------------------------------------------------------------------------------------------ the stages

    /** Delivers when the event is due, or at once. */
    final void start(@Nullable Instant dueAt) {
        key = readKey();
        Duration left = dueAt == null
                ? Duration.ZERO
                : Duration.between(engine().clock().instant(), dueAt);
        if (left.isNegative() || left.isZero()) {
            goOn();
        } else {
            park(left);
        }
    }

    /** Returns the key by which the delivery is ordered; null for none. It may have to read the data, so the emitter's thread asks. */
    protected @Nullable Object readKey() {
        return target.order() == null
                ? null
                : OrderKey.of(Objects.requireNonNull(target.policy().orderBy()).key(), event());
    }

    /** Waits for a time. */
    protected final void park(Duration time) {
        atNanos(engine().scheduler().now() + DeliveryScheduler.nanos(time));
        stage = Stage.DUE;
        engine().scheduler().schedule(this);
        if (isOver()) {
            engine().scheduler().cancel(this); // it ended before it was there to be taken out
        }
    }

    @Override
    final void due() {
        engine().queues().join(target); // its subscription may have got a queue meanwhile
        goOn();
    }

    /** The time of the delivery has come: the next stages are its subscription's. */
    private void goOn() {
        stage = Stage.MOVES;
        if (isTakenOver()) {
            endTakenOver();
            return;
        }
        SubscriptionQueue queue = target.queue();
        if (queue == null) {
            begin();
        } else {
            queue.enter(this);
        }
    }

    /** Returns the key; null for none. */
    protected final @Nullable Object key() {
        return key;
    }

    /** Returns the order of the subscription's keys; null for none. */
    protected final @Nullable KeyOrder order() {
        return target.order();
    }

    /** Returns the permit of the key; null while another delivery has it. */
    protected final KeyOrder.@Nullable Permit keyPermit() {
        return keyPermit;
    }

    /** The permit of the key is this delivery's now, or is not any more; for those who give permits. */
    final void keyPermit(KeyOrder.@Nullable Permit permit) {
        stage = Stage.MOVES;
        awaitedKey = null;
        keyPermit = permit;
    }

    final void waitsFor(KeyOrder.Permit permit) {
        awaitedKey = permit;
        stage = Stage.KEY;
    }

    /** The delivery is the first of its key now. */
    protected final void keyGranted() {
        Objects.requireNonNull(target.queue()).keyGranted(this);
    }

    /**
     * Returns whether other gateways may have earlier deliveries of the same key, so that this one, or the earliest one here, has asked for
     * its turn and goes on when it is granted.
     */
    protected boolean awaitsTurn() {
        return false;
    }

    /** Returns whether the delivery is the one of its key that may be made. */
    protected boolean hasTurn() {
        return true;
    }

    /**
     * Asks for one of the calls that all gateways together may have under way for the subscription.
     *
     * @return whether it is granted; null where no other gateway has deliveries of the subscription
     */
    protected @Nullable CompletableFuture<Boolean> askForPlace(int maxConcurrency) {
        return null;
    }

    final void waitsForLimits(long nowNanos) {
        enteredAt = nowNanos;
        stage = Stage.LIMITS;
    }

    final boolean waitsForLimits() {
        return stage == Stage.LIMITS;
    }

    final long enteredAt() {
        return enteredAt;
    }

    /** The permit for the next call; for those who give permits. */
    final void callPermit(@Nullable CallPermit permit) {
        stage = Stage.MOVES;
        callPermit = permit;
    }

    final @Nullable CallPermit takeCallPermit() {
        CallPermit permit = callPermit;
        callPermit = null;
        return permit;
    }

    /** Gives the permit of a call back that is not made. */
    protected final void notCalled() {
        CallPermit permit = takeCallPermit();
        if (permit != null) {
            permit.unused();
        }
    }

    /** Passes the key on while the end of the delivery is being written, if the store has given the next delivery its turn already. */
    final void passKeyOn() {
        KeyOrder.Permit permit = keyPermit;
        if (permit != null) {
            permit.passOnWithinRun(this);
        }
    }

    /** Gives the key back to whoever gave it. */
    protected final void returnKey() {
        KeyOrder.Permit permit = keyPermit;
        if (permit != null) {
            permit.giveBack(this);
        }
    }

    /** Leaves the queues in which the delivery waits, because it has ended. */
    final void leaveQueues() {
        KeyOrder.Permit awaited = awaitedKey;
        KeyOrder order = order();
        SubscriptionQueue queue = target.queue();
        if (awaited != null && order != null) {
            order.leftQueue(awaited, this);
        } else if (stage == Stage.LIMITS && queue != null) {
            queue.limits().left(this);
        }
    }

    @Override
    final long goesOnAt() {
        Stage now = stage; // read before the time, which is written before
        KeyOrder.Permit awaited = awaitedKey;
        SubscriptionQueue queue = target.queue();
        return switch (now) {
            case MOVES -> Long.MIN_VALUE;
            case DUE -> atNanos();
            case KEY -> awaited == null ? Long.MIN_VALUE : awaited.freeAt();
            case LIMITS -> queue == null ? Long.MIN_VALUE : queue.limits().goesOnAt(target);
        };
    }

    // ------------------------------------------------------------------------------------------------ an attempt

    @Override
    protected boolean mayBegin() {
        if (expiresAtMillis() <= engine().clock().millis()) {
            settleUncalled(Settlement.tooLate(this));
            return false;
        }
        return true;
    }

    /** Returns whether the delivery is this gateway's still, so that it may be called with others; if not, it waits again or has ended. */
    protected boolean isStillHeld() {
        return true;
    }

    /** Returns whether the delivery may be called with others, and has begun; if not, it waits again or has ended. */
    final boolean mayBeginInBatch() {
        stage = Stage.MOVES;
        if (!isStillHeld()) {
            return false;
        }
        if (expiresAtMillis() <= engine().clock().millis()) {
            expireWhileItWaits();
            return false;
        }
        return beginInBatch();
    }

    @Override
    final void attemptEnded(boolean called, @Nullable InvocationResult result, @Nullable InvocationException failure) {
        if (failure == null) {
            engine().settlement().delivered(this, result == null ? InvocationResult.empty() : result);
        } else if (!called) {
            engine().settlement().expiredUncalled(this, failure);
        } else {
            engine().settlement().failed(this, failure);
        }
    }

    // ------------------------------------------------------------------------------------------------ the end

    /** The time of the delivery runs out while it waits. */
    final void expireWhileItWaits() {
        int attempts = attemptsBefore();
        if (endParked() || endReady()) {
            engine().offThisThread(() -> engine().settlement().expired(this, attempts));
        }
    }

    /** Returns whether another gateway may have the delivery by now; asked once the delivery is registered, and before each wait. */
    protected boolean isTakenOver() {
        return false;
    }

    /** Ends the delivery, unless an attempt of it runs, because the store does not have it for this gateway any more. */
    protected final void endTakenOver() {
        if (endParked() || endReady()) {
            int attempts = attemptsBefore();
            engine().offThisThread(() -> engine().settlement().takenOver(this, attempts));
        }
    }

    /**
     * Follows the delivery, which is over here, in the store, so that its emission ends as the delivery does; returns false when the
     * emission is to end now.
     */
    protected boolean followElsewhere() {
        return false;
    }

    /** Returns how the delivery ends when the store does not have it for this gateway any more. */
    protected DeliveryStatus takenOverStatus() {
        return DeliveryStatus.DROPPED;
    }

    /** Returns why the store does not have the delivery for this gateway any more. */
    protected String takenOverReason() {
        return Settlement.ERASED;
    }

    @Override
    final void dropped(int attemptsBegun, InvocationException failure) {
        engine().settlement().dropped(this, origin.earlierAttempts() + attemptsBegun, failure);
    }

    /**
     * Returns the delivery, which is over here, to the store that this gateway claimed it from; returns false where this gateway accepted
     * its event. Only the gateway that accepted an event may drop it: no other could tell the emitter.
     */
    protected boolean returnToStore() {
        return false;
    }

    /** Leaves the stages, with all that they gave, because the delivery is over here; its emission goes on. */
    protected final void leaveStages() {
        cancelWait();
        leaveQueues();
        notCalled();
        returnKey();
        giveRoomBack();
        engine().ended(this);
    }

    /** Gives the room in the backlog back, once; for whoever ended the delivery. */
    protected final void giveRoomBack() {
        if (!roomGivenBack && isCounted()) {
            roomGivenBack = true;
            engine().backlog().giveBack(1);
        }
    }

    /** Takes the delivery out of the timers, if it is there. */
    final void cancelWait() {
        if (stage == Stage.DUE) {
            engine().scheduler().cancel(this);
        }
    }
}
