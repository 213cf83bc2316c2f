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
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
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
    private static final Comparator<Key> ORDER =
            Comparator.comparing(Key::source).thenComparing(Key::id);

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
        First mine = new First(window);
        Emission earlier = earlier(key, mine, event);
        return earlier == null ? accepted(key, mine, accept) : earlier;
    }

    /**
     * Reserves the keys of events that are to be accepted together. Those that were accepted before become duplicates of what was;
     * those that come twice, of the first. Keys are taken in one order, so that two batches don't wait for each other.
     *
     * @return those that are left to accept, in their order; when they are accepted, or refused, so are their keys
     */
    List<PlannedEmission> reserve(String space, List<PlannedEmission> planned, EmitOptions options) {
        Duration window = Objects.requireNonNull(options.deduplicationWindow());
        Map<Key, List<PlannedEmission>> byKey = new TreeMap<>(ORDER);
        for (PlannedEmission each : planned) {
            byKey.computeIfAbsent(Key.of(space, options, each.event()), key -> new ArrayList<>(1))
                    .add(each);
        }
        Set<PlannedEmission> fresh = Collections.newSetFromMap(new IdentityHashMap<>());
        byKey.forEach((key, same) -> {
            PlannedEmission head = same.get(0);
            First mine = new First(window);
            Emission earlier = earlier(key, mine, head.event());
            if (earlier == null) {
                head.whenSettled((accepted, refusal) -> settle(key, mine, accepted, refusal));
                fresh.add(head);
            } else {
                head.became(earlier);
            }
            for (PlannedEmission again : same.subList(1, same.size())) {
                again.became(new Duplicate(head));
            }
        });
        return planned.stream().filter(fresh::contains).toList();
    }

    /** What was accepted before; null when the key is mine now. */
    private @Nullable Emission earlier(Key key, First mine, Event event) {
        while (true) {
            First first = known.get().asMap().putIfAbsent(key, mine);
            if (first == null) {
                return null;
            }
            if (first.owner == Thread.currentThread() && !first.accepted.isDone()) {
                return new Duplicate(Emission.none(event));
            }
            Emission accepted = await(first, key);
            if (accepted != null) {
                return new Duplicate(accepted);
            }
        }
    }

    private void settle(Key key, First mine, @Nullable Emission accepted, @Nullable Throwable refusal) {
        if (accepted != null) {
            mine.accepted.complete(accepted);
        } else {
            known.get().asMap().remove(key, mine); // the next one of the key may be accepted
            mine.accepted.completeExceptionally(Objects.requireNonNull(refusal));
        }
    }

    private Emission accepted(Key key, First mine, Supplier<Emission> accept) {
        try {
            Emission emission = accept.get();
            settle(key, mine, emission, null);
            return emission;
        } catch (Throwable e) { // whatever it is, the event was not accepted
            settle(key, mine, null, e);
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

    /** The emission of an event that was accepted before. */
    private record Duplicate(Emission of) implements Emission {
        @Override
        public Event event() {
            return of.event();
        }

        @Override
        public List<String> subscriptionIds() {
            return of.subscriptionIds();
        }

        @Override
        public CompletableFuture<DeliveryReport> completion() {
            return of.completion();
        }

        @Override
        public DeliveryReport await(Duration atMost) {
            return of.await(atMost);
        }

        @Override
        public DeliveryReport soFar() {
            return of.soFar();
        }

        @Override
        public boolean duplicate() {
            return true;
        }
    }
}
