package io.eventgateway.internal.delivery;

import io.eventgateway.Emission;
import io.eventgateway.EventGatewayException;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationResult;
import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.delivery.DeliveryAttempt;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.error.BacklogFullException;
import io.eventgateway.internal.delivery.Decision.Outcome;
import io.eventgateway.spi.EventStore;
import io.eventgateway.spi.EventStore.DeliveryId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A delivery for an emission: attempted until the function took it or its policy gives it up, and kept by the event store until
 * then.
 *
 * <p>What is not final is guarded by the state of the delivery, whose owner alone reads and writes it; {@code key}, {@code owns}
 * and {@code enteredAt} are the lane's.
 */
final class EmittedDelivery extends Delivery {
    private static final Duration UNTIL_RENEWED = Duration.ofMillis(500);
    private static final long FIRST_TURN_BACKOFF_MILLIS = 2;
    private static final long LAST_TURN_BACKOFF_MILLIS = 250;

    private final PendingEmission emission;
    private final int index;
    private final Target target;
    private final EventStore.Terms terms;
    /** As the store knows it; null while it does not. */
    private EventStore.@Nullable Delivery stored;

    private boolean kept;
    /** Whether the store was told of its end before its call. */
    private boolean endWritten;
    /** That of the dead letter that it became after its end was written; null when there is none. */
    private @Nullable DeliveryId deadId;

    private final Tenure tenure;
    /** That of its event in the store; 0 where the store does not order. */
    private final long position;

    private final long token;
    /** How many attempts were made before this gateway, or this redrive, had it. */
    private final int earlierAttempts;
    /** How many of them count for the policy. */
    private final int countedAttempts;

    private final long expiresAtMillis;
    private @Nullable Lane lane;
    private Timers.@Nullable Entry wait;
    private boolean batched;
    /** Whether the lane counts its call. */
    private boolean counted;

    private boolean roomGivenBack;
    private @Nullable Object key;
    private boolean owns;
    /** Whether it is its key's turn in the store, as far as that is asked. */
    private boolean turn;

    private long turnBackoffMillis = FIRST_TURN_BACKOFF_MILLIS;
    private long enteredAt;

    /** One that was accepted just now, with what the store has of it; null when it need not know yet. */
    EmittedDelivery(
            Deliveries room, PendingEmission emission, int index, EventStore.Terms terms, Ledger.@Nullable Kept kept) {
        this(
                room,
                emission,
                index,
                terms,
                kept == null || kept.deliveries().isEmpty()
                        ? null
                        : kept.deliveries().get(index),
                kept == null ? room.ledger().tenure() : kept.tenure(),
                kept == null ? 0 : kept.position(),
                EventStore.FIRST_TOKEN,
                0,
                0);
    }

