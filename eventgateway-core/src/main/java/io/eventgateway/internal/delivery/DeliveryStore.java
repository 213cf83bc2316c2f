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
import io.eventgateway.spi.EventStore.OutcomeAnswer;
import io.eventgateway.spi.EventStore.Terms;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine's side of the event store: what this gateway has it keep of deliveries.
 *
 * <p>A store that the gateway was given has each delivery before {@code emit} returns. One that is the gateway's own, in memory,
 * is lost with the gateway, so it is told of dead letters only. Most deliveries then cost it nothing.
 *
 * <p>A failing store refuses new events. A delivery has ended when the store was told so, or gave up being told, which is
 * logged: the delivery stays in the store then, which is why delivery is at least once and not exactly once.
 */
public final class DeliveryStore {
    private static final Logger log = LoggerFactory.getLogger(DeliveryStore.class);

    /** The time before which a delivery has to be due to be in this gateway's memory; what is due later waits in the store. */
    public static final Duration HORIZON = Duration.ofSeconds(10);

    private final EventStore store;
    private final boolean shared;
    private final Supplier<String> instance;
    private final @Nullable DrivenClock driver;
    private final AtomicLong numbers = new AtomicLong();

    /**
     * Creates the engine's side of a store.
     *
     * @param shared whether other gateways may look into the store
     * @param instance the name under which deliveries are leased, as it is when that is asked
     * @param driver has this thread wait for what the store writes; null where nobody waits
     */
    DeliveryStore(EventStore store, boolean shared, Supplier<String> instance, @Nullable DrivenClock driver) {
        this.store = store;
        this.shared = shared;
        this.instance = instance;
        this.driver = driver;
    }

    EventStore store() {
        return store;
    }

    /**
     * What the store has of an emission.
     *
     * @param instance the name under which its deliveries are leased
     * @param position of the event; 0 where the store does not order events
     */
    public record StoredEmission(String instance, long position, List<EventStore.Delivery> deliveries) {}

    /** An event that is to be kept; {@code here[i]} says whether this gateway is to deliver to the target. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Entry(
            Event event,
            Terms terms,
            String space,
            Target[] targets,
            boolean[] here,
            long replayOf,
            EventStore.@Nullable Once once) {}

    /** Returns whether the store is to be told of every event, because others look into it or it keeps a history. */
    boolean isTold() {
        return shared || store.hasHistory();
    }

    /** Returns whether the store sees to it that an event is not accepted twice by the gateways that share it. */
    public boolean deduplicates() {
        return shared && store.deduplicates();
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
        return append(entries, transaction);
    }

    private List<StoredEmission> append(List<Entry> entries, @Nullable Object transaction) {
        String lessee = instance.get();
        List<Accepted> accepted = new ArrayList<>(entries.size());
        List<List<EventStore.Delivery>> deliveries = new ArrayList<>(entries.size());
        for (Entry entry : entries) {
            List<EventStore.Delivery> all = new ArrayList<>(entry.targets().length);
            List<EventStore.Delivery> held = new ArrayList<>(entry.targets().length);
            List<EventStore.Delivery> free = new ArrayList<>(0);
            for (int i = 0; i < entry.targets().length; i++) {
                EventStore.Delivery delivery = delivery(lessee, entry.event(), entry.terms(), entry.targets()[i]);
                all.add(delivery);
                (entry.here()[i] ? held : free).add(delivery);
            }
            deliveries.add(all);
            accepted.add(new Accepted(
                    entry.space(), entry.event(), entry.terms(), held, free, entry.replayOf(), entry.once()));
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
            kept.add(new StoredEmission(lessee, positions[i], deliveries.get(i)));
        }
        return kept;
    }

    /** Makes a delivery as the store is to know it, with a new id. */
    EventStore.Delivery delivery(Event event, Terms terms, Target target) {
        return delivery(instance.get(), event, terms, target);
    }

    private EventStore.Delivery delivery(String lessee, Event event, Terms terms, Target target) {
        OrderBy orderBy = target.policy().orderBy();
        return new EventStore.Delivery(
                new DeliveryId(lessee, numbers.getAndIncrement()),
                target.function().space(),
                event,
                terms,
                target.subscription().id(),
                target.functionId(),
                orderBy == null || !shared ? null : OrderKey.text(OrderKey.of(orderBy.key(), event)));
    }

    /** Has the store forget a delivery, which was made; null when the store does not know it. */
    public @Nullable CompletableFuture<OutcomeAnswer> ended(EmittedDelivery delivery, String how) {
        return delivery.isKept()
                ? tell(delivery.id(), how, () -> store.complete(delivery.id(), delivery.token()))
                : null;
    }

