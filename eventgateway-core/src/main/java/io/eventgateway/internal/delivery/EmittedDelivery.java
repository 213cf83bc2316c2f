package io.eventgateway.internal.delivery;

import io.eventgateway.InvocationException;
import io.eventgateway.InvocationResult;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.error.BacklogFullException;
import io.eventgateway.spi.EventStore;
import io.eventgateway.spi.EventStore.DeliveryId;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * A delivery for an emission: attempted until the function took it or its policy gives it up, and kept by the event store until
 * then. What is next after an attempt, and what its end brings about, is the {@link Settlement}'s.
 *
 * <p>What is not final is guarded by the state of the delivery, whose owner alone reads and writes it; the permits are guarded by those who give
 * them, and giving back one that was not given, or was given back, does nothing.
 */
final class EmittedDelivery extends Delivery {
    private static final Duration UNTIL_RENEWED = Duration.ofMillis(500);
    private static final int FIRST_TURN_BACKOFF_MILLIS = 2;
    private static final int LAST_TURN_BACKOFF_MILLIS = 250;

    /** Where a delivery waits whose attempt does not run. */
    private enum Stage {
        /** Nowhere: it is on its way from one stage to the next, or in an attempt. */
        MOVES,
        /** For a time. */
        DUE,
        /** For its key. */
        KEY,
        /** For the limits. */
        LIMITS
    }

    /** The end of a wait for a time. */
    private final class Due extends Timers.Entry {
        Due(long atNanos) {
            super(atNanos);
        }

        @Override
        void due() {
            engine().queues().join(target()); // its subscription may have got a queue meanwhile
            EmittedDelivery.this.due();
        }
    }

    private final PendingEmission emission;
    private final int index;
    private final EventStore.Terms terms;
    private final LeaseTerm tenure;
    /** That of its event in the store; 0 where the store does not order. */
    private final long position;

    private final long token;
    /** How many attempts were made before this gateway, or this redrive, had it. */
    private final int earlierAttempts;
    /** How many of them count for the policy. */
    private final int countedAttempts;

    private final long expiresAtMillis;
    /** As the store knows it; null while it does not. */
    private EventStore.@Nullable Delivery stored;

    private boolean kept;
    /** Whether its event was erased, so that nothing is to be kept of it any more. */
    private volatile boolean erased;
    /** Whether the store was told of its end before its call. */
    private boolean endWritten;

    private volatile Stage stage = Stage.MOVES;
    private volatile Timers.@Nullable Entry wait;
    private @Nullable Object key;
    private volatile KeyOrder.@Nullable Permit keyPermit;
    /** What it waits for, while it waits for its key. */
    private volatile KeyOrder.@Nullable Permit awaitedKey;

    private volatile @Nullable CallPermit callPermit;
    private long enteredAt;
    /** Whether it is its key's turn in the store, as far as that is asked. */
    private boolean turn;

    private short turnBackoffMillis = FIRST_TURN_BACKOFF_MILLIS;
    /** Whether it has given back its room in the backlog. */
    private boolean roomGivenBack;

    /** One that was accepted just now, with what the store has of it; null when it need not know yet. */
    EmittedDelivery(
            DeliveryEngine engine,
            PendingEmission emission,
            int index,
            EventStore.Terms terms,
            DeliveryStore.@Nullable StoredEmission kept) {
        this(
                engine,
                emission,
                index,
                terms,
                kept == null || kept.deliveries().isEmpty()
                        ? null
                        : kept.deliveries().get(index),
                kept == null ? engine.ledger().tenure() : kept.tenure(),
                kept == null ? 0 : kept.position(),
                EventStore.FIRST_TOKEN,
                0,
                0);
    }

    /** One that was attempted before, by another gateway or until it was a dead letter; or that waited in the store. */
    EmittedDelivery(
            DeliveryEngine engine,
            PendingEmission emission,
            int index,
            LeaseTerm tenure,
            EventStore.Lease lease,
            int countedAttempts) {
        this(
                engine,
                emission,
                index,
                lease.delivery().terms(),
                lease.delivery(),
                tenure,
                lease.position(),
                lease.token(),
                lease.attempts().size(),
                countedAttempts);
    }

