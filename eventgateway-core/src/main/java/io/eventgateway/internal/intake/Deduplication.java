package io.eventgateway.internal.intake;

import io.eventgateway.Emission;
import io.eventgateway.EmitOptions;
import io.eventgateway.Event;
import io.eventgateway.delivery.DeliveryReport;
import io.eventgateway.delivery.DeliveryResult;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.error.BacklogFullException;
import io.eventgateway.error.EventRejectedException;
import io.eventgateway.spi.DuplicateEventException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows which events were accepted a while ago, so that they are not accepted again. Thread-safe.
 *
 * <p>An emission is held whole while it is under way, when the backlog counts it anyway. Of an ended emission, the outline is
 * kept: what the functions got and returned has no bound.
 */
final class Deduplication {
    private static final int KEYS = 100_000;
    private static final long BYTES = 64L << 20;
    private static final Comparator<Key> ORDER =
            Comparator.comparing(Key::source).thenComparing(Key::id);

    private record Key(String space, @Nullable String own, String source, String id) {
        private static final int BYTES = 32;

        static Key of(String space, EmitOptions options, Event event) {
            String own = options.deduplicationKey();
            return own == null
                    ? new Key(space, null, event.getSource().toString(), event.getId())
                    : new Key(space, own, "", "");
        }

        long bytes() {
            return BYTES + Outline.bytes(own); // id and source are the event's
        }
    }

    /** The first of its key: who came second waits until it is accepted, or takes its place when it is not. */
    private static final class First {
        private static final int BYTES = 64;

        /** Completes when it is known whether the event was accepted. */
        private final CompletableFuture<@Nullable Void> decided = new CompletableFuture<>();

        private volatile @Nullable Thread owner = Thread.currentThread();
        /** The emission that a duplicate gets; null while it is not known, and when the event was not accepted after all. */
        private volatile @Nullable Emission emission;

        void decide() {
            owner = null; // a thread is not to be kept for as long as a key
            decided.complete(null);
        }
    }

    /** Where gateways that share a store remember events together. */
    interface Shared {
        /** Forgets an event, so that it may be accepted again. */
        void forget(String space, Event event, @Nullable String ownKey);
    }

    private static final Logger log = LoggerFactory.getLogger(Deduplication.class);

    private final Duration patience;
    /** Null where this gateway alone remembers. */
    private final @Nullable Shared shared;

    private final MadeOnce<MostRecent<Key, First>> known;

    /**
     * Creates it.
     *
     * @param patience how long the acceptance of an event may take
     * @param shared null where this gateway alone remembers
     */
    Deduplication(Duration patience, LongSupplier timer, @Nullable Shared shared) {
        this.shared = shared;
        this.patience = patience.plusSeconds(1);
        this.known = new MadeOnce<>(() -> new MostRecent<>(KEYS, BYTES, timer));
    }

    /**
     * Accepts an event unless it was accepted before.
     *
     * @param accept accepts it, and may throw
     */
    Emission once(String space, Event event, EmitOptions options, Supplier<Emission> accept) {
        if (options.transaction() != null) { // which may be rolled back, so that the store alone can remember
            return acceptedInTransaction(event, accept);
        }
        Duration window = Objects.requireNonNull(options.deduplicationWindow());
        Key key = Key.of(space, options, event);
        First mine = new First();
        Emission earlier = earlier(key, mine, window, event);
        return earlier == null ? accepted(key, mine, event, accept) : earlier;
    }

    private Emission acceptedInTransaction(Event event, Supplier<Emission> accept) {
        requireShared();
        try {
            return accept.get();
        } catch (DuplicateEventException e) {
            return acceptedElsewhere(event);
        }
    }

    private void requireShared() {
        if (shared == null) {
            throw new IllegalArgumentException(
                    "an emission in a transaction can't be de-duplicated with this event store, which does not remember"
                            + " events in their own transactions; have a unique key in the transaction instead");
        }
    }

    /**
     * The emission of an event that another gateway, another transaction or an earlier life of this process has accepted: whom it went
     * to is not known here.
     */
    static Emission acceptedElsewhere(Event event) {
        return new Duplicate(Emission.none(event));
    }

    /**
     * Reserves the keys of events that are to be accepted together. Events that were accepted before become duplicates
     * of those; events that come twice become duplicates of the first. Keys are taken in one order, so that two batches
     * don't wait for each other.
     *
     * @return the emissions that are left to accept, in their order; when they are accepted, or refused, so are their keys
     */
    List<PlannedEmission> reserve(String space, List<PlannedEmission> planned, EmitOptions options) {
        if (options.transaction() != null) {
            requireShared();
            return planned;
        }
        Duration window = Objects.requireNonNull(options.deduplicationWindow());
        Map<Key, List<PlannedEmission>> byKey = new TreeMap<>(ORDER);
        for (PlannedEmission each : planned) {
            byKey.computeIfAbsent(Key.of(space, options, each.event()), key -> new ArrayList<>(1))
                    .add(each);
        }
        Set<PlannedEmission> fresh = Collections.newSetFromMap(new IdentityHashMap<>());
        byKey.forEach((key, same) -> {
            PlannedEmission head = same.get(0);
            First mine = new First();
            Emission earlier = earlier(key, mine, window, head.event());
            if (earlier == null) {
                head.whenSettled(accepted -> settle(key, mine, accepted));
                fresh.add(head);
            } else {
                head.became(earlier);
            }
            for (PlannedEmission again : same.subList(1, same.size())) {
                again.became(new Duplicate(head));
            }
        });
        return planned.stream().filter(fresh::contains).toList();
    }

