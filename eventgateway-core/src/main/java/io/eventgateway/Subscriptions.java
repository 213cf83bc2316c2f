package io.eventgateway;

import io.eventgateway.delivery.Pause;
import io.eventgateway.error.FunctionNotFoundException;
import io.eventgateway.error.GatewayClosedException;
import io.eventgateway.error.InvalidSubscriptionException;
import io.eventgateway.error.PathConflictException;
import io.eventgateway.error.StoreFailedException;
import io.eventgateway.error.SubscriptionAlreadyExistsException;
import io.eventgateway.error.SubscriptionNotFoundException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The subscriptions of a space.
 *
 * <p>Thread-safe. A change is atomic and visible to the next emit on every thread. When a call fails, nothing has changed.
 */
public interface Subscriptions {
    /**
     * Creates a subscription. Where the space's store has the same one already, from another process or from before a restart,
     * that is it.
     *
     * @throws FunctionNotFoundException if its function, or the function that its policy names for dead letters, is not registered
     * @throws InvalidSubscriptionException if this gateway can't deliver by its policy
     * @throws SubscriptionAlreadyExistsException if one of that id was created here, or the store has another of that id. Unless
     *     given, the id follows from what is bound, so the same binding twice is refused; {@link #createOrUpdate} is not.
     * @throws PathConflictException if its method and path match the same requests as those of another
     * @throws GatewayClosedException if the gateway is closed
     * @throws StoreFailedException if the store failed
     */
    Subscription create(Subscription subscription);

    /**
     * Replaces the subscription of the same id; what it binds may change. A pause goes on, unless the new one has a pause itself.
     *
     * @throws SubscriptionNotFoundException if there is none of that id
     * @throws FunctionNotFoundException as {@link #create}
     * @throws PathConflictException as {@link #create}
     */
    Subscription update(Subscription subscription);

    /**
     * Creates a subscription, replaces the one of the same id where it differs, or leaves it where it is the same: what an
     * application says at each start. An update is logged, since in a rolling deployment an old process may undo what a new one
     * has said. A pause goes on, unless the new one has a pause itself.
     *
     * <p>A subscription whose filter has code in it ({@link Filter#where}) needs an id of its own here: nothing else would tell
     * whether the code is another one.
     *
     * @return what there is now, and what changed
     * @throws InvalidSubscriptionException if its filter has code in it, and it has no id of its own
     * @throws FunctionNotFoundException as {@link #create}
     * @throws PathConflictException as {@link #create}
     * @throws GatewayClosedException if the gateway is closed
     * @throws StoreFailedException if the store failed
     */
    Registered<Subscription> createOrUpdate(Subscription subscription);

    /** Pauses a subscription until it is resumed, as {@link #pause(String, Pause)}. */
    default Subscription pause(String subscriptionId) {
        return pause(subscriptionId, Pause.untilResumed());
    }

    /**
     * Pauses an async subscription: events are still accepted for it and wait, in their order, until it is {@linkplain #resume
     * resumed} or the pause's time is over. What waits takes room of the backlog, and its time to live goes on. A call that is under
     * way ends as it would have. The pause is kept by the space's store, so every process obeys it, also after a restart; an
     * update leaves it as it is. Pausing again replaces the pause.
     *
     * @param pause who, why and until when; its {@code since} is set to now
     * @return the subscription as it is now
     * @throws SubscriptionNotFoundException if there is none of that id
     * @throws InvalidSubscriptionException if it is a sync or an http subscription, since somebody waits for its function
     * @throws IllegalArgumentException if the pause would end before now
     * @throws GatewayClosedException if the gateway is closed
     * @throws StoreFailedException if the store failed
     */
    Subscription pause(String subscriptionId, Pause pause);

    /**
     * Ends a subscription's pause: what waits is delivered, in its order. Does nothing when the subscription is not paused.
     *
     * @return the subscription as it is now
     * @throws SubscriptionNotFoundException if there is none of that id
     * @throws GatewayClosedException if the gateway is closed
     * @throws StoreFailedException if the store failed
     */
    Subscription resume(String subscriptionId);

    /** The subscription of that id, if there is one. */
    Optional<Subscription> get(String subscriptionId);

    /** All subscriptions, by id. */
    List<Subscription> list();

    /**
     * What was found of the subscriptions, by their ids: filters, transforms and keys that can't work by the schemas of the types that
     * are registered, or by themselves. A subscription is checked again when it or a type that it gets has changed.
     */
    List<Finding> findings();

    /** The subscriptions that have all of these labels, by id. */
    List<Subscription> list(Map<String, String> metadata);

    /**
     * Removes a subscription. Deliveries that were accepted for it are still made.
     *
     * @return what was removed
     * @throws SubscriptionNotFoundException if there is none of that id
     */
    Subscription delete(String subscriptionId);

    /**
     * Removes the subscriptions whose functions no gateway can call that is alive: left over from functions that were removed from the
     * code. Their pending deliveries become dead letters, which say why; {@code redrive} may send these to another function. What is
     * removed is logged. Does nothing where the stores don't know what other gateways can call, as those in memory.
     *
     * <p>A gateway tells the store within some seconds of a function's registration that it can call it, and this goes by what the store
     * has been told. So prune while every process that should run is running.
     *
     * @return what was removed
     * @throws GatewayClosedException if the gateway is closed
     * @throws StoreFailedException if a store failed; some may have been removed then
     */
    List<Subscription> prune();

    /**
     * Removes the subscription of the same id.
     *
     * @return what was removed
     * @throws SubscriptionNotFoundException if there is none of that id
     */
    default Subscription delete(Subscription subscription) {
        return delete(Objects.requireNonNull(subscription, "subscription must not be null")
                .id());
    }
}