    private EmittedDelivery(
            DeliveryEngine engine,
            PendingEmission emission,
            int index,
            EventStore.Terms terms,
            EventStore.@Nullable Delivery stored,
            LeaseTerm tenure,
            long position,
            long token,
            int earlierAttempts,
            int countedAttempts) {
        super(
                engine,
                emission.asyncTargets()[index].function(),
                emission.asyncTargets()[index].subscription(),
                emission.event(),
                emission.asyncTargets()[index].policy().timeoutNanos());
        this.emission = emission;
        this.index = index;
        this.terms = terms;
        this.stored = stored;
        this.kept = stored != null;
        this.tenure = tenure;
        this.position = position;
        this.token = token;
        this.earlierAttempts = earlierAttempts;
        this.countedAttempts = countedAttempts;
        this.expiresAtMillis = target().policy().expiresAtMillis(terms);
    }

    DeliveryId id() {
        return stored().id();
    }

    long token() {
        return token;
    }

    long position() {
        return position;
    }

    /** Its place among the deliveries of its subscription, by when their events were accepted. */
    long acceptance() {
        return position != 0 ? position : id().number();
    }

    @Override
    boolean isCounted() {
        return emission.takesRoom();
    }

    int index() {
        return index;
    }

    /** As the store knows it, or is to. */
    EventStore.Delivery stored() {
        EventStore.Delivery known = stored;
        if (known == null) {
            known = engine().ledger().delivery(tenure, event(), terms, target());
            stored = known;
        }
        return known;
    }

    /** Whether the store knows it. */
    boolean isKept() {
        return kept;
    }

    void kept() {
        kept = true;
    }

    /** Its event was erased: nothing is kept of it from now on. */
    void erase() {
        erased = true;
    }

    boolean isErased() {
        return erased;
    }

    /** Whether the store keeps it for others when this gateway closes. */
    boolean staysInStore() {
        return kept && engine().ledger().isShared();
    }

    boolean isEndWritten() {
        return endWritten;
    }

    Target target() {
        return emission.asyncTargets()[index];
    }

    @Override
    public PendingEmission emission() {
        return emission;
    }

    long expiresAtMillis() {
        return expiresAtMillis;
    }

    Instant expiresAt() {
        return expiresAtMillis == Long.MAX_VALUE ? Instant.MAX : Instant.ofEpochMilli(expiresAtMillis);
    }

    int earlierAttempts() {
        return earlierAttempts;
    }

    int countedAttempts() {
        return countedAttempts;
    }

    @Override
    int attemptsBefore() {
        return earlierAttempts + attemptsBegun();
    }

    // ------------------------------------------------------------------------------------------------ the stages

    /** Is delivered when it is due, or at once. */
    void start(@Nullable Instant dueAt) {
        KeyOrder order = target().order();
        EventStore.Delivery known = stored;
        if (known != null && engine().ledger().isShared()) {
            key = known.orderKey(); // the store goes by the key that it was given, which a redrive to elsewhere
            // takes away
        } else if (order != null) {
            // it may have to read the data, so it is asked for on the emitter's thread
            key = OrderKey.of(
                    Objects.requireNonNull(target().policy().orderBy()).key(), event());
        }
        Duration left = dueAt == null
                ? Duration.ZERO
                : Duration.between(engine().clock().instant(), dueAt);
        if (left.isNegative() || left.isZero()) {
            due();
        } else {
            park(left);
        }
    }

    /** Waits for a time. */
    void park(Duration time) {
        Due entry = new Due(engine().clockwork().now() + DeliveryScheduler.nanos(time));
        stage = Stage.DUE;
        wait = entry;
        engine().clockwork().schedule(entry);
        if (isOver()) {
            engine().clockwork().cancel(entry); // it ended before the entry was there to be taken out
        }
    }

