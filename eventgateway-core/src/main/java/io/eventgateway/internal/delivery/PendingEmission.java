package io.eventgateway.internal.delivery;

import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.EventGatewayException;
import io.eventgateway.InvocationResult;
import io.eventgateway.delivery.DeliveryReport;
import io.eventgateway.delivery.DeliveryResult;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.internal.invocation.Cause;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An emission whose async deliveries may be under way; and the cause of what its sync functions emit.
 *
 * <p>Each delivery writes its own place in {@code results} and then counts down; whoever has seen the count at zero sees them
 * all. The future is made when it is first asked for, and most emitters never ask.
 */
public final class PendingEmission implements Emission, Cause {
    private static final VarHandle REMAINING;
    private static final VarHandle COMPLETION;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            REMAINING = lookup.findVarHandle(PendingEmission.class, "remaining", int.class);
            COMPLETION = lookup.findVarHandle(PendingEmission.class, "completion", CompletableFuture.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Deliveries room;
    private final Event event;
    private final Target[] sync;
    private final Target[] async;
    /** By target, sync ones first; null where the function succeeded and returned nothing. */
    private @Nullable DeliveryResult @Nullable [] results;

    private int calling = -1;
    private long bytes;
    private @Nullable LongConsumer giveBack;
    private volatile int remaining;
    private volatile @Nullable CompletableFuture<DeliveryReport> completion;

    PendingEmission(Deliveries room, Event event, Target[] sync, Target[] async) {
        this.room = room;
        this.event = event;
        this.sync = sync;
        this.async = async;
        if (async.length > 0) {
            this.results = new DeliveryResult[sync.length + async.length];
            REMAINING.set(this, async.length);
        }
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
    public Emission emission() {
        return this;
    }

    Target[] asyncTargets() {
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

    /** How many bytes its data takes in the backlog, to be given back when its last delivery has ended. */
    void bytes(long taken, LongConsumer giveBack) {
        this.bytes = taken;
        this.giveBack = giveBack;
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

    void asyncEnded(
            int index,
            DeliveryStatus status,
            int attempts,
            @Nullable InvocationResult result,
            @Nullable EventGatewayException failure) {
        if (failure != null || attempts != 1 || (result != null && !result.isEmpty())) {
            put(sync.length + index, async[index], status, attempts, result, failure);
        }
        if ((int) REMAINING.getAndAdd(this, -1) == 1) {
            LongConsumer room = giveBack;
            if (room != null) {
                room.accept(bytes);
            }
            CompletableFuture<DeliveryReport> asked = completion;
            if (asked != null) {
                asked.complete(report());
            }
        }
    }

    private void put(
            int place,
            Target target,
            DeliveryStatus status,
            int attempts,
            @Nullable InvocationResult result,
            @Nullable EventGatewayException failure) {
        @Nullable DeliveryResult[] places = results;
        if (places == null) {
            places = new DeliveryResult[sync.length];
            results = places;
        }
        places[place] =
                new DeliveryResult(target.subscription().id(), target.functionId(), status, attempts, result, failure);
    }

    @Override
    public boolean isRouted() {
        return sync.length + async.length > 0;
    }

    @Override
    public CompletableFuture<DeliveryReport> completion() {
        return remaining == 0
                ? CompletableFuture.completedFuture(report())
                : shared().copy(); // so that what a caller does to its own is no other's
    }

    private CompletableFuture<DeliveryReport> shared() {
        CompletableFuture<DeliveryReport> asked = completion;
        if (asked == null) {
            CompletableFuture<DeliveryReport> made = new CompletableFuture<>();
            asked = COMPLETION.compareAndSet(this, null, made) ? made : Objects.requireNonNull(completion);
        }
        if (remaining == 0) {
            asked.complete(report());
        }
        return asked;
    }

    /** Waits as the room does, which is by its clock's owner when it has no threads. */
    @Override
    public DeliveryReport await(Duration atMost) {
        boolean wait = remaining > 0 && room.hasThreads(() -> remaining == 0, atMost);
        return Emission.super.await(wait ? atMost : Duration.ZERO);
    }

    /** Whether somebody waits for its end, which is foreign code then. */
    boolean isAwaited() {
        return completion != null;
    }

    /** How those that have ended ended, in the order of {@link #subscriptionIds()}. */
    @Override
    public DeliveryReport soFar() {
        return remaining == 0 ? report() : new DeliveryReport(ended());
    }

    /** A delivery that ended with success and nothing leaves no trace of its own, so it shows when all have ended. */
    private List<DeliveryResult> ended() {
        @Nullable DeliveryResult[] places = results;
        List<DeliveryResult> known = new ArrayList<>();
        for (int i = 0; i < sync.length; i++) {
            DeliveryResult place = places == null ? null : places[i];
            known.add(place != null ? place : succeeded(sync[i]));
        }
        for (int i = sync.length; places != null && i < places.length; i++) {
            if (places[i] != null) {
                known.add(places[i]);
            }
        }
        return known;
    }

    private DeliveryReport report() {
        int size = sync.length + async.length;
        if (size == 0) {
            return DeliveryReport.empty();
        }
        @Nullable DeliveryResult[] places = results;
        List<DeliveryResult> all = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            DeliveryResult known = places == null ? null : places[i];
            all.add(known != null ? known : succeeded(i < sync.length ? sync[i] : async[i - sync.length]));
        }
        return new DeliveryReport(all);
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
        return "Emission[" + event + " -> " + subscriptionIds() + ", " + remaining + " pending]";
    }
}
