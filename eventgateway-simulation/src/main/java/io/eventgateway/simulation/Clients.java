package io.eventgateway.simulation;

import io.eventgateway.EventGatewayException;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.delivery.DeadLetterQuery;
import io.eventgateway.delivery.DeadLetters;
import io.eventgateway.delivery.DeadLetters.Redrive;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.error.GatewayClosedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Does what the plan says, and brings the history to rest at its end. Up to three actions wait at a time. */
final class Clients implements Scheduler.Script {
    private static final int AT_ONCE = 3;

    private final World world;
    private final Ending ending;
    private final Host process = new Host("clients");
    private int next;
    /** The processes in which actions are under way. */
    private final List<Host> busy = new ArrayList<>();

    private boolean sleeping;
    private boolean ended;

    Clients(World world) {
        this.world = world;
        this.ending = new Ending(world, () -> busyOnes() == 0);
    }

    @Override
    public boolean hasNext() {
        if (sleeping) {
            return false;
        }
        if (next < world.plan.actions().size()) {
            return busyOnes() < AT_ONCE;
        }
        return !ended;
    }

    @Override
    public void runNext() {
        world.scheduler.enter(process);
        if (next == world.plan.actions().size()) {
            ended = true;
            ending.run();
            return;
        }
        Action action = world.plan.actions().get(next++);
        Host in = process;
        if (gatewayOf(action) >= 0) {
            in = world.nodes.get(gatewayOf(action)).process;
        }
        busy.add(in);
        try {
            run(action);
        } catch (GatewayClosedException e) {
            world.note(action + ": closed");
        } catch (EventGatewayException | IllegalArgumentException e) {
            world.note(action + ": " + e);
        } catch (IllegalStateException e) {
            if (!world.mayFail()) {
                throw e;
            }
            world.note(action + ": " + e);
        } finally {
            busy.remove(in);
        }
    }

    private @Nullable Node node(int index) {
        Node node = world.nodes.get(index);
        if (!node.process.runsAt(world.scheduler.nanoTime())) {
            return null;
        }
        world.scheduler.enter(node.process);
        return node;
    }

    private void run(Action action) {
        if (action instanceof Action.Emit emit) {
            Node node = node(emit.gateway());
            if (node != null) {
                world.emissionChecks.emit(node, emit, 0);
            }
        } else if (action instanceof Action.EmitAll all) {
            Node node = node(all.gateway());
            if (node != null) {
                world.emissionChecks.emitAll(node, all.events());
            }
        } else if (action instanceof Action.Burst burst) {
            burst(burst);
        } else if (action instanceof Action.Sleep sleep) {
            sleeping = true;
            try {
                world.note("sleeps " + sleep.time());
                world.scheduler.block(() -> false, sleep.time(), false);
            } finally {
                sleeping = false;
            }
        } else if (action instanceof Action.Release) {
            world.note("lets hanging handlers return");
            world.released++;
        } else if (action instanceof Action.JumpWall jump) {
            world.note(action.toString());
            world.leasesLost = true;
            world.scheduler.jumpWall(jump.by());
        } else if (action instanceof Action.JumpStoreClock jump) {
            world.note(action.toString());
            world.scheduler.jumpStoreClock(jump.by());
        } else {
            world.note(tell(action));
            changes(action);
        }
    }

    /** How many actions are under way; what is in a crashed process never returns. */
    private int busyOnes() {
        int count = 0;
        for (Host each : busy) {
            count += each.isCrashed() ? 0 : 1;
        }
        return count;
    }

    /** The gateway that an action may wait for; -1 for none. */
    private static int gatewayOf(Action action) {
        if (action instanceof Action.Emit emit) {
            return emit.gateway();
        }
        if (action instanceof Action.EmitAll all) {
            return all.gateway();
        }
        if (action instanceof Action.Burst burst) {
            return burst.gateway();
        }
        if (action instanceof Action.RedriveOne redrive) {
            return redrive.gateway();
        }
        if (action instanceof Action.RedriveAll redrive) {
            return redrive.gateway();
        }
        if (action instanceof Action.PurgeOne purge) {
            return purge.gateway();
        }
        if (action instanceof Action.PurgeAll purge) {
            return purge.gateway();
        }
        if (action instanceof Action.Erase erase) {
            return erase.gateway();
        }
        if (action instanceof Action.Invoke invoke) {
            return invoke.gateway();
        }
        if (action instanceof Action.AwaitIdle await) {
            return await.gateway();
        }
        return action instanceof Action.Close close ? close.gateway() : -1;
    }

    private static String tell(Action action) {
        return action instanceof Action.Subscribe subscribe
                ? subscribe + " with " + subscribe.subscription().delivery()
                : action.toString();
    }

    private void burst(Action.Burst burst) {
        for (int i = 0; i < burst.count() && !world.calm; i++) {
            Node node = node(burst.gateway());
            if (node != null) {
                Action.Emit each =
                        new Action.Emit(burst.gateway(), burst.type(), burst.key(), 1, null, null, null, false);
                world.emissionChecks.emit(node, each, 0);
            }
        }
    }

