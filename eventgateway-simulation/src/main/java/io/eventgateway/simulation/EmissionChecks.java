package io.eventgateway.simulation;

import io.eventgateway.Emission;
import io.eventgateway.EmitOptions;
import io.eventgateway.Event;
import io.eventgateway.delivery.BacklogPolicy;
import io.eventgateway.delivery.DeliveryReport;
import io.eventgateway.error.BacklogFullException;
import io.eventgateway.error.GatewayClosedException;
import io.eventgateway.error.StoreFailedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Emits events, and checks what holds when they are accepted, refused and complete. */
final class EmissionChecks {
    private final World world;
    /** The threads that emit, the innermost emission of each last. */
    private final List<Thread> emitters = new ArrayList<>();

    EmissionChecks(World world) {
        this.world = world;
    }

    private Event event(String id, Action.Emit action) {
        byte[] data = new byte[action.bytes()];
        Arrays.fill(data, (byte) 'x');
        return Event.builder(action.type())
                .id(id)
                .subject(action.key())
                .data("text/plain", data)
                .build();
    }

    private Emitted began(Node node, Action.Emit action, int index) {
        boolean plain = action.delay() == null && action.expiry() == null;
        Emitted event = new Emitted(
                "e" + (world.emitted.size() + 1),
                node,
                action.type(),
                action.key(),
                index,
                plain,
                world.scheduler.step());
        world.emitted.add(event);
        world.byId.put(event.id, event);
        return event;
    }

    /** Whether the thread that runs is in the middle of an emission, so that what it calls is called in sync. */
    boolean isEmitting() {
        return emitters.contains(Thread.currentThread());
    }

    /** Notes the report that an interceptor gets of an event. */
    Emission watched(Event event, Emission emission) {
        emission.completion().whenComplete((report, e) -> {
            Emitted known = world.byId.get(event.getId());
            if (known != null && report != null && !emission.duplicate()) {
                known.watched = report;
            }
        });
        return emission;
    }

    /** Emits an event. */
    void emit(Node node, Action.Emit action, int index) {
        if (!node.isOpen()) {
            return;
        }
        Emitted event = began(node, action, index);
        EmitOptions.Builder options = EmitOptions.builder();
        if (action.delay() != null) {
            options.delay(action.delay());
        }
        if (action.expiry() != null) {
            options.expiry(action.expiry());
        }
        if (action.duplicateKey() != null) {
            options.deduplicate(action.duplicateKey(), Duration.ofSeconds(3));
        }
        long began = world.scheduler.nanoTime();
        int step = world.scheduler.step();
        boolean room = hasRoom(node, action);
        world.note(node + ": emits " + event);
        emitters.add(Thread.currentThread());
        node.emitting++;
        try {
            accepted(event, node.gateway.emit(event(event.id, action), options.build()), action.emitsWhenComplete());
        } catch (BacklogFullException e) {
            world.note(node + ": refused " + event + ": " + e.getMessage());
            long waited = world.scheduler.nanoTime() - began;
            if (room && waited == 0 && step == world.scheduler.step()) {
                world.scheduler.fail(new Violation("refused", event + " was refused though there was room: " + e));
            }
        } catch (GatewayClosedException e) {
            closed(node, e);
        } catch (StoreFailedException e) {
            event.refusedByStore = true;
            stores(e);
        } finally {
            emitters.remove(Thread.currentThread());
            node.emitting--;
        }
    }

    /** Emits events together. */
    void emitAll(Node node, List<Action.Emit> actions) {
        if (!node.isOpen()) {
            return;
        }
        List<Emitted> all = new ArrayList<>();
        List<Event> events = new ArrayList<>();
        for (Action.Emit action : actions) {
            Emitted event = began(node, action, all.size());
            event.group = all;
            all.add(event);
            events.add(event(event.id, action));
        }
        world.note(node + ": emits together " + all);
        emitters.add(Thread.currentThread());
        node.emitting++;
        try {
            List<Emission> emissions = node.gateway.emitAll(events);
            for (int i = 0; i < all.size(); i++) {
                accepted(all.get(i), emissions.get(i), false);
            }
        } catch (BacklogFullException e) {
            world.note(node + ": refused them: " + e.getMessage());
        } catch (GatewayClosedException e) {
            closed(node, e);
        } catch (StoreFailedException e) {
            all.forEach(event -> event.refusedByStore = true);
            stores(e);
        } finally {
            emitters.remove(Thread.currentThread());
            node.emitting--;
        }
    }