    /** Its time has come: the next stages are its subscription's. */
    void due() {
        stage = Stage.MOVES;
        wait = null;
        SubscriptionQueue queue = target().queue();
        if (queue == null) {
            begin();
        } else {
            queue.enter(this);
        }
    }

    @Nullable Object key() {
        return key;
    }

    @Nullable KeyOrder order() {
        return target().order();
    }

    KeyOrder.@Nullable Permit keyPermit() {
        return keyPermit;
    }

    /** The permit of its key is its own now, or is not any more; for those who give it. */
    void keyPermit(KeyOrder.@Nullable Permit permit) {
        stage = Stage.MOVES;
        awaitedKey = null;
        keyPermit = permit;
    }

    void waitsFor(KeyOrder.Permit permit) {
        awaitedKey = permit;
        stage = Stage.KEY;
    }

    /** It is the first of its key now. */
    void keyGranted() {
        Objects.requireNonNull(target().queue()).keyGranted(this);
    }

    void waitsForLimits(long nowNanos) {
        enteredAt = nowNanos;
        stage = Stage.LIMITS;
    }

    boolean waitsForLimits() {
        return stage == Stage.LIMITS;
    }

    long enteredAt() {
        return enteredAt;
    }

    /** The permit for its next call; for those who give it. */
    void callPermit(@Nullable CallPermit permit) {
        stage = Stage.MOVES;
        callPermit = permit;
    }

    @Nullable CallPermit takeCallPermit() {
        CallPermit permit = callPermit;
        callPermit = null;
        return permit;
    }

    /** Gives its key back to whoever gave it. */
    void returnKey() {
        KeyOrder.Permit permit = keyPermit;
        if (permit != null) {
            permit.giveBack(this);
        }
    }

    /** Leaves the queues in which it waits, because it has ended. */
    void leaveQueues() {
        KeyOrder.Permit awaited = awaitedKey;
        KeyOrder order = order();
        SubscriptionQueue queue = target().queue();
        if (awaited != null && order != null) {
            order.leftQueue(awaited);
        } else if (stage == Stage.LIMITS && queue != null) {
            queue.limits().left(this);
        }
    }

    @Override
    long goesOnAt() {
        Timers.Entry waits = wait;
        KeyOrder.Permit awaited = awaitedKey;
        SubscriptionQueue queue = target().queue();
        return switch (stage) {
            case MOVES -> Long.MIN_VALUE;
            case DUE -> waits == null ? Long.MIN_VALUE : waits.atNanos();
            case KEY -> awaited == null ? Long.MIN_VALUE : awaited.freeAt();
            case LIMITS -> queue == null ? Long.MIN_VALUE : queue.limits().goesOnAt(target());
        };
    }

    // ------------------------------------------------------------------------- what only a shared store needs

    boolean hasTurn() {
        return turn;
    }

    void hasTurn(boolean has) {
        this.turn = has;
    }

    /** It was not its turn in the store: it asks again a little later, and later each time. */
    void awaitTurn() {
        if (turnBackoffMillis == LAST_TURN_BACKOFF_MILLIS && engine().backlog().isTight() && handBack()) {
            return;
        }
        park(Duration.ofMillis(turnBackoffMillis));
        turnBackoffMillis = (short) Math.min(LAST_TURN_BACKOFF_MILLIS, turnBackoffMillis * 2);
    }

    /**
     * Makes room for those before it, which may still be in the store: it goes there too, and is claimed again by whoever has
     * room. False when it has ended meanwhile.
     */
    private boolean handBack() {
        if (!endParked()) {
            return false;
        }
        engine().elsewhere().expect(emission, index, id(), position);
        engine().ledger().release(this);
        returnKey();
        giveRoomBack();
        engine().live().ended(this);
        engine().ended(this);
        return true;
    }

    @Override
    boolean mayBegin() {
        if (!engine().ledger().holds(tenure)) {
            if (putBack()) {
                notCalled();
                awaitRenewal();
            }
            return false;
        }
        if (expiresAtMillis <= engine().clock().millis()) {
            settleUncalled(expired());
            return false;
        }
        return !target().policy().isAtMostOnce() || !kept || writeEnd();
    }

