package io.eventgateway.internal.delivery;

import io.eventgateway.EventGatewayException;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationResult;
import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.delivery.DeliveryAttempt;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.error.BacklogFullException;
import io.eventgateway.internal.delivery.Decision.Outcome;
import io.eventgateway.internal.invocation.Cause;
import io.eventgateway.spi.EventStore.DeliveryId;
import io.eventgateway.spi.EventStore.OutcomeAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a delivery after an attempt, and what its end brings about: the store is told, the permits go back, the dead
 * letter is told of, the emission's report is written, the room is given back, and those who wait are told. In that order,
 * because each may have others look for what came before.
 */
final class Settlement {
    private static final CompletableFuture<OutcomeAnswer> NOT_KEPT =
            CompletableFuture.completedFuture(OutcomeAnswer.NOT_YOURS);

    static final String ERASED = "the event was erased";
    private static final String NOT_WRITTEN =
            "the end of the delivery could not be written, so it stays in the store and is made again";

    private final DeliveryEngine engine;

    Settlement(DeliveryEngine engine) {
        this.engine = engine;
    }

    /** The function took the event. */
    void delivered(EmittedDelivery delivery, InvocationResult result) {
        engine.streaks().succeeded(delivery.target());
        delivery.tookTime();
        CompletableFuture<OutcomeAnswer> told =
                delivery.isErased() ? null : engine.deliveryStore().ended(delivery, "was delivered");
        if (told != null && !told.isDone()) {
            delivery.passKeyOn();
        }
        if (told == null || told.isDone()) {
            endDelivered(delivery, result, told);
        } else if (delivery.emission().isAwaited()) {
            told.whenComplete((done, e) -> engine.offThisThread(() -> endDelivered(delivery, result, told)));
        } else {
            told.whenComplete((done, e) -> endDelivered(delivery, result, told)); // which runs nothing foreign
        }
    }

    private void endDelivered(
            EmittedDelivery delivery, InvocationResult result, @Nullable CompletableFuture<OutcomeAnswer> told) {
        int attempts = delivery.attemptsBefore() + 1;
        delivery.over();
        CallPermit permit = delivery.takeCallPermit();
        if (permit != null) {
            permit.succeeded();
        }
        engine.forwarding().delivered(delivery);
        if (told != null && told.isCompletedExceptionally() && delivery.staysInStore()) {
            ended(delivery, DeliveryStatus.RELEASED, attempts, null, failure(NOT_WRITTEN));
        } else if (isStale(told) && delivery.isTakenOver()) {
            ended(delivery, DeliveryStatus.RELEASED, attempts, null, failure(delivery.takenOverReason()));
        } else {
            ended(delivery, DeliveryStatus.DELIVERED, attempts, result, null);
        }
    }

    /** An attempt failed: there is another one, or the delivery is given up. */
    void failed(EmittedDelivery delivery, InvocationException failure) {
        engine.streaks().failed(delivery, failure);
        delivery.tookTime();
        Instant now = engine.clock().instant();
        int number = delivery.attemptsBefore() + 1;
        Duration took = delivery.elapsed();
        DeliveryAttempt attempt = DeliveryAttempt.failed(number, now.minus(took), took, failure);
        Outcome outcome = Decision.decide(
                delivery.target().policy(),
                new Decision.Progress(delivery.countedAttempts() + delivery.attemptsBegun() + 1, delivery.expiresAt()),
                new Decision.Result(null, failure),
                now,
                ThreadLocalRandom.current().nextDouble());
        delivery.target().count().failedAttempt(delivery.event().getType(), outcome instanceof Outcome.Retry);
        if (outcome instanceof Outcome.Retry retry) {
            CompletableFuture<OutcomeAnswer> told =
                    delivery.isErased() ? NOT_KEPT : engine.deliveryStore().retried(delivery, retry.at(), attempt);
            then(told, () -> {
                if (isStale(told)) {
                    delivery.over();
                    returnCall(delivery, failure);
                    takenOver(delivery, number);
                    return;
                }
                returnCall(delivery, failure);
                engine.failureLog().attemptFailed(delivery, number, Duration.between(now, retry.at()), failure);
                if (delivery.again()) {
                    // from here on it is in the hands of whoever begins the next attempt
                    delivery.park(Duration.between(now, retry.at()));
                }
            });
        } else {
            givenUp(delivery, (Outcome.GivenUp) outcome, attempt, failure);
        }
    }

    private void givenUp(
            EmittedDelivery delivery, Outcome.GivenUp givenUp, DeliveryAttempt attempt, InvocationException failure) {
        Dead dead = keepDead(delivery, givenUp.reason(), givenUp.message(), attempt);
        then(dead.told(), () -> {
            delivery.over();
            returnCall(delivery, failure);
            boolean expired = givenUp.reason() == DeadLetter.Reason.EXPIRED;
            endedBadly(
                    delivery,
                    dead,
                    expired ? expiredStatus(delivery) : DeliveryStatus.DEAD_LETTERED,
                    attempt.number(),
                    failure,
                    givenUp.reason());
        });
    }

