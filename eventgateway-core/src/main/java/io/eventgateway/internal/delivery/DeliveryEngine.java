package io.eventgateway.internal.delivery;

import io.eventgateway.Event;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationResult;
import io.eventgateway.Subscription;
import io.eventgateway.SystemEvent;
import io.eventgateway.delivery.BacklogPolicy;
import io.eventgateway.delivery.BacklogStatus;
import io.eventgateway.delivery.CircuitBreakerPolicy;
import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.delivery.Pause;
import io.eventgateway.delivery.RateLimit;
import io.eventgateway.delivery.RetryOn;
import io.eventgateway.error.BacklogFullException;
import io.eventgateway.internal.invocation.Cause;
import io.eventgateway.internal.invocation.Invocations;
import io.eventgateway.internal.invocation.RegisteredFunction;
import io.eventgateway.internal.log.DeliveryLog;
import io.eventgateway.internal.time.DrivenClock;
import io.eventgateway.internal.time.GatewayTimer;
import io.eventgateway.spi.EventStore;
import io.eventgateway.spi.EventStore.Terms;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes events to their targets: sync ones on the emitter's thread, all others on the gateway's. */
public final class DeliveryEngine {
    private static final Logger log = LoggerFactory.getLogger(DeliveryEngine.class);

    /** The extension of an event for a function that gets dead letters: the id of the dead letter. */
    public static final String DEAD_LETTER_ID = "deadletterid";

    private static final String HANDING_ON = "gateway.deadLetter";
    /** How long after no thread could be started that is tried again. */
    private static final Duration UNTIL_THREADS = Duration.ofMillis(20);

    private final Invocations invocations;
    private final @Nullable DrivenClock driver;
    private final Backlog backlog;
    private final Workers workers;
    private final DeliveryScheduler clockwork;
    private final DeliveryStore ledger;
    private final RemoteDeliveries elsewhere;
    private final OpenTransactions commits;
    private final UnaryOperator<Event> adopt;
    /** To look for deliveries in the store soon; set before the first event. */
    private volatile Runnable lookSoon = () -> {};

    private final LiveDeliveries live = new LiveDeliveries();
    private final HeldKeys heldKeys = new HeldKeys();
    private final SubscriptionQueues queues;
    private final Breakers breakers;
    private final Settlement settlement;
    private final FailureLog failureLog;
    /** Whether the gateway closes: no more events come, so a batch that is not full is sent as it is. */
    private volatile boolean draining;

    private final DirectCalls directCalls;
    private final Map<String, Predicate<InvocationException>> predicates;
    private final DeliveryPolicy defaultPolicy;
    private final EffectivePolicy handingOn;
    /** The deliveries that DROP_OLDEST may evict, oldest first; empty unless the backlog's policy asks for that. */
    private final NavigableMap<EventStore.DeliveryId, EmittedDelivery> byAge = new ConcurrentSkipListMap<>();

    private final boolean dropsOldest;

    /** What the gateway's settings say of threads; null parts for what they don't say. */
    public record Threads(
            @Nullable Executor executor, @Nullable Integer number) {}

    /** The bounds of this room. */
    public record Limits(io.eventgateway.delivery.Backlog backlog, Threads threads) {}

    /**
     * How deliveries are made where nothing else is said.
     *
     * @param predicates the retry predicates, by name
     * @param circuitBreaker null for none
     */
    public record Defaults(
            DeliveryPolicy policy,
            Map<String, Predicate<InvocationException>> predicates,
            @Nullable CircuitBreakerPolicy circuitBreaker) {
        /** Copies the predicates. */
        public Defaults {
            predicates = Map.copyOf(predicates);
        }
    }

    /**
     * Where deliveries are kept.
     *
     * @param shared whether others may look into the store
     * @param lease how long a lease is
     * @param names new names for this gateway, as the store knows it
     * @param adopt makes an event that the store has read like one that was emitted here
     */
    public record Storage(
            EventStore store, boolean shared, Duration lease, Supplier<String> names, UnaryOperator<Event> adopt) {}

