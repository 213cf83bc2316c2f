package io.eventgateway.internal.delivery;

import io.eventgateway.spi.EventStore;
import io.eventgateway.spi.EventStore.Terms;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Supplier;

/**
 * What the engine asks and tells because other gateways may look into the event store. {@link Unshared} is for a store that is this
 * gateway's alone: this gateway then holds every delivery, and nobody has to be told anything.
 */
public interface StoreSharing {
    /** Makes the sharing of an engine that is being made. */
    @FunctionalInterface
    interface Factory {
        /** Makes the sharing; the engine is not to be asked anything yet. */
        StoreSharing of(DeliveryEngine engine);
    }

    /** Returns the name under which this gateway keeps new deliveries in the store. */
    String instance();

    /** Returns for each target whether this gateway holds the delivery to it from the beginning. */
    boolean[] heldHere(Target[] targets, Terms terms);

    /**
     * Makes a delivery that was accepted just now, that the store was told of, and that this gateway holds.
     *
     * @param stored what the store has of the emission
     */
    EmittedDelivery accepted(PendingEmission emission, int index, Terms terms, DeliveryStore.StoredEmission stored);

    /**
     * Makes a delivery of a dead letter that is redriven.
     *
     * @param instance the name under which it was leased
     */
    EmittedDelivery redriven(PendingEmission emission, String instance, EventStore.Lease lease);

    /** Follows a delivery of this gateway's emission that the store keeps for whichever gateway claims it. */
    void follow(PendingEmission emission, int index, DeliveryStore.StoredEmission stored);

    /** Ends the deliveries that this gateway follows of events that were erased. */
    void erased(BiPredicate<Target, PendingEmission> isErased);

    /**
     * Begins a delivery when the transaction that its emission was written in has been committed; or follows it from then on.
     *
     * @param here whether this gateway is to make it
     */
    void beginAfterCommit(
            PendingEmission emission, int index, DeliveryStore.StoredEmission stored, Terms terms, boolean here);

    /** An emitter's transaction was committed just now. */
    void committed();

    /** Looks soon for deliveries that this gateway may claim. */
    void lookSoon();

    /**
     * Makes this gateway known to the store, and claims deliveries from now on; throws what the store throws.
     */
    void begin(Known known);

    /**
     * What this gateway knows of functions.
     *
     * @param callable tells whether this gateway can call a function of a space
     * @param functions all that this gateway can call
     * @param sayUnreachable says in the log which subscriptions' functions no gateway can call
     */
    record Known(
            TargetFinder targets,
            BiPredicate<String, String> callable,
            Supplier<Set<EventStore.Callable>> functions,
            Runnable sayUnreachable) {}

    /** Tells the store now which functions this gateway can call, because one has come that no other can. */
    void announce();

    /**
     * Makes dead letters of the free deliveries to functions that no gateway can call.
     *
     * @param unreachable tells whether nobody can call a function of a space
     * @return how many
     */
    int giveUp(BiPredicate<String, String> unreachable, String why);

    /** Claims nothing any more. */
    void stopClaiming();

    /** Follows nothing any more: the emissions of deliveries that others hold end as released. */
    void close();

    /** Leaves to others what this gateway still holds. */
    void leave();
}
