package io.eventgateway.internal.delivery;

import io.eventgateway.Event;
import io.eventgateway.EventGatewayException;
import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.delivery.DeliveryAttempt;
import io.eventgateway.delivery.OrderBy;
import io.eventgateway.error.StoreFailedException;
import io.eventgateway.internal.time.DrivenClock;
import io.eventgateway.spi.EventStore;
import io.eventgateway.spi.EventStore.Accepted;
import io.eventgateway.spi.EventStore.DeliveryId;
import io.eventgateway.spi.EventStore.Terms;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this gateway has the event store keep of its deliveries.
 *
 * <p>A store that the gateway was given has each delivery before {@code emit} returns. One that is the gateway's own, in memory,
 * is lost with the gateway, so it is not told of a delivery before there is something to remember: a failed attempt, a dead
 * letter. Most deliveries then cost it nothing.
 *
 * <p>A failing store refuses new events. A delivery has ended when the store was told so, or gave up being told, which is
 * logged: the delivery stays in the store then, which is why delivery is at least once and not exactly once.
 */
final class DeliveryStore {
    private static final Logger log = LoggerFactory.getLogger(DeliveryStore.class);

    /** What is due later than that is in the store and not in this gateway's memory until then. */
    static final Duration HORIZON = Duration.ofSeconds(10);

    private final EventStore store;
    private final boolean shared;
    private final Duration lease;
    private final Supplier<String> names;
    private final LongSupplier timer;
    private final @Nullable DrivenClock driver;
    private final AtomicLong numbers = new AtomicLong();
    private volatile LeaseTerm tenure;

    /**
     * A ledger.
     *
     * @param storage what there is to keep deliveries in
     * @param driver has this thread wait for what the store writes; null where nobody waits
     */
    DeliveryStore(DeliveryEngine.Storage storage, LongSupplier timer, @Nullable DrivenClock driver) {
        this.store = storage.store();
        this.shared = storage.shared();
        this.lease = storage.lease();
        this.names = storage.names();
        this.timer = timer;
        this.driver = driver;
        this.tenure = newTenure();
    }

    private LeaseTerm newTenure() {
        return new LeaseTerm(names.get(), timer.getAsLong() + (shared ? lease.toNanos() : Long.MAX_VALUE / 2));
    }

    EventStore store() {
        return store;
    }

    /** How long a lease is; it is renewed far more often. */
    Duration lease() {
        return lease;
    }

    /** Whether others may look into the store, and share orders and limits. */
    boolean isShared() {
        return shared;
    }

    LeaseTerm tenure() {
        return tenure;
    }

    boolean holds(LeaseTerm asked) {
        return !shared || asked.holds(timer.getAsLong());
    }

    /** Extends the leases, or begins again under another name when they are lost. */
    void renew() {
        LeaseTerm current = tenure;
        long asked = timer.getAsLong();
        if (store.renew(current.instance(), lease)) {
            current.renewed(asked + lease.toNanos());
        } else {
            LeaseTerm next = newTenure();
            store.renew(
                    next.instance(),
                    lease); // known before anything is appended under it, or nobody could take that over
            tenure = next;
            current.lose();
            log.warn(
                    "This gateway did not renew its leases in time, and another has begun to take its deliveries over;"
                            + " it goes on as {}",
                    tenure.instance());
        }
    }

    /** What the store has of an event. */
    record StoredEmission(LeaseTerm tenure, long position, List<EventStore.Delivery> deliveries) {}

    /** What is to be kept of an event; {@code here[i]} says whether this gateway is to deliver to the target. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Entry(Event event, Terms terms, String space, Target[] targets, boolean[] here, long replayOf) {}

    /** Whether the store is to be told of every event, because others look into it or it keeps a history. */
    boolean isTold() {
        return shared || store.hasHistory();
    }

    boolean hasHistory() {
        return store.hasHistory();
    }

