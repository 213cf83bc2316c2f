package io.eventgateway.internal.registry;

import io.eventgateway.Subscription;
import io.eventgateway.SubscriptionMode;
import io.eventgateway.error.FunctionNotFoundException;
import io.eventgateway.error.InvalidSubscriptionException;
import io.eventgateway.error.PathConflictException;
import io.eventgateway.error.SubscriptionAlreadyExistsException;
import io.eventgateway.internal.event.NearNames;
import io.eventgateway.internal.registry.SpaceRegistry.FunctionEntry;
import io.eventgateway.spi.SubscriptionStore;
import io.eventgateway.spi.SubscriptionStore.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks subscriptions against what else is registered in a space, and says why one is refused. */
final class SubscriptionChecks {
    private final Registry registry;
    private final SpaceRegistry space;

    SubscriptionChecks(Registry registry, SpaceRegistry space) {
        this.registry = registry;
        this.space = space;
    }

    /**
     * Checks that a subscription can be registered. Returns its function.
     *
     * @throws FunctionNotFoundException if a function that the subscription names is not registered
     * @throws InvalidSubscriptionException if it names a retry predicate or a verifier of webhooks that the gateway lacks
     * @throws PathConflictException if another subscription has its path
     * @throws InvalidSubscriptionException if the space is strict, and the subscription can't work
     */
    FunctionEntry checked(Subscription subscription) {
        FunctionEntry function = space.functions.get(subscription.functionId());
        if (function != null && function.version() != SpaceRegistry.LOCAL) { // or another gateway has just deleted it
            registry.refresh(
                    new SubscriptionStore.Key(Kind.FUNCTION, space.space().name(), subscription.functionId()));
            function = space.functions.get(subscription.functionId());
        }
        if (function == null) {
            throw new FunctionNotFoundException("function '" + subscription.functionId() + "' of the subscription to "
                    + what(subscription) + " is not registered in space '"
                    + space.space().name()
                    + "'; register it first" + NearNames.hint(subscription.functionId(), space.functions.keySet()));
        }
        String receiver = SpaceRegistry.deadLetterFunction(subscription);
        if (receiver != null && !space.functions.containsKey(receiver)) {
            throw new FunctionNotFoundException("function '" + receiver + "', which is to get the dead letters of the"
                    + " subscription to " + what(subscription) + ", is not registered in space '"
                    + space.space().name() + "'; register it first"
                    + NearNames.hint(receiver, space.functions.keySet()));
        }
        String authorizer = subscription.authorizer();
        if (authorizer != null && !space.functions.containsKey(authorizer)) {
            throw new FunctionNotFoundException("function '" + authorizer + "', the authorizer of the subscription to "
                    + what(subscription) + ", is not registered in space '"
                    + space.space().name() + "'; register it first"
                    + NearNames.hint(authorizer, space.functions.keySet()));
        }
        String verifier = subscription.verifier();
        if (verifier != null && !registry.webhookVerifiers().contains(verifier)) {
            throw new InvalidSubscriptionException("the subscription to " + what(subscription)
                    + " names the verifier '" + verifier
                    + "', which this gateway's builder was not given by webhookVerifier"
                    + NearNames.hint(verifier, registry.webhookVerifiers()));
        }
        String lacking = registry.deliveries().targets().lackingPredicate(subscription.delivery());
        if (lacking != null) {
            throw new InvalidSubscriptionException("the delivery policy of the subscription to " + what(subscription)
                    + " names the retry predicate '" + lacking
                    + "', which this gateway's builder was not given by retryPredicate");
        }
        if (subscription.mode() == SubscriptionMode.HTTP) {
            Subscription owner = space.ownerOfPath(subscription);
            if (owner != null && !owner.id().equals(subscription.id())) {
                throw new PathConflictException(
                        what(subscription) + " conflicts with " + what(owner) + " of subscription '" + owner.id()
                                + "': both match the same requests; names of parameters make no difference");
            }
        }
        space.findings.refuseErrors(subscription, registry.access());
        return function;
    }

    /** The event type or path of a subscription, for a message. */
    static String what(Subscription subscription) {
        return subscription.mode() == SubscriptionMode.HTTP
                ? subscription.method() + " " + subscription.path()
                : "event type '" + subscription.eventType() + "'";
    }

    /** The exception that refuses a subscription because there is one with its id, which differs in what is named. */
    static SubscriptionAlreadyExistsException alreadyExists(
            Subscription subscription, List<String> differences, @Nullable Throwable cause) {
        boolean http = subscription.mode() == SubscriptionMode.HTTP; // where another id would conflict by its path
        return new SubscriptionAlreadyExistsException(
                "subscription '" + subscription.id() + "' exists already: function '" + subscription.functionId()
                        + "' to " + what(subscription)
                        + (differences.isEmpty() ? "" : "; the new one differs in " + String.join("; ", differences))
                        + "; use createOrUpdate or update" + (http ? "" : ", or give the new one an id of its own"),
                cause);
    }
}
