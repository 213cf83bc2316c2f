package io.eventgateway.test;

import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.EventGatewayException;
import io.eventgateway.InvocationResult;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.DeliveryResult;
import io.eventgateway.delivery.Pause;
import io.eventgateway.history.Replay;
import io.eventgateway.internal.observation.GatewayObserver;
import io.eventgateway.internal.observation.ObservedBuilder;
import io.eventgateway.spi.EmitInterceptor;
import io.eventgateway.spi.Invocation;
import io.eventgateway.spi.InvocationInterceptor;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what a gateway accepted and refused, whom it called, and what was not delivered. Thread-safe.
 *
 * <p>The gateway itself tells of every emission, by whatever way it came about. What never becomes an emission (an event that an
 * interceptor refuses or keeps, a duplicate) is seen by an interceptor that stands around all others.
 */
final class Recorder implements GatewayObserver {
    /** What happened at a time. */
    sealed interface Entry {
        /** When it happened. */
        Instant at();
    }

    /**
     * An event that was emitted.
     *
     * @param emission what came of it; null when it was refused, or led to no emission of its own
     * @param refusal why it was refused; null when it was not
     * @param remark what else is to be said of it
     * @param again whether it had been accepted before
     */
    record Emitted(
            Instant at,
            Event event,
            @Nullable Emission emission,
            @Nullable Throwable refusal,
            String remark,
            boolean again)
            implements Entry {
        Emitted refusedBy(Throwable why) {
            return new Emitted(at, event, null, why, remark, again);
        }

        @Override
        public String toString() {
            return (again ? "again " : "emit ") + event.getType() + " (" + event.getId() + ")" + remark
                    + (refusal == null ? "" : " refused: " + refusal.getMessage());
        }
    }

    /** The end of one call, for one event; {@code failure} is null when it succeeded. */
    record Call(
            Instant at,
            Event event,
            String functionId,
            @Nullable String subscriptionId,
            int attempt,
            @Nullable Throwable failure)
            implements Entry {
        @Override
        public String toString() {
            return event.getType() + " -> " + functionId + (attempt == 1 ? "" : ", attempt " + attempt)
                    + (failure == null ? "" : " failed: " + failure.getMessage());
        }
    }

    /** The end of a delivery that did not succeed. */
    record GivenUp(Instant at, Event event, DeliveryResult how) implements Entry {
        @Override
        public String toString() {
            EventGatewayException failure = how.failure();
            return event.getType() + " -> " + how.functionId() + " is " + how.status()
                    + (how.attempts() == 0 ? " without a call" : " after attempt " + how.attempts())
                    + (failure == null ? "" : ": " + failure.getMessage());
        }
    }

    /** The beginning of a replay. */
    record Replaying(Instant at, Replay replay) implements Entry {
        @Override
        public String toString() {
            return "replay '" + replay.name() + "'";
        }
    }

    /** A subscription that was paused, or resumed when the pause is null. */
    record Paused(
            Instant at, String subscriptionId, @Nullable Pause pause) implements Entry {
        @Override
        public String toString() {
            return (pause == null ? "resume " : "pause ") + subscriptionId;
        }
    }

    private final InstantSource clock;
    private final List<Entry> entries = new ArrayList<>();
    /** Where the emissions of the gateway are among the entries. */
    private final IdentityHashMap<Emission, Integer> places = new IdentityHashMap<>();
    /** The events of emissions, by their id, each with why the last of them was refused; empty when it was accepted. */
    private final Map<String, Optional<Throwable>> refusals = new HashMap<>();

    /** The pauses that are known, by space and subscription. */
    private final Map<List<String>, Pause> pauses = new HashMap<>();

    /** The numbers of the calls whose callers wait for the outcome. */
    private final TreeSet<Long> awaited = new TreeSet<>();

    private long calls;

    Recorder(InstantSource clock) {
        this.clock = clock;
    }

    /** Records what the gateway does that is built by the builder, whose interceptors are still to be given. */
    EventGateway.Builder record(EventGateway.Builder builder) {
        ((ObservedBuilder) builder).observer(this);
        return builder.emitInterceptor(this::intercepted).invocationInterceptor(this::called);
    }

    // --------------------------------------------------------------------------------------- what the gateway tells

    @Override
    public synchronized void emitted(Emission emission, boolean again) {
        places.put(emission, entries.size());
        refusals.put(emission.event().getId(), Optional.empty());
        entries.add(new Emitted(clock.instant(), emission.event(), emission, null, "", again));
    }

