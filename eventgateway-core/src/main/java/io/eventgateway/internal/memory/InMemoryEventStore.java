package io.eventgateway.internal.memory;

import io.eventgateway.Event;
import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.delivery.DeadLetterOverflow;
import io.eventgateway.delivery.DeadLetterQuery;
import io.eventgateway.delivery.DeliveryAttempt;
import io.eventgateway.history.EventQuery;
import io.eventgateway.history.RecordedEvent;
import io.eventgateway.history.Retention;
import io.eventgateway.internal.memory.PendingDeliveries.Found;
import io.eventgateway.spi.DuplicateEventException;
import io.eventgateway.spi.EventStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The event store of a gateway that was given no other. It forgets a delivery when it is delivered, and a dead letter when there
 * is no room for one more.
 *
 * <p>A delivery that is appended and completed in its first lease takes no lock. {@code lock} guards everything else:
 * the lease holders, the turns, the dead letters, and the moves of a delivery from one step to the next.
 */
public class InMemoryEventStore implements EventStore {
    private static final CompletableFuture<OutcomeAnswer> DONE = CompletableFuture.completedFuture(OutcomeAnswer.DONE);
    private static final CompletableFuture<OutcomeAnswer> NOT_YOURS =
            CompletableFuture.completedFuture(OutcomeAnswer.NOT_YOURS);

    private final InstantSource clock;
    private final InMemoryHistory history;
    private final PendingDeliveries pending = new PendingDeliveries();
    private final ReentrantLock lock = new ReentrantLock();
    private final LeaseHolders holders = new LeaseHolders();
    private final InMemoryTurns turns = new InMemoryTurns();
    private final InMemoryDeadLetters deadLetters;
    private final SeenEvents seen = new SeenEvents();
    private final NewestGone newestGone = new NewestGone();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile Consumer<DeliveryId> deadLetterGone = id -> {};

    /** A store that keeps that many dead letters, with a clock for leases and due times. */
    public InMemoryEventStore(
            int maxDeadLetters, DeadLetterOverflow overflow, Retention retention, InstantSource clock) {
        this.deadLetters = new InMemoryDeadLetters(maxDeadLetters, overflow);
        this.clock = clock;
        this.history = new InMemoryHistory(retention);
    }

    @Override
    public long[] append(List<Accepted> events, @Nullable Object transaction) {
        if (transaction != null) {
            throw new IllegalArgumentException(
                    "an event store in memory can't write in a transaction; give the gateway the"
                            + " store of the database that the connection is to");
        }
        seeOnce(events);
        long[] placed = new long[events.size()];
        for (int i = 0; i < placed.length; i++) {
            placed[i] = append(events.get(i));
        }
        return placed;
    }

    private void seeOnce(List<Accepted> events) {
        if (events.stream().allMatch(each -> each.once() == null)) {
            return;
        }
        List<Integer> duplicates = locked(() -> seen.see(events, clock.instant()));
        if (!duplicates.isEmpty()) {
            throw new DuplicateEventException(duplicates);
        }
    }

    @Override
    public boolean deduplicates() {
        return true;
    }

    @Override
    public void forget(String space, Event event, @Nullable String key) {
        locked(() -> seen.forget(space, event, key));
    }

    private long append(Accepted accepted) {
        List<Delivery> held = accepted.held();
        int needed = held.size() + accepted.free().size();
        long replayed = accepted.replayOf();
        long position;
        if (replayed > 0) {
            position = locked(() -> {
                if (!history.need(replayed, needed)) {
                    return 0L;
                }
                addAll(accepted, replayed);
                return replayed;
            });
        } else {
            position = history.record(accepted.space(), clock.instant(), accepted.event(), needed);
            addAll(accepted, position);
        }
        if (!accepted.free().isEmpty()) {
            tellListeners();
        }
        return position;
    }

    private void addAll(Accepted accepted, long position) {
        List<Delivery> held = accepted.held();
        for (int i = 0; i < held.size(); i++) {
            Delivery delivery = held.get(i);
            if (delivery.orderKey() == null && !history.isKept()) {
                pending.addInFirstLease(delivery);
            } else {
                add(PendingDelivery.held(delivery, position));
            }
        }
        for (Delivery delivery : accepted.free()) {
            add(PendingDelivery.free(delivery, position));
        }
    }

