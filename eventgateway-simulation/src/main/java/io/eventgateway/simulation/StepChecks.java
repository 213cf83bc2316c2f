package io.eventgateway.simulation;

import io.eventgateway.delivery.BacklogPolicy;
import io.eventgateway.delivery.BacklogStatus;
import io.eventgateway.delivery.Batching;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.RateLimit;
import io.eventgateway.internal.gateway.EngineInspection;
import java.util.Objects;

/** What must hold after each step: the backlog is within its bounds, and nothing that could be called waits. */
final class StepChecks implements Scheduler.Observer {
    private static final long SLACK = 25_000_000;

    private final World world;
    private final int times;

    StepChecks(World world) {
        this.world = world;
        Setting setting = world.setting();
        boolean overdraft = setting.has(Feature.HANDLER_EMITS)
                || setting.has(Feature.HANDLER_REPLIES)
                || setting.has(Feature.GRAVEYARD)
                || setting.has(Feature.LISTENER)
                || setting.has(Feature.LISTENER_FAILS)
                || setting.has(Feature.EMIT_WHEN_COMPLETE);
        this.times = overdraft ? 2 : 1;
    }

    @Override
    public void afterStep() {
        for (Node node : world.nodes) {
            if (node.process.isCrashed()) {
                continue;
            }
            BacklogStatus status = node.gateway.backlog();
            if (status.pending() < 0
                    || status.pending() > (long) status.bound() * times
                    || status.bytes() < 0
                    || status.bytes() > status.bytesBound() * times) {
                throw new Violation("bounds", node + " has " + status);
            }
        }
    }

    @Override
    public void beforeIdleTime(long next) {
        if (world.shared == null) { // else an emitter may be waiting for the store, with the room that it has taken
            for (Node node : world.nodes) {
                agrees(node);
            }
        }
        if (world.shared != null || world.setting().backlog().policy() == BacklogPolicy.DROP_OLDEST) {
            return;
        }
        for (Node node : world.nodes) {
            if (!node.isOpen()) {
                continue;
            }
            for (SubscriptionModel model : world.subscriptions.values()) {
                punctual(node, model, next);
            }
        }
    }

    /** The engine's registry, its backlog and its permits agree. */
    private static void agrees(Node node) {
        if (node.process.isCrashed()) {
            return;
        }
        try {
            EngineInspection.check(node.gateway);
        } catch (IllegalStateException e) {
            throw new Violation("engine", node + ": " + e.getMessage());
        }
    }

    /** Nothing that could be called waits until the time. */
    private void punctual(Node node, SubscriptionModel model, long next) {
        DeliveryPolicy policy = model.policy();
        if (model.now == null
                || model.everSync
                || model.orderChanged
                || policy.orderBy() != null
                || policy.timeToLive() != null
                || policy.circuitBreaker() != null
                // what waits for a batch goes on waiting as its subscription was when it was accepted
                || (policy.batching() != null && world.setting().has(Feature.UPDATE_FUNCTION))
                || (model.policyChanged
                        && (world.setting().has(Feature.SUBSCRIPTION_BREAKER)
                                || world.setting().has(Feature.BATCHES)))
                || world.setting().breaker() != null) {
            return;
        }
        int waiting = 0;
        long firstCame = Long.MAX_VALUE;
        for (int i = Math.max(0, world.emitted.size() - 300); i < world.emitted.size(); i++) {
            Emitted event = world.emitted.get(i);
            if (event.node == node
                    && event.plain
                    && !event.erased
                    && event.isAccepted()
                    && !event.isComplete()
                    && !event.sync.contains(model.id)
                    && Objects.requireNonNull(event.emission).subscriptionIds().contains(model.id)
                    && world.callsOf(event.id, model.id).isEmpty()) {
                waiting++;
                firstCame = Math.min(firstCame, event.acceptedNanos);
            }
        }
        if (waiting == 0) {
            return;
        }
        long now = world.scheduler.nanoTime();
        Integer most = policy.maxConcurrency();
        if (most != null) {
            int underWay = 0;
            for (Call call : world.calls) {
                underWay += model.id.equals(call.subscription) && !call.sync && call.isUnderWay(now) ? 1 : 0;
            }
            if (underWay >= most) {
                return;
            }
        }
        long from = Math.max(now, firstCame);
        Batching batching = policy.batching();
        if (batching != null && waiting < batching.maxEvents()) {
            long since = model.policyChanged ? Math.max(firstCame, model.changedNanos) : firstCame;
            from = Math.max(from, since + batching.maxWait().toNanos());
        }
        RateLimit rate = policy.rateLimit();
        if (rate != null && world.setting().has(Feature.ERASE)) {
            return; // what was erased on its way to a thread has taken a token
        }
        if (rate != null) {
            from = Math.max(from, token(node, model, rate));
        }
        if (next > from + SLACK) {
            throw new Violation(
                    "late",
                    waiting + " events wait for " + model.id + ", which could be called from " + from / 1e9
                            + " s on, and nothing is done before " + next / 1e9 + " s; its policy is " + policy);
        }
    }

    /** When the next token is there at the latest. */
    private long token(Node node, SubscriptionModel model, RateLimit rate) {
        double perToken = (double) rate.per().toNanos() / rate.permits();
        double tokens = model.policyChanged ? 0 : rate.burst();
        double at = model.policyChanged ? model.changedNanos : 0;
        for (long begun : world.callChecks.beginnings(node, model.id)) {
            if (begun >= at) {
                tokens = Math.min(rate.burst(), tokens + (begun - at) / perToken);
                at = begun;
                tokens = Math.max(0, tokens - 1);
            }
        }
        return (long) Math.ceil(at + Math.max(0, 1 - tokens) * perToken);
    }
}
