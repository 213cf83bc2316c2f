package io.eventgateway.simulation;

import io.eventgateway.EventGateway;
import io.eventgateway.delivery.Backoff;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.spi.EventStore;
import io.eventgateway.spi.InMemoryStores;
import io.eventgateway.spi.SubscriptionStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The gateways of one history with everything that is known of them from outside. Only the step that runs uses it. */
final class World {
    final Plan plan;
    final Scheduler scheduler;
    final List<Node> nodes = new ArrayList<>();
    final List<Emitted> emitted = new ArrayList<>();
    final Map<String, Emitted> byId = new HashMap<>();
    final List<Call> calls = new ArrayList<>();
    /** The calls that were made for an event, by its id. */
    final Map<String, List<Call>> callsOf = new HashMap<>();

    final Map<String, SubscriptionModel> subscriptions = new TreeMap<>();
    final CallChecks callChecks;
    final EmissionChecks emissionChecks;
    /** What all gateways share; null when each has its own. */
    final @Nullable EventStore shared;

    private final @Nullable Backing backing;
    private final SeenLeases leases;

    private final Map<String, String> names = new HashMap<>();
    private final @Nullable StringBuilder log;
    /** Whether nothing fails, hangs or waits any more. */
    boolean calm;
    /** How often hanging handlers were let go. */
    int released;
    /** Whether a lease may have been lost, so that a delivery may be made twice. */
    boolean leasesLost;
    /** Whether dead letters were delivered again. */
    boolean redriven;
    /** Whether dead letters went away otherwise. */
    boolean purged;

    /** Whether the gateways are there. */
    boolean built;

    /** How many callers wait for a function. */
    int invoking;

    World(Plan plan, Scheduler scheduler, @Nullable StringBuilder log) {
        this.plan = plan;
        this.scheduler = scheduler;
        this.log = log;
        this.callChecks = new CallChecks(this);
        this.emissionChecks = new EmissionChecks(this);
        Setting setting = plan.setting();
        SubscriptionStore subscriptionStore = SubscriptionStore.inMemory();
        this.backing =
                setting.has(Feature.SHARED_STORE) ? plan.store().open(setting, scheduler, new StoreTemper(this)) : null;
        this.shared = backing == null ? null : backing.open();
        this.leases = new SeenLeases(scheduler::storeInstant, () -> leasesLost = true);
        for (int i = 0; i < setting.gateways(); i++) {
            nodes.add(node(new Host("g" + i), subscriptionStore));
        }
        built = true;
    }

    Setting setting() {
        return plan.setting();
    }

    /** Whether an event may be delivered twice without fault of the engine. */
    boolean mayRepeat() {
        return shared != null && (leasesLost || isObservedThroughAnOutage());
    }

    /**
     * Whether calls may take longer than the functions do: what listens to calls is told on the thread that calls, before the call and
     * before it counts as made, and each of these events is appended, which takes time while the store is away.
     */
    boolean isObservedThroughAnOutage() {
        return mayFail() && (setting().has(Feature.LISTENER) || setting().has(Feature.LISTENER_FAILS));
    }

    /** Returns whether a call of the store that all share may fail. */
    boolean mayFail() {
        return shared != null
                && (setting().has(Feature.STORE_FAILS) || setting().has(Feature.STORE_LOSES_ANSWERS));
    }

    private Node node(Host process, SubscriptionStore subscriptionStore) {
        Setting setting = setting();
        SimulatedTime time = new SimulatedTime(scheduler, process);
        EventGateway.Builder builder = EventGateway.builder()
                .clock(time.clock())
                .discoverInvokers(false)
                .closeOnExit(false)
                .defaultDelivery(DeliveryPolicy.builder()
                        .backoff(Backoff.fixed(Duration.ofMillis(700)))
                        .build())
                .backlog(setting.backlog())
                .shutdownTimeout(setting.shutdownTimeout());
        Backing behind = backing;
        if (behind == null) {
            builder.stores(InMemoryStores.builder()
                    .deadLetters(setting.deadLetters(), setting.overflow())
                    .history(setting.retention())
                    .build());
        } else {
            builder.stores(new SimulatedStore(
                    behind, subscriptionStore, Setting.LEASE, scheduler, process, new StoreTemper(this), leases));
        }
        if (setting.has(Feature.INTERCEPTOR)) {
            builder.emitInterceptor((event, chain) -> emissionChecks.watched(event, chain.proceed(event)));
        }
        if (setting.breaker() != null) {
            builder.circuitBreaker(setting.breaker());
        }
        EventGateway gateway = builder.build();
        Node node = new Node(process, gateway);
        for (String function : Plan.FUNCTIONS) {
            gateway.functions().registerOrUpdate(function, new SimulatedFunction(this, node, function));
        }
        for (String function : List.of("graveyard", "listener")) {
            gateway.functions().registerOrUpdate(function, new SimulatedFunction(this, node, function));
        }
        return node;
    }

    /** Names for events that are the same in each run; the gateway's own events have random ids. */
    List<String> names(List<String> ids) {
        List<String> known = new ArrayList<>(ids.size());
        for (String id : ids) {
            known.add(
                    id.startsWith("e") || id.startsWith("reply-e")
                            ? id
                            : names.computeIfAbsent(id, key -> "own-" + names.size()));
        }
        return known;
    }

    SubscriptionModel subscription(String id) {
        return subscriptions.computeIfAbsent(id, SubscriptionModel::new);
    }

    /** The calls that were made for an event and a subscription. */
    List<Call> callsOf(String event, String subscription) {
        List<Call> found = new ArrayList<>();
        for (Call call : callsOf.getOrDefault(event, List.of())) {
            if (subscription.equals(call.subscription)) {
                found.add(call);
            }
        }
        return found;
    }

    /** Whether what was kept may have been discarded. */
    boolean mayDiscard() {
        return setting().has(Feature.DISCARD);
    }

    /** Ends the store that all share. */
    void close() {
        if (backing != null) {
            backing.close();
        }
    }

    /** Notes a line of the history, if anybody wants to read it. */
    void note(String what) {
        if (log != null && !scheduler.isFinished()) {
            log.append(String.format("%6d %9.3fs  %s%n", scheduler.step(), scheduler.nanoTime() / 1e9, what));
        }
    }

    boolean isNoting() {
        return log != null;
    }
}
