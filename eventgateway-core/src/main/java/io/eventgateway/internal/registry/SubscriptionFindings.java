package io.eventgateway.internal.registry;

import io.eventgateway.Finding;
import io.eventgateway.Subscription;
import io.eventgateway.error.InvalidSubscriptionException;
import io.eventgateway.internal.access.FacadeAccess;
import io.eventgateway.internal.check.EventKind;
import io.eventgateway.internal.check.SubscriptionCheck;
import io.eventgateway.internal.event.EventTypePattern;
import io.eventgateway.internal.eventtype.EventTypeRule;
import io.eventgateway.internal.registry.SpaceRegistry.FunctionEntry;
import io.eventgateway.internal.registry.SpaceRegistry.SubscriptionEntry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was found of the subscriptions of a space when they were looked at last. A subscription is looked at again when it or a type
 * that it gets has changed, by whoever asks, and each finding is logged once. Thread-safe.
 */
final class SubscriptionFindings {
    private static final Logger log = LoggerFactory.getLogger(SubscriptionFindings.class);

    /** What the findings come from; while all of it is the same, they are. */
    private record Basis(
            Subscription subscription,
            @Nullable FunctionEntry function,
            List<EventTypeRule> rules,
            boolean isClosed) {
        @SuppressWarnings("ReferenceEquality") // what is replaced is another object; comparing filters would take long
        boolean isThatOf(Basis other) {
            return subscription == other.subscription
                    && function == other.function
                    && isClosed == other.isClosed
                    && rules.size() == other.rules.size()
                    && rules.containsAll(other.rules); // rules are equal by identity
        }
    }

    private record Known(Basis basis, List<Finding> findings) {}

    private final SpaceRegistry space;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    SubscriptionFindings(SpaceRegistry space) {
        this.space = space;
    }

    /** All findings, by the subscriptions' ids. */
    List<Finding> all(FacadeAccess access) {
        List<Subscription> subscriptions = space.subscriptions.values().stream()
                .map(SubscriptionEntry::subscription)
                .sorted(Comparator.comparing(Subscription::id))
                .toList();
        known.keySet().removeIf(id -> !space.subscriptions.containsKey(id));
        List<Finding> all = new ArrayList<>();
        subscriptions.forEach(subscription -> all.addAll(of(subscription, access)));
        return List.copyOf(all);
    }

    /** Forgets what was found of a subscription that is no more. */
    void forget(String subscriptionId) {
        known.remove(subscriptionId);
    }

    /** Looks at the subscriptions that get a type again, and logs what is new. */
    void recheck(String eventType, FacadeAccess access) {
        for (SubscriptionEntry entry : space.subscriptions.values()) {
            String wanted = entry.subscription().eventType();
            if (wanted != null && EventTypePattern.of(wanted).matches(eventType)) {
                of(entry.subscription(), access);
            }
        }
    }

    /** The findings of a subscription that is registered, or is about to be. */
    List<Finding> of(Subscription subscription, FacadeAccess access) {
        Basis basis = basis(subscription, null);
        Known now = known.compute(subscription.id(), (id, before) -> {
            if (before != null && before.basis().isThatOf(basis)) {
                return before;
            }
            List<Finding> findings = compute(basis, access);
            for (Finding finding : findings) {
                if (before == null || !before.findings().contains(finding)) {
                    log.warn("In space '{}': {}", space.space().name(), finding);
                }
            }
            return new Known(basis, findings);
        });
        return now == null ? List.of() : now.findings();
    }

    /**
     * Refuses a subscription that can't work, where the space is strict.
     *
     * @throws InvalidSubscriptionException if there is a finding of severity ERROR
     */
    void refuseErrors(Subscription subscription, FacadeAccess access) {
        if (!space.space().eventTypes().policy().strict()) {
            return;
        }
        for (Finding finding : compute(basis(subscription, null), access)) {
            if (finding.severity() == Finding.Severity.ERROR) {
                throw new InvalidSubscriptionException("space '" + space.space().name()
                        + "' refuses subscriptions that can't work, as its policy of event types says: " + finding);
            }
        }
    }

    /** The errors that a rule would bring and that are not there yet, as lines for people. */
    List<String> brokenBy(EventTypeRule next, FacadeAccess access) {
        List<String> broken = new ArrayList<>();
        String eventType = next.definition().name();
        for (SubscriptionEntry entry : space.subscriptions.values()) {
            Subscription subscription = entry.subscription();
            String wanted = subscription.eventType();
            if (wanted != null && EventTypePattern.of(wanted).matches(eventType)) {
                List<Finding> before = compute(basis(subscription, null), access);
                for (Finding finding : compute(basis(subscription, next), access)) {
                    boolean isOfType = eventType.equals(finding.eventType());
                    if (isOfType && !before.contains(finding)) {
                        broken.add(finding.toString());
                    }
                }
            }
        }
        broken.sort(Comparator.naturalOrder());
        return broken;
    }

    private List<Finding> compute(Basis basis, FacadeAccess access) {
        List<EventKind> kinds = basis.rules().stream()
                .map(rule -> new EventKind(rule.definition().name(), rule.place()))
                .toList();
        FunctionEntry function = basis.function();
        return SubscriptionCheck.findings(
                basis.subscription(),
                function == null ? null : function.definition(),
                kinds,
                basis.isClosed(),
                access);
    }

    private Basis basis(Subscription subscription, @Nullable EventTypeRule next) {
        List<EventTypeRule> rules = new ArrayList<>();
        String wanted = subscription.eventType();
        if (wanted != null && wanted.indexOf('*') < 0) {
            EventTypeRule rule = next != null ? next : space.space().eventTypes().of(wanted);
            if (rule != null) {
                rules.add(rule);
            }
        } else if (wanted != null) {
            EventTypePattern pattern = EventTypePattern.of(wanted);
            for (EventTypeRule rule : space.space().eventTypes().all()) {
                String name = rule.definition().name();
                if (pattern.matches(name)) {
                    rules.add(next != null && next.definition().name().equals(name) ? next : rule);
                }
            }
        }
        return new Basis(
                subscription,
                space.functions.get(subscription.functionId()),
                List.copyOf(rules),
                space.space().eventTypes().policy().closed());
    }
}