    /** Has the store forget a delivery, which is given up for good; null when the store does not know it. */
    @Nullable CompletableFuture<OutcomeAnswer> dropped(EmittedDelivery delivery, String how) {
        return delivery.isKept() ? tell(delivery.id(), how, () -> store.drop(delivery.id(), delivery.token())) : null;
    }

    /** Hands a delivery back, for any gateway. */
    public void release(EmittedDelivery delivery) {
        tell(delivery.id(), "was handed back", () -> store.release(delivery.id(), delivery.token()));
    }

    /** Has an attempt kept that failed, and after which there is another; null when the store need not know yet. */
    @Nullable CompletableFuture<OutcomeAnswer> retried(EmittedDelivery delivery, Instant at, DeliveryAttempt failed) {
        if (!delivery.isKept()) {
            delivery.remember(failed);
            return null;
        }
        return tell(
                delivery.id(),
                "is to be attempted again",
                () -> store.retry(delivery.id(), delivery.token(), at, failed));
    }

    CompletableFuture<OutcomeAnswer> givenUp(
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
            delivery.kept(true);
            for (DeliveryAttempt attempt : delivery.takeRemembered()) {
                store.retry(stored.id(), delivery.token(), attempt.startedAt(), attempt);
            }
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
                                    position,
                                    null)),
                            null)
                    .get(0);
            if (kept.position() == 0 && position > 0) {
                log.warn("Event '{}' is not kept as a dead letter, because it was erased or forgotten", event.getId());
                return null;
            }
            List<DeliveryId> ids = new ArrayList<>(targets.length);
            List<CompletableFuture<OutcomeAnswer>> told = new ArrayList<>(targets.length);
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

    /** Asks for a place of a delivery among those of all gateways under way; see {@link EventStore#takeTurn}. */
    public CompletableFuture<EventStore.TurnAnswer> takePlace(EmittedDelivery delivery, int maxConcurrency) {
        try {
            return written(store.takeTurn(turn(delivery, null, maxConcurrency)));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Gives the place of a delivery back whose attempt is not made; see {@link EventStore#returnPlace}. */
    public CompletableFuture<OutcomeAnswer> returnPlace(EmittedDelivery delivery) {
        return tell(delivery.id(), "gave its place back", () -> store.returnPlace(delivery.id(), delivery.token()));
    }

    /** Asks for the turn of a delivery's key among those of all gateways; see {@link EventStore#takeRun}. */
    public CompletableFuture<EventStore.Run> takeRun(
            EmittedDelivery delivery,
            @Nullable String orderKey,
            List<DeliveryId> followers,
            @Nullable DeliveryId before) {
        try {
            return written(store.takeRun(turn(delivery, orderKey, 0), followers, before));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Returns whether gateways share rate limits by the store. */
    boolean sharesRateLimits() {
        return shared && store.sharesRateLimits();
    }

    /** Leases tokens of a rate limit that gateways share; see {@link EventStore#leaseTokens}. */
    CompletableFuture<EventStore.TokenLease> leaseTokens(EventStore.TokenRequest request) {
        try {
            return written(store.leaseTokens(request));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static EventStore.Turn turn(EmittedDelivery delivery, @Nullable String orderKey, int maxConcurrency) {
        return new EventStore.Turn(
                delivery.id(),
                delivery.token(),
                delivery.stored().space(),
                delivery.stored().subscriptionId(),
                delivery.position(),
                orderKey,
                maxConcurrency);
    }

    /** Has a driving thread wait for what the store writes, so that no thread of the store's goes on with the delivery. */
    private <T> CompletableFuture<T> written(CompletableFuture<T> writing) {
        if (driver != null && !writing.isDone()) {
            driver.awaitWritten(writing);
        }
        return writing;
    }

    private CompletableFuture<OutcomeAnswer> tell(
            DeliveryId id, String outcome, Supplier<CompletableFuture<OutcomeAnswer>> step) {
        CompletableFuture<OutcomeAnswer> told;
        try {
            told = written(step.get());
        } catch (RuntimeException e) {
            told = CompletableFuture.failedFuture(e);
        }
        if (told.isDone()) {
            report(id, outcome, told);
        } else {
            CompletableFuture<OutcomeAnswer> pending = told;
            told.whenComplete((done, e) -> report(id, outcome, pending));
        }
        return told;
    }

    private static void report(DeliveryId id, String outcome, CompletableFuture<OutcomeAnswer> told) {
        try {
            if (told.join() == OutcomeAnswer.NOT_YOURS) {
                log.warn(
                        "{} {}, but is not this gateway's any more: another one has taken it over and may deliver it again, or its"
                                + " event was erased",
                        id,
                        outcome);
            }
        } catch (RuntimeException e) {
            log.error("{} {}, but the event store could not be told; it may be delivered again", id, outcome, e);
        }
    }
}
