package io.eventgateway.simulation;

import io.eventgateway.Emission;
import io.eventgateway.delivery.DeliveryReport;
import io.eventgateway.delivery.DeliveryResult;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.delivery.OrderBy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What must hold once everything has ended: reports say what functions saw, and keys were in order. */
final class EndChecks {
    private final World world;

    EndChecks(World world) {
        this.world = world;
    }

    void check() {
        for (Emitted event : world.emitted) {
            if (event.isAccepted() && !event.node.process.isCrashed()) {
                report(event);
            }
        }
        if (!world.mayRepeat()) {
            order();
        }
    }

    private void report(Emitted event) {
        DeliveryReport report = event.report;
        if (report == null) {
            if (event.returnedStep != Integer.MAX_VALUE) {
                throw new Violation("completion", event + " is not complete, though nothing is under way");
            }
            return;
        }
        Emission emission = Objects.requireNonNull(event.emission);
        List<String> ids = new ArrayList<>();
        for (DeliveryResult result : report.deliveries()) {
            ids.add(result.subscriptionId());
        }
        if (!ids.equals(emission.subscriptionIds())) {
            throw new Violation(
                    "report",
                    event + " goes to " + emission.subscriptionIds() + " and its report has results of " + ids);
        }
        DeliveryReport watched = event.watched;
        if (watched != null && watched.allDelivered() != report.allDelivered()) {
            throw new Violation("report", event + " has the report " + report + ", and an interceptor got " + watched);
        }
        for (DeliveryResult result : report.deliveries()) {
            if (!CallChecks.isForeign(result.subscriptionId())) {
                result(event, result);
            }
        }
    }

    private void result(Emitted event, DeliveryResult result) {
        List<Call> calls = world.callsOf(event.id, result.subscriptionId());
        boolean taken = false;
        boolean surely = false;
        for (Call call : calls) {
            taken |= call.took(event.id) && (world.redriven || call.function.equals(result.functionId()));
            surely |= call.tookInTime(event.id) && call.endedStep < event.completedStep;
        }
        // of a delivery that is made once at most, and elsewhere, it is known that its only attempt was made, and not
        // how that ended
        boolean onceElsewhere =
                world.shared != null && world.subscription(result.subscriptionId()).everOnce && !calls.isEmpty();
        if (result.status() == DeliveryStatus.DELIVERED && !taken && !onceElsewhere) {
            throw new Violation(
                    "report", event + " is DELIVERED to " + result.subscriptionId() + ", which nobody took: " + calls);
        }
        boolean mayDiffer = world.mayRepeat()
                || world.redriven
                || (world.shared != null && world.purged)
                || (result.status() == DeliveryStatus.DROPPED && event.node.closing);
        if (result.status() != DeliveryStatus.DELIVERED && surely && !mayDiffer) {
            throw new Violation(
                    "report",
                    event + " is " + result.status() + " for " + result.subscriptionId() + ", which took it: " + calls);
        }
    }

    private @Nullable DeliveryStatus status(Emitted event, String subscription) {
        DeliveryReport report = event.report;
        if (report != null) {
            for (DeliveryResult result : report.deliveries()) {
                if (result.subscriptionId().equals(subscription)) {
                    return result.status();
                }
            }
        }
        return null;
    }

    private void order() {
        for (SubscriptionModel model : world.subscriptions.values()) {
            OrderBy order = model.order();
            if (order != null && !model.everOnce) {
                order(model, order);
            }
        }
    }

    private void order(SubscriptionModel model, OrderBy order) {
        Map<String, List<Emitted>> byKey = new HashMap<>();
        for (Emitted event : world.emitted) {
            Emission emission = event.emission;
            if (event.key != null
                    && event.plain
                    && emission != null
                    && emission.subscriptionIds().contains(model.id)
                    && !event.sync.contains(model.id)) {
                byKey.computeIfAbsent(
                                event.key + (world.shared == null ? "/" + event.node : ""), key -> new ArrayList<>())
                        .add(event);
            }
        }
        byKey.values().forEach(events -> order(model, order, events));
    }

    /** No event is called before an earlier one of its key has been called for the last time. */
    private void order(SubscriptionModel model, OrderBy order, List<Emitted> events) {
        int[] first = new int[events.size()];
        int[] last = new int[events.size()];
        for (int i = 0; i < events.size(); i++) {
            first[i] = Integer.MAX_VALUE;
            for (Call call : world.callsOf(events.get(i).id, model.id)) {
                first[i] = Math.min(first[i], call.beganStep);
                last[i] = Math.max(last[i], call.beganStep);
            }
        }
        boolean holds = order.onDeadLetter() == OrderBy.OnDeadLetter.HOLD
                && !world.redriven
                && !world.purged
                && !world.mayDiscard()
                && !model.everGraveyard;
        for (int i = 0; i < events.size(); i++) {
            Emitted earlier = events.get(i);
            DeliveryStatus status = status(earlier, model.id);
            boolean dead = status == DeliveryStatus.DEAD_LETTERED || status == DeliveryStatus.EXPIRED;
            if (dead && world.redriven) {
                continue;
            }
            if (earlier.erased && world.shared != null) {
                continue; // another gateway may be about to call it, and what comes after the erasure has the key
            }
            for (int j = 0; j < events.size(); j++) {
                if (first[j] == Integer.MAX_VALUE || !earlier.isBefore(events.get(j))) {
                    continue;
                }
                if (first[j] <= last[i] && !isSameCall(earlier, events.get(j), model.id)) {
                    throw new Violation(
                            "order",
                            model.id + " got " + events.get(j) + " in step " + first[j] + " and " + earlier
                                    + " of the same key in step " + last[i] + ", though that was emitted before");
                }
                if (holds && status == DeliveryStatus.DEAD_LETTERED && last[i] > 0 && first[j] > last[i]) {
                    throw new Violation(
                            "hold",
                            model.id + " got " + events.get(j) + " in step " + first[j] + ", though " + earlier
                                    + " is a dead letter that holds the key");
                }
            }
        }
    }

    private boolean isSameCall(Emitted one, Emitted other, String subscription) {
        for (Call call : world.callsOf(one.id, subscription)) {
            if (call.events.contains(other.id)) {
                throw new Violation("order", call + " has two events of one key");
            }
        }
        return false;
    }
}
