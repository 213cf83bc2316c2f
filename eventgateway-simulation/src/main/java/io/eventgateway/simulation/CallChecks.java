package io.eventgateway.simulation;

import io.eventgateway.delivery.CircuitBreakerPolicy;
import io.eventgateway.delivery.RateLimit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What holds for every call: nobody is called after they took an event, beyond a limit, or behind an open breaker. */
final class CallChecks {
    /** A breaker as it must be by the calls that were seen; closed whenever that is not known. */
    private static final class BreakerModel {
        private int failures;
        private long openUntil = Long.MIN_VALUE;
        private int openedStep;
        private int openedRest = -1;

        void ended(CircuitBreakerPolicy policy, Call call, int rest) {
            if (call.end != Call.End.FAILED || !call.retryable) {
                forget();
                return;
            }
            if (call.beganRest <= openedRest) {
                return; // it was on its way when the breaker opened, and counts only if that is closed again
            }
            failures++;
            if (failures >= policy.failures() && openUntil <= call.endedNanos) {
                openUntil = call.endedNanos + policy.pause().toNanos();
                openedStep = call.endedStep;
                openedRest = rest;
            }
        }

        void forget() {
            failures = 0;
            openUntil = Long.MIN_VALUE;
        }

        /** Whether no call may begin, where those that were on their way to a thread when it opened have begun. */
        boolean isOpen(int rest, long nanos) {
            return openUntil > nanos && rest > openedRest;
        }
    }

    private final World world;
    private final Map<String, BreakerModel> breakers = new HashMap<>();
    /** When calls began, by gateway and subscription. */
    private final Map<String, List<Long>> beginnings = new HashMap<>();

    CallChecks(World world) {
        this.world = world;
    }

    /** A call begins. */
    void began(Call call) {
        if (call.node.closed && !call.node.process.isCrashed()) {
            world.scheduler.fail(new Violation("called after close", call + " on closed " + call.node));
        }
        call.beganRest = world.scheduler.rests();
        String subscription = call.subscription;
        if (subscription != null) {
            repeated(call, subscription);
            if (!isForeign(subscription)) {
                SubscriptionModel model = world.subscription(subscription);
                concurrency(call, model);
                if (!call.sync && !model.everSync) {
                    rate(call, model);
                    breakers(call, model);
                }
            }
        }
        world.calls.add(call);
        for (String event : call.events) {
            world.callsOf.computeIfAbsent(event, key -> new ArrayList<>()).add(call);
        }
    }

    /** A call has ended, as the function knows it; {@code atOnce} says whether the gateway knows it in the same step. */
    void ended(Call call, Call.End end, boolean retryable, boolean atOnce) {
        if (call.end != Call.End.OPEN) {
            return;
        }
        call.end = end;
        call.retryable = retryable;
        call.endedStep = world.scheduler.step();
        call.endedNanos = world.scheduler.nanoTime();
        String subscription = call.subscription;
        if (subscription == null || isForeign(subscription) || call.sync || world.subscription(subscription).everSync) {
            breakers.remove("function " + call.function); // what such a call tells its breaker is not known
            return;
        }
        SubscriptionModel model = world.subscription(subscription);
        boolean known = atOnce && world.shared == null && call.endedNanos < call.deadlineNanos;
        tell("subscription " + subscription, model.policy().circuitBreaker(), call, known);
        tell("function " + call.function, world.setting().breaker(), call, known);
    }

    private void tell(String breaker, @Nullable CircuitBreakerPolicy policy, Call call, boolean known) {
        BreakerModel model = breakers.computeIfAbsent(breaker, key -> new BreakerModel());
        if (policy == null || !known || !call.failedEvents.isEmpty()) {
            model.forget();
        } else {
            model.ended(policy, call, world.scheduler.rests());
        }
    }

    /** Whether the subscription is none of the clients'. */
    static boolean isForeign(String subscription) {
        return !subscription.startsWith("s");
    }

    private void repeated(Call call, String subscription) {
        if (world.mayRepeat()) {
            return;
        }
        for (String event : call.events) {
            for (Call before : world.callsOf(event, subscription)) {
                boolean goneOn = before.node.isDead() || before.node.closing; // and another gateway does not know
                if (before.tookInTime(event) && (world.shared == null || !goneOn)) {
                    world.scheduler.fail(new Violation("repeated", "after " + before + " there is " + call));
                }
            }
        }
    }

    private void concurrency(Call call, SubscriptionModel model) {
        if (model.mostCalls <= 0
                || call.sync
                || model.everSync
                || world.mayRepeat()
                || (model.everOnce && world.shared != null)) {
            return;
        }
        boolean batched = model.policy().batching() != null || model.policyChanged;
        if (batched && world.nodes.size() > 1 && !world.setting().has(Feature.BATCHES_OF_SEVERAL)) {
            return;
        }
        int underWay = 1;
        for (Call other : world.calls) {
            if (model.id.equals(other.subscription)
                    && !other.sync
                    && other.isUnderWay(call.beganNanos)
                    && !isErased(other)) {
                underWay++;
            }
        }
        if (underWay > model.mostCalls) {
            world.scheduler.fail(new Violation(
                    "concurrency",
                    underWay + " calls for " + model.id + " are under way with " + call + ", where " + model.mostCalls
                            + " may be"));
        }
    }

    /** Whether the store has forgotten what is called elsewhere, so that it gives the place to another. */
    private boolean isErased(Call call) {
        return world.shared != null
                && call.events.stream().allMatch(id -> {
                    Emitted event = world.byId.get(id);
                    return event != null && event.erased;
                });
    }

    private void rate(Call call, SubscriptionModel model) {
        List<Long> times = beginnings.computeIfAbsent(call.node + "/" + model.id, key -> new ArrayList<>());
        times.add(call.beganNanos);
        RateLimit rate = model.policy().rateLimit();
        if (world.mayFail()
                && (model.policy().maxConcurrency() != null || model.everOnce || world.isObservedThroughAnOutage())) {
            return; // its token is taken before the store is asked for its place or told of its end, which may take
            // long
        }
        if (rate == null || model.policyChanged || world.setting().timeChance() > 0 || call.node.process.wasPaused()) {
            return; // a call that waits for a thread while time passes begins later than its token was taken
        }
        for (int i = 0; i < times.size(); i++) {
            int count = times.size() - i;
            double passed = call.beganNanos - times.get(i);
            double most = rate.burst() + rate.permits() * passed / rate.per().toNanos() + 0.001;
            if (count > most) {
                world.scheduler.fail(new Violation(
                        "rate",
                        count + " calls for " + model.id + " in " + passed / 1e9 + " s with " + call + ", by " + rate));
                return;
            }
        }
    }

    /** When the calls of a subscription began on a gateway. */
    List<Long> beginnings(Node node, String subscription) {
        return beginnings.getOrDefault(node + "/" + subscription, List.of());
    }

    private void breakers(Call call, SubscriptionModel model) {
        if (model.policy().circuitBreaker() != null && !model.policyChanged && !model.functionChanged) {
            open("subscription " + model.id, call);
        }
        if (world.setting().breaker() != null) {
            open("function " + call.function, call);
        }
    }

    private void open(String breaker, Call call) {
        BreakerModel model = breakers.get(breaker);
        if (model != null && model.isOpen(world.scheduler.rests(), call.beganNanos)) {
            world.scheduler.fail(new Violation(
                    "breaker",
                    call + ", though the breaker of " + breaker + " is open since step " + model.openedStep));
        }
    }
}
