package io.eventgateway.internal.delivery;

import io.eventgateway.InvocationException;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.error.BacklogFullException;
import io.eventgateway.internal.delivery.DeliveryStore.StoredEmission;
import io.eventgateway.internal.observation.GatewayObserver;
import io.eventgateway.internal.time.DrivenClock;
import io.eventgateway.spi.EventStore.Terms;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The acceptance of events: room is taken in the backlog for all of an event's deliveries or for none, the store keeps them, and those
 * that this gateway holds are started. What can fail comes before anything is started. Thread-safe.
 */
final class Acceptance {
    private final DeliveryEngine engine;
    private final Backlog backlog;
    private final DeliveryStore store;
    private final StoreSharing sharing;
    private final @Nullable DrivenClock driver;
    private final @Nullable GatewayObserver observer;

    Acceptance(DeliveryEngine engine, @Nullable DrivenClock driver) {
        this.engine = engine;
        this.backlog = engine.backlog();
        this.store = engine.deliveryStore();
        this.sharing = engine.sharing();
        this.driver = driver;
        this.observer = engine.observer();
    }

    private PendingEmission emission(Routed routed) {
        return new PendingEmission(engine, routed.event(), routed.sync(), routed.async());
    }

    /** Accepts an event; see {@link DeliveryEngine#accept}. */
    PendingEmission accept(Routed routed, @Nullable EmitSettings settings, boolean insideHandler) {
        PendingEmission emission = emission(routed);
        EmitSettings wanted = settings == null ? EmitSettings.NONE : settings;
        if (observer == null) {
            accept(emission, routed, wanted, insideHandler);
        } else {
            boolean again = wanted.replayOf() > 0;
            observed(observer, List.of(emission), again, () -> accept(emission, routed, wanted, insideHandler));
        }
        routed.tally().accepted(routed.event().getType());
        return emission;
    }

    private void accept(PendingEmission emission, Routed routed, EmitSettings settings, boolean insideHandler) {
        if (store.isTold() || settings.transaction() != null) {
            if (routed.async().length > 0
                    || store.hasHistory()
                    || settings.transaction() != null
                    || settings.once() != null) {
                keepAndStart(List.of(routed), List.of(emission), settings, insideHandler);
            }
        } else if (routed.async().length > 0) {
            startUntold(emission, routed, settings, insideHandler);
        }
    }

    /** Accepts a system event; see {@link DeliveryEngine#acceptSystem}. */
    PendingEmission acceptSystem(Routed routed) {
        PendingEmission emission = emission(routed);
        emission.takesNoRoom();
        if (observer == null) {
            acceptSystem(emission, routed);
        } else {
            observed(observer, List.of(emission), false, () -> acceptSystem(emission, routed));
        }
        routed.tally().accepted(routed.event().getType());
        return emission;
    }

    private void acceptSystem(PendingEmission emission, Routed routed) {
        if (routed.async().length == 0 && !store.hasHistory()) {
            return;
        }
        if (store.isTold()) {
            keepAndStart(List.of(routed), List.of(emission), EmitSettings.NONE, true);
        } else {
            startTogether(emission, EmitSettings.NONE, routed.async().length);
        }
    }

    /** Accepts events, all of them or none. */
    List<PendingEmission> acceptAll(List<Routed> all, @Nullable EmitSettings settings, boolean insideHandler) {
        List<PendingEmission> emissions = new ArrayList<>(all.size());
        for (Routed routed : all) {
            emissions.add(emission(routed));
        }
        EmitSettings wanted = settings == null ? EmitSettings.NONE : settings;
        if (observer == null) {
            keepAndStart(all, emissions, wanted, insideHandler);
        } else {
            observed(observer, emissions, false, () -> keepAndStart(all, emissions, wanted, insideHandler));
        }
        for (Routed routed : all) {
            routed.tally().accepted(routed.event().getType());
        }
        return emissions;
    }

    /** Accepts emissions before the eyes of an observer. */
    private static void observed(
            GatewayObserver observer, List<PendingEmission> emissions, boolean again, Runnable acceptance) {
        emissions.forEach(emission -> observer.emitted(emission, again));
        try {
            acceptance.run();
        } catch (Throwable e) { // whatever it is, these emissions never end
            emissions.forEach(emission -> observer.refused(emission, e));
            throw e;
        }
    }

    // ----------------------------------------------------------------------------- where no store is told of emissions

    private void startUntold(PendingEmission emission, Routed routed, EmitSettings settings, boolean insideHandler) {
        int count = routed.async().length;
        long bytes = routed.bytes();
        if (!backlog.take(count, bytes, insideHandler)) {
            drop(emission, routed);
            return;
        }
        if (bytes > 0) {
            emission.holds(bytes);
        }
        startTogether(emission, settings, count);
    }

    private void startTogether(PendingEmission emission, EmitSettings settings, int count) {
        if (driver == null) {
            startAll(emission, settings, count);
        } else {
            engine.together(() -> startAll(emission, settings, count));
        }
    }

    private void startAll(PendingEmission emission, EmitSettings settings, int count) {
        long now = engine.clock().millis();
        boolean plain = settings.notBefore() == null && settings.expiry() == null;
        startAll(emission, now, plain ? null : terms(now, settings), count);
    }

    private void startAll(PendingEmission emission, long acceptedAtMillis, @Nullable Terms terms, int count) {
        for (int i = 0; i < count; i++) {
            engine.start(
                    new EmittedDelivery(engine, emission, i, acceptedAtMillis, terms),
                    terms == null ? null : terms.notBefore());
        }
    }

