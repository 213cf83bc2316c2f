package io.eventgateway.simulation;

import io.eventgateway.Subscription;
import io.eventgateway.delivery.BacklogStatus;
import io.eventgateway.delivery.DeadLetterQuery;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.spi.EventStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/** Brings a history to rest: nothing fails or hangs any more, and everything that was accepted has to end in time. */
final class Ending {
    private static final Duration PATIENCE = Duration.ofSeconds(70);
    /** Thousands of deliveries end a step each, while time passes now and then. */
    private static final Duration PATIENCE_OF_A_CROWD = Duration.ofHours(2);

    private static final int ROUNDS = 4;

    private final World world;
    private final BooleanSupplier clientsAreDone;

    Ending(World world, BooleanSupplier clientsAreDone) {
        this.world = world;
        this.clientsAreDone = clientsAreDone;
    }

    void run() {
        Scheduler scheduler = world.scheduler;
        if (scheduler.chance(0.5)) {
            scheduler.block(() -> false, Duration.ofMillis(scheduler.choose(5_000)), false);
        }
        world.calm = true;
        world.note("from here on nothing fails, hangs or waits");
        raiseRates();
        if (!scheduler.block(clientsAreDone, PATIENCE_OF_A_CROWD.multipliedBy(2), false)) {
            throw new Violation("client stuck", "a call of the gateway has not returned");
        }
        int calls = -1;
        for (int round = 0; (round < ROUNDS || world.calls.size() > calls) && !isQuiet(); round++) {
            calls = world.calls.size();
            purge();
            scheduler.block(this::isQuiet, PATIENCE, false);
        }
        if (!isQuiet()) {
            throw new Violation("never ends", unfinished());
        }
        scheduler.block(this::isComplete, Duration.ofMinutes(10), false);
        // what is chained to a completion may emit, and its sync functions are attempted again on that thread
        scheduler.block(this::nobodyEmits, Duration.ofMinutes(10), false);
        new EndChecks(world).check();
        new LossChecks(world).check();
        for (Node node : world.nodes) {
            if (node.isOpen()) {
                scheduler.enter(node.process);
                close(node);
            }
        }
        scheduler.block(() -> false, Duration.ofSeconds(1), false);
        for (Node node : world.nodes) {
            BacklogStatus status = node.gateway.backlog();
            if (!node.process.isCrashed() && (status.pending() != 0 || status.bytes() != 0)) {
                throw new Violation("backlog", "closed " + node + " has " + status);
            }
        }
        scheduler.finish();
    }

    /** Closes a gateway. */
    void close(Node node) {
        if (node.closing) {
            node.gateway.close();
            return;
        }
        node.closing = true;
        world.note(node + ": closes");
        node.gateway.close();
        node.closed = true;
        world.note(node + ": is closed");
        // another thread may be about to end a delivery, and then the next step does
        world.scheduler.block(() -> isComplete(node), PATIENCE_OF_A_CROWD, false);
        if (world.shared == null) {
            for (Emitted event : world.emitted) {
                if (event.node == node && event.isAccepted() && !event.isComplete() && !isInsideItself(event)) {
                    throw new Violation("close", node + " is closed and " + event + " is not complete");
                }
            }
        }
    }

    /** Whether its sync functions still run, so that only their thread can complete it. */
    private static boolean isInsideItself(Emitted event) {
        return event.returnedStep == Integer.MAX_VALUE;
    }

    private void raiseRates() {
        for (SubscriptionModel model : world.subscriptions.values()) {
            Subscription now = model.now;
            if (now != null && Objects.equals(model.policy().rateLimit(), Policies.SLOW)) {
                DeliveryPolicy.Builder raised = DeliveryPolicy.builder().rateLimit(20, Duration.ofSeconds(1));
                if (model.policy().orderBy() != null) {
                    raised.orderBy("subject", model.policy().orderBy().onDeadLetter());
                }
                for (Node node : world.nodes) {
                    if (node.isOpen()) {
                        world.scheduler.enter(node.process);
                        Subscription next =
                                now.toBuilder().delivery(raised.build()).build();
                        node.gateway.subscriptions().update(next);
                        model.set(next, world.scheduler.nanoTime());
                        break;
                    }
                }
            }
        }
    }

    private void purge() {
        for (Node node : world.nodes) {
            if (node.isOpen()) {
                world.scheduler.enter(node.process);
                world.note(node + ": purges all dead letters");
                world.purged = true;
                node.gateway.deadLetters().purge(DeadLetterQuery.all());
            }
        }
    }

    private boolean hasLiving() {
        return world.nodes.stream().anyMatch(Node::isOpen);
    }

    private boolean isQuiet() {
        for (Node node : world.nodes) {
            if (!node.process.isCrashed() && node.gateway.backlog().pending() != 0) {
                return false;
            }
        }
        EventStore store = world.shared;
        return store == null
                || !hasLiving()
                || store.read(new EventStore.Query("default", null, 1)).isEmpty();
    }

    private boolean nobodyEmits() {
        return world.nodes.stream().allMatch(node -> node.process.isCrashed() || node.emitting == 0);
    }

    private boolean isComplete() {
        for (Node node : world.nodes) {
            if (!node.process.isCrashed() && !isComplete(node)) {
                return false;
            }
        }
        return true;
    }

    private boolean isComplete(Node node) {
        for (Emitted event : world.emitted) {
            if (event.node == node && event.isAccepted() && !event.isComplete()) {
                return false;
            }
        }
        return true;
    }

    private String unfinished() {
        List<String> lines = new ArrayList<>();
        for (Node node : world.nodes) {
            lines.add(node + (node.process.isCrashed() ? " (crashed)" : "") + ": " + node.gateway.backlog());
        }
        for (Emitted event : world.emitted) {
            if (event.isAccepted() && !event.isComplete() && lines.size() < 20) {
                lines.add(
                        event + " for " + Objects.requireNonNull(event.emission).subscriptionIds() + ", calls "
                                + world.callsOf.getOrDefault(event.id, List.of()));
            }
        }
        EventStore store = world.shared;
        if (store != null) {
            store.read(new EventStore.Query("default", null, 5)).forEach(each -> lines.add("the store has " + each));
        }
        return "deliveries are unfinished though nothing fails or waits any more\n  " + String.join("\n  ", lines);
    }
}