    /** One that was attempted before, by another gateway or until it was a dead letter; or that waited in the store. */
    EmittedDelivery(
            Deliveries room,
            PendingEmission emission,
            int index,
            Tenure tenure,
            EventStore.Lease lease,
            int countedAttempts) {
        this(
                room,
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
            Deliveries room,
            PendingEmission emission,
            int index,
            EventStore.Terms terms,
            EventStore.@Nullable Delivery stored,
            Tenure tenure,
            long position,
            long token,
            int earlierAttempts,
            int countedAttempts) {
        super(
                room,
                emission.asyncTargets()[index].function(),
                emission.asyncTargets()[index].subscription(),
                emission.event(),
                emission.asyncTargets()[index].policy().timeoutNanos());
        this.emission = emission;
        this.index = index;
        this.target = emission.asyncTargets()[index];
        this.terms = terms;
        this.stored = stored;
        this.kept = stored != null;
        this.tenure = tenure;
        this.position = position;
        this.token = token;
        this.earlierAttempts = earlierAttempts;
        this.countedAttempts = countedAttempts;
        this.expiresAtMillis = target.policy().expiresAtMillis(terms);
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

    /** As the store knows it, or is to. */
    EventStore.Delivery stored() {
        EventStore.Delivery known = stored;
        if (known == null) {
            known = room().ledger().delivery(tenure, event(), terms, target);
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

    Target target() {
        return target;
    }

    @Override
    public Emission emission() {
        return emission;
    }

    @Nullable Lane lane() {
        return lane;
    }

    long expiresAtMillis() {
        return expiresAtMillis;
    }

    @Nullable Object key() {
        return key;
    }

    boolean isCounted() {
        return counted;
    }

    void counted(boolean does) {
        this.counted = does;
    }

    boolean ownsKey() {
        return owns;
    }

    void owning(boolean does) {
        this.owns = does;
    }

    boolean hasTurn() {
        return turn;
    }

    void hasTurn(boolean has) {
        this.turn = has;
    }

    /** It was not its turn in the store: it asks again a little later, and later each time. */
    void awaitTurn() {
        if (turnBackoffMillis == LAST_TURN_BACKOFF_MILLIS && room().backlog().isTight() && handBack()) {
            return;
        }
        park(Duration.ofMillis(turnBackoffMillis));
        turnBackoffMillis = Math.min(LAST_TURN_BACKOFF_MILLIS, turnBackoffMillis * 2);
    }

    /**
     * Makes room for those before it, which may still be in the store: it goes there too, and is claimed again by whoever has
     * room. False when it has ended meanwhile.
     */
    private boolean handBack() {
        if (!endParked()) {
            return false;
        }
        room().elsewhere().expect(emission, index, id(), position);
        room().ledger().release(this);
        Lane limits = lane;
        if (limits != null) {
            limits.ended(this, false);
        }
        room().ended(this, roomGivenBack);
        return true;
    }

    long enteredAt() {
        return enteredAt;
    }

    void enteredAt(long nanos) {
        this.enteredAt = nanos;
    }

    @Override
    int attemptsBefore() {
        return earlierAttempts + attemptsBegun();
    }

    /** Is delivered when it is due, or at once. */
    void start(@Nullable Instant dueAt) {
        Lane limits = target.lane();
        if (limits != null) {
            key = limits.keyOf(event());
        }
        Duration wait =
                dueAt == null ? Duration.ZERO : Duration.between(room().clock().instant(), dueAt);
        if (wait.isNegative() || wait.isZero()) {
            due();
        } else {
            park(wait);
        }
    }

    private void park(Duration time) {
        wait = room().park(this, time);
    }

    /** Its time has come. */
    void due() {
        Lane limits = target.lane();
        lane = limits; // that of a crowd may have come or gone since the last attempt
        if (limits == null) {
            begin();
        } else {
            limits.enter(this);
        }
    }

    @Override
    boolean mayBegin() {
        if (!room().ledger().holds(tenure)) {
            if (putBack()) {
                callEnded(null);
                awaitRenewal();
            }
            return false;
        }
        if (expiresAtMillis <= room().clock().millis()) {
            settleUncalled(expired());
            return false;
        }
        return !target.policy().isAtMostOnce() || !kept || writeEnd();
    }

    /**
     * Has the store forget the delivery before its only call, so that nobody makes that call again should this process end in the
     * middle of it. The thread waits for the store, as the call has to.
     */
    private boolean writeEnd() {
        boolean written;
        try {
            written = Objects.requireNonNull(room().ledger().ended(this, "begins its only attempt"))
                    .join();
        } catch (CompletionException e) { // which is logged; the store has it still
            if (putBack()) {
                callEnded(null);
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
            callEnded(null);
            if (endParked()) {
                room().offThisThread(() -> takenOver(earlierAttempts + attemptsBegun()));
            }
        }
        return false;
    }

    /** As {@link #mayBegin}, for a call with others. */
    boolean mayBeginInBatch() {
        if (!room().ledger().holds(tenure)) {
            awaitRenewal();
            return false;
        }
        if (expiresAtMillis <= room().clock().millis()) {
            expireWhileItWaits();
            return false;
        }
        batched = true;
        return beginInBatch();
    }

    /** Another gateway may have it by now: it waits until that is known. */
    private void awaitRenewal() {
        if (!tenure.isLost()) {
            park(UNTIL_RENEWED);
        } else if (endParked()) {
            room().offThisThread(() -> takenOver(earlierAttempts + attemptsBegun()));
        }
    }

    private void takenOver(int attempts) {
        ended(
                DeliveryStatus.DROPPED,
                attempts,
                null,
                new InvocationException(
                        InvocationException.Kind.CALL_FAILED,
                        true,
                        "another gateway has taken the delivery over, since this one did not renew its lease in time"),
                null);
    }

    /** Begins a call of its own. */
    boolean beginAlone() {
        batched = false;
        return begin();
    }

    private InvocationException expired() {
        return new InvocationException(
                InvocationException.Kind.TIMEOUT,
                false,
                "the time of event '" + event().getId() + "' ran out before function '" + target.functionId()
                        + "' was called");
    }

    private DeliveryStatus expiredStatus() {
        return target.policy().keepsDeadLetters() ? DeliveryStatus.DEAD_LETTERED : DeliveryStatus.EXPIRED;
    }

    /** Ends it while it waits for its time, its turn or a thread. */
    private boolean endWaiting() {
        if (endParked()) {
            return true;
        }
        if (endReady()) {
            callEnded(null); // the limits had let it go
            return true;
        }
        return false;
    }

    /** Its time runs out while it waits for its turn. */
    void expireWhileItWaits() {
        int begun = attemptsBegun();
        if (endWaiting()) {
            InvocationException failure = expired();
            room().offThisThread(() -> then(
                    keepDead(DeadLetter.Reason.EXPIRED, message(failure), null),
                    () -> ended(expiredStatus(), earlierAttempts + begun, null, failure, DeadLetter.Reason.EXPIRED)));
        }
    }

    /** Goes on when the store was told, or gave up: then at once if it could be told at once. */
    private void then(@Nullable CompletableFuture<Boolean> told, Runnable next) {
        if (told == null || told.isDone()) {
            next.run();
        } else {
            told.whenComplete((done, e) -> room().offThisThread(next));
        }
    }

    private static boolean isStale(@Nullable CompletableFuture<Boolean> told) {
        return told != null && !told.isCompletedExceptionally() && !told.join();
    }

    @Override
    void attemptEnded(boolean called, @Nullable InvocationResult result, @Nullable InvocationException failure) {
        if (failure == null) {
            CompletableFuture<Boolean> told = room().ledger().ended(this, "was delivered");
            if (told == null || told.isDone()) {
                delivered(result);
            } else if (emission.isAwaited()) {
                told.whenComplete((done, e) -> room().offThisThread(() -> delivered(result)));
            } else {
                told.whenComplete((done, e) -> delivered(result)); // which runs nothing foreign
            }
        } else if (!called) {
            then(keepDead(DeadLetter.Reason.EXPIRED, message(failure), null), () -> {
                int begun = attemptsBegun();
                over();
                callEnded(null);
                ended(expiredStatus(), earlierAttempts + begun, null, failure, DeadLetter.Reason.EXPIRED);
            });
        } else {
            failed(failure);
        }
    }

    private void delivered(@Nullable InvocationResult result) {
        int attempts = attemptsBefore() + 1;
        over();
        callEnded(false);
        ended(DeliveryStatus.DELIVERED, attempts, result == null ? InvocationResult.empty() : result, null, null);
    }

    private void failed(InvocationException failure) {
        Instant now = room().clock().instant();
        int number = attemptsBefore() + 1;
        Duration took = elapsed();
        DeliveryAttempt attempt = DeliveryAttempt.failed(number, now.minus(took), took, failure);
        Outcome outcome = Decision.decide(
                target.policy(),
                new Decision.Progress(countedAttempts + attemptsBegun() + 1, Instant.ofEpochMilli(expiresAtMillis)),
                new Decision.Result(null, failure),
                now,
                ThreadLocalRandom.current().nextDouble());
        if (outcome instanceof Outcome.Retry retry) {
            CompletableFuture<Boolean> told = room().ledger().retried(this, retry.at(), attempt);
            then(told, () -> {
                if (isStale(told)) {
                    over();
                    callEnded(failure.retryable());
                    takenOver(number);
                    return;
                }
                callEnded(failure.retryable());
                again();
                park(Duration.between(
                        now, retry.at())); // from here on it is in the hands of whoever begins the next attempt
            });
        } else {
            givenUp((Outcome.GivenUp) outcome, attempt, failure);
        }
    }

    private void givenUp(Outcome.GivenUp givenUp, DeliveryAttempt attempt, InvocationException failure) {
        CompletableFuture<Boolean> told = keepDead(givenUp.reason(), givenUp.message(), attempt);
        then(told, () -> {
            over();
            callEnded(failure.retryable());
            if (isStale(told)) {
                takenOver(attempt.number());
                return;
            }
            boolean expired = givenUp.reason() == DeadLetter.Reason.EXPIRED;
            ended(
                    expired ? expiredStatus() : DeliveryStatus.DEAD_LETTERED,
                    attempt.number(),
                    null,
                    failure,
                    givenUp.reason());
        });
    }

    private @Nullable CompletableFuture<Boolean> keepDead(
            DeadLetter.Reason reason, String message, @Nullable DeliveryAttempt last) {
        if (!target.policy().keepsDeadLetters()) {
            return room().ledger().ended(this, "was given up");
        }
        if (endWritten) {
            List<DeliveryId> ids = room().ledger()
                    .keepDead(
                            event(), room().clock().instant(), new Target[] {target}, reason, message, last, position);
            deadId = ids == null ? null : ids.get(0);
            return null;
        }
        Lane limits = lane;
        return room().ledger().givenUp(this, reason, message, last, limits != null && limits.holdsKeyOf(this));
    }

    private void callEnded(@Nullable Boolean failed) {
        Lane limits = lane;
        if (limits != null && counted && !batched) {
            limits.callEnded(failed);
        }
    }

    private static String message(@Nullable EventGatewayException failure) {
        return failure == null ? "" : Objects.requireNonNullElse(failure.getMessage(), "");
    }

    @Override
    void dropped(int attemptsBegun, InvocationException failure) {
        ended(DeliveryStatus.DROPPED, earlierAttempts + attemptsBegun, null, failure, null);
    }

    /** Makes room for a newer one; false when it is not waiting. */
    boolean makeRoom() {
        int begun = attemptsBegun();
        if (!endWaiting()) {
            return false;
        }
        room().ledger().ended(this, "was dropped");
        room().backlog().giveBack(1); // now, since the newer one waits for it
        roomGivenBack = true;
        BacklogFullException why = new BacklogFullException(
                "the backlog is full and its policy is to drop the oldest delivery that waits");
        room().offThisThread(() -> {
            function().systemEvents().dropped(event(), 1);
            ended(DeliveryStatus.DROPPED, earlierAttempts + begun, null, why, null);
        });
        return true;
    }

    private void ended(
            DeliveryStatus status,
            int attempts,
            @Nullable InvocationResult result,
            @Nullable EventGatewayException failure,
            DeadLetter.@Nullable Reason reason) {
        Timers.Entry waited = wait;
        if (waited != null) {
            room().unpark(waited);
        }
        Lane limits = lane;
        try {
            if (limits != null) {
                limits.ended(this, reason != null);
            }
            if (reason != null && target.policy().keepsDeadLetters()) {
                room().deadLettered(target, event(), endWritten ? deadId : id(), reason, message(failure), attempts);
            }
            emission.asyncEnded(index, status, attempts, result, failure);
        } finally {
            room().ended(this, roomGivenBack);
        }
    }
}