    // --------------------------------------------------------------------------------- where the store is told of each

    private void keepAndStart(
            List<Routed> all, List<PendingEmission> emissions, EmitSettings settings, boolean insideHandler) {
        Terms terms = terms(engine.clock().millis(), settings);
        // room for what begins after a commit is taken when it begins; a system event is the only one, and takes none
        boolean takesRoom = settings.transaction() == null
                && (emissions.isEmpty() || emissions.get(0).takesRoom());
        List<boolean[]> here = new ArrayList<>(all.size());
        int room = 0;
        long bytes = 0;
        for (Routed routed : all) {
            boolean[] ours = sharing.heldHere(routed.async(), terms);
            here.add(ours);
            for (boolean our : ours) {
                room += our && takesRoom ? 1 : 0;
            }
            bytes += routed.async().length == 0 || settings.transaction() != null ? 0 : routed.bytes();
        }
        if (room > 0 && settings.replayOf() > 0) {
            backlog.takeOrRefuse(room, bytes); // who delivers again can wait, and loses nothing for it
        } else if (room > 0 && !backlog.take(room, bytes, insideHandler)) {
            for (int i = 0; i < all.size(); i++) {
                drop(emissions.get(i), all.get(i));
            }
            return;
        }
        List<StoredEmission> kept;
        try {
            kept = store.accept(entries(all, here, terms, settings), settings.transaction());
        } catch (RuntimeException e) {
            giveBack(room, bytes);
            throw e;
        }
        if (settings.replayOf() > 0 && kept != null && kept.get(0).position() == 0) {
            giveBack(room, bytes);
            endGone(emissions.get(0));
            return;
        }
        for (int i = 0; i < all.size(); i++) {
            PendingEmission emission = emissions.get(i);
            long own = all.get(i).bytes();
            if (room > 0 && own > 0 && emission.asyncTargets().length > 0) {
                emission.holds(own);
            }
            StoredEmission stored = kept == null ? null : kept.get(i);
            emission.position(stored == null ? 0 : stored.position());
            boolean[] ours = here.get(i);
            if (driver == null) {
                start(emission, terms, stored, ours, settings);
            } else {
                engine.together(() -> start(emission, terms, stored, ours, settings));
            }
        }
    }

    private void giveBack(int room, long bytes) {
        if (room > 0) {
            backlog.giveBack(room);
            backlog.giveBackBytes(bytes);
        }
    }

    private static List<DeliveryStore.Entry> entries(
            List<Routed> all, List<boolean[]> here, Terms terms, EmitSettings settings) {
        List<DeliveryStore.Entry> entries = new ArrayList<>(all.size());
        for (int i = 0; i < all.size(); i++) {
            Routed routed = all.get(i);
            entries.add(new DeliveryStore.Entry(
                    routed.event(),
                    terms,
                    routed.space(),
                    routed.async(),
                    here.get(i),
                    settings.replayOf(),
                    settings.once()));
        }
        return entries;
    }

    private void start(
            PendingEmission emission,
            Terms terms,
            @Nullable StoredEmission stored,
            boolean[] here,
            EmitSettings settings) {
        if (stored == null) {
            startAll(emission, terms.acceptedAt().toEpochMilli(), terms, here.length);
            return;
        }
        boolean inStore = false;
        for (int i = 0; i < here.length; i++) {
            if (here[i] && settings.transaction() == null) {
                engine.start(sharing.accepted(emission, i, terms, stored), terms.notBefore());
                continue;
            }
            inStore = true;
            if (settings.transaction() != null) {
                sharing.beginAfterCommit(emission, i, stored, terms, here[i]);
            } else {
                sharing.follow(emission, i, stored);
            }
        }
        if (inStore) {
            sharing.lookSoon();
        }
        Consumer<Runnable> afterCommit = settings.afterCommit();
        if (afterCommit != null) {
            afterCommit.accept(sharing::committed);
        }
    }

    /** Ends the emission of a recorded event that was erased or forgotten before it could be delivered again. */
    private static void endGone(PendingEmission emission) {
        InvocationException gone = new InvocationException(
                InvocationException.Kind.CALL_FAILED, false, "the event is not in the history any more");
        for (int i = 0; i < emission.asyncTargets().length; i++) {
            emission.asyncEnded(i, DeliveryStatus.DROPPED, 0, null, gone);
        }
    }

    private static void drop(PendingEmission emission, Routed routed) {
        int count = routed.async().length;
        if (count == 0) {
            return;
        }
        BacklogFullException full =
                new BacklogFullException("the backlog is full and its policy is to drop; the delivery was dropped");
        for (int i = 0; i < count; i++) {
            routed.async()[i].count().lost(routed.event().getType(), false, false);
            emission.asyncEnded(i, DeliveryStatus.DROPPED, 0, null, full);
        }
        routed.async()[0].function().systemEvents().dropped(routed.event(), count);
    }

    private static Terms terms(long nowMillis, EmitSettings settings) {
        Instant now = Instant.ofEpochMilli(nowMillis); // half of what a finer one takes
        Duration expiry = settings.expiry();
        return new Terms(now, settings.notBefore(), expiry == null ? null : after(now, expiry));
    }

    /** Returns the time that is so much later, or the last that there is. */
    private static Instant after(Instant time, Duration later) {
        return Duration.between(time, Instant.MAX).compareTo(later) <= 0 ? Instant.MAX : time.plus(later);
    }
}
