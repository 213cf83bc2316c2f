package io.eventgateway.internal.delivery;

import io.eventgateway.Event;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationResult;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.BacklogPolicy;
import io.eventgateway.delivery.BacklogStatus;
import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.error.BacklogFullException;
import io.eventgateway.internal.counters.Counters;
import io.eventgateway.internal.invocation.Causes;
import io.eventgateway.internal.invocation.Invocations;
import io.eventgateway.internal.invocation.RegisteredFunction;
import io.eventgateway.internal.log.DeliveryLog;
import io.eventgateway.internal.observation.GatewayObserver;
import io.eventgateway.internal.time.DrivenClock;
import io.eventgateway.internal.time.GatewayTimer;
import io.eventgateway.spi.EventStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The delivery of events to their targets: sync ones on the emitter's thread, all others on the gateway's. It has one of each thing that
 * a delivery meets on its way, from its {@link Acceptance} to its {@link Settlement}, and ends them all. Thread-safe.
 */
public final class DeliveryEngine {
    private final Invocations invocations;
    private final @Nullable GatewayObserver observer;
    private final @Nullable DrivenClock driver;
    private final Backlog backlog;
    private final Workers workers;
    private final Dispatcher dispatcher;
    private final DeliveryScheduler scheduler;
    private final DeliveryStore deliveryStore;
    private final StoreSharing sharing;
    private final UnaryOperator<Event> adopt;

    private final Counters counters;
    private final LiveDeliveries live = new LiveDeliveries();
    private final HeldKeys heldKeys = new HeldKeys();
    private final EvictionQueue evictions;
    private final SubscriptionQueues queues;
    private final Breakers breakers;
    private final FailureStreaks streaks;
    private final Acceptance acceptance;
    private final DirectCalls directCalls;
    private final AwaitedCalls awaitedCalls;
    private final Settlement settlement;
    private final DeadLetterForwarding forwarding;
    private final FailureLog failureLog;
    private final Targets targets;
    private final Drain drain;

    /** Creates the engine, with its threads. */
    public DeliveryEngine(Invocations invocations, EngineSettings settings) {
        this.invocations = invocations;
        InstantSource clock = invocations.clock();
        LongSupplier timer = invocations.timer();
        this.observer = settings.observer();
        this.driver = DrivenClock.of(clock);
        this.counters = new Counters(clock);
        this.workers =
                Workers.of(settings.threads().executor(), settings.threads().number(), driver);
        this.queues = new SubscriptionQueues(this, settings.defaults().circuitBreaker() != null);
        this.scheduler =
                new DeliveryScheduler(timer, GatewayTimer.isSystem(clock), driver, live, new CrowdRelief(this)::look);
        workers.onShortage(scheduler::lookOften);
        this.dispatcher = new Dispatcher(workers, live, scheduler);
        this.failureLog = new FailureLog(new DeliveryLog(clock), driver == null ? scheduler : null);
        this.breakers = new Breakers(settings.defaults().circuitBreaker(), scheduler);
        this.streaks = new FailureStreaks(this);
        this.evictions = new EvictionQueue(this, settings.backlog().policy() == BacklogPolicy.DROP_OLDEST);
        DrivenClock driven = driver;
        this.backlog = new Backlog(
                settings.backlog(),
                evictions::evictOldest,
                driven == null ? null : new DrivenWaiting(driven, this::isBusy));
        EngineSettings.Storage storage = settings.storage();
        this.sharing = storage.sharing().of(this);
        this.deliveryStore = new DeliveryStore(storage.store(), storage.shared(), sharing::instance, driver);
        this.adopt = storage.adopt();
        this.acceptance = new Acceptance(this, driver);
        this.directCalls = new DirectCalls(this);
        this.awaitedCalls = new AwaitedCalls(this, driver);
        this.settlement = new Settlement(this);
        this.forwarding = new DeadLetterForwarding(this, settings.defaults());
        this.targets = new Targets(this, settings.defaults());
        this.drain = new Drain(this);
        if (!storage.shared()) {
            storage.store().onDeadLetterGone(heldKeys::gone);
        }
        scheduler.start(); // last, since its thread sees all of this
    }

    // ------------------------------------------------------------------- what a delivery meets, for those who are met

    /** Returns the calls of functions. */
    public Invocations invocations() {
        return invocations;
    }

    InstantSource clock() {
        return invocations.clock();
    }

    /** Returns the driver that makes deliveries in place of threads; null where there are threads. */
    public @Nullable DrivenClock driver() {
        return driver;
    }