    /** The room, with its threads. */
    public DeliveryEngine(Invocations invocations, Storage storage, Limits limits, Defaults defaults) {
        this.invocations = invocations;
        InstantSource clock = invocations.clock();
        this.driver = DrivenClock.of(clock);
        this.dropsOldest = limits.backlog().policy() == BacklogPolicy.DROP_OLDEST;
        this.workers = Workers.of(limits.threads().executor(), limits.threads().number(), driver);
        LongSupplier timer = invocations.timer();
        this.queues = new SubscriptionQueues(this, defaults.circuitBreaker() != null);
        this.settlement = new Settlement(this);
        this.clockwork =
                new DeliveryScheduler(timer, GatewayTimer.isSystem(clock), driver, live, new CrowdRelief(this)::look);
        workers.onShortage(clockwork::lookOften);
        this.failureLog = new FailureLog(new DeliveryLog(clock), driver == null ? clockwork : null);
        this.breakers = new Breakers(defaults.circuitBreaker(), clockwork);
        DrivenClock driven = driver;
        this.backlog = new Backlog(
                limits.backlog().bound(),
                limits.backlog().bytes(),
                limits.backlog().policy(),
                limits.backlog().maxWait(),
                this::dropOldest,
                driven == null ? null : (condition, atMost) -> driven.await(condition, clockwork::isBusy, atMost));
        this.ledger = new DeliveryStore(storage, timer);
        this.elsewhere = new RemoteDeliveries(this);
        this.commits = new OpenTransactions(this);
        this.adopt = storage.adopt();
        this.directCalls = new DirectCalls(this);
        this.predicates = defaults.predicates();
        this.defaultPolicy = defaults.policy();
        this.handingOn = EffectivePolicy.ofHandingOn(defaultPolicy, predicates);
        if (!ledger.isShared()) {
            ledger.store().onDeadLetterGone(heldKeys::gone);
        }
        clockwork.start(); // last, since its thread sees all of this
    }

    Invocations invocations() {
        return invocations;
    }

    InstantSource clock() {
        return invocations.clock();
    }

    @Nullable DrivenClock driver() {
        return driver;
    }

    Backlog backlog() {
        return backlog;
    }

    Workers workers() {
        return workers;
    }

    DeliveryScheduler clockwork() {
        return clockwork;
    }

    DeliveryStore ledger() {
        return ledger;
    }

    LiveDeliveries live() {
        return live;
    }

    HeldKeys heldKeys() {
        return heldKeys;
    }

    boolean isDraining() {
        return draining;
    }

    SubscriptionQueues queues() {
        return queues;
    }

    Breakers breakers() {
        return breakers;
    }

    FailureLog failureLog() {
        return failureLog;
    }

    Settlement settlement() {
        return settlement;
    }

    RemoteDeliveries elsewhere() {
        return elsewhere;
    }

    OpenTransactions commits() {
        return commits;
    }

    void lookSoonBy(Runnable look) {
        lookSoon = look;
    }

    /** The time. */
    public Instant now() {
        return clock().instant();
    }

    /** Keeps an event's deliveries as dead letters, though nobody attempts them. */
    public void keepDead(Event event, Target[] targets, DeadLetter.Reason reason, String message) {
        List<EventStore.DeliveryId> ids = ledger.keepDead(event, now(), targets, reason, message, null, 0);
        for (int i = 0; i < targets.length; i++) {
            deadLettered(targets[i], Cause.of(event), ids == null ? null : ids.get(i), reason, message, 0, null);
        }
    }

    /** How full the backlog is. */
    public BacklogStatus status() {
        return backlog.status();
    }

    /** Makes a subscription as it is now ready for delivery, by its policy and the gateway's. */
    public Target configure(Subscription subscription, RegisteredFunction function) {
        return queues.configure(subscription, function, policy(subscription), pausedFor(subscription.pause()));
    }