    private static void returnCall(EmittedDelivery delivery, InvocationException failure) {
        CallPermit permit = delivery.takeCallPermit();
        if (permit == null) {
            return;
        }
        if (failure.retryable()) {
            permit.failed();
        } else {
            permit.succeeded();
        }
    }

    /** The time of a delivery ran out before its function was called in an attempt that had begun. */
    void expiredUncalled(EmittedDelivery delivery, InvocationException failure) {
        Dead dead = keepDead(delivery, DeadLetter.Reason.EXPIRED, message(failure), null);
        then(dead.told(), () -> {
            int attempts = delivery.attemptsBefore();
            delivery.over();
            endedBadly(delivery, dead, expiredStatus(delivery), attempts, failure, DeadLetter.Reason.EXPIRED);
        });
    }

    /** Returns the failure of a delivery whose time ran out. */
    static InvocationException tooLate(EmittedDelivery delivery) {
        return new InvocationException(
                InvocationException.Kind.TIMEOUT,
                false,
                "the time of event '" + delivery.event().getId() + "' ran out before function '" + delivery.functionId()
                        + "' was called");
    }

    /** The time of a delivery ran out while it waited; it is over already. */
    void expired(EmittedDelivery delivery, int attempts) {
        InvocationException failure = tooLate(delivery);
        Dead dead = keepDead(delivery, DeadLetter.Reason.EXPIRED, message(failure), null);
        then(
                dead.told(),
                () -> endedBadly(
                        delivery, dead, expiredStatus(delivery), attempts, failure, DeadLetter.Reason.EXPIRED));
    }

    private static DeliveryStatus expiredStatus(EmittedDelivery delivery) {
        return delivery.target().policy().keepsDeadLetters() ? DeliveryStatus.DEAD_LETTERED : DeliveryStatus.EXPIRED;
    }

    /** The store has the delivery no more for this gateway: another has it, or it was erased. It is over here. */
    void takenOver(EmittedDelivery delivery, int attempts) {
        if (delivery.isErased()) {
            countDrop(delivery);
            ended(delivery, DeliveryStatus.DROPPED, attempts, null, failure(ERASED));
        } else if (!delivery.followElsewhere()) {
            ended(delivery, delivery.takenOverStatus(), attempts, null, failure(delivery.takenOverReason()));
        }
    }

    /** A delivery was ended by the gateway's close, and not by an attempt; it is over already. */
    void dropped(EmittedDelivery delivery, int attempts, InvocationException failure) {
        boolean stays = delivery.staysInStore();
        if (!stays && delivery.isCounted()) {
            engine.backlog().dropped(1);
        }
        ended(delivery, stays ? DeliveryStatus.RELEASED : DeliveryStatus.DROPPED, attempts, null, failure);
    }

    /** Ends a delivery that waits, so that a newer one has room; returns false when it does not wait. */
    boolean evict(EmittedDelivery delivery) {
        int attempts = delivery.attemptsBefore();
        if (!delivery.endParked() && !delivery.endReady()) {
            return false;
        }
        if (delivery.returnToStore()) {
            return true;
        }
        engine.backlog().dropped(1);
        engine.deliveryStore().dropped(delivery, "was dropped");
        BacklogFullException why = new BacklogFullException(
                "the backlog is full and its policy is to drop the oldest delivery that waits");
        boolean last = record(delivery, DeliveryStatus.DROPPED, attempts, null, why);
        engine.offThisThread(() -> {
            delivery.function().systemEvents().dropped(delivery.event(), 1);
            if (last) {
                delivery.emission().complete();
            }
        });
        return true;
    }

    /** The event of a delivery was erased while it waited; it is over already. */
    void erased(EmittedDelivery delivery) {
        countDrop(delivery);
        if (record(delivery, DeliveryStatus.DROPPED, delivery.attemptsBefore(), null, failure(ERASED))) {
            engine.offThisThread(delivery.emission()::complete);
        }
    }

    private void countDrop(EmittedDelivery delivery) {
        if (delivery.isCounted()) {
            engine.backlog().dropped(1);
        }
    }

    private static InvocationException failure(String message) {
        return new InvocationException(InvocationException.Kind.CALL_FAILED, true, message);
    }

    /** Goes on when the store was told, or gave up: then at once if it could be told at once. */
    private void then(@Nullable CompletableFuture<OutcomeAnswer> told, Runnable next) {
        if (told == null || told.isDone()) {
            next.run();
        } else {
            told.whenComplete((done, e) -> engine.offThisThread(next));
        }
    }

    private static boolean isStale(@Nullable CompletableFuture<OutcomeAnswer> told) {
        return told != null && !told.isCompletedExceptionally() && told.join() == OutcomeAnswer.NOT_YOURS;
    }