    /**
     * Has events and their deliveries kept.
     *
     * @param transaction the emitter's own; null for the store's
     * @return one for each entry; null when the store need not know yet
     * @throws StoreFailedException if the store failed; it has kept none of them
     */
    @Nullable List<StoredEmission> accept(List<Entry> entries, @Nullable Object transaction) {
        if (!isTold() && transaction == null) {
            return null;
        }
        return append(entries, transaction, true);
    }

    private List<StoredEmission> append(List<Entry> entries, @Nullable Object transaction, boolean withDeliveries) {
        LeaseTerm current = tenure;
        List<Accepted> accepted = new ArrayList<>(entries.size());
        List<List<EventStore.Delivery>> deliveries = new ArrayList<>(entries.size());
        for (Entry entry : entries) {
            List<EventStore.Delivery> all = new ArrayList<>(entry.targets().length);
            List<EventStore.Delivery> held = new ArrayList<>(entry.targets().length);
            List<EventStore.Delivery> free = new ArrayList<>(0);
            for (int i = 0; withDeliveries && i < entry.targets().length; i++) {
                EventStore.Delivery delivery = delivery(current, entry.event(), entry.terms(), entry.targets()[i]);
                all.add(delivery);
                (entry.here()[i] ? held : free).add(delivery);
            }
            deliveries.add(all);
            accepted.add(new Accepted(entry.space(), entry.event(), entry.terms(), held, free, entry.replayOf()));
        }
        long[] positions;
        try {
            positions = store.append(accepted, transaction);
        } catch (EventGatewayException | IllegalArgumentException e) {
            throw e;
        } catch (RuntimeException e) {
            Event first = entries.get(0).event();
            throw new StoreFailedException(
                    "event '" + first.getId() + "' of type '" + first.getType() + "'"
                            + (entries.size() == 1 ? " was" : " and those with it were")
                            + " not accepted: the event store failed to keep it (" + e + ")",
                    e);
        }
        List<StoredEmission> kept = new ArrayList<>(positions.length);
        for (int i = 0; i < positions.length; i++) {
            kept.add(new StoredEmission(current, positions[i], deliveries.get(i)));
        }
        return kept;
    }

    /** A delivery as the store knows it, with a new id. */
    EventStore.Delivery delivery(LeaseTerm held, Event event, Terms terms, Target target) {
        OrderBy orderBy = target.policy().orderBy();
        return new EventStore.Delivery(
                new DeliveryId(held.instance(), numbers.getAndIncrement()),
                target.function().space(),
                event,
                terms,
                target.subscription().id(),
                target.functionId(),
                orderBy == null || !shared ? null : OrderKey.text(OrderKey.of(orderBy.key(), event)));
    }

    /** It was delivered, or dropped for good; null when the store does not know it. */
    @Nullable CompletableFuture<Boolean> ended(EmittedDelivery delivery, String how) {
        return delivery.isKept()
                ? tell(delivery.id(), how, () -> store.complete(delivery.id(), delivery.token()))
                : null;
    }

    /** It is for any gateway. */
    void release(EmittedDelivery delivery) {
        tell(delivery.id(), "was handed back", () -> store.release(delivery.id(), delivery.token()));
    }

    CompletableFuture<Boolean> retried(EmittedDelivery delivery, Instant at, DeliveryAttempt failed) {
        return tell(delivery.id(), "is to be attempted again", () -> {
            keep(delivery);
            return store.retry(delivery.id(), delivery.token(), at, failed);
        });
    }

    CompletableFuture<Boolean> givenUp(
            EmittedDelivery delivery,
            DeadLetter.Reason reason,
            String message,
            @Nullable DeliveryAttempt failed,
            boolean holdsKey) {
        return tell(delivery.id(), "was given up", () -> {
            keep(delivery);
            return store.deadLetter(delivery.id(), delivery.token(), reason, message, failed, holdsKey);
        });
    }

