package io.eventgateway.simulation;

import io.eventgateway.Subscription;
import io.eventgateway.SubscriptionMode;
import io.eventgateway.delivery.DeliveryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** What a history begins with and what its clients do; the seed has all other choices. */
record Plan(long seed, StoreKind store, Setting setting, List<Action> actions) {
    /** The functions that subscriptions have. */
    static final List<String> FUNCTIONS = List.of("f1", "f2", "f3");

    Plan {
        actions = List.copyOf(actions);
    }

    /** The same without some of the actions. */
    Plan with(List<Action> fewer) {
        return new Plan(seed, store, setting, fewer);
    }

    /** The plan of a seed, out of the features that are allowed. */
    static Plan of(long seed, Set<Feature> allowed, StoreKind store) {
        SplittableRandom random = new SplittableRandom(seed);
        Setting setting = Setting.of(random, allowed, store);
        return new Plan(seed, store, setting, new Maker(random, setting).actions());
    }

    /** Makes up what the clients do. */
    private static final class Maker {
        private static final List<String> TYPES = List.of("a", "a", "b", "c");

        private final SplittableRandom random;
        private final Setting setting;
        private final List<Subscription> known = new ArrayList<>();

        Maker(SplittableRandom random, Setting setting) {
            this.random = random;
            this.setting = setting;
        }

        List<Action> actions() {
            List<Action> actions = new ArrayList<>();
            int subscriptions = 1 + random.nextInt(4);
            for (int i = 1; i <= subscriptions; i++) {
                actions.add(subscribe("s" + i));
            }
            if (setting.has(Feature.LISTENER) || setting.has(Feature.LISTENER_FAILS)) {
                String type = random.nextBoolean() ? "gateway.delivery.deadLettered" : "gateway.**";
                actions.add(new Action.Subscribe(
                        0,
                        Subscription.to(type)
                                .id("listener")
                                .function("listener")
                                .build()));
            }
            if (setting.has(Feature.CROWD)) {
                actions.add(new Action.Burst(0, known.get(0).eventType(), "k1", 3000 + random.nextInt(4000)));
                actions.add(new Action.Close(0));
            }
            int count = 5 + random.nextInt(random.nextInt(4) == 0 ? 60 : 25);
            for (int i = 0; i < count; i++) {
                actions.add(next());
            }
            return actions;
        }

        private int gateway() {
            return random.nextInt(setting.gateways());
        }

        private <T> T one(List<T> of) {
            return of.get(random.nextInt(of.size()));
        }

        private @Nullable String key() {
            int key = random.nextInt(6);
            return key == 5 ? null : "k" + (1 + key / 2);
        }

        private Action subscribe(String id) {
            boolean sync = setting.has(Feature.SYNC) && random.nextInt(3) == 0;
            Subscription.Builder made = Subscription.to(one(TYPES))
                    .id(id)
                    .function(one(FUNCTIONS))
                    .delivery(Policies.of(random, setting, sync));
            Subscription subscription = (sync ? made.sync() : made).build();
            known.removeIf(other -> other.id().equals(id));
            known.add(subscription);
            return new Action.Subscribe(gateway(), subscription);
        }

        private Action next() {
            int kind = random.nextInt(100);
            if (kind < 55) {
                return emit();
            }
            if (kind < 62) {
                return new Action.Sleep(
                        Duration.ofMillis(random.nextInt(3) == 0 ? random.nextInt(10_000) : random.nextInt(800)));
            }
            Action change = change(kind);
            return change == null ? emit() : change;
        }

        private @Nullable Action change(int kind) {
            List<Action> possible = new ArrayList<>();
            if (kind < 75) {
                changes(possible);
            } else if (kind < 90) {
                deadLetters(possible);
            } else {
                others(possible);
            }
            return possible.isEmpty() ? null : one(possible);
        }

