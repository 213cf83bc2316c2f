package io.eventgateway.jdbc;

import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.delivery.DeliveryAttempt;
import io.eventgateway.spi.DuplicateEventException;
import io.eventgateway.spi.EventStore.DeliveryId;
import io.eventgateway.spi.EventStore.OutcomeAnswer;
import io.eventgateway.spi.EventStore.Run;
import io.eventgateway.spi.EventStore.Turn;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A small change, of which many are written together. Its future ends when the change is committed, or given up.
 *
 * <p>A change is <em>in doubt</em> when a try of it may have been committed though its answer was lost. The next try then finds out:
 * each change is made so that its second try shows whether there was a first.
 */
abstract sealed class Write<T> {
    private final CompletableFuture<T> future = new CompletableFuture<>();
    private @Nullable T result;
    /** Written by the thread that has the change in hand; an emitter that waits asks. */
    private volatile boolean inDoubt;

    CompletableFuture<T> future() {
        return future;
    }

    /** Sets what came of the change, should the transaction be committed. */
    void result(T outcome) {
        this.result = outcome;
    }

    @Nullable T result() {
        return result;
    }

    /** The transaction is committed. */
    void committed() {
        future.complete(result);
    }

    void failed(Throwable why) {
        future.completeExceptionally(why);
    }

    /** A try may have been committed, and its answer is lost. */
    void doubt() {
        inDoubt = true;
    }

    boolean isInDoubt() {
        return inDoubt;
    }

    /** Returns whether a writer is to write the change, which it has taken in hand now. */
    boolean begins() {
        return true;
    }

    /** Returns the gateway that the change is made for, as the store knows it. */
    abstract String holder();

    /** How much of a transaction it takes, in bytes about. */
    int size() {
        return 64;
    }

    /** An event with its deliveries. */
    record Entry(EventRow event, List<DeliveryRow> deliveries, long replayOf, SeenEvents.@Nullable Key seen) {}

    /** A delivery that is appended; an empty holder for none. */
    record DeliveryRow(
            DeliveryId id,
            String holder,
            String subscriptionId,
            String functionId,
            @Nullable String orderKey,
            long acceptedIn,
            @Nullable Long notBeforeIn,
            @Nullable Long expiresIn,
            @Nullable String replay) {
        /** In how many microseconds from now it is due. */
        long dueIn() {
            return notBeforeIn == null ? acceptedIn : notBeforeIn;
        }
    }

    /** Events that are appended, all or none; the result is their positions. */
    static final class Append extends Write<long[]> {
        /** Who has the append in hand. */
        private enum Stage {
            /** It waits for a writer. */
            QUEUED,
            /** A writer writes it. */
            WRITING,
            /** It is written, or will never be. */
            ENDED,
            /** Its emitter waits for it no more, and was told that it failed. */
            ABANDONED
        }

        private final String holder;
        private final List<Entry> entries;
        private final int size;
        private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.QUEUED);
        private List<Integer> duplicates = List.of();

        Append(String holder, List<Entry> entries) {
            this.holder = holder;
            this.entries = entries;
            int bytes = 0;
            for (Entry entry : entries) {
                bytes += entry.event().size() + 256 * entry.deliveries().size();
            }
            this.size = bytes;
        }

        List<Entry> entries() {
            return entries;
        }

        /** The places of events that are there already, for which none of these was appended. */
        void duplicates(List<Integer> places) {
            duplicates = places;
        }

        @Override
        String holder() {
            return holder;
        }

        @Override
        int size() {
            return size;
        }

        @Override
        boolean begins() {
            return isInDoubt() || stage.compareAndSet(Stage.QUEUED, Stage.WRITING);
        }

        /** Takes the append back before a writer has it; returns false when it is too late for that. */
        boolean cancel() {
            return stage.compareAndSet(Stage.QUEUED, Stage.ENDED);
        }

        /** The emitter waits no more; returns false when the append has ended already. Whoever writes it then has it undone. */
        boolean abandon() {
            return stage.compareAndSet(Stage.WRITING, Stage.ABANDONED);
        }

        boolean isAbandoned() {
            return stage.get() == Stage.ABANDONED;
        }

        @Override
        void committed() {
            if (!stage.compareAndSet(Stage.WRITING, Stage.ENDED)) {
                return;
            }
            if (duplicates.isEmpty()) {
                super.committed();
            } else {
                super.failed(new DuplicateEventException(duplicates));
            }
        }