    private void keep(EmittedDelivery delivery) {
        if (!delivery.isKept()) {
            EventStore.Delivery stored = delivery.stored();
            store.append(
                    List.of(new Accepted(
                            stored.space(),
                            stored.event(),
                            stored.terms(),
                            List.of(stored),
                            List.of(),
                            delivery.position())),
                    null);
            delivery.kept();
        }
    }

    /**
     * Keeps the deliveries of an event that nobody is going to attempt (any more) as dead letters.
     *
     * @param failed the last attempt; null when there was none
     * @param position that of the event where it is recorded already; 0 where it is not
     * @return their ids; null when the store failed
     */
    @Nullable List<DeliveryId> keepDead(
            Event event,
            Instant now,
            Target[] targets,
            DeadLetter.Reason reason,
            String message,
            @Nullable DeliveryAttempt failed,
            long position) {
        try {
            boolean[] here = new boolean[targets.length];
            Arrays.fill(here, true);
            StoredEmission kept = append(
                            List.of(new Entry(
                                    event,
                                    new Terms(now, null, null),
                                    targets[0].function().space(),
                                    targets,
                                    here,
                                    position)),
                            null,
                            true)
                    .get(0);
            List<DeliveryId> ids = new ArrayList<>(targets.length);
            List<CompletableFuture<Boolean>> told = new ArrayList<>(targets.length);
            for (EventStore.Delivery delivery : kept.deliveries()) {
                told.add(tell(
                        delivery.id(),
                        "was stopped",
                        () -> store.deadLetter(delivery.id(), EventStore.FIRST_TOKEN, reason, message, failed, false)));
                ids.add(delivery.id());
            }
            // whoever is told of a dead letter finds it; the store gives up in its own time
            told.forEach(each -> each.handle((done, e) -> done).join());
            return ids;
        } catch (RuntimeException e) {
            log.error("Event '{}' is not kept as a dead letter, because the event store failed", event.getId(), e);
            return null;
        }
    }

    CompletableFuture<Boolean> takeTurn(EmittedDelivery delivery, @Nullable String orderKey, int maxConcurrency) {
        try {
            return written(store.takeTurn(new EventStore.Turn(
                    delivery.id(),
                    delivery.token(),
                    delivery.stored().space(),
                    delivery.stored().subscriptionId(),
                    delivery.position(),
                    orderKey,
                    maxConcurrency)));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** The gateway closes; what it still holds is for others. */
    void leave() {
        if (shared) {
            try {
                store.leave(tenure.instance());
            } catch (RuntimeException e) {
                log.warn(
                        "The event store could not be told that this gateway closes; what it leaves is taken over when"
                                + " its lease has run out",
                        e);
            }
        }
    }

    /** Has a driving thread wait for what the store writes, so that no thread of the store's goes on with the delivery. */
    private <T> CompletableFuture<T> written(CompletableFuture<T> writing) {
        if (driver != null && !writing.isDone()) {
            driver.awaitWritten(writing);
        }
        return writing;
    }

    private CompletableFuture<Boolean> tell(DeliveryId id, String outcome, Supplier<CompletableFuture<Boolean>> step) {
        CompletableFuture<Boolean> told;
        try {
            told = written(step.get());
        } catch (RuntimeException e) {
            told = CompletableFuture.failedFuture(e);
        }
        if (told.isDone()) {
            report(id, outcome, told);
        } else {
            CompletableFuture<Boolean> pending = told;
            told.whenComplete((done, e) -> report(id, outcome, pending));
        }
        return told;
    }

    private static void report(DeliveryId id, String outcome, CompletableFuture<Boolean> told) {
        try {
            if (!told.join()) {
                log.warn("{} {}, but its lease was taken over; it may be delivered twice", id, outcome);
            }
        } catch (RuntimeException e) {
            log.error("{} {}, but the event store could not be told; it may be delivered again", id, outcome, e);
        }
    }
}