    private void changes(Action action) {
        if (action instanceof Action.Subscribe subscribe) {
            Node node = node(subscribe.gateway());
            if (node != null && node.isOpen()) {
                Subscription subscription = subscribe.subscription();
                node.gateway.subscriptions().createOrUpdate(subscription);
                set(subscription.id(), subscription);
            }
        } else if (action instanceof Action.ChangePolicy change) {
            Node node = node(change.gateway());
            if (node != null && node.isOpen()) {
                policy(node, change.subscription(), change.policy());
            }
        } else if (action instanceof Action.ChangeFunction change) {
            Node node = node(change.gateway());
            Subscription now = world.subscription(change.subscription()).now;
            if (node != null && now != null && node.isOpen()) {
                Subscription next = now.toBuilder().function(change.function()).build();
                node.gateway.subscriptions().update(next);
                set(next.id(), next);
            }
        } else if (action instanceof Action.Unsubscribe gone) {
            Node node = node(gone.gateway());
            if (node != null && node.isOpen()) {
                node.gateway.subscriptions().delete(gone.subscription());
                world.subscription(gone.subscription()).set(null, world.scheduler.nanoTime());
            }
        } else {
            deadLetters(action);
        }
    }

    private void set(String id, Subscription subscription) {
        world.subscription(id).set(subscription, world.scheduler.nanoTime());
    }

    /** Gives a subscription another policy. */
    private void policy(Node node, String id, DeliveryPolicy policy) {
        Subscription now = world.subscription(id).now;
        if (now != null) {
            Subscription next = now.toBuilder().delivery(policy).build();
            node.gateway.subscriptions().update(next);
            set(id, next);
        }
    }

    private void deadLetters(Action action) {
        if (action instanceof Action.RedriveOne redrive) {
            Node node = node(redrive.gateway());
            if (node != null) {
                DeadLetter letter = letter(node, redrive.newest());
                if (letter != null) {
                    world.redriven = true;
                    node.gateway.deadLetters().redrive(letter.id(), to(redrive.function(), 0));
                }
            }
        } else if (action instanceof Action.RedriveAll redrive) {
            Node node = node(redrive.gateway());
            if (node != null) {
                world.redriven = true;
                int count = node.gateway
                        .deadLetters()
                        .redrive(DeadLetterQuery.all(), to(redrive.function(), redrive.perSecond()));
                world.note("redrives " + count);
            }
        } else if (action instanceof Action.PurgeOne purge) {
            Node node = node(purge.gateway());
            if (node != null) {
                DeadLetter letter = letter(node, purge.newest());
                if (letter != null) {
                    world.purged = true;
                    node.gateway.deadLetters().purge(letter.id());
                }
            }
        } else if (action instanceof Action.PurgeAll purge) {
            Node node = node(purge.gateway());
            if (node != null) {
                world.purged = true;
                node.gateway.deadLetters().purge(DeadLetterQuery.all());
            }
        } else if (action instanceof Action.Erase erase) {
            Node node = node(erase.gateway());
            if (node != null) {
                world.purged = true;
                world.note(node + ": erases " + erase.key());
                for (Emitted event : world.emitted) {
                    event.erased |= erase.key().equals(event.key);
                }
                try {
                    node.gateway.history().erase(erase.key());
                } finally {
                    for (Emitted event : world.emitted) { // what was emitted meanwhile, too
                        event.erased |= erase.key().equals(event.key);
                    }
                }
            }
        } else {
            processes(action);
        }
    }

    private static @Nullable DeadLetter letter(Node node, boolean newest) {
        DeadLetters letters = node.gateway.deadLetters();
        List<DeadLetter> list = letters.list(DeadLetterQuery.all());
        return list.isEmpty() ? null : list.get(newest ? 0 : list.size() - 1);
    }

    private static Redrive to(@Nullable String function, int perSecond) {
        Redrive redrive = function == null ? Redrive.again() : Redrive.again().to(function);
        return perSecond == 0 ? redrive : redrive.perSecond(perSecond);
    }

    private void processes(Action action) {
        if (action instanceof Action.Invoke invoke) {
            Node node = node(invoke.gateway());
            if (node != null) {
                world.invoking++;
                node.gateway.invokeAsync(invoke.function(), null).whenComplete((result, e) -> world.invoking--);
            }
        } else if (action instanceof Action.AwaitIdle await) {
            Node node = node(await.gateway());
            if (node != null) {
                awaitIdle(node, await.atMost());
            }
        } else if (action instanceof Action.Close close) {
            Node node = node(close.gateway());
            if (node != null) {
                ending.close(node);
            }
        } else if (action instanceof Action.Crash crash) {
            world.leasesLost = true;
            Node node = world.nodes.get(crash.gateway());
            if (world.nodes.stream().filter(Node::isOpen).count() > 1 || !node.isOpen()) {
                node.process.crash();
            }
        } else if (action instanceof Action.Pause pause) {
            world.leasesLost = true;
            world.nodes
                    .get(pause.gateway())
                    .process
                    .pauseUntil(world.scheduler.nanoTime() + pause.time().toNanos());
        }
    }

    private void awaitIdle(Node node, Duration atMost) {
        long began = world.scheduler.nanoTime();
        boolean idle = node.gateway.awaitIdle(atMost);
        world.note("awaitIdle says " + idle);
        if (!idle && world.scheduler.nanoTime() - began < atMost.toNanos()) {
            world.scheduler.fail(new Violation("awaitIdle", node + ".awaitIdle(" + atMost + ") gave up too early"));
        }
    }
}
