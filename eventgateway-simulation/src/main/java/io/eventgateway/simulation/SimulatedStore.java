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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one process sees of an event store that all of them share: its answers come in later steps, in any order, its calls take a
 * while in which others go on, and now and then it fails, or the answer to a change is lost.
 *
 * <p>What fails has changed nothing. A change whose answer is lost was made or not; as the store on JDBC does, a second try finds that
 * out after a while, and what can't be found out is taken back later.
 */
final class SimulatedStore implements EventStore, Stores {
    /** How a store behaves. */
    interface Temper {
        /** Whether a call fails. */
        boolean fails();

        /** Returns whether the answer to a change is lost. */
        boolean losesAnswer();

        /** How long the store is away then. */
        Duration absence();

        /** Whether an answer comes later. */
        boolean isLate();

        /** Whether others go on while a call is made. */
        boolean isSlow();
    }

    private final Backing backing;
    /** How many claims there are for each time that the store looks for what is left over; some twenty seconds' worth. */
    private static final int CLAIMS_PER_ROUND = 20;

    private final EventStore store;
    private final SubscriptionStore subscriptions;
    private final Duration lease;
    private final Scheduler scheduler;
    private final Host process;
    private final Temper temper;
    private final SeenLeases leases;
    /** The gateway that holds a delivery, where that is not the one that accepted it. */
    private final Map<DeliveryId, String> holders = new HashMap<>();
    /** What was leased to this process without its knowing; the next claim gives it back. */
    private final List<Lease> unknown = new ArrayList<>();

