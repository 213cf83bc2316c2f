package io.eventgateway.internal.registry;

import io.eventgateway.Subscription;
import io.eventgateway.internal.delivery.Target;
import io.eventgateway.internal.http.PathPattern;
import io.eventgateway.internal.registry.SpaceRegistry.SubscriptionEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives each path to one http subscription: of several that gateways created before they knew of each other, to the first.
 *
 * <p>Not thread-safe: the lock of {@link Changes} guards it.
 */
final class PathOwners {
    private static final Logger log = LoggerFactory.getLogger(PathOwners.class);

    private final SubscriptionTargets targets;

    PathOwners(SubscriptionTargets targets) {
        this.targets = targets;
    }

    /** Adds a subscription to those of its path, in the place of the one with the same id. */
    void add(SpaceRegistry space, SubscriptionEntry entry) {
        String path = SpaceRegistry.pathKey(entry.subscription());
        List<SubscriptionEntry> before = space.paths.getOrDefault(path, List.of());
        List<SubscriptionEntry> now = new ArrayList<>(without(before, entry.subscription()));
        now.add(entry);
        now.sort(SpaceRegistry.FIRST_TO_HAVE_A_PATH);
        replace(space, path, before, now);
        if (now.size() > 1 && now.size() > before.size()) {
            for (SubscriptionEntry other : now.subList(1, now.size())) {
                log.warn(
                        "{} and {} were created by two gateways at the same time and match the same requests; these go to"
                                + " '{}', whose id comes first, in every gateway, and to '{}' once the other is deleted",
                        now.get(0).subscription(),
                        other.subscription(),
                        now.get(0).subscription().id(),
                        other.subscription().id());
            }
        }
    }

    /** Takes a subscription from its path, which then is the next one's. */
    void remove(SpaceRegistry space, Subscription subscription) {
        String path = SpaceRegistry.pathKey(subscription);
        List<SubscriptionEntry> before = space.paths.getOrDefault(path, List.of());
        replace(space, path, before, without(before, subscription));
    }

    private static List<SubscriptionEntry> without(List<SubscriptionEntry> all, Subscription subscription) {
        return all.stream()
                .filter(each -> !each.subscription().id().equals(subscription.id()))
                .toList();
    }

    private void replace(
            SpaceRegistry space, String path, List<SubscriptionEntry> before, List<SubscriptionEntry> now) {
        if (now.isEmpty()) {
            space.paths.remove(path);
        } else {
            space.paths.put(path, List.copyOf(now));
        }
        Subscription old = before.isEmpty() ? null : before.get(0).subscription();
        Subscription owner = now.isEmpty() ? null : now.get(0).subscription();
        Target target = owner != null && owner.enabled() ? targets.ifAny(space, owner) : null;
        if (owner != null && target != null) {
            if (!owner.equals(old)) {
                space.space().paths().put(method(owner), PathPattern.parse(owner.path()), target);
            }
        } else if (old != null) {
            space.space().paths().remove(method(old), PathPattern.parse(old.path()));
        }
    }

    private static String method(Subscription subscription) {
        return Objects.requireNonNull(subscription.method());
    }
}
