package io.eventgateway.simulation;

import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.delivery.DeadLetterQuery;
import io.eventgateway.delivery.DeliveryAttempt;
import io.eventgateway.error.StoreFailedException;
import io.eventgateway.history.EventQuery;
import io.eventgateway.history.RecordedEvent;
import io.eventgateway.spi.EventStore;
import io.eventgateway.spi.Stores;
import io.eventgateway.spi.SubscriptionStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one process sees of an event store that all of them share: its answers come in later steps, in any order, its calls take a
 * while in which others go on, and now and then it fails. What fails has changed nothing.
 */
final class SimulatedStore implements EventStore, Stores {
    /** How a store behaves. */
    interface Temper {
        /** Whether a call fails. */
        boolean fails();

        /** Whether the store gives up what ends an attempt. */
        boolean givesUp();

        /** Whether an answer comes later. */
        boolean isLate();

        /** Whether others go on while a call is made. */
        boolean isSlow();
    }

    /** A future that a step may wait for: others go on meanwhile. */
    private static final class Answer<T> extends CompletableFuture<T> {
        private final Scheduler scheduler;

        Answer(Scheduler scheduler) {
            this.scheduler = scheduler;
        }

        @Override
        public <U> CompletableFuture<U> newIncompleteFuture() {
            return new Answer<>(scheduler);
        }

        @Override
        public T join() {
            if (!isDone()) {
                scheduler.block(this::isDone, Duration.ofDays(10_000), false);
            }
            return super.join();
        }
    }

    private final EventStore store;
    private final SubscriptionStore subscriptions;
    private final Duration lease;
    private final Scheduler scheduler;
    private final Host process;
    private final Temper temper;

    SimulatedStore(
            EventStore store,
            SubscriptionStore subscriptions,
            Duration lease,
            Scheduler scheduler,
            Host process,
            Temper temper) {
        this.store = store;
        this.subscriptions = subscriptions;
        this.lease = lease;
        this.scheduler = scheduler;
        this.process = process;
        this.temper = temper;
    }

    @Override
    public SubscriptionStore subscriptionStore() {
        return subscriptions;
    }

    @Override
    public EventStore eventStore() {
        return this;
    }

    @Override
    public Duration lease() {
        return lease;
    }

    private RuntimeException failure() {
        return scheduler.chance(0.5)
                ? new StoreFailedException("the simulated store failed", new IllegalStateException("simulated"))
                : new IllegalStateException("the simulated store failed");
    }

    private <T> T now(Supplier<T> call) {
        if (temper.isSlow()) {
            scheduler.yieldStep();
        }
        if (temper.fails()) {
            throw failure();
        }
        T result = call.get();
        if (temper.isSlow()) {
            scheduler.yieldStep();
        }
        return result;
    }

    /** A call whose answer comes later, or at once; the change is made before, or together with the answer. */
    private <T> CompletableFuture<T> answered(Supplier<CompletableFuture<T>> call) {
        Answer<T> answer = new Answer<>(scheduler);
        if (!temper.isLate()) {
            give(answer, call);
        } else if (scheduler.chance(0.5)) {
            scheduler.later(process, () -> give(answer, call));
        } else if (temper.givesUp()) {
            scheduler.later(process, () -> answer.completeExceptionally(failure()));
        } else {
            T done = call.get().join();
            scheduler.later(process, () -> answer.complete(done));
        }
        return answer;
    }

    private <T> void give(Answer<T> answer, Supplier<CompletableFuture<T>> call) {
        if (temper.givesUp()) {
            answer.completeExceptionally(failure());
        } else {
            answer.complete(call.get().join());
        }
    }

    @Override
    public long[] append(List<Accepted> events, @Nullable Object transaction) {
        return now(() -> store.append(events, transaction));
    }

    @Override
    public boolean hasHistory() {
        return store.hasHistory();
    }