    /** Returns the observer that is told of every emission; null for none. */
    public @Nullable GatewayObserver observer() {
        return observer;
    }

    /** Returns the counters of events and deliveries. */
    public Counters counters() {
        return counters;
    }

    /** Returns the room for deliveries. */
    public Backlog backlog() {
        return backlog;
    }

    Workers workers() {
        return workers;
    }

    Dispatcher dispatcher() {
        return dispatcher;
    }

    /** Returns the scheduler of this gateway. */
    public DeliveryScheduler scheduler() {
        return scheduler;
    }

    /** Returns the engine's side of the event store. */
    public DeliveryStore deliveryStore() {
        return deliveryStore;
    }

    /** Returns the sharing of the event store with other gateways. */
    public StoreSharing sharing() {
        return sharing;
    }

    LiveDeliveries live() {
        return live;
    }

    /** Returns the deliveries that are live at this moment. */
    public List<Delivery> liveDeliveries() {
        return live.all();
    }

    HeldKeys heldKeys() {
        return heldKeys;
    }

    /** Returns whether the gateway closes: no more events come, so a batch that is not full is sent as it is. */
    boolean isDraining() {
        return drain.hasBegun();
    }

    SubscriptionQueues queues() {
        return queues;
    }

    Breakers breakers() {
        return breakers;
    }

    /** Returns for how long subscriptions fail. */
    public FailureStreaks streaks() {
        return streaks;
    }

    FailureLog failureLog() {
        return failureLog;
    }

    Settlement settlement() {
        return settlement;
    }

    DeadLetterForwarding forwarding() {
        return forwarding;
    }

    /** Returns the time. */
    public Instant now() {
        return clock().instant();
    }

    /** Returns where events are kept. */
    public EventStore store() {
        return deliveryStore.store();
    }

    /** Returns the targets of subscriptions. */
    public Targets targets() {
        return targets;
    }

    // ----------------------------------------------------------------------------------------- the way of a delivery

    /**
     * Accepts an event: its async deliveries are on their way when this returns, its sync ones are still to be {@linkplain
     * #callSync made}. Room for the async ones is taken before anything is delivered, so that a full backlog leaves nothing
     * half-done.
     *
     * @param settings null for the ordinary ones
     * @param insideHandler whether the event is emitted by what this thread handles
     * @throws BacklogFullException if the backlog has no room
     */
    public PendingEmission accept(Routed routed, @Nullable EmitSettings settings, boolean insideHandler) {
        return acceptance.accept(routed, settings, insideHandler);
    }

    /**
     * Accepts a system event, whose async deliveries take no room in the backlog: whoever emits it bounds them. It waits for
     * nothing, and nothing is dropped to make room for it; in all else its deliveries are like others.
     */
    public PendingEmission acceptSystem(Routed routed) {
        return acceptance.acceptSystem(routed);
    }

    /** Accepts events as {@link #accept} does, all of them or none. */
    public List<PendingEmission> acceptAll(List<Routed> all, @Nullable EmitSettings settings, boolean insideHandler) {
        return acceptance.acceptAll(all, settings, insideHandler);
    }

    /** Makes the sync deliveries of an accepted event. */
    public void callSync(PendingEmission emission, Target[] sync, @Nullable Object[] slot) {
        try {
            directCalls.make(emission, sync, slot);
        } finally {
            emission.allSyncEnded();
        }
    }

    /**
     * Calls a function for a caller who waits for the outcome, within the time from now on.
     *
     * <p>On a pool's thread the call is made right there: waiting for another thread of the pool could be for ever.
     *
     * @return a future that ends with the result or an {@link InvocationException}, in time
     * @throws BacklogFullException if the backlog has no room
     */
    public CompletableFuture<InvocationResult> call(
            RegisteredFunction function,
            @Nullable Subscription subscription,
            Event event,
            Duration timeout,
            boolean insideHandler) {
        return awaitedCalls.call(function, subscription, event, timeout, insideHandler);
    }

    /** Calls the function of a target, within the time of its policy. */
    public CompletableFuture<InvocationResult> call(Target target, Event event, boolean insideHandler) {
        return call(target.function(), target.subscription(), event, target.timeout(), insideHandler);
    }

    /** Waits for the result of {@link #call}, which ends by itself. */
    public InvocationResult await(CompletableFuture<InvocationResult> result, String functionId) {
        return awaitedCalls.await(result, functionId);
    }