    /** Checks that a subscription could be configured; throws what {@link #configure} would throw, and changes nothing. */
    public void check(Subscription subscription) {
        RateLimit rateLimit = policy(subscription).rateLimit();
        if (rateLimit != null) {
            new TokenBucket(rateLimit, 0).nanosUntilToken(0);
        }
    }

    /** For how long a pause goes on; 0 for no pause, {@link Long#MAX_VALUE} for one that only a resume ends. */
    private long pausedFor(@Nullable Pause pause) {
        Instant now = clock().instant();
        if (pause == null || !pause.isOnAt(now)) {
            return 0;
        }
        Instant until = pause.until();
        return until == null ? Long.MAX_VALUE : Math.max(1, DeliveryScheduler.nanos(Duration.between(now, until)));
    }

    /** A target for a delivery that was accepted before, of a subscription as it is now; that changes nothing for others. */
    public Target find(Subscription subscription, RegisteredFunction function) {
        if (subscription.id().equals(HANDING_ON)) {
            return new Target(subscription, function, handingOn, null);
        }
        return queues.find(subscription, function, policy(subscription));
    }

    private EffectivePolicy policy(Subscription subscription) {
        return EffectivePolicy.of(subscription.delivery(), defaultPolicy, subscription.mode(), predicates);
    }

    /** A subscription was deleted: what it held is forgotten when its last delivery has ended. */
    public void subscriptionDeleted(String space, String subscriptionId) {
        queues.retire(space, subscriptionId);
    }

    /** A function was deleted. */
    public void functionDeleted(RegisteredFunction function) {
        breakers.forget(function);
    }

    /** The retry predicate that a policy names and this gateway does not have; null when there is none. */
    public @Nullable String lackingPredicate(@Nullable DeliveryPolicy policy) {
        RetryOn retryOn = policy == null ? null : policy.retryOn();
        String name = retryOn == null ? null : retryOn.predicate();
        return name == null || predicates.containsKey(name) ? null : name;
    }

    /** An event with whom it goes to, and how many bytes its data takes. */
    @SuppressWarnings("ArrayRecordComponent") // never compared, and a list would cost each event
    public record Routed(String space, Event event, Target[] sync, Target[] async, long bytes) {}

    /**
     * What an emitter wants beyond the ordinary; null parts for nothing.
     *
     * @param transaction what the event is to be written in
     * @param afterCommit is given what is to run after the transaction's commit
     * @param replayOf the position of the event that is delivered again; 0 for a new one
     */
    public record EmitSettings(
            @Nullable Instant notBefore,
            @Nullable Duration expiry,
            @Nullable Object transaction,
            @Nullable Consumer<Runnable> afterCommit,
            long replayOf) {
        static final EmitSettings NONE = new EmitSettings(null, null, null, null, 0);

        /** Delivered again, for an event of the history. */
        public static EmitSettings replayOf(long position) {
            return new EmitSettings(null, null, null, null, position);
        }

        /** Whether the emitter's thread may not call sync functions: because it is too early to. */
        public boolean isForLater() {
            return notBefore != null || transaction != null;
        }
    }

    /**
     * Accepts an event: its async deliveries are on their way when this returns, its sync ones are still to be {@linkplain
     * #callSync made}. Room for the async ones is taken before anything is delivered, so that a full backlog leaves nothing
     * half-done.
     *
     * @param insideHandler whether the event is emitted by what this thread handles
     * @throws BacklogFullException if the backlog has no room
     */
    public PendingEmission accept(Routed routed, @Nullable EmitSettings wishes, boolean insideHandler) {
        PendingEmission emission = new PendingEmission(this, routed.event(), routed.sync(), routed.async());
        EmitSettings wanted = wishes == null ? EmitSettings.NONE : wishes;
        if (ledger.isTold() || wanted.transaction() != null) {
            if (routed.async().length > 0 || ledger.hasHistory() || wanted.transaction() != null) {
                handOver(List.of(routed), List.of(emission), wanted, insideHandler);
            }
        } else if (routed.async().length > 0) {
            startHere(emission, routed, wanted, insideHandler);
        }
        return emission;
    }