    @Override
    public List<Lease> claim(Claim claim) {
        return now(() -> store.claim(claim));
    }

    @Override
    public boolean renew(String holder, Duration lasting) {
        return now(() -> store.renew(holder, lasting));
    }

    @Override
    public void leave(String holder) {
        now(() -> {
            store.leave(holder);
            return true;
        });
    }

    @Override
    public Watch listen(Runnable listener) {
        return store.listen(listener);
    }

    @Override
    public CompletableFuture<OutcomeAnswer> complete(DeliveryId id, long token) {
        return answered(() -> store.complete(id, token));
    }

    @Override
    public CompletableFuture<OutcomeAnswer> drop(DeliveryId id, long token) {
        return answered(() -> store.drop(id, token));
    }

    @Override
    public CompletableFuture<OutcomeAnswer> retry(DeliveryId id, long token, Instant dueAt, DeliveryAttempt failed) {
        return answered(() -> store.retry(id, token, dueAt, failed));
    }

    @Override
    public CompletableFuture<OutcomeAnswer> release(DeliveryId id, long token) {
        return answered(() -> store.release(id, token));
    }

    @Override
    public CompletableFuture<OutcomeAnswer> deadLetter(
            DeliveryId id,
            long token,
            DeadLetter.Reason reason,
            String message,
            @Nullable DeliveryAttempt failed,
            boolean holdsKey) {
        return answered(() -> store.deadLetter(id, token, reason, message, failed, holdsKey));
    }

    @Override
    public CompletableFuture<TurnAnswer> takeTurn(Turn turn) {
        return answered(() -> store.takeTurn(turn));
    }

    @Override
    public CompletableFuture<OutcomeAnswer> returnPlace(DeliveryId id, long token) {
        return answered(() -> store.returnPlace(id, token));
    }

    @Override
    public CompletableFuture<Run> takeRun(Turn turn, @Nullable DeliveryId before) {
        return answered(() -> store.takeRun(turn, before));
    }

    @Override
    public Map<DeliveryId, State> states(Map<DeliveryId, Long> positions) {
        return now(() -> store.states(positions));
    }

    @Override
    public List<RecordedEvent> events(String space, EventQuery query) {
        return now(() -> store.events(space, query));
    }

    @Override
    public Extent extent() {
        return now(store::extent);
    }

    @Override
    public long consumed(String space, String consumer) {
        return now(() -> store.consumed(space, consumer));
    }

    @Override
    public void consumed(String space, String consumer, long position) {
        now(() -> {
            store.consumed(space, consumer, position);
            return true;
        });
    }

    @Override
    public long advance(String space, String consumer, long expected, long position) {
        return now(() -> store.advance(space, consumer, expected, position));
    }

    @Override
    public long erase(String space, String subject) {
        return now(() -> store.erase(space, subject));
    }

    @Override
    public List<DeadLetter> deadLetters(String space, DeadLetterQuery query) {
        return now(() -> store.deadLetters(space, query));
    }

    @Override
    public @Nullable DeadLetter deadLetter(String space, DeliveryId id) {
        @Nullable DeadLetter[] found = new DeadLetter[1];
        now(() -> {
            found[0] = store.deadLetter(space, id);
            return true;
        });
        return found[0];
    }

    @Override
    public long countDeadLetters(String space) {
        return now(() -> store.countDeadLetters(space));
    }

    @Override
    public @Nullable Lease redrive(String space, DeliveryId id, String holder, @Nullable String functionId) {
        @Nullable Lease[] lease = new Lease[1];
        now(() -> {
            lease[0] = store.redrive(space, id, holder, functionId);
            return true;
        });
        return lease[0];
    }

    @Override
    public boolean purge(String space, DeliveryId id) {
        return now(() -> store.purge(space, id));
    }

    @Override
    public List<Pending> read(Query query) {
        return now(() -> store.read(query));
    }

    @Override
    public void close() {
        // the world closes what all share
    }
}