    @Override
    public synchronized void refused(Emission emission, Throwable why) {
        Integer place = places.get(emission);
        if (place != null && entries.get(place) instanceof Emitted emitted) {
            entries.set(place, emitted.refusedBy(why));
            refusals.put(emission.event().getId(), Optional.of(why));
        }
    }

    @Override
    public void failed(Emission emission, DeliveryResult how) {
        add(new GivenUp(clock.instant(), emission.event(), how));
    }

    @Override
    public void awaited(CompletableFuture<?> outcome) {
        long number;
        synchronized (this) {
            number = ++calls;
            awaited.add(number);
        }
        CompletableFuture<?> unused = outcome.whenComplete((result, failure) -> {
            synchronized (this) {
                awaited.remove(number);
            }
        });
    }

    @Override
    public void replaying(Replay replay) {
        add(new Replaying(clock.instant(), replay));
    }

    @Override
    public synchronized void configured(String space, Subscription subscription) {
        Pause pause = subscription.pause();
        List<String> key = List.of(space, subscription.id());
        Pause before = pause == null ? pauses.remove(key) : pauses.put(key, pause);
        if (!Objects.equals(before, pause)) {
            entries.add(new Paused(clock.instant(), subscription.id(), pause));
        }
    }

    // ------------------------------------------------------------------------------------- what an interceptor sees

    private Emission intercepted(Event event, EmitInterceptor.Chain chain) {
        Emission emission;
        try {
            emission = chain.proceed(event);
        } catch (RuntimeException | Error e) {
            refusedFirst(event, e);
            throw e;
        }
        if (emission.duplicate()) {
            String remark = " is a duplicate of " + emission.event().getId();
            add(new Emitted(clock.instant(), event, null, null, remark, false));
        } else if (!isKnown(emission.event()) && emission.completion().isDone()) {
            add(new Emitted(clock.instant(), event, emission, null, " was kept by an interceptor", false));
        }
        return emission;
    }

    /** An event was refused, of which the gateway has told already if it got that far. */
    private synchronized void refusedFirst(Event event, Throwable why) {
        Optional<Throwable> refusal = Optional.of(why);
        if (!refusal.equals(refusals.put(event.getId(), refusal))) {
            entries.add(new Emitted(clock.instant(), event, null, why, "", false));
        }
    }

    private synchronized boolean isKnown(Event event) {
        return refusals.containsKey(event.getId());
    }

    private CompletionStage<InvocationResult> called(Invocation invocation, InvocationInterceptor.Chain chain) {
        CompletionStage<InvocationResult> outcome;
        try {
            outcome = chain.proceed(invocation);
        } catch (RuntimeException | Error e) {
            ended(invocation, e);
            throw e;
        }
        return outcome.whenComplete((result, failure) ->
                ended(invocation, failure instanceof CompletionException wrapped ? wrapped.getCause() : failure));
    }

    private void ended(Invocation invocation, @Nullable Throwable failure) {
        for (Event event : invocation.events()) {
            add(new Call(
                    clock.instant(),
                    event,
                    invocation.functionId(),
                    invocation.subscriptionId(),
                    invocation.attempt(),
                    failure));
        }
    }

    // --------------------------------------------------------------------------------------------- what is known

    private synchronized void add(Entry entry) {
        entries.add(entry);
    }

    synchronized int size() {
        return entries.size();
    }

    private synchronized List<Entry> entries() {
        return List.copyOf(entries);
    }

    private <T extends Entry> List<T> entries(Class<T> kind) {
        return entries().stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    List<Call> calls() {
        return entries(Call.class);
    }

    List<Emitted> emissions() {
        return entries(Emitted.class);
    }

    /** Returns how many calls were begun whose callers wait for the outcome. */
    synchronized long awaitedCalls() {
        return calls;
    }

    /** Returns whether a caller waits for the outcome of a call that was begun after so many others. */
    synchronized boolean isAwaited(long before) {
        return awaited.higher(before) != null;
    }

    List<Replay> replays() {
        return entries(Replaying.class).stream().map(Replaying::replay).toList();
    }

    /** Everything, with the time since the first of it. */
    String timeline() {
        List<Entry> all = entries();
        if (all.isEmpty()) {
            return "  nothing";
        }
        Instant start = all.get(0).at();
        return all.stream()
                .map(entry ->
                        "  +" + Duration.between(start, entry.at()).toString().substring(2) + "  " + entry)
                .collect(Collectors.joining(System.lineSeparator()));
    }
}