    /**
     * Accepts a system event, whose async deliveries take no room in the backlog: whoever emits it bounds them. It waits for
     * nothing, and nothing is dropped to make room for it; in all else its deliveries are like others.
     */
    public PendingEmission acceptSystem(Routed routed) {
        PendingEmission emission = new PendingEmission(this, routed.event(), routed.sync(), routed.async());
        emission.takesNoRoom();
        if (routed.async().length > 0 || ledger.hasHistory()) {
            Terms terms = terms(EmitSettings.NONE);
            if (ledger.isTold()) {
                handOver(List.of(routed), List.of(emission), EmitSettings.NONE, true);
            } else {
                startTogether(emission, terms, routed.async().length);
            }
        }
        return emission;
    }

    /** Where no store is told, there is less to do. */
    private void startHere(PendingEmission emission, Routed routed, EmitSettings wishes, boolean insideHandler) {
        int count = routed.async().length;
        long bytes = routed.bytes();
        if (!backlog.take(count, bytes, insideHandler)) {
            drop(emission, routed);
            return;
        }
        if (bytes > 0) {
            emission.holds(bytes);
        }
        startTogether(emission, terms(wishes), count);
    }

    private void startTogether(PendingEmission emission, Terms terms, int count) {
        if (driver == null) {
            startAll(emission, terms, count);
        } else {
            driver.together(() -> startAll(emission, terms, count));
        }
    }

    private void startAll(PendingEmission emission, Terms terms, int count) {
        for (int i = 0; i < count; i++) {
            started(new EmittedDelivery(this, emission, i, terms, null), terms.notBefore());
        }
    }

    /** As {@link #accept}, for events that are all accepted or none of them. */
    public List<PendingEmission> acceptAll(List<Routed> all, @Nullable EmitSettings wishes, boolean insideHandler) {
        List<PendingEmission> emissions = new ArrayList<>(all.size());
        for (Routed routed : all) {
            emissions.add(new PendingEmission(this, routed.event(), routed.sync(), routed.async()));
        }
        handOver(all, emissions, wishes == null ? EmitSettings.NONE : wishes, insideHandler);
        return emissions;
    }

    /** Makes the sync deliveries of an accepted event. */
    public void callSync(PendingEmission emission, Target[] sync, @Nullable Object[] slot) {
        try {
            directCalls.make(emission, sync, slot);
        } finally {
            emission.allSyncEnded();
        }
    }

    private void handOver(
            List<Routed> all, List<PendingEmission> emissions, EmitSettings wishes, boolean insideHandler) {
        Terms terms = terms(wishes);
        boolean waitsInStore = ledger.isShared() && isPutOff(terms);
        boolean uncommitted = wishes.transaction() != null;
        boolean outside = !emissions.isEmpty() && !emissions.get(0).takesRoom(); // then it is the only one
        List<boolean[]> here = new ArrayList<>(all.size());
        int room = 0;
        long bytes = 0;
        for (Routed routed : all) {
            boolean[] ours = here(routed.async(), waitsInStore);
            here.add(ours);
            for (boolean our : ours) {
                room += our && !uncommitted && !outside ? 1 : 0; // room for those is taken when they begin
            }
            bytes += routed.async().length == 0 || uncommitted ? 0 : routed.bytes();
        }
        if (room > 0 && !backlog.take(room, bytes, insideHandler)) {
            for (int i = 0; i < all.size(); i++) {
                drop(emissions.get(i), all.get(i));
            }
            return;
        }
        List<DeliveryStore.StoredEmission> kept;
        try {
            kept = ledger.accept(entries(all, here, terms, wishes), wishes.transaction());
        } catch (RuntimeException e) {
            if (room > 0) {
                backlog.giveBack(room);
                backlog.giveBackBytes(bytes);
            }
            throw e;
        }
        for (int i = 0; i < all.size(); i++) {
            PendingEmission emission = emissions.get(i);
            long own = all.get(i).bytes();
            if (room > 0 && own > 0 && emission.asyncTargets().length > 0) {
                emission.holds(own);
            }
            DeliveryStore.StoredEmission stored = kept == null ? null : kept.get(i);
            emission.position(stored == null ? 0 : stored.position());
            boolean[] ours = here.get(i);
            if (driver == null) {
                start(emission, terms, stored, ours, wishes);
            } else {
                driver.together(() -> start(emission, terms, stored, ours, wishes));
            }
        }
    }

