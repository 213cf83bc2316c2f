package io.eventgateway.simulation;

import io.eventgateway.Emission;
import io.eventgateway.delivery.BacklogPolicy;
import io.eventgateway.delivery.DeliveryReport;
import io.eventgateway.delivery.DeliveryResult;
import io.eventgateway.delivery.DeliveryStatus;
import java.util.List;

/**
 * What must hold of a shared store once everything has ended, whatever failed: what was accepted was called for, on whichever gateway,
 * and what was refused was not.
 */
final class LossChecks {
    private final World world;

    LossChecks(World world) {
        this.world = world;
    }

    void check() {
        if (world.shared == null) {
            return;
        }
        boolean anyIsOpen = world.nodes.stream().anyMatch(Node::isOpen);
        for (Emitted event : world.emitted) {
            if (event.refusedByStore) {
                refused(event);
            } else if (event.isAccepted() && anyIsOpen) {
                accepted(event);
            }
        }
    }

    /** Another gateway may have the event that was taken over before it was taken back; nobody else may. */
    private void refused(Emitted event) {
        if (world.leasesLost || event.node.closing) {
            return;
        }
        for (Call call : world.callsOf.getOrDefault(event.id, List.of())) {
            if (!call.sync) {
                throw new Violation("refused and called", event + " was refused, and there is " + call);
            }
        }
    }

    private void accepted(Emitted event) {
        Emission emission = event.emission;
        if (emission == null || event.erased || !event.plain) {
            return;
        }
        boolean mayBeDropped = world.setting().has(Feature.SMALL_BACKLOG)
                && world.setting().backlog().policy() != BacklogPolicy.BLOCK;
        for (String id : emission.subscriptionIds()) {
            SubscriptionModel model = world.subscription(id);
            if (CallChecks.isForeign(id) || event.sync.contains(id) || model.mayEndUncalled() || mayBeDropped) {
                continue;
            }
            if (world.callsOf(event.id, id).isEmpty() && !world.isObservedThroughAnOutage()) {
                throw new Violation("lost", event + " was accepted, and never called for " + id);
            }
            if (isDropped(event, id)) {
                throw new Violation("dropped", event + " is DROPPED for " + id + ", and nothing could drop it");
            }
        }
    }

    private static boolean isDropped(Emitted event, String subscription) {
        DeliveryReport report = event.report;
        if (report != null) {
            for (DeliveryResult result : report.deliveries()) {
                if (result.subscriptionId().equals(subscription) && result.status() == DeliveryStatus.DROPPED) {
                    return true;
                }
            }
        }
        return false;
    }
}