        private void changes(List<Action> possible) {
            Subscription subscription = one(known);
            boolean sync = subscription.mode() != SubscriptionMode.ASYNC;
            if (setting.has(Feature.UPDATE_POLICY) && !sync) {
                DeliveryPolicy policy = Policies.of(random, setting, false);
                boolean sameOrder = subscription.delivery() != null
                        && Objects.equals(
                                policy.orderBy(), subscription.delivery().orderBy());
                if (sameOrder || setting.has(Feature.UPDATE_ORDER)) {
                    possible.add(new Action.ChangePolicy(gateway(), subscription.id(), policy));
                }
            }
            if (setting.has(Feature.UPDATE_FUNCTION)) {
                possible.add(new Action.ChangeFunction(gateway(), subscription.id(), one(FUNCTIONS)));
            }
            if (setting.has(Feature.DELETE)) {
                possible.add(new Action.Unsubscribe(gateway(), subscription.id()));
                possible.add(subscribe(subscription.id()));
            }
        }

        private void deadLetters(List<Action> possible) {
            String function = setting.has(Feature.REDRIVE_ELSEWHERE) ? one(FUNCTIONS) : null;
            if (setting.has(Feature.REDRIVE)) {
                possible.add(new Action.RedriveOne(gateway(), random.nextBoolean(), function));
                possible.add(new Action.RedriveAll(gateway(), 0, function));
            }
            if (setting.has(Feature.REDRIVE_AT_RATE)) {
                possible.add(new Action.RedriveAll(gateway(), 1 + random.nextInt(3), function));
            }
            if (setting.has(Feature.PURGE)) {
                possible.add(new Action.PurgeOne(gateway(), random.nextBoolean()));
                possible.add(new Action.PurgeAll(gateway()));
            }
            if (setting.has(Feature.ERASE)) {
                possible.add(new Action.Erase(gateway(), "k" + (1 + random.nextInt(3))));
            }
        }

        private void others(List<Action> possible) {
            if (setting.has(Feature.HANDLER_HANGS)) {
                possible.add(new Action.Release());
            }
            if (setting.has(Feature.WALL_JUMPS)) {
                possible.add(new Action.JumpWall(Duration.ofSeconds(random.nextInt(-120, 120))));
            }
            if (setting.has(Feature.STORE_CLOCK_JUMPS) && setting.has(Feature.SHARED_STORE)) {
                possible.add(new Action.JumpStoreClock(Duration.ofMillis(random.nextInt(9_000))));
            }
            if (setting.has(Feature.AWAIT_IDLE)) {
                possible.add(new Action.AwaitIdle(gateway(), Duration.ofMillis(random.nextInt(5_000))));
            }
            if (setting.has(Feature.INVOKE)) {
                possible.add(new Action.Invoke(gateway(), one(FUNCTIONS)));
            }
            if (setting.has(Feature.CLOSE) && random.nextInt(4) == 0) {
                possible.add(new Action.Close(gateway()));
            }
            if (setting.gateways() > 1) {
                if (setting.has(Feature.CRASH) && random.nextInt(3) == 0) {
                    possible.add(new Action.Crash(gateway()));
                }
                if (setting.has(Feature.PAUSE)) {
                    possible.add(new Action.Pause(gateway(), Duration.ofMillis(random.nextInt(9_000))));
                }
            }
        }

        private Action emit() {
            if (setting.has(Feature.BURST) && random.nextInt(5) == 0) {
                return new Action.Burst(gateway(), one(TYPES), key(), 3 + random.nextInt(20));
            }
            if (setting.has(Feature.EMIT_ALL) && random.nextInt(4) == 0) {
                List<Action.Emit> events = new ArrayList<>();
                int count = 1 + random.nextInt(4);
                int gateway = gateway();
                for (int i = 0; i < count; i++) {
                    events.add(
                            new Action.Emit(gateway, one(TYPES), key(), random.nextInt(60), null, null, null, false));
                }
                return new Action.EmitAll(gateway, events);
            }
            Duration delay = setting.has(Feature.DELAYS) && random.nextInt(4) == 0
                    ? Duration.ofMillis(1 + random.nextInt(8_000))
                    : null;
            Duration expiry = setting.has(Feature.EXPIRY) && random.nextInt(4) == 0
                    ? Duration.ofMillis(8_001 + random.nextInt(8_000))
                    : null;
            String duplicate =
                    setting.has(Feature.DUPLICATES) && random.nextInt(3) == 0 ? "d" + random.nextInt(3) : null;
            boolean emits = setting.has(Feature.EMIT_WHEN_COMPLETE) && random.nextInt(3) == 0;
            return new Action.Emit(gateway(), one(TYPES), key(), random.nextInt(60), delay, expiry, duplicate, emits);
        }
    }
}