    /** Makes the emission of a delivery that the store has given to this gateway. */
    public PendingEmission emissionOf(EventStore.Delivery delivery, Target target) {
        PendingEmission emission =
                new PendingEmission(this, adopt.apply(delivery.event()), Target.NONE, new Target[] {target});
        if (observer != null) {
            observer.emitted(emission, true);
        }
        return emission;
    }

    /**
     * Takes up a dead letter that is redriven, with the key that it held; room for it has been taken.
     *
     * @param instance the name under which it was leased
     */
    PendingEmission redriven(String instance, EventStore.Lease lease, Target target, @Nullable Instant dueAt) {
        PendingEmission emission = emissionOf(lease.delivery(), target);
        EmittedDelivery delivery = sharing.redriven(emission, instance, lease);
        KeyOrder.Permit held = heldKeys.take(delivery.id());
        if (held != null) {
            held.giveTo(delivery);
            delivery.keyPermit(held);
        }
        start(delivery, dueAt);
        return emission;
    }

    /** Starts a delivery, for which room has been taken. */
    public void start(EmittedDelivery delivery, @Nullable Instant dueAt) {
        boolean straight = dueAt == null && driver == null && delivery.target().queue() == null;
        boolean open = live.accepted(delivery, straight);
        evictions.add(
                delivery); // after that, since an eviction ends it at once, and what has ended must not be registered
        // any more
        if (open) {
            delivery.start(dueAt);
        } else {
            delivery.abandon(); // accepted while the gateway closed
        }
    }

    /** A delivery has ended, and given back all that it held. */
    public void ended(EmittedDelivery delivery) {
        evictions.remove(delivery);
        live.ended(delivery);
        backlog.changed();
    }

    /** Keeps an event's deliveries as dead letters, though nobody attempts them. */
    public void keepDead(Event event, Target[] targets, DeadLetter.Reason reason, String message) {
        forwarding.keepDead(event, targets, reason, message);
    }

    /** Delivers a dead letter to the function that gets it, by the gateway's policy; what is given up of that is no dead letter. */
    public PendingEmission forward(RegisteredFunction function, Event event) {
        return forwarding.forward(function, event);
    }

    /** Forgets everything about the events of a subject, ends what waits of them, and returns how many events that were. */
    public long erase(String space, String subject) {
        return new Erasure(this, space, subject).run();
    }

    // -------------------------------------------------------------------------------------------------- work and time

    /** Runs what may run foreign callbacks on a worker; on a thread of its own, or here, when there is none any more. */
    public void offThisThread(Runnable ending) {
        dispatcher.offThisThread(ending);
    }

    /** Runs a task on a worker in that time; not at all when the gateway closes before. */
    public void later(Duration in, Runnable task) {
        scheduler.schedule(in, () -> offThisThread(task));
    }

    /** Runs a step and what it gives to the driver; what a handler emits is left to whoever runs the handler. */
    void together(Runnable step) {
        if (driver == null || Causes.slot()[0] != null) {
            step.run();
        } else {
            driver.together(step);
        }
    }

    /** Returns whether an attempt is under way, but for those that this thread is running. */
    boolean isBusy() {
        return live.isBusyWithout(Delivery.onThisThread());
    }

    /** Returns whether threads do the work; where there are none, runs what there is to run until the condition holds. */
    boolean hasThreads(BooleanSupplier until, Duration atMost) {
        if (driver == null) {
            return true;
        }
        driver.await(until, this::isBusy, atMost);
        return false;
    }

    // ------------------------------------------------------------------------------------------------- the whole of it

    /** Returns how full the backlog is. */
    public BacklogStatus status() {
        return backlog.status();
    }

    /** Waits until no delivery runs, is ready, or is due before the wait is over; but for those that this thread is running. */
    public boolean awaitIdle(Duration atMost) {
        return drain.awaitIdle(atMost, Delivery.onThisThread());
    }

    /** Returns whether nothing is delivered any more. */
    public boolean isClosed() {
        return live.isClosed();
    }

    /** Waits for what can end in that time, then ends what is left, and says what that was. */
    public void close(Duration atMost) {
        drain.close(atMost);
    }

    /** Returns how many queues of subscriptions the gateway has; for tests. */
    public int queueCount() {
        return queues.size();
    }

    /** Returns how many breakers of functions the gateway has; for tests. */
    public int breakerCount() {
        return breakers.size();
    }

    /**
     * Checks that the registry, the backlog and the permits agree; for tests.
     *
     * @throws IllegalStateException if they don't
     */
    public void checkInvariants() {
        new Invariants(this).check();
    }
}
