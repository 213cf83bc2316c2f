package io.eventgateway.internal.delivery;

import io.eventgateway.BacklogFullException;
import io.eventgateway.DeadLetter;
import io.eventgateway.DeliveryAttempt;
import io.eventgateway.DeliveryStatus;
import io.eventgateway.Emission;
import io.eventgateway.EventGatewayException;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationResult;
import io.eventgateway.internal.delivery.Decision.Outcome;
import io.eventgateway.spi.EventStore;
import io.eventgateway.spi.EventStore.DeliveryId;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
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
    private final PendingEmission emission;
    private final int index;
    private final Target target;
    private final EventStore.Terms terms;
    /** As the store knows it; null while it does not. */
    private EventStore.@Nullable Delivery stored;

    private boolean kept;
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
    private long enteredAt;

    /** One that was accepted just now; the store knows it, or need not yet. */
    EmittedDelivery(
            Deliveries room,
            PendingEmission emission,
            int index,
            EventStore.Terms terms,
            EventStore.@Nullable Delivery stored) {
        this(room, emission, index, emission.asyncTargets()[index], terms, stored, EventStore.FIRST_TOKEN, 0, 0);
    }

    /** One that was attempted before, by another gateway or until it was a dead letter. */
    EmittedDelivery(Deliveries room, PendingEmission emission, EventStore.Lease lease, int countedAttempts) {
        this(
                room,
                emission,
                0,
                emission.asyncTargets()[0],
                lease.delivery().terms(),
                lease.delivery(),
                lease.token(),
                lease.attempts().size(),
                countedAttempts);
    }

    private EmittedDelivery(
            Deliveries room,
            PendingEmission emission,
            int index,
            Target target,
            EventStore.Terms terms,
            EventStore.@Nullable Delivery stored,
            long token,
            int earlierAttempts,
            int countedAttempts) {
        super(
                room,
                target.function(),
                target.subscription(),
                emission.event(),
                target.policy().timeoutNanos());
        this.emission = emission;
        this.index = index;
        this.target = target;
        this.terms = terms;
        this.stored = stored;
        this.kept = stored != null;
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

    /** As the store knows it, or is to. */
    EventStore.Delivery stored() {
        EventStore.Delivery known = stored;
        if (known == null) {
            known = room().ledger().delivery(event(), terms, target);
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
        if (expiresAtMillis > room().clock().millis()) {
            return true;
        }
        settleUncalled(expired());
        return false;
    }

    /** As {@link #mayBegin}, for a call with others. */
    boolean mayBeginInBatch() {
        if (expiresAtMillis <= room().clock().millis()) {
            expireWhileItWaits();
            return false;
        }
        batched = true;
        return beginInBatch();
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
            room().offThisThread(() -> {
                keepDead(DeadLetter.Reason.EXPIRED, message(failure), null);
                ended(DeliveryStatus.EXPIRED, earlierAttempts + begun, null, failure, DeadLetter.Reason.EXPIRED);
            });
        }
    }

    @Override
    void attemptEnded(boolean called, @Nullable InvocationResult result, @Nullable InvocationException failure) {
        if (failure == null) {
            room().ledger().delivered(this);
            delivered(result);
        } else if (!called) {
            keepDead(DeadLetter.Reason.EXPIRED, message(failure), null);
            int begun = attemptsBegun();
            over();
            callEnded(null);
            ended(DeliveryStatus.EXPIRED, earlierAttempts + begun, null, failure, DeadLetter.Reason.EXPIRED);
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
        DeliveryAttempt attempt = new DeliveryAttempt(
                number,
                now.minus(took),
                took,
                failure.kind(),
                message(failure),
                failure.statusCode().orElse(0));
        Outcome outcome = Decision.decide(
                target.policy().delivery(),
                target.policy().retried(),
                new Decision.Progress(countedAttempts + attemptsBegun() + 1, Instant.ofEpochMilli(expiresAtMillis)),
                new Decision.Result(null, failure),
                now,
                ThreadLocalRandom.current().nextDouble());
        if (outcome instanceof Outcome.Retry retry) {
            room().ledger().retried(this, retry.at(), attempt);
            callEnded(failure.retryable());
            again();
            park(Duration.between(
                    now, retry.at())); // from here on it is in the hands of whoever begins the next attempt
        } else {
            Outcome.GivenUp givenUp = (Outcome.GivenUp) outcome;
            keepDead(givenUp.reason(), givenUp.message(), attempt);
            over();
            callEnded(failure.retryable());
            boolean expired = givenUp.reason() == DeadLetter.Reason.EXPIRED;
            ended(
                    expired ? DeliveryStatus.EXPIRED : DeliveryStatus.DEAD_LETTERED,
                    number,
                    null,
                    failure,
                    givenUp.reason());
        }
    }

    private void keepDead(DeadLetter.Reason reason, String message, @Nullable DeliveryAttempt last) {
        if (target.policy().keepsDeadLetters()) {
            room().ledger().givenUp(this, reason, message, last);
        } else {
            room().ledger().forgotten(this);
        }
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
        room().ledger().leftOver(this);
        ended(DeliveryStatus.DROPPED, earlierAttempts + attemptsBegun, null, failure, null);
    }

    /** Makes room for a newer one; false when it is not waiting. */
    boolean makeRoom() {
        int begun = attemptsBegun();
        if (!endWaiting()) {
            return false;
        }
        room().ledger().forgotten(this);
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
                room().deadLettered(target, event(), id(), reason, message(failure), attempts);
            }
            emission.asyncEnded(index, status, attempts, result, failure);
        } finally {
            room().ended(this, roomGivenBack);
        }
    }
}
