package io.eventgateway.jdbc;

import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.delivery.DeliveryAttempt;
import io.eventgateway.spi.DuplicateEventException;
import io.eventgateway.spi.EventStore.DeliveryId;
import io.eventgateway.spi.EventStore.Turn;
import io.eventgateway.spi.EventStore.TurnAnswer;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A small change, of which many are written together. Its future ends when the change is committed, or given up. */
abstract sealed class Write<T> {
    private final CompletableFuture<T> future = new CompletableFuture<>();
    private @Nullable T result;

    CompletableFuture<T> future() {
        return future;
    }

    /** What came of it, should the transaction be committed. */
    void result(T outcome) {
        this.result = outcome;
    }

    void committed() {
        future.complete(result);
    }

    void failed(Throwable why) {
        future.completeExceptionally(why);
    }

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
        private final List<Entry> entries;
        private final int size;
        private List<Integer> duplicates = List.of();

        Append(List<Entry> entries) {
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
        void committed() {
            if (duplicates.isEmpty()) {
                super.committed();
            } else {
                failed(new DuplicateEventException(duplicates));
            }
        }

        @Override
        int size() {
            return size;
        }
    }

    /** What is done with one delivery, whose lease has the token. The result is whether it had. */
    abstract static sealed class Step extends Write<Boolean> {
        private final DeliveryId id;
        private final long token;
        /** When this step began to wait; only the thread that has the step in hand uses it. */
        private long waitsSince;

        Step(DeliveryId id, long token) {
            this.id = id;
            this.token = token;
        }

        DeliveryId id() {
            return id;
        }

        long token() {
            return token;
        }

        /** Returns whether this step may be tried again later; the time counts from when that was first asked. */
        boolean mayWait(long nanos) {
            long now = System.nanoTime();
            if (waitsSince == 0) {
                waitsSince = now;
            }
            return now - waitsSince < nanos;
        }
    }

    /** Ends a delivery that was delivered or dropped. */
    static final class Complete extends Step {
        Complete(DeliveryId id, long token) {
            super(id, token);
        }
    }

    /** Keeps a failed attempt of a delivery that is to be attempted again. */
    static final class Retry extends Step {
        private final Instant dueAt;
        private final DeliveryAttempt failed;

        Retry(DeliveryId id, long token, Instant dueAt, DeliveryAttempt failed) {
            super(id, token);
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
    static final class Release extends Step {
        Release(DeliveryId id, long token) {
            super(id, token);
        }
    }

    /** Makes a dead letter of a delivery that was given up. */
    static final class Bury extends Step {
        private final DeadLetter.Reason reason;
        private final String message;
        private final @Nullable DeliveryAttempt failed;
        private final boolean holdsKey;

        Bury(
                DeliveryId id,
                long token,
                DeadLetter.Reason reason,
                String message,
                @Nullable DeliveryAttempt failed,
                boolean holdsKey) {
            super(id, token);
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
    static final class TakeTurn extends Step {
        private final Turn turn;
        /** Whether it was the turn of the delivery; written before the future ends, and read after. */
        private boolean granted;

        TakeTurn(Turn turn) {
            super(turn.id(), turn.token());
            this.turn = turn;
        }

        Turn turn() {
            return turn;
        }

        void granted(boolean isTurn) {
            granted = isTurn;
        }

        /** Returns the answer, once it is known whether the delivery is leased under the token. */
        TurnAnswer answer(boolean leased) {
            if (!leased) {
                return TurnAnswer.NOT_LEASED;
            }
            return granted ? TurnAnswer.GRANTED : TurnAnswer.NOT_YET;
        }
    }

    /** Takes back an append whose commit may have happened or not, and whose emitter was told that it did not. */
    static final class Undo extends Step {
        private final SeenEvents.@Nullable Key seen;

        Undo(DeliveryId id, long token, SeenEvents.@Nullable Key seen) {
            super(id, token);
            this.seen = seen;
        }

        /** That the event must not be there twice, which holds no more. */
        SeenEvents.@Nullable Key seen() {
            return seen;
        }
    }
}