    private void closed(Node node, GatewayClosedException e) {
        if (!node.closing) {
            world.scheduler.fail(new Violation("refused", node + " is open, and says: " + e));
        }
    }

    private void stores(StoreFailedException e) {
        world.note("refused: " + e.getMessage());
        if (!world.mayFail()) {
            world.scheduler.fail(new Violation("refused", "the store works, and the gateway says: " + e));
        }
    }

    /** Whether the backlog had room when the event came, for all that could want it. */
    private boolean hasRoom(Node node, Action.Emit action) {
        int wanted = 0;
        for (SubscriptionModel model : world.subscriptions.values()) {
            wanted += model.now == null ? 0 : 1;
        }
        var status = node.gateway.backlog();
        return status.pending() + wanted <= status.bound() && status.bytes() + action.bytes() <= status.bytesBound();
    }

    private void accepted(Emitted event, Emission emission, boolean emitsWhenComplete) {
        event.returnedStep = world.scheduler.step();
        if (emission.duplicate()) {
            world.note(event + " is a duplicate");
            return;
        }
        event.emission = emission;
        event.acceptedNanos = world.scheduler.nanoTime();
        Set<String> sync = new HashSet<>();
        for (String id : emission.subscriptionIds()) {
            boolean called = world.subscription(id).isSync() && event.plain;
            if (called) {
                sync.add(id);
            } else {
                event.async++;
            }
        }
        event.sync = sync;
        emission.completion().whenComplete((report, failure) -> completed(event, report, failure, emitsWhenComplete));
    }

    private void completed(
            Emitted event, @Nullable DeliveryReport report, @Nullable Throwable failure, boolean emitsWhenComplete) {
        if (report == null) {
            world.scheduler.fail(new Violation("completion", event + " completed with " + failure));
            return;
        }
        if (event.report != null) {
            world.scheduler.fail(new Violation("completion", event + " completed twice"));
        }
        event.report = report;
        event.completedStep = world.scheduler.step();
        if (world.isNoting()) {
            StringBuilder text = new StringBuilder();
            report.deliveries().forEach(each -> text.append(' ')
                    .append(each.subscriptionId())
                    .append(' ')
                    .append(each.status()));
            world.note(event + " is complete:" + text);
        }
        room(event);
        if (emitsWhenComplete && event.node.isOpen() && !world.calm) {
            long began = world.scheduler.nanoTime();
            emit(event.node, new Action.Emit(0, "c", event.key, 1, null, null, null, false), 0);
            if (world.setting().backlog().policy() == BacklogPolicy.BLOCK
                    && world.scheduler.nanoTime() - began
                            >= world.setting().backlog().maxWait().toNanos()
                    && world.setting().backlog().bound() == 1) {
                world.note("what is chained to the completion of " + event + " waited for room in vain");
            }
        }
    }

    /** Whether what is complete takes no room any more, when its completion is told. */
    private void room(Emitted event) {
        Setting setting = world.setting();
        if (world.shared != null
                || !setting.has(Feature.ROOM_WHEN_COMPLETE)
                || event.node.isDead()
                || world.invoking > 0
                || setting.has(Feature.GRAVEYARD)
                || setting.has(Feature.HANDLER_REPLIES)
                || setting.has(Feature.LISTENER)
                || setting.has(Feature.LISTENER_FAILS)
                || setting.has(Feature.DUPLICATES)
                || world.redriven
                || event.node.emitting > 0) {
            return;
        }
        int most = 0;
        for (Emitted other : world.emitted) {
            most += other.isAccepted() && !other.isComplete() ? other.async : 0;
        }
        int pending = event.node.gateway.backlog().pending();
        if (pending > most) {
            world.scheduler.fail(new Violation(
                    "room",
                    event + " is complete and the backlog still has " + pending + " deliveries, where " + most
                            + " can be unfinished"));
        }
    }
}