    /** The emission that was accepted before with the key; null when the caller has the key now. */
    private @Nullable Emission earlier(Key key, First mine, Duration window, Event event) {
        while (true) {
            First first = known.get().putIfAbsent(key, mine, key.bytes() + First.BYTES, window);
            if (first == null) {
                return null;
            }
            if (first.owner == Thread.currentThread()) {
                return new Duplicate(Emission.none(event));
            }
            await(first, key);
            Emission accepted = first.emission;
            if (accepted != null) {
                return new Duplicate(accepted);
            }
        }
    }

    private void settle(Key key, First mine, @Nullable Emission accepted) {
        if (accepted == null || accepted.duplicate()) { // of what was accepted elsewhere, the store knows the window
            forget(key, mine);
        } else {
            mine.emission = accepted;
            accepted.completion().thenAccept(report -> ended(key, mine, accepted.event(), report));
        }
        mine.decide();
    }

    private void forget(Key key, First mine) {
        known.get().remove(key, mine); // the next one of the key may be accepted
        mine.emission = null;
    }

    private void forgetShared(Key key, Event event) {
        if (shared == null) {
            return;
        }
        try {
            shared.forget(key.space(), event, key.own());
        } catch (RuntimeException e) {
            log.warn(
                    "Event '{}' was dropped for want of room, and is taken for a duplicate if it is sent again: the event store"
                            + " could not be told",
                    event.getId(),
                    e);
        }
    }

    private void ended(Key key, First mine, Event event, DeliveryReport report) {
        if (report.deliveries().stream().anyMatch(Deduplication::isDropped)) {
            forget(key, mine);
            forgetShared(key, event);
            return;
        }
        Ended ended = new Ended(Outline.of(event), Outline.of(report));
        mine.emission = ended;
        known.get().resize(key, mine, key.bytes() + First.BYTES + ended.bytes());
    }

    /**
     * Returns whether a delivery was dropped for want of room, so that sending the event again is the way to have it
     * delivered. A delivery that this gateway does not follow any more may still be made by another.
     */
    private static boolean isDropped(DeliveryResult delivery) {
        return delivery.status() == DeliveryStatus.DROPPED && delivery.failure() instanceof BacklogFullException;
    }

    private Emission accepted(Key key, First mine, Event event, Supplier<Emission> accept) {
        try {
            Emission emission = accept.get();
            settle(key, mine, emission);
            return emission;
        } catch (DuplicateEventException e) {
            settle(key, mine, null);
            return acceptedElsewhere(event);
        } catch (Throwable e) { // whatever it is, the event was not accepted
            settle(key, mine, null);
            throw e;
        }
    }

    private void await(First first, Key key) {
        try {
            first.decided.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("it only ever completes", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EventRejectedException(
                    "the emitter was interrupted while it waited for whether " + key
                            + " would be accepted from another thread; nothing was emitted",
                    e);
        } catch (TimeoutException e) {
            throw new EventRejectedException(
                    "an event of the same key was not accepted or refused within " + patience
                            + " on another thread; nothing was emitted",
                    e);
        }
    }

    /** The part of an ended emission that is remembered. */
    private record Ended(Event event, DeliveryReport report) implements Emission {
        private static final int BYTES = 48;

        long bytes() {
            return BYTES + Outline.bytes(event) + Outline.bytes(report);
        }

        @Override
        public List<String> subscriptionIds() {
            return report.deliveries().stream()
                    .map(DeliveryResult::subscriptionId)
                    .toList();
        }

        @Override
        public CompletableFuture<DeliveryReport> completion() {
            return CompletableFuture.completedFuture(report);
        }
    }

    /** The emission of an event that was accepted before. */
    private record Duplicate(Emission of) implements Emission {
        @Override
        public Event event() {
            return of.event();
        }

        @Override
        public List<String> subscriptionIds() {
            return of.subscriptionIds();
        }

        @Override
        public CompletableFuture<DeliveryReport> completion() {
            return of.completion();
        }

        @Override
        public DeliveryReport await(Duration atMost) {
            return of.await(atMost);
        }

        @Override
        public DeliveryReport soFar() {
            return of.soFar();
        }

        @Override
        public boolean duplicate() {
            return true;
        }
    }
}