    /** Whether it can wait where it takes no memory, and anybody may deliver it then. */
    private static boolean isPutOff(Terms terms) {
        Instant notBefore = terms.notBefore();
        return notBefore != null && notBefore.isAfter(terms.acceptedAt().plus(DeliveryStore.HORIZON));
    }

    private boolean[] here(Target[] targets, boolean waitsInStore) {
        boolean[] here = new boolean[targets.length];
        for (int i = 0; i < here.length; i++) {
            RegisteredFunction function = targets[i].function();
            boolean elsewhere = ledger.isShared() && function.isPresent() && !function.isCallable();
            here[i] = !waitsInStore && !elsewhere;
        }
        return here;
    }

    private static List<DeliveryStore.Entry> entries(
            List<Routed> all, List<boolean[]> here, Terms terms, EmitSettings wishes) {
        List<DeliveryStore.Entry> entries = new ArrayList<>(all.size());
        for (int i = 0; i < all.size(); i++) {
            Routed routed = all.get(i);
            entries.add(new DeliveryStore.Entry(
                    routed.event(), terms, routed.space(), routed.async(), here.get(i), wishes.replayOf()));
        }
        return entries;
    }

    private static void drop(PendingEmission emission, Routed routed) {
        int count = routed.async().length;
        if (count == 0) {
            return;
        }
        BacklogFullException full =
                new BacklogFullException("the backlog is full and its policy is to drop; the delivery was dropped");
        for (int i = 0; i < count; i++) {
            emission.asyncEnded(i, DeliveryStatus.DROPPED, 0, null, full);
        }
        routed.async()[0].function().systemEvents().dropped(routed.event(), count);
    }

    private void start(
            PendingEmission emission,
            Terms terms,
            DeliveryStore.@Nullable StoredEmission kept,
            boolean[] here,
            EmitSettings wishes) {
        boolean look = false;
        for (int i = 0; i < here.length; i++) {
            if (here[i] && wishes.transaction() == null) {
                started(new EmittedDelivery(this, emission, i, terms, kept), terms.notBefore());
            } else if (kept != null) {
                if (here[i]) {
                    commits.await(emission, i, kept, terms);
                } else {
                    elsewhere.expect(emission, i, kept.deliveries().get(i).id(), kept.position());
                }
                look = true;
            }
        }
        if (look) {
            lookSoon.run();
        }
        Consumer<Runnable> afterCommit = wishes.afterCommit();
        if (afterCommit != null) {
            afterCommit.accept(() -> {
                commits.hurry();
                lookSoon.run();
            });
        }
    }

    /** A delivery whose transaction was committed; room for it has been taken. */
    void begin(PendingEmission emission, int index, DeliveryStore.StoredEmission kept, Terms terms) {
        started(new EmittedDelivery(this, emission, index, terms, kept), terms.notBefore());
    }

    private Terms terms(EmitSettings wishes) {
        Instant now = Instant.ofEpochMilli(clock().millis()); // half of what a finer one takes
        Duration expiry = wishes.expiry();
        return new Terms(now, wishes.notBefore(), expiry == null ? null : after(now, expiry));
    }

    /** A time later, or the last that there is. */
    private static Instant after(Instant time, Duration later) {
        return Duration.between(time, Instant.MAX).compareTo(later) <= 0 ? Instant.MAX : time.plus(later);
    }