        @Override
        void failed(Throwable why) {
            stage.compareAndSet(Stage.WRITING, Stage.ENDED);
            super.failed(why);
        }
    }

    /** A change of one delivery, whose lease has the token. */
    abstract static sealed class OfDelivery<T> extends Write<T> {
        private final String holder;
        private final DeliveryId id;
        private final long token;

        OfDelivery(String holder, DeliveryId id, long token) {
            this.holder = holder;
            this.id = id;
            this.token = token;
        }

        @Override
        String holder() {
            return holder;
        }

        DeliveryId id() {
            return id;
        }

        long token() {
            return token;
        }
    }

    /** The outcome of an attempt. */
    abstract static sealed class Outcome extends OfDelivery<OutcomeAnswer> {
        Outcome(String holder, DeliveryId id, long token) {
            super(holder, id, token);
        }

        void isDone(boolean done) {
            result(done ? OutcomeAnswer.DONE : OutcomeAnswer.NOT_YOURS);
        }

        boolean isNotYours() {
            return result() == OutcomeAnswer.NOT_YOURS;
        }
    }

    /** Ends a delivery that was made. */
    static final class Complete extends Outcome {
        Complete(String holder, DeliveryId id, long token) {
            super(holder, id, token);
        }
    }

    /** Ends a delivery that is given up, and of which no dead letter is kept. */
    static final class Drop extends Outcome {
        Drop(String holder, DeliveryId id, long token) {
            super(holder, id, token);
        }
    }

    /** Keeps a failed attempt of a delivery that is to be attempted again. */
    static final class Retry extends Outcome {
        private final Instant dueAt;
        private final DeliveryAttempt failed;

        Retry(String holder, DeliveryId id, long token, Instant dueAt, DeliveryAttempt failed) {
            super(holder, id, token);
            this.dueAt = dueAt;
            this.failed = failed;
        }

        Instant dueAt() {
            return dueAt;
        }

        DeliveryAttempt attempt() {
            return failed;
        }
    }

    /** Gives a delivery back, for any gateway to claim. */
    static final class Release extends Outcome {
        Release(String holder, DeliveryId id, long token) {
            super(holder, id, token);
        }
    }

    /** Gives the place of a delivery back whose attempt is not made. */
    static final class ReturnPlace extends Outcome {
        ReturnPlace(String holder, DeliveryId id, long token) {
            super(holder, id, token);
        }
    }

    /** Makes a dead letter of a delivery that was given up. */
    static final class Bury extends Outcome {
        private final DeadLetter.Reason reason;
        private final String message;
        private final @Nullable DeliveryAttempt failed;
        private final boolean holdsKey;

        Bury(
                String holder,
                DeliveryId id,
                long token,
                DeadLetter.Reason reason,
                String message,
                @Nullable DeliveryAttempt failed,
                boolean holdsKey) {
            super(holder, id, token);
            this.reason = reason;
            this.message = message;
            this.failed = failed;
            this.holdsKey = holdsKey;
        }

        DeadLetter.Reason reason() {
            return reason;
        }

        String message() {
            return message;
        }

        @Nullable DeliveryAttempt attempt() {
            return failed;
        }

        boolean holdsKey() {
            return holdsKey;
        }
    }

    /** Takes the turn of a delivery. */
    static final class TakeTurn extends OfDelivery<Run> {
        private final Turn turn;
        private final @Nullable DeliveryId before;

        private final List<DeliveryId> followers;

        private TakeTurn(String holder, Turn turn, List<DeliveryId> followers, @Nullable DeliveryId before) {
            super(holder, turn.id(), turn.token());
            this.turn = turn;
            this.followers = List.copyOf(followers);
            this.before = before;
        }

        static TakeTurn alone(String holder, Turn turn) {
            return new TakeTurn(holder, turn, List.of(), null);
        }

        static TakeTurn withRun(String holder, Turn turn, List<DeliveryId> followers, @Nullable DeliveryId before) {
            return new TakeTurn(holder, turn, followers, before);
        }

        /** Returns the deliveries that are to have their turns with this one, if no other is in between. */
        List<DeliveryId> followers() {
            return followers;
        }

        /** Returns the owner of the gateway's run before, whose turn this one may take. */
        @Nullable DeliveryId before() {
            return before;
        }

        Turn turn() {
            return turn;
        }
    }

    /** Takes an append back that may have been committed, and whose emitter was told that it failed. */
    static final class Undo extends Write<Boolean> {
        private final Append append;

        Undo(Append append) {
            this.append = append;
        }

        List<Entry> entries() {
            return append.entries();
        }

        @Override
        String holder() {
            return append.holder();
        }
    }
}
