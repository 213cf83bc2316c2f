package io.eventgateway.internal.delivery;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The erasure of everything about the events of a subject: the store forgets them, and what this gateway holds of them ends. A
 * delivery that waits ends at once. One that is being attempted ends with that attempt, whose outcome nobody keeps.
 */
final class Erasure {
    private final DeliveryEngine engine;
    private final String space;
    private final String subject;

    Erasure(DeliveryEngine engine, String space, String subject) {
        this.engine = engine;
        this.space = space;
        this.subject = subject;
    }

    /** Erases, and returns how many events that were. */
    long run() {
        List<EmittedDelivery> here = new ArrayList<>();
        for (Delivery delivery : engine.live().all()) {
            if (delivery instanceof EmittedDelivery emitted && isMeant(emitted.target(), emitted.emission())) {
                emitted.erase(); // first, so that an attempt that ends meanwhile has the store keep nothing
                here.add(emitted);
            }
        }
        Set<String> unknown = new HashSet<>();
        Set<String> known = new HashSet<>();
        here.forEach(each -> (each.isKept() ? known : unknown).add(each.event().getId()));
        unknown.removeAll(known);
        long erased;
        try {
            erased = engine.store().erase(space, subject);
        } catch (RuntimeException e) {
            here.forEach(this::keep);
            throw e;
        }
        List<EmittedDelivery> ended = new ArrayList<>();
        for (EmittedDelivery each : here) {
            if (each.endParked() || each.endReady()) {
                ended.add(each);
            }
        }
        ended.forEach(engine.settlement()::erased); // when all of them have ended, since one may have another's key
        engine.sharing().erased(this::isMeant);
        return erased + unknown.size();
    }

    /** The store has not erased: the delivery goes on as before, and the store is told of its end if that came meanwhile. */
    private void keep(EmittedDelivery delivery) {
        delivery.notErased();
        if (delivery.isOver()) {
            engine.deliveryStore().dropped(delivery, "ended while the store failed to erase it");
        }
    }

    private boolean isMeant(Target target, PendingEmission emission) {
        return target.function().space().equals(space)
                && subject.equals(emission.event().getSubject());
    }
}
