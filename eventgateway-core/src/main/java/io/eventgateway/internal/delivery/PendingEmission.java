package io.eventgateway.internal.delivery;

import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.EventGatewayException;
import io.eventgateway.InvocationResult;
import io.eventgateway.delivery.DeliveryReport;
import io.eventgateway.delivery.DeliveryResult;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.internal.invocation.Cause;
import io.eventgateway.internal.observation.GatewayObserver;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * An emission whose deliveries may be under way; and the cause of what its sync functions emit.
 *
 * <p>Every target counts as open from the beginning: {@code open} has one for each async delivery that has not ended, one for all
 * sync ones together, and is {@link #DONE} when the last of them has ended and all that they held was given back. Each delivery
 * writes its own place in {@code results} before it counts down; whoever has seen the count sees the places. The future is made when it
 * is first asked for, and most emitters never ask.
 */
public final class PendingEmission implements Emission, Cause {
    private static final int DONE = -1;
    private static final long NO_ROOM = -1;
    private static final Duration AGAIN = Duration.ofMillis(10);
    /** The place of an async delivery that succeeded in one attempt and returned nothing; a sync one's is null. */
    private static final DeliveryResult SUCCEEDED =
            new DeliveryResult("", "", DeliveryStatus.DELIVERED, 1, InvocationResult.empty(), null);

    private static final VarHandle OPEN;
    private static final VarHandle COMPLETION;
    private static final VarHandle RESULTS;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            OPEN = lookup.findVarHandle(PendingEmission.class, "open", int.class);
            RESULTS = lookup.findVarHandle(PendingEmission.class, "results", Object.class);
            COMPLETION = lookup.findVarHandle(PendingEmission.class, "completion", CompletableFuture.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final DeliveryEngine engine;
    private final Event event;
    private final Target[] sync;
    private final Target[] async;
    /**
     * How the deliveries ended, by target, sync ones first: an array, made when the first of them has ended; where there is one delivery
     * only, its result.
     */
    private volatile @Nullable Object results;

    /** The sync function that is being called; written by the emitter's thread. */
    private int calling = -1;

    private boolean syncEnded;
    private long bytes;
    private long position;
    private volatile int open;
    private volatile @Nullable CompletableFuture<DeliveryReport> completion;

    PendingEmission(DeliveryEngine engine, Event event, Target[] sync, Target[] async) {
        this.engine = engine;
        this.event = event;
        this.sync = sync;
        this.async = async;
        this.syncEnded = sync.length == 0;
        OPEN.set(this, sync.length + async.length == 0 ? DONE : async.length + (sync.length == 0 ? 0 : 1));
    }

    @Override
    public Event event() {
        return event;
    }

    @Override
    public Event emitted() {
        return event;
    }

    /** The sync function that is being called, which the emitter's thread alone is told of. */
    void calling(int index) {
        this.calling = index;
    }

    @Override
    public @Nullable String functionId() {
        return calling < 0 ? null : sync[calling].functionId();
    }

    @Override
    public @Nullable String space() {
        return calling < 0 ? null : sync[calling].function().space();
    }

    @Override
    public Emission emission() {
        return this;
    }

    /** Returns where the store has recorded the event; 0 where it has not. */
    public long position() {
        return position;
    }

    void position(long recordedAt) {
        this.position = recordedAt;
    }

    /** Returns the targets of the async deliveries. */
    public Target[] asyncTargets() {
        return async;
    }

    @Override
    public List<String> subscriptionIds() {
        List<String> ids = new ArrayList<>(sync.length + async.length);
        for (Target target : sync) {
            ids.add(target.subscription().id());
        }
        for (Target target : async) {
            ids.add(target.subscription().id());
        }
        return List.copyOf(ids);
    }

    /** Its deliveries take no room in the backlog. */
    void takesNoRoom() {
        this.bytes = NO_ROOM;
    }

    /** Returns whether the deliveries take room in the backlog. */
    public boolean takesRoom() {
        return bytes != NO_ROOM;
    }

    /** Returns how many bytes its data takes in the backlog, to be given back when its last delivery has ended. */
    void holds(long bytesTaken) {
        this.bytes = bytesTaken;
    }

    /** Returns how many bytes its data takes in the backlog now. */
    long bytesHeld() {
        return open == DONE ? 0 : Math.max(0, bytes);
    }

    /**
     * How a sync delivery ended, if not in one attempt with success and nothing; only by the emitter's thread, before it has
     * the emission.
     */
    void syncEnded(
            int index,
            DeliveryStatus status,
            int attempts,
            @Nullable InvocationResult result,
            @Nullable EventGatewayException failure) {
        put(index, sync[index], status, attempts, result, failure);
    }

    /** All sync deliveries have ended; said by the emitter's thread. */
    void allSyncEnded() {
        if (sync.length == 0) {
            return; // then nothing is open for them
        }
        syncEnded = true;
        if (async.length > 0) {
            if (countDown()) {
                complete();
            }
        } else {
            // no fence: who asked for the completion meanwhile, on another thread, looks again by itself
            OPEN.setRelease(this, DONE);
            if (completion != null) {
                complete();
            }
        }
    }

    /** An async delivery ended that held no room of its own. */
    public void asyncEnded(
            int index,
            DeliveryStatus status,
            int attempts,
            @Nullable InvocationResult result,
            @Nullable EventGatewayException failure) {
        asyncRecorded(index, status, attempts, result, failure);
        if (countDown()) {
            complete();
        }
    }

    /** Notes how an async delivery ended; {@link #countDown} is to follow. */
    void asyncRecorded(
            int index,
            DeliveryStatus status,
            int attempts,
            @Nullable InvocationResult result,
            @Nullable EventGatewayException failure) {
        if (failure != null || attempts != 1 || (result != null && !result.isEmpty())) {
            put(sync.length + index, async[index], status, attempts, result, failure);
        } else {
            put(sync.length + index, SUCCEEDED);
        }
    }

    /** Counts a delivery that has ended and given back what it held; returns whether it was the last, so that {@link #complete} is to follow. */
    boolean countDown() {
        if ((int) OPEN.getAndAdd(this, -1) != 1) {
            return false;
        }
        if (bytes > 0) {
            engine.backlog().giveBackBytes(bytes);
        }
        open = DONE;
        return true;
    }

    /** Completes the future that was asked for, with whatever callbacks it has. */
    void complete() {
        CompletableFuture<DeliveryReport> asked = completion;
        if (asked != null) {
            asked.complete(report());
        }
    }

    private void put(
            int place,
            Target target,
            DeliveryStatus status,
            int attempts,
            @Nullable InvocationResult result,
            @Nullable EventGatewayException failure) {
        DeliveryResult how =
                new DeliveryResult(target.subscription().id(), target.functionId(), status, attempts, result, failure);
        put(place, how);
        GatewayObserver observer = engine.observer();
        if (observer != null && failure != null) {
            observer.failed(this, how);
        }
    }

    private void put(int place, DeliveryResult ended) {
        int size = sync.length + async.length;
        if (size == 1) {
            RESULTS.set(this, ended); // made visible by the count
            return;
        }
        DeliveryResult[] places = (DeliveryResult[]) results;
        if (places == null) {
            DeliveryResult[] made = new DeliveryResult[size];
            places =
                    RESULTS.compareAndSet(this, null, made) ? made : (DeliveryResult[]) Objects.requireNonNull(results);
        }
        places[place] = ended;
    }

    /** Returns what was put there; null while nothing was. */
    private @Nullable DeliveryResult place(int place) {
        Object known = results;
        return known instanceof DeliveryResult only ? only : known == null ? null : ((DeliveryResult[]) known)[place];
    }

    @Override
    public boolean isRouted() {
        return sync.length + async.length > 0;
    }

    @Override
    public CompletableFuture<DeliveryReport> completion() {
        return open == DONE
                ? CompletableFuture.completedFuture(report())
                : shared().copy(); // so that what a caller does to its own is no other's
    }

    private CompletableFuture<DeliveryReport> shared() {
        CompletableFuture<DeliveryReport> asked = completion;
        if (asked == null) {
            CompletableFuture<DeliveryReport> made = new CompletableFuture<>();
            asked = COMPLETION.compareAndSet(this, null, made) ? made : Objects.requireNonNull(completion);
        }
        lookAgain(asked);
        return asked;
    }

    /** Completes the future if the emission has ended meanwhile; for sync functions alone that is not always told. */
    private void lookAgain(CompletableFuture<DeliveryReport> asked) {
        if (open == DONE) {
            asked.complete(report());
        } else if (async.length == 0) {
            engine.later(AGAIN, () -> lookAgain(asked));
        }
    }

    /** Waits as the engine does, which is by its clock's owner when it has no threads. */
    @Override
    public DeliveryReport await(Duration atMost) {
        boolean wait = open != DONE && engine.hasThreads(() -> open == DONE, atMost);
        return Emission.super.await(wait ? atMost : Duration.ZERO);
    }

    /** Returns whether somebody waits for its end, which is foreign code then. */
    boolean isAwaited() {
        return completion != null;
    }

    /** Returns how those that have ended ended, in the order of {@link #subscriptionIds()}. */
    @Override
    public DeliveryReport soFar() {
        return open == DONE ? report() : new DeliveryReport(ended());
    }

    private List<DeliveryResult> ended() {
        List<DeliveryResult> known = new ArrayList<>();
        int syncOver = syncEnded ? sync.length : Math.max(0, calling);
        for (int i = 0; i < syncOver; i++) {
            DeliveryResult place = place(i);
            known.add(place != null ? place : succeeded(sync[i]));
        }
        for (int i = sync.length; i < sync.length + async.length; i++) {
            DeliveryResult place = place(i);
            if (place != null) {
                known.add(isSucceeded(place) ? succeeded(async[i - sync.length]) : place);
            }
        }
        return known;
    }

    private DeliveryReport report() {
        int size = sync.length + async.length;
        if (size == 0) {
            return DeliveryReport.empty();
        }
        List<DeliveryResult> all = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            DeliveryResult known = place(i);
            all.add(
                    known != null && !isSucceeded(known)
                            ? known
                            : succeeded(i < sync.length ? sync[i] : async[i - sync.length]));
        }
        return new DeliveryReport(all);
    }

    @SuppressWarnings("ReferenceEquality") // it is that one, and not one like it
    private static boolean isSucceeded(DeliveryResult place) {
        return place == SUCCEEDED;
    }

    private static DeliveryResult succeeded(Target target) {
        return new DeliveryResult(
                target.subscription().id(),
                target.functionId(),
                DeliveryStatus.DELIVERED,
                1,
                InvocationResult.empty(),
                null);
    }

    @Override
    public String toString() {
        return "Emission[" + event + " -> " + subscriptionIds() + ", "
                + (open == DONE ? "ended" : async.length - soFar().deliveries().size() + sync.length + " pending")
                + "]";
    }
}