    private void started(EmittedDelivery delivery, @Nullable Instant dueAt) {
        if (dropsOldest && delivery.isCounted()) {
            byAge.put(delivery.id(), delivery);
        }
        if (live.accepted(delivery)) {
            delivery.start(dueAt);
        } else {
            delivery.abandon(); // accepted while the gateway closed
        }
    }

    /** Takes up a delivery that another gateway had, or a dead letter that is redriven; room for it has been taken. */
    PendingEmission resume(
            LeaseTerm tenure, EventStore.Lease lease, Target target, int countedAttempts, @Nullable Instant dueAt) {
        PendingEmission emission =
                new PendingEmission(this, adopt.apply(lease.delivery().event()), Target.NONE, new Target[] {target});
        resume(emission, 0, tenure, lease, countedAttempts, dueAt);
        return emission;
    }

    /** Takes up a dead letter that is redriven, with the key that it held; room for it has been taken. */
    PendingEmission redriven(LeaseTerm tenure, EventStore.Lease lease, Target target, @Nullable Instant dueAt) {
        PendingEmission emission =
                new PendingEmission(this, adopt.apply(lease.delivery().event()), Target.NONE, new Target[] {target});
        EmittedDelivery delivery = new EmittedDelivery(this, emission, 0, tenure, lease, 0);
        KeyOrder.Permit held = heldKeys.take(delivery.id());
        if (held != null) {
            held.giveTo(delivery);
            delivery.keyPermit(held);
        }
        started(delivery, dueAt);
        return emission;
    }

    /** As {@link #resume(Tenure, EventStore.Lease, Target, int, Instant)}, for an emission of this gateway. */
    void resume(
            PendingEmission emission,
            int index,
            LeaseTerm tenure,
            EventStore.Lease lease,
            int countedAttempts,
            @Nullable Instant dueAt) {
        started(new EmittedDelivery(this, emission, index, tenure, lease, countedAttempts), dueAt);
    }

    /** Has a worker run a delivery. */
    void enqueue(Delivery delivery) {
        if (live.isClosed()) {
            delivery.abandon();
        } else {
            execute(delivery);
        }
    }

    /** Has a worker run a task, now or as soon as one can be had. */
    void execute(Runnable task) {
        try {
            workers.execute(task);
        } catch (Throwable e) { // an executor is foreign code, and threads can't always be made
            if (live.isClosed()) {
                endUnstarted(task);
            } else {
                workers.refused(e);
                clockwork.schedule(UNTIL_THREADS, () -> execute(task));
            }
        }
    }

    private boolean dropOldest() {
        for (EmittedDelivery oldest : byAge.values()) {
            if (oldest.makeRoom()) {
                return true;
            }
        }
        return false;
    }

    /** A delivery has ended, and given back all that it held. */
    void ended(EmittedDelivery delivery) {
        if (dropsOldest) {
            byAge.remove(delivery.id());
        }
        live.ended(delivery);
        backlog.changed();
    }

    /**
     * A delivery was given up: the dead letter's subscribers and its function are told.
     *
     * @param cause the event, with its emission
     * @param id of the dead letter; null when the store could not keep it
     * @param failure what the last attempt failed with; null when none was made
     */
    void deadLettered(
            Target target,
            Cause cause,
            EventStore.@Nullable DeliveryId id,
            DeadLetter.Reason reason,
            String message,
            int attempts,
            @Nullable Throwable failure) {
        Event event = cause.emitted();
        failureLog.deadLettered(target, event, reason, attempts, failure);
        SystemEvent.DeliveryDeadLettered told = new SystemEvent.DeliveryDeadLettered(
                target.function().space(),
                target.functionId(),
                target.subscription().id(),
                reason,
                message,
                attempts,
                event);
        target.function().systemEvents().deadLettered(told);
        String receiver = target.policy().deadLetter();
        if (receiver != null) {
            invocations
                    .emitter()
                    .handOn(
                            told.space(),
                            receiver,
                            SystemEvent.DELIVERY_DEAD_LETTERED,
                            told,
                            cause,
                            id == null ? null : id.toString());
        }
    }

