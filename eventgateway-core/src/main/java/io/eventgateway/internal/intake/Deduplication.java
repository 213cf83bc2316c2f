package io.eventgateway.internal.intake;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.eventgateway.Emission;
import io.eventgateway.EmitOptions;
import io.eventgateway.Event;
import io.eventgateway.delivery.DeliveryReport;
import io.eventgateway.error.EventRejectedException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Knows which events were accepted a while ago, so that they are not accepted again. Thread-safe. */
final class Deduplication {
    private static final int KEYS = 100_000;

    private record Key(String space, @Nullable String own, String source, String id) {
        static Key of(String space, EmitOptions options, Event event) {
            String own = options.deduplicationKey();
            return own == null
                    ? new Key(space, null, event.getSource().toString(), event.getId())
                    : new Key(space, own, "", "");
        }
    }

    /** The first of its key: who came second waits until it is accepted, or takes its place when it is not. */
    private static final class First {
        private final long windowNanos;
        private final Thread owner = Thread.currentThread();
        private final CompletableFuture<Emission> accepted = new CompletableFuture<>();

        First(Duration window) {
            this.windowNanos = TimeUnit.NANOSECONDS.convert(window);
        }
    }

    private final Duration patience;
    private final MadeOnce<Cache<Key, First>> known;

    Deduplication(Duration patience, LongSupplier timer) {
        this.patience = patience.plusSeconds(1);
        this.known = new MadeOnce<>(() -> Caffeine.newBuilder()
                .maximumSize(KEYS)
                .expireAfter(Expiry.<Key, First>creating((key, first) -> Duration.ofNanos(first.windowNanos)))
                .executor(Runnable::run)
                .ticker(timer::getAsLong)
                .build());
    }

    /**
     * Accepts an event unless it was accepted before.
     *
     * @param accept accepts it, and may throw
     */
    Emission once(String space, Event event, EmitOptions options, Supplier<Emission> accept) {
        Duration window = Objects.requireNonNull(options.deduplicationWindow());
        Key key = Key.of(space, options, event);
        while (true) {
            First mine = new First(window);
            First first = known.get().asMap().putIfAbsent(key, mine);
            if (first == null) {
                return accepted(key, mine, accept);
            }
            if (first.owner == Thread.currentThread() && !first.accepted.isDone()) {
                return new Duplicate(event, List.of(), CompletableFuture.completedFuture(DeliveryReport.empty()));
            }
            Emission earlier = await(first, key);
            if (earlier != null) {
                return new Duplicate(earlier.event(), earlier.subscriptionIds(), earlier.completion());
            }
        }
    }

    private Emission accepted(Key key, First mine, Supplier<Emission> accept) {
        try {
            Emission emission = accept.get();
            mine.accepted.complete(emission);
            return emission;
        } catch (Throwable e) { // whatever it is, the event was not accepted, and the next one of its key may be
            known.get().asMap().remove(key, mine);
            mine.accepted.completeExceptionally(e);
            throw e;
        }
    }

    /** The first one's emission; null when it was not accepted after all. */
    private @Nullable Emission await(First first, Key key) {
        try {
            return first.accepted.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EventRejectedException(
                    "the emitter was interrupted while it waited for whether " + key
                            + " would be accepted from another thread; nothing was emitted",
                    e);
        } catch (TimeoutException e) {
            throw new EventRejectedException(
                    "an event of the same key was not accepted or refused within " + patience
                            + " on another thread; nothing was emitted",
                    e);
        }
    }

    private record Duplicate(Event event, List<String> subscriptionIds, CompletableFuture<DeliveryReport> completion)
            implements Emission {
        @Override
        public boolean duplicate() {
            return true;
        }
    }
}
