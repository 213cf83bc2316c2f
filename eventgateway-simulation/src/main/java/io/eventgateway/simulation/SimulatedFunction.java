package io.eventgateway.simulation;

import io.eventgateway.Event;
import io.eventgateway.FunctionContext;
import io.eventgateway.FunctionHandler;
import io.eventgateway.InvocationException;
import io.eventgateway.delivery.BatchResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A function that returns, fails, hangs, replies or emits. What it does depends on the seed, the event and the attempt alone, so that
 * it stays the same when other actions are left out of a history.
 */
final class SimulatedFunction implements FunctionHandler {
    private final World world;
    private final Node node;
    private final String id;

    SimulatedFunction(World world, Node node, String id) {
        this.world = world;
        this.node = node;
        this.id = id;
    }

    @Override
    public @Nullable Object handle(Event event, FunctionContext context) throws Exception {
        return called(List.of(event), context, false);
    }

    @Override
    public @Nullable Object handleBatch(List<Event> events, FunctionContext context) throws Exception {
        return called(events, context, true);
    }

    private @Nullable Object called(List<Event> events, FunctionContext context, boolean batch) throws Exception {
        Scheduler scheduler = world.scheduler;
        long now = scheduler.nanoTime();
        Duration left = Duration.between(scheduler.instant(), context.deadline());
        List<String> ids = new ArrayList<>();
        for (Event event : events) {
            ids.add(event.getId());
        }
        Call call = new Call(
                node,
                id,
                world.emissionChecks.isEmitting(),
                context.subscriptionId(),
                ids,
                context.attempt(),
                scheduler.step(),
                now,
                now + left.toNanos());
        if (world.isNoting()) {
            world.note(node + ": " + id + " is called for " + call.subscription + " with " + ids + ", attempt "
                    + call.attempt);
        }
        world.callChecks.began(call);
        try {
            Object result = act(call, events, batch);
            if (call.end == Call.End.OPEN && !(result instanceof CompletableFuture<?>)) {
                ended(call, Call.End.SUCCEEDED, true, true);
            }
            return result;
        } catch (Scheduler.HistoryOver e) {
            throw e;
        } catch (Exception e) {
            boolean retryable = !(e instanceof InvocationException failure) || failure.retryable();
            ended(call, Call.End.FAILED, retryable, !(e instanceof InterruptedException));
            throw e;
        }
    }

    private void ended(Call call, Call.End end, boolean retryable, boolean atOnce) {
        if (world.isNoting()) {
            world.note(node + ": " + id + " " + (end == Call.End.SUCCEEDED ? "took " : "failed ") + call.events
                    + (call.failedEvents.isEmpty() ? "" : " but " + call.failedEvents)
                    + (retryable ? "" : ", not to be retried"));
        }
        world.callChecks.ended(call, end, retryable, atOnce);
    }

    private @Nullable Object act(Call call, List<Event> events, boolean batch) throws Exception {
        if (world.calm) {
            return null;
        }
        SplittableRandom random = new SplittableRandom(world.plan.seed()
                ^ ((id + call.subscription + world.names(call.events) + call.attempt).hashCode()
                        * 0x9E3779B97F4A7C15L));
        if (id.equals("listener")) {
            return listen(random);
        }
        int roll = random.nextInt(100);
        Setting setting = world.setting();
        // what a reply is routed to is called inside the engine
        boolean sync = call.sync || call.subscription == null || world.subscription(call.subscription).everSync;
        if (roll < 30) {
            if (setting.has(Feature.HANDLER_FAILS)) {
                fail(random, batch);
            }
        } else if (roll < 40) {
            if (setting.has(Feature.HANDLER_HANGS) && !sync) {
                hang(random.nextInt(5) == 0);
            }
        } else if (roll < 52) {
            if (setting.has(Feature.HANDLER_STAGES) && !sync) {
                return stage(random, call);
            }
        } else if (roll < 60) {
            if (setting.has(Feature.HANDLER_REPLIES)) {
                return reply(events.get(0), call);
            }
        } else if (roll < 68) {
            if (setting.has(Feature.HANDLER_EMITS) && !id.equals("graveyard")) {
                emit(random, events.get(0));
            }
        } else if (roll < 72) {
            if (setting.has(Feature.HANDLER_LEAVES_FLAG) && !sync) {
                world.note(id + " leaves the interrupt flag set");
                Thread.currentThread().interrupt();
            }
        } else if (roll < 78) {
            world.scheduler.yieldStep();
        }
        return batch && setting.has(Feature.HANDLER_FAILS) && random.nextInt(3) == 0 ? partly(random, call) : null;
    }

    private @Nullable Object listen(SplittableRandom random) {
        if (world.setting().has(Feature.LISTENER_FAILS)) {
            int roll = random.nextInt(4);
            if (roll == 0) {
                throw new IllegalStateException("simulated");
            }
            if (roll == 1) {
                world.emissionChecks.emit(node, new Action.Emit(0, "c", null, 3, null, null, null, false), 0);
            }
        }
        return null;
    }

    private static void fail(SplittableRandom random, boolean batch) {
        int roll = random.nextInt(10);
        if (roll < 2) {
            throw new InvocationException(InvocationException.Kind.FUNCTION_ERROR, false, "simulated, for good");
        }
        if (roll < 9 || !batch) {
            throw new IllegalStateException("simulated");
        }
    }

    private BatchResult partly(SplittableRandom random, Call call) {
        List<String> failed = new ArrayList<>();
        for (String event : call.events) {
            if (random.nextInt(3) == 0) {
                failed.add(event);
            }
        }
        call.failedEvents.addAll(failed);
        ended(call, Call.End.SUCCEEDED, true, true);
        return BatchResult.failed(failed);
    }

    private void hang(boolean ignoresInterruption) throws InterruptedException {
        int round = world.released;
        world.scheduler.block(
                () -> world.calm || world.released > round, Duration.ofDays(10_000), !ignoresInterruption);
        if (!ignoresInterruption && Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    private CompletableFuture<Object> stage(SplittableRandom random, Call call) {
        CompletableFuture<Object> stage = new CompletableFuture<>();
        int roll = random.nextInt(4);
        if (roll == 0) {
            return stage; // which never ends
        }
        world.scheduler.later(node.process, () -> {
            if (stage.isDone()) {
                return; // the gateway has given it up
            }
            if (roll == 1 && world.setting().has(Feature.HANDLER_FAILS) && !world.calm) {
                ended(call, Call.End.FAILED, true, false);
                stage.completeExceptionally(new IllegalStateException("simulated"));
            } else {
                ended(call, Call.End.SUCCEEDED, true, false);
                stage.complete("done");
            }
        });
        return stage;
    }

    private static @Nullable String next(String type) {
        return type.equals("a") ? "b" : type.equals("b") ? "c" : null;
    }

    private @Nullable Object reply(Event event, Call call) {
        String type = next(event.getType());
        if (type == null) {
            return "done";
        }
        call.replied = true;
        return Event.builder(type)
                .id("reply-" + event.getId() + "-" + call.subscription + "-" + call.attempt)
                .subject(event.getSubject())
                .build();
    }

    private void emit(SplittableRandom random, Event event) {
        String type = next(event.getType());
        if (type != null) {
            world.emissionChecks.emit(
                    node, new Action.Emit(0, type, event.getSubject(), random.nextInt(20), null, null, null, false), 0);
        }
    }
}