    private void add(PendingDelivery added) {
        locked(() -> {
            turns.pending(added.delivery(), added.position());
            pending.add(added);
        });
    }

    private void locked(Runnable step) {
        lock.lock();
        try {
            step.run();
        } finally {
            lock.unlock();
        }
    }

    private <T> T locked(Supplier<T> step) {
        lock.lock();
        try {
            return step.get();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean hasHistory() {
        return history.isKept();
    }

    @Override
    public List<Lease> claim(Claim claim) {
        return locked(() -> {
            Instant now = clock.instant();
            if (!holders.claims(claim.holder(), now.plus(claim.lease()), now)) {
                return List.of();
            }
            Instant dueBefore = now.plus(claim.dueWithin());
            List<Found> free = pending.all()
                    .filter(each -> isClaimable(each, claim, dueBefore))
                    .sorted(Comparator.comparing((Found each) -> each.pending().claimOrder())
                            .thenComparing(each -> each.delivery().id()))
                    .limit(claim.atMost())
                    .toList();
            List<Lease> leases = new ArrayList<>(free.size());
            for (Found each : free) {
                PendingDelivery leased = each.pending().leasedTo(claim.holder());
                if (pending.replace(each, leased)) {
                    leases.add(leased.lease());
                }
            }
            return leases;
        });
    }

    private boolean isClaimable(Found found, Claim claim, Instant dueBefore) {
        Delivery delivery = found.delivery();
        return holders.isFree(found.pending().holder())
                && found.pending().isDue(dueBefore)
                && claim.callable().test(delivery.space(), delivery.functionId());
    }

    @Override
    public boolean renew(String holder, Duration lease) {
        return locked(() -> holders.renew(holder, clock.instant().plus(lease)));
    }

    @Override
    public void leave(String holder) {
        locked(() -> holders.leaves(holder));
    }

    @Override
    public Watch listen(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    private void tellListeners() {
        listeners.forEach(Runnable::run);
    }

    private static CompletableFuture<OutcomeAnswer> told(boolean done) {
        return done ? DONE : NOT_YOURS;
    }

    @Override
    public CompletableFuture<OutcomeAnswer> complete(DeliveryId id, long token) {
        return told(pending.removeInFirstLease(id, token) || end(id, token));
    }

    @Override
    public CompletableFuture<OutcomeAnswer> drop(DeliveryId id, long token) {
        lock.lock();
        try {
            boolean dropped = end(id, token);
            if (dropped) {
                newestGone.dropped(id);
            }
            return told(dropped);
        } finally {
            lock.unlock();
        }
    }

    private boolean end(DeliveryId id, long token) {
        PendingDelivery ended = remove(id, token, false);
        if (ended != null) {
            history.release(ended.position());
        }
        return ended != null;
    }

    private @Nullable PendingDelivery remove(DeliveryId id, long token, boolean holdsKey) {
        lock.lock();
        try {
            Found found = pending.leased(id, token);
            if (found == null || !pending.remove(found)) {
                return null;
            }
            turns.ended(found.delivery(), found.pending().position(), holdsKey);
            return found.pending();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public CompletableFuture<OutcomeAnswer> retry(DeliveryId id, long token, Instant dueAt, DeliveryAttempt failed) {
        return told(move(id, token, before -> before.retriedAt(dueAt, failed)));
    }

    @Override
    public CompletableFuture<OutcomeAnswer> release(DeliveryId id, long token) {
        boolean released = move(id, token, held -> held.releasedAt(clock.instant()));
        if (released) {
            tellListeners();
        }
        return told(released);
    }

    private boolean move(DeliveryId id, long token, UnaryOperator<PendingDelivery> step) {
        return locked(() -> {
            Found found = pending.leased(id, token);
            if (found == null || !pending.replace(found, step.apply(found.pending()))) {
                return false;
            }
            turns.attemptEnded(found.delivery());
            return true;
        });
    }

    @Override
    public CompletableFuture<TurnAnswer> takeTurn(Turn turn) {
        return CompletableFuture.completedFuture(locked(() -> {
            Found found = pending.leased(turn.id(), turn.token());
            if (found == null) {
                return TurnAnswer.NOT_YOURS;
            }
            // a delivery with a turn is expanded, so that its completion gives the turn back
            return turns.take(turn, this::isLeased, clock.instant()) && pending.expand(found)
                    ? TurnAnswer.GRANTED
                    : TurnAnswer.NOT_YET;
        }));
    }

    @Override
    public CompletableFuture<OutcomeAnswer> returnPlace(DeliveryId id, long token) {
        return told(move(id, token, held -> held));
    }

    @Override
    public CompletableFuture<Run> takeRun(Turn turn, List<DeliveryId> followers, @Nullable DeliveryId before) {
        return CompletableFuture.completedFuture(locked(() -> {
            if (pending.leased(turn.id(), turn.token()) == null) {
                return new Run(TurnAnswer.NOT_YOURS, turn.id(), turn.position());
            }
            Run run = turns.takeRun(turn, followers, before, this::isLeased, clock.instant());
            // the deliveries with turns are expanded, so that their completion gives the turn back
            expand(turn.id(), turn.token());
            expand(run.owner(), FIRST_TOKEN);
            return run;
        }));
    }

    private void expand(DeliveryId id, long token) {
        Found found = pending.leased(id, token);
        if (found != null) {
            pending.expand(found);
        }
    }

    /** Returns whether a delivery is leased under the token to a gateway that is not gone. */
    private boolean isLeased(DeliveryId id, long token) {
        Found found = pending.leased(id, token);
        return found != null && !holders.isFree(found.pending().holder());
    }

    @Override
    public Map<DeliveryId, State> states(Map<DeliveryId, Long> positionsById) {
        Map<DeliveryId, State> states = new HashMap<>();
        locked(() -> positionsById.forEach((id, position) -> states.put(id, state(id, position))));
        return states;
    }

    private State state(DeliveryId id, long position) {
        if (pending.contains(id)) {
            return State.PENDING;
        }
        if (deadLetters.contains(id)) {
            return State.DEAD_LETTER;
        }
        return newestGone.state(id, position <= history.last() ? State.DELIVERED : State.UNKNOWN);
    }

    @Override
    public List<RecordedEvent> events(String space, EventQuery query) {
        return history.events(space, query, clock.instant());
    }

    @Override
    public Extent extent() {
        long last = history.last();
        return new Extent(last, last);
    }

    @Override
    public long consumed(String space, String consumer) {
        return history.consumed(space, consumer);
    }

    @Override
    public void consumed(String space, String consumer, long position) {
        history.consumed(space, consumer, position);
    }

    @Override
    public long advance(String space, String consumer, long expected, long position) {
        return history.advance(space, consumer, expected, position);
    }

    @Override
    public long erase(String space, String subject) {
        Set<String> events = new HashSet<>();
        List<DeliveryId> gone = new ArrayList<>();
        long recorded;
        lock.lock();
        try {
            for (Found each : pending.all().toList()) {
                if (isOf(each.delivery(), space, subject) && pending.remove(each)) {
                    forget(each.pending());
                    newestGone.erased(each.delivery().id());
                    events.add(each.delivery().event().getId());
                }
            }
            for (InMemoryDeadLetters.Entry each : deadLetters.all()) {
                if (isOf(each.delivery(), space, subject)) {
                    deadLetters.remove(each);
                    forgetDeadLetter(each.pending());
                    gone.add(each.delivery().id());
                    events.add(each.delivery().event().getId());
                }
            }
            recorded = history.erase(space, subject); // under the lock, so that none is delivered again in between
        } finally {
            lock.unlock();
        }
        gone.forEach(deadLetterGone);
        return Math.max(events.size(), recorded);
    }

    private static boolean isOf(Delivery delivery, String space, String subject) {
        return delivery.space().equals(space) && subject.equals(delivery.event().getSubject());
    }

    /** Forgets a dead letter that is not kept any more. */
    private void forgetDeadLetter(PendingDelivery givenUp) {
        newestGone.givenUp(givenUp.delivery().id());
        forget(givenUp);
    }

    /** Gives back what a delivery or a dead letter held that is gone for good: its key, and its event in the history. */
    private void forget(PendingDelivery gone) {
        turns.ended(gone.delivery(), gone.position(), false);
        history.release(gone.position());
    }

    @Override
    public CompletableFuture<OutcomeAnswer> deadLetter(
            DeliveryId id,
            long token,
            DeadLetter.Reason reason,
            String message,
            @Nullable DeliveryAttempt failed,
            boolean holdsKey) {
        PendingDelivery discarded;
        lock.lock();
        try {
            PendingDelivery givenUp = remove(id, token, holdsKey);
            if (givenUp == null) {
                return NOT_YOURS;
            }
            Delivery delivery = givenUp.delivery();
            discarded = deadLetters.add(
                    givenUp,
                    new DeadLetter(
                            id.toString(),
                            delivery.event(),
                            delivery.subscriptionId(),
                            delivery.functionId(),
                            reason,
                            message,
                            givenUp.attemptsWith(failed),
                            clock.instant()));
            if (discarded != null) {
                forgetDeadLetter(discarded);
            }
        } finally {
            lock.unlock();
        }
        if (discarded != null) {
            deadLetterGone.accept(discarded.delivery().id());
        }
        return DONE;
    }

    @Override
    public List<DeadLetter> deadLetters(String space, DeadLetterQuery query) {
        return locked(() -> deadLetters.list(space, query));
    }

    @Override
    public @Nullable DeadLetter deadLetter(String space, DeliveryId id) {
        InMemoryDeadLetters.Entry found;
        lock.lock();
        try {
            found = deadLetters.find(space, id);
        } finally {
            lock.unlock();
        }
        return found == null ? null : found.letter();
    }

    @Override
    public long countDeadLetters(String space) {
        return locked(() -> deadLetters.count(space));
    }

    @Override
    public @Nullable Lease redrive(String space, DeliveryId id, String holder, @Nullable String functionId) {
        lock.lock();
        try {
            InMemoryDeadLetters.Entry found = deadLetters.find(space, id);
            if (found == null) {
                return null;
            }
            deadLetters.remove(found);
            Delivery delivery = found.delivery();
            boolean toAnother = functionId != null && !functionId.equals(delivery.functionId());
            if (toAnother) {
                turns.ended(delivery, found.pending().position(), false); // it is out of its order
            }
            Delivery again = new Delivery(
                    id,
                    space,
                    delivery.event(),
                    new Terms(clock.instant(), null, null),
                    delivery.subscriptionId(),
                    functionId == null ? delivery.functionId() : functionId,
                    toAnother ? null : delivery.orderKey());
            PendingDelivery leased =
                    found.pending().redriven(again, holder, found.letter().attempts());
            turns.redriven(again);
            add(leased);
            return leased.lease();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean purge(String space, DeliveryId id) {
        lock.lock();
        try {
            InMemoryDeadLetters.Entry found = deadLetters.find(space, id);
            if (found == null) {
                return false;
            }
            deadLetters.remove(found);
            forgetDeadLetter(found.pending());
        } finally {
            lock.unlock();
        }
        deadLetterGone.accept(id);
        return true;
    }

    @Override
    public void onDeadLetterGone(Consumer<DeliveryId> listener) {
        deadLetterGone = listener;
    }

    @Override
    public List<Pending> read(Query query) {
        DeliveryId after = query.after();
        return pending.all()
                .filter(each -> each.delivery().space().equals(query.space()))
                .filter(each -> after == null || each.delivery().id().compareTo(after) > 0)
                .sorted(Comparator.comparing(each -> each.delivery().id()))
                .limit(query.atMost())
                .map(each -> new Pending(each.delivery(), each.pending().attempts()))
                .toList();
    }

    /** Does nothing: the store holds nothing that is to be released. */
    @Override
    public void close() {}
}