    /**
     * A delivery that is to be a dead letter.
     *
     * @param told whether the store has it; null when it had to be told nothing more
     * @param id of the dead letter; null when there is none
     * @param holds where its key is held, if it holds one
     */
    private record Dead(
            @Nullable CompletableFuture<OutcomeAnswer> told,
            @Nullable DeliveryId id,
            @Nullable HeldKeys holds) {
        private static final Dead NONE = new Dead(null, null, null);

        /** The store does not have it, so it holds nothing. */
        void isNot() {
            if (holds != null && id != null) {
                holds.take(id);
            }
        }
    }

    private Dead keepDead(
            EmittedDelivery delivery, DeadLetter.Reason reason, String message, @Nullable DeliveryAttempt last) {
        Target target = delivery.target();
        if (delivery.isErased()) {
            return new Dead(NOT_KEPT, null, null);
        }
        if (!target.policy().keepsDeadLetters()) {
            return new Dead(engine.deliveryStore().dropped(delivery, "was given up"), null, null);
        }
        if (delivery.isEndWritten()) {
            List<DeliveryId> ids = engine.deliveryStore()
                    .keepDead(
                            delivery.event(),
                            engine.clock().instant(),
                            new Target[] {target},
                            reason,
                            message,
                            last,
                            delivery.position());
            return ids == null ? Dead.NONE : new Dead(null, ids.get(0), null);
        }
        boolean holdsKey = target.holdsKeyOf(delivery) && delivery.hasTurn();
        if (holdsKey && delivery.isShared() && delivery.keyPermit() != null) {
            delivery.keyPermit().endRun();
        }
        // where gateways share the order, the store holds the key, since any of them may let it go
        KeyOrder.Permit permit = holdsKey && !delivery.isShared() ? delivery.keyPermit() : null;
        if (permit != null) {
            engine.heldKeys().hold(delivery.id(), permit); // first, since the store may discard it at once
        }
        CompletableFuture<OutcomeAnswer> told =
                engine.deliveryStore().givenUp(delivery, reason, message, last, holdsKey);
        return new Dead(told, delivery.id(), permit == null ? null : engine.heldKeys());
    }

    private void endedBadly(
            EmittedDelivery delivery,
            Dead dead,
            DeliveryStatus status,
            int attempts,
            InvocationException failure,
            DeadLetter.Reason reason) {
        if (isStale(dead.told())) {
            dead.isNot();
            takenOver(delivery, attempts);
            return;
        }
        if (dead.told() != null && dead.told().isCompletedExceptionally()) {
            dead.isNot();
            if (delivery.staysInStore()) {
                ended(delivery, DeliveryStatus.RELEASED, attempts, null, failure(NOT_WRITTEN));
                return;
            }
        }
        KeyOrder.Permit permit = delivery.keyPermit();
        if (dead.holds() != null && dead.id() != null && permit != null) {
            permit.leaveTo(dead.holds(), dead.id(), delivery);
        }
        if (delivery.target().policy().keepsDeadLetters()) {
            engine.forwarding()
                    .deadLettered(
                            delivery.target(),
                            Cause.of(delivery.event(), delivery.emission()),
                            dead.id(),
                            reason,
                            message(failure),
                            attempts,
                            failure);
        }
        ended(delivery, status, attempts, null, failure);
    }

    /** Ends a delivery, which is over already, for everybody. */
    void ended(
            EmittedDelivery delivery,
            DeliveryStatus status,
            int attempts,
            @Nullable InvocationResult result,
            @Nullable EventGatewayException failure) {
        if (!record(delivery, status, attempts, result, failure)) {
            return;
        }
        PendingEmission emission = delivery.emission();
        if (delivery.target().policy().batching() != null && emission.isAwaited()) {
            engine.offThisThread(emission::complete); // what waits for it may hold the thread that is to end the others
        } else {
            emission.complete();
        }
    }

    /** Ends a delivery, but for telling those who wait for its emission: whether they are to be told. */
    boolean record(
            EmittedDelivery delivery,
            DeliveryStatus status,
            int attempts,
            @Nullable InvocationResult result,
            @Nullable EventGatewayException failure) {
        delivery.cancelWait();
        delivery.leaveQueues();
        CallPermit permit = delivery.takeCallPermit();
        if (permit != null) {
            permit.unused(); // it ended before its call, or its call is for nobody any more
        }
        delivery.returnKey();
        PendingEmission emission = delivery.emission();
        count(delivery, status);
        emission.asyncRecorded(delivery.index(), status, attempts, result, failure);
        delivery.giveRoomBack();
        boolean last = emission.countDown();
        engine.ended(delivery);
        return last;
    }

    private static void count(EmittedDelivery delivery, DeliveryStatus status) {
        String type = delivery.event().getType();
        if (status == DeliveryStatus.DELIVERED) {
            delivery.target().count().delivered(type);
        } else if (status != DeliveryStatus.RELEASED) {
            delivery.target().count().lost(type, false, status == DeliveryStatus.DEAD_LETTERED);
        }
    }

    private static String message(EventGatewayException failure) {
        return Objects.requireNonNullElse(failure.getMessage(), "");
    }
}
