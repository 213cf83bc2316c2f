package io.eventgateway.test;

import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.InvocationResult;
import io.eventgateway.spi.EmitInterceptor;
import io.eventgateway.spi.Invocation;
import io.eventgateway.spi.InvocationInterceptor;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Remembers what a gateway accepted and whom it called. Thread-safe. */
final class Recorder {
    /** What happened at a time. */
    sealed interface Entry {
        /** When. */
        Instant at();
    }

    /** An emission; null when the event was refused, with why. */
    record Emitted(
            Instant at,
            Event event,
            @Nullable Emission emission,
            @Nullable RuntimeException refusal) implements Entry {
        @Override
        public String toString() {
            return "emit " + event.getType() + " (" + event.getId() + ")"
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

    private final InstantSource clock;
    private final List<Entry> entries = new ArrayList<>();

    Recorder(InstantSource clock) {
        this.clock = clock;
    }

    /** Records what the gateway does that is built by the builder. */
    EventGateway.Builder record(EventGateway.Builder builder) {
        return builder.emitInterceptor(this::emitted).invocationInterceptor(this::called);
    }

    private Emission emitted(Event event, EmitInterceptor.Chain chain) {
        int place = add(new Emitted(clock.instant(), event, null, null));
        try {
            Emission emission = chain.proceed(event);
            set(place, new Emitted(clock.instant(), emission.event(), emission, null));
            return emission;
        } catch (RuntimeException e) {
            set(place, new Emitted(clock.instant(), event, null, e));
            throw e;
        }
    }

    private CompletionStage<InvocationResult> called(Invocation invocation, InvocationInterceptor.Chain chain) {
        return chain.proceed(invocation).whenComplete((result, failure) -> {
            for (Event event : invocation.events()) {
                add(new Call(
                        clock.instant(),
                        event,
                        invocation.functionId(),
                        invocation.subscriptionId(),
                        invocation.attempt(),
                        failure instanceof CompletionException wrapped ? wrapped.getCause() : failure));
            }
        });
    }

    private synchronized int add(Entry entry) {
        entries.add(entry);
        return entries.size() - 1;
    }

    private synchronized void set(int place, Entry entry) {
        entries.set(place, entry);
    }

    private synchronized List<Entry> entries() {
        return List.copyOf(entries);
    }

    List<Call> calls() {
        return entries().stream()
                .filter(Call.class::isInstance)
                .map(Call.class::cast)
                .toList();
    }

    List<Emitted> emissions() {
        return entries().stream()
                .filter(Emitted.class::isInstance)
                .map(Emitted.class::cast)
                .toList();
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