    /** Delivers a dead letter to the function that gets it, by the gateway's policy; what is given up of that is no dead letter. */
    public PendingEmission handOn(RegisteredFunction function, Event event) {
        Subscription handing = Subscription.to(event.getType())
                .id(HANDING_ON)
                .function(function.id())
                .build();
        return accept(
                new Routed(function.space(), event, Target.NONE, new Target[] {find(handing, function)}, 0),
                null,
                true);
    }

    /**
     * A delivery succeeded: if it was that of a dead letter to the function that gets it, the dead letter is not kept, whichever
     * gateway had it before.
     */
    void purgeHandedOn(EmittedDelivery delivery) {
        if (!delivery.target().subscription().id().equals(HANDING_ON)) {
            return;
        }
        Object id = delivery.event().getExtension(DEAD_LETTER_ID);
        EventStore.DeliveryId letter = id == null ? null : EventStore.DeliveryId.parse(id.toString());
        if (letter == null) {
            return;
        }
        try {
            ledger.store().purge(delivery.function().space(), letter);
        } catch (RuntimeException e) {
            log.warn(
                    "Dead letter '{}' is kept, though function '{}' took it: the event store failed",
                    letter,
                    delivery.functionId(),
                    e);
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
        backlog.takeForCaller(insideHandler);
        AwaitedDelivery delivery;
        try {
            delivery = new AwaitedDelivery(this, function, subscription, event, DeliveryScheduler.nanos(timeout));
        } catch (Throwable e) { // as where the stack is at its end: what was taken goes back
            backlog.giveBack(1);
            throw e;
        }
        if (!live.accepted(delivery)) {
            delivery.abandon();
            return delivery.result();
        }
        try {
            delivery.startClock();
            if (workers.callHere()) {
                delivery.beginHere();
            } else {
                delivery.begin();
            }
        } catch (Throwable e) {
            delivery.abandon();
            throw e;
        }
        return delivery.result();
    }

    /** As {@link #call(RegisteredFunction, Subscription, Event, Duration, boolean)}, for a subscription. */
    public CompletableFuture<InvocationResult> call(Target target, Event event, boolean insideHandler) {
        return call(
                target.function(),
                target.subscription(),
                event,
                Duration.ofNanos(target.policy().timeoutNanos()),
                insideHandler);
    }

    /** The result of {@link #call}, waited for; it ends by itself. */
    public InvocationResult await(CompletableFuture<InvocationResult> result, String functionId) {
        try {
            if (driver != null) {
                driver.await(result::isDone, clockwork::isBusy, Duration.ofSeconds(10));
                return result.get(0, TimeUnit.NANOSECONDS);
            }
            return result.get();
        } catch (TimeoutException e) {
            throw new InvocationException(
                    InvocationException.Kind.TIMEOUT,
                    true,
                    "function '" + functionId + "' has not answered, and the thread that waits for it is the one that"
                            + " would move the clock to its deadline; use invokeAsync and advance the clock",
                    e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof InvocationException failure) {
                throw failure;
            }
            throw new CompletionException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InvocationException(
                    InvocationException.Kind.CALL_FAILED,
                    true,
                    "the caller was interrupted while it waited for function '" + functionId + "'",
                    e);
        }
    }

    /** Whether threads do the work; where there are none, runs what there is to run until the condition holds. */
    boolean hasThreads(BooleanSupplier until, Duration atMost) {
        if (driver == null) {
            return true;
        }
        driver.await(until, clockwork::isBusy, atMost);
        return false;
    }

    /** Runs a task on a worker in that time; not at all when the gateway closes before. */
    public void later(Duration in, Runnable task) {
        clockwork.schedule(in, () -> offThisThread(task));
    }

    /** Where events are kept. */
    public EventStore store() {
        return ledger.store();
    }

    /** Forgets everything about the events of a subject, ends what waits of them, and returns how many events that were. */
    public long erase(String space, String subject) {
        return new Erasure(this, space, subject).run();
    }

    /** Whether nothing is delivered any more. */
    public boolean isClosed() {
        return live.isClosed();
    }

    /** Runs what may run foreign callbacks on a worker; on a thread of its own, or here, when there is none any more. */
    public void offThisThread(Runnable ending) {
        if (live.isClosed() && workers.isForeign()) {
            ending.run(); // nobody knows whether the application's executor still runs anything
            return;
        }
        Runnable once = workers.isForeign() ? Workers.once(ending) : ending;
        try {
            workers.execute(once);
        } catch (Throwable e) { // an executor is foreign code, and threads can't always be made
            if (live.isClosed() && !clockwork.isCurrentThread()) {
                once.run();
            } else {
                startEnding(once);
            }
        }
    }

    private void startEnding(Runnable ending) {
        try {
            Workers.startEnding(ending);
        } catch (OutOfMemoryError e) {
            workers.refused(e);
            clockwork.schedule(UNTIL_THREADS, () -> startEnding(ending));
        }
    }

    /** Ends a task that no worker starts any more. */
    private void endUnstarted(Runnable task) {
        if (task instanceof Delivery delivery) {
            if (clockwork.isCurrentThread()) {
                startEnding(delivery::abandon);
            } else {
                delivery.abandon();
            }
        } else {
            task.run(); // the ending of a delivery, which must not get lost
        }
    }

    /** Waits until no delivery runs, is ready, or is due before the wait is over; but for those that this thread is running. */
    public boolean awaitIdle(Duration atMost) {
        return awaitIdle(atMost, Delivery.onThisThread());
    }

    private boolean awaitIdle(Duration atMost, Set<Delivery> own) {
        long until = clockwork.now() + DeliveryScheduler.nanos(atMost);
        AtomicReference<@Nullable Delivery> seen = new AtomicReference<>();
        return backlog.await(
                () -> {
                    Delivery last = seen.get();
                    if (last != null && !last.isOver() && last.goesOnAt() <= until) {
                        return false; // it is enough to know of one
                    }
                    if (backlog.status().pending() > live.size()) {
                        return false; // an emitter that has room and no delivery yet is about to have one
                    }
                    Delivery found =
                            live.goingOnUpTo(until, own); // after that, so that it sees what is registered meanwhile
                    seen.set(found);
                    return found == null;
                },
                atMost);
    }

    /** Waits for what can end in that time, then ends what is left, and says what that was. */
    public void close(Duration drain) {
        boolean interrupted = Thread.interrupted();
        try {
            Set<Delivery> own = Delivery.onThisThread();
            draining = true;
            backlog.close();
            queues.pump(); // batches that are not full: nothing else comes
            awaitIdle(drain, own);
            interrupted |= Thread.interrupted();
            live.close();
            elsewhere.close();
            commits.close();
            Abandoned abandoned = new Abandoned();
            abandoned.abandon(
                    live.all().stream().filter(left -> !own.contains(left)).toList());
            for (Runnable waiting : workers.refuse()) {
                endUnstarted(waiting);
            }
            clockwork.stop();
            ledger.leave();
            abandoned.report(drain);
            failureLog.tellAll();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
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
     * Checks that the registry, the backlog and the permits agree; for tests, while no event is being accepted.
     *
     * @throws IllegalStateException if they don't
     */
    public void checkInvariants() {
        int counted = live.size();
        BacklogStatus status = backlog.status();
        if (counted != status.pending()) {
            throw new IllegalStateException(
                    counted + " deliveries are live, and the backlog has room taken for " + status.pending());
        }
        if (status.bytes() < 0) {
            throw new IllegalStateException("more bytes were given back than taken: " + status.bytes());
        }
        int permits = queues.permitsOut() - heldKeys.size();
        if (permits != 0 && live.all().isEmpty()) {
            throw new IllegalStateException("no delivery is live, and " + permits + " permits are out");
        }
    }
}