    /**
     * Has the store forget the delivery before its only call, so that nobody makes that call again should this process end in the
     * middle of it. The thread waits for the store, as the call has to.
     */
    private boolean writeEnd() {
        boolean written;
        try {
            written = Objects.requireNonNull(engine().ledger().ended(this, "begins its only attempt"))
                    .join();
        } catch (CompletionException e) { // which is logged; the store has it still
            if (putBack()) {
                notCalled();
                park(UNTIL_RENEWED);
            }
            return false;
        }
        if (written) {
            kept = false;
            endWritten = true;
            return !isOver();
        }
        if (putBack()) {
            notCalled();
            endTakenOver();
        }
        return false;
    }

    /** As {@link #mayBegin}, for a call with others. */
    boolean mayBeginInBatch() {
        stage = Stage.MOVES;
        if (!engine().ledger().holds(tenure)) {
            awaitRenewal();
            return false;
        }
        if (expiresAtMillis <= engine().clock().millis()) {
            expireWhileItWaits();
            return false;
        }
        return beginInBatch();
    }

    /** Another gateway may have it by now: it waits until that is known. */
    private void awaitRenewal() {
        if (!tenure.isLost()) {
            park(UNTIL_RENEWED);
        } else {
            endTakenOver();
        }
    }

    private void endTakenOver() {
        if (endParked()) {
            int attempts = attemptsBefore();
            engine().offThisThread(() -> engine().settlement().takenOver(this, attempts));
        }
    }

    private void notCalled() {
        CallPermit permit = takeCallPermit();
        if (permit != null) {
            permit.unused();
        }
    }

    // ------------------------------------------------------------------------------------------------ the end

    private InvocationException expired() {
        return new InvocationException(
                InvocationException.Kind.TIMEOUT,
                false,
                "the time of event '" + event().getId() + "' ran out before function '" + target().functionId()
                        + "' was called");
    }

    /** Its time runs out while it waits for its turn. */
    void expireWhileItWaits() {
        int attempts = attemptsBefore();
        if (endParked() || endReady()) {
            InvocationException failure = expired();
            engine().offThisThread(() -> engine().settlement().expired(this, attempts, failure));
        }
    }

    @Override
    void attemptEnded(boolean called, @Nullable InvocationResult result, @Nullable InvocationException failure) {
        if (failure == null) {
            engine().settlement().delivered(this, result == null ? InvocationResult.empty() : result);
        } else if (!called) {
            engine().settlement().expiredUncalled(this, failure);
        } else {
            engine().settlement().failed(this, failure);
        }
    }

    @Override
    void dropped(int attemptsBegun, InvocationException failure) {
        boolean stays = staysInStore();
        if (!stays && isCounted()) {
            engine().backlog().dropped(1);
        }
        engine().settlement()
                .ended(
                        this,
                        stays ? DeliveryStatus.RELEASED : DeliveryStatus.DROPPED,
                        earlierAttempts + attemptsBegun,
                        null,
                        failure);
    }

    /** Makes room for a newer one; false when it is not waiting. */
    boolean makeRoom() {
        int attempts = attemptsBefore();
        if (!endParked() && !endReady()) {
            return false;
        }
        engine().ledger().ended(this, "was dropped");
        BacklogFullException why = new BacklogFullException(
                "the backlog is full and its policy is to drop the oldest delivery that waits");
        boolean last = engine().settlement().record(this, DeliveryStatus.DROPPED, attempts, null, why);
        engine().offThisThread(() -> {
            function().systemEvents().dropped(event(), 1);
            if (last) {
                emission.complete();
            }
        });
        return true;
    }

    /** Gives back its room in the backlog, once; for whoever ended it. */
    void giveRoomBack() {
        if (!roomGivenBack && isCounted()) {
            roomGivenBack = true;
            engine().backlog().giveBack(1);
        }
    }

    /** Takes it out of the timers, if it is there. */
    void cancelWait() {
        Timers.Entry waits = wait;
        if (waits != null) {
            engine().clockwork().cancel(waits);
        }
    }
}