    SimulatedStore(
            Backing backing,
            SubscriptionStore subscriptions,
            Duration lease,
            Scheduler scheduler,
            Host process,
            Temper temper,
            SeenLeases leases) {
        this.backing = backing;
        this.store = backing.open();
        this.subscriptions = subscriptions;
        this.lease = lease;
        this.scheduler = scheduler;
        this.process = process;
        this.temper = temper;
        this.leases = leases;
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

    /** Makes a call in the step that runs, without an interruption that is meant for something else. */
    private static <T> T made(Supplier<T> call) {
        boolean interrupted = Thread.interrupted();
        try {
            return call.get();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void awayForAWhile() {
        scheduler.block(() -> false, temper.absence(), false);
    }

    /** A call that looks, or whose answer is not lost. */
    private <T> T now(Supplier<T> call) {
        if (temper.isSlow()) {
            scheduler.yieldStep();
        }
        if (temper.fails()) {
            throw failure();
        }
        T result = made(call);
        if (temper.isSlow()) {
            scheduler.yieldStep();
        }
        return result;
    }

    /** A change that is not tried again: when its answer is lost it fails, and was made or not. */
    private <T> T changed(Supplier<T> call) {
        if (!temper.losesAnswer()) {
            return now(call);
        }
        if (scheduler.chance(0.5)) {
            made(call);
        }
        awayForAWhile();
        throw failure();
    }

    /**
     * A change that is tried again when its answer is lost, and then finds out; or gives up, and is taken back later.
     *
     * @param undo takes back what was made
     */
    private <T> T found(Supplier<T> call, Consumer<T> undo) {
        if (!temper.losesAnswer()) {
            return now(call);
        }
        if (scheduler.chance(0.3)) {
            awayForAWhile();
            return made(call);
        }
        T result = made(call);
        awayForAWhile();
        if (scheduler.chance(0.5)) {
            return result;
        }
        scheduler.later(process, () -> {
            awayForAWhile();
            made(() -> {
                undo.accept(result);
                return true;
            });
        });
        throw failure();
    }

    /**
     * A call whose answer comes later, or at once; the change is made before, or together with the answer. When the answer is lost, the
     * second try finds out what it was, for as long as the gateway has not left.
     */
    private <T> CompletableFuture<T> answered(DeliveryId id, T notYours, Supplier<CompletableFuture<T>> call) {
        Answer<T> answer = new Answer<>(scheduler);
        Supplier<T> change = () -> call.get().join();
        if (temper.losesAnswer()) {
            lost(answer, id, notYours, change);
        } else if (!temper.isLate()) {
            give(answer, change);
        } else if (scheduler.chance(0.5)) {
            scheduler.later(process, () -> give(answer, change));
        } else {
            Answer<T> done = new Answer<>(scheduler);
            give(done, change);
            scheduler.later(process, () -> give(answer, done::join));
        }
        return answer;
    }

    /** Makes a change and gives its answer, or what the store says when the gateway has left. */
    private static <T> void give(Answer<T> answer, Supplier<T> change) {
        try {
            answer.complete(made(change));
        } catch (CompletionException e) {
            answer.completeExceptionally(e.getCause());
        }
    }

    private <T> void lost(Answer<T> answer, DeliveryId id, T notYours, Supplier<T> change) {
        String holder = holders.getOrDefault(id, id.instance());
        Answer<T> tried = new Answer<>(scheduler);
        if (scheduler.chance(0.5)) {
            give(tried, change);
        }
        scheduler.later(process, () -> {
            awayForAWhile();
            if (leases.hasLeft(holder) && scheduler.chance(0.5)) {
                answer.completeExceptionally(failure());
            } else if (!tried.isDone()) {
                give(answer, change);
            } else if (leases.isGone(holder)) {
                answer.complete(notYours);
            } else {
                give(answer, tried::join);
            }
        });
    }

    private CompletableFuture<OutcomeAnswer> outcome(DeliveryId id, Supplier<CompletableFuture<OutcomeAnswer>> call) {
        return answered(id, OutcomeAnswer.NOT_YOURS, call);
    }

    @Override
    public long[] append(List<Accepted> events, @Nullable Object transaction) {
        return found(() -> store.append(events, transaction), positions -> events.forEach(this::takeBack));
    }

    private void takeBack(Accepted accepted) {
        for (Delivery delivery : accepted.held()) {
            store.drop(delivery.id(), FIRST_TOKEN).join();
        }
    }

    @Override
    public boolean hasHistory() {
        return store.hasHistory();
    }

    private int claims;

    @Override
    public List<Lease> claim(Claim claim) {
        Supplier<List<Lease>> call = () -> {
            giveBack();
            if (++claims % CLAIMS_PER_ROUND == 0) {
                backing.maintain();
            }
            leases.claims(claim.holder(), claim.lease());
            List<Lease> claimed = store.claim(claim);
            claimed.forEach(each -> holders.put(each.delivery().id(), claim.holder()));
            return claimed;
        };
        if (!temper.losesAnswer()) {
            return now(call);
        }
        unknown.addAll(made(call));
        awayForAWhile();
        throw failure();
    }

    private void giveBack() {
        List<Lease> given = List.copyOf(unknown);
        unknown.clear();
        given.forEach(each -> store.release(each.delivery().id(), each.token()).join());
        if (!given.isEmpty()) {
            backing.tell();
        }
    }

    @Override
    public boolean renew(String holder, Duration lasting) {
        return changed(() -> {
            boolean renewed = store.renew(holder, lasting);
            if (renewed) {
                leases.extended(holder, lasting);
            }
            return renewed;
        });
    }

    @Override
    public void leave(String holder) {
        leases.leaves(holder);
        changed(() -> {
            store.leave(holder);
            backing.tell();
            return true;
        });
    }

    @Override
    public Watch listen(Runnable listener) {
        return backing.listen(listener);
    }

    @Override
    public CompletableFuture<OutcomeAnswer> complete(DeliveryId id, long token) {
        return outcome(id, () -> store.complete(id, token));
    }

    @Override
    public CompletableFuture<OutcomeAnswer> drop(DeliveryId id, long token) {
        return outcome(id, () -> store.drop(id, token));
    }

    @Override
    public CompletableFuture<OutcomeAnswer> retry(DeliveryId id, long token, Instant dueAt, DeliveryAttempt failed) {
        return outcome(id, () -> store.retry(id, token, dueAt, failed));
    }

    @Override
    public CompletableFuture<OutcomeAnswer> release(DeliveryId id, long token) {
        return outcome(id, () -> {
            OutcomeAnswer released = store.release(id, token).join();
            backing.tell();
            return CompletableFuture.completedFuture(released);
        });
    }

    @Override
    public CompletableFuture<OutcomeAnswer> deadLetter(
            DeliveryId id,
            long token,
            DeadLetter.Reason reason,
            String message,
            @Nullable DeliveryAttempt failed,
            boolean holdsKey) {
        return outcome(id, () -> {
            OutcomeAnswer kept = store.deadLetter(id, token, reason, message, failed, holdsKey)
                    .join();
            backing.maintain();
            return CompletableFuture.completedFuture(kept);
        });
    }

    @Override
    public CompletableFuture<TurnAnswer> takeTurn(Turn turn) {
        return answered(turn.id(), TurnAnswer.NOT_YOURS, () -> store.takeTurn(turn));
    }

    @Override
    public CompletableFuture<OutcomeAnswer> returnPlace(DeliveryId id, long token) {
        return outcome(id, () -> store.returnPlace(id, token));
    }

    @Override
    public CompletableFuture<Run> takeRun(Turn turn, List<DeliveryId> followers, @Nullable DeliveryId before) {
        return answered(
                turn.id(),
                new Run(TurnAnswer.NOT_YOURS, turn.id(), turn.position()),
                () -> store.takeRun(turn, followers, before));
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
        changed(() -> {
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
        return changed(() -> store.erase(space, subject));
    }

    @Override
    public List<DeadLetter> deadLetters(String space, DeadLetterQuery query) {
        return now(() -> store.deadLetters(space, query));
    }

    @Override
    public @Nullable DeadLetter deadLetter(String space, DeliveryId id) {
        return now(() -> Optional.ofNullable(store.deadLetter(space, id))).orElse(null);
    }

    @Override
    public long countDeadLetters(String space) {
        return now(() -> store.countDeadLetters(space));
    }

    @Override
    public @Nullable Lease redrive(String space, DeliveryId id, String holder, @Nullable String functionId) {
        Supplier<Optional<Lease>> call = () -> {
            Optional<Lease> leased = Optional.ofNullable(store.redrive(space, id, holder, functionId));
            leased.ifPresent(each -> holders.put(id, holder));
            return leased;
        };
        return found(
                        call,
                        leased -> leased.ifPresent(each -> {
                            store.release(id, each.token()).join();
                            backing.tell();
                        }))
                .orElse(null);
    }

    @Override
    public boolean purge(String space, DeliveryId id) {
        return changed(() -> store.purge(space, id));
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
