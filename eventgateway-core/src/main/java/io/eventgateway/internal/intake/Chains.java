package io.eventgateway.internal.intake;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.history.EventChain;
import io.eventgateway.internal.invocation.Cause;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The most recent chains of events: events that led to others, with these. An event that leads to nothing is never seen here, so
 * that it costs nothing.
 */
final class Chains {
    private static final int EVENTS = 50_000;

    /** An event of a chain. Its chain's lock, {@code links}, guards what is not final. */
    private static final class Link {
        private final Event event;
        private final @Nullable Emission emission;
        private final Instant at;
        private final @Nullable String emittedBy;
        private final @Nullable String stopped;
        private final List<Link> children = new ArrayList<>();
        private volatile @Nullable Instant endedAt;

        Link(
                Event event,
                @Nullable Emission emission,
                Instant at,
                @Nullable String emittedBy,
                @Nullable String stopped) {
            this.event = event;
            this.emission = emission;
            this.at = at;
            this.emittedBy = emittedBy;
            this.stopped = stopped;
        }
    }

    /** The links of a chain by event and depth, since an event may be emitted again as it is. */
    private static final class Chain {
        private final Map<String, Link> links = new LinkedHashMap<>();
        private final List<Link> roots = new ArrayList<>();
    }

    private final Supplier<Instant> clock;
    private final MadeOnce<Cache<String, Chain>> chains;

    Chains(Supplier<Instant> clock) {
        this.clock = clock;
        this.chains = new MadeOnce<>(() -> Caffeine.newBuilder()
                .maximumWeight(EVENTS)
                .weigher((String id, Chain chain) -> 1 + chain.links.size())
                .executor(Runnable::run)
                .build());
    }

    /** Takes note of what a cause led to. */
    void add(Cause cause, Emission emission) {
        Instant now = clock.get();
        Link link = new Link(emission.event(), emission, now, cause.functionId(), null);
        add(cause, link, now);
        emission.completion().thenRun(() -> link.endedAt = clock.get());
    }

    /** Takes note of what a cause would have led to. */
    void addStopped(Cause cause, Event event, String why) {
        Instant now = clock.get();
        Link link = new Link(event, null, now, cause.functionId(), why);
        link.endedAt = now;
        add(cause, link, now);
    }

    private void add(Cause cause, Link link, Instant now) {
        String id = link.event.getCorrelationId();
        if (id == null) {
            return;
        }
        chains.get().asMap().compute(id, (key, known) -> { // puts it again, so that it is weighed again
            Chain chain = known == null ? new Chain() : known;
            synchronized (chain.links) {
                Link parent = chain.links.get(key(cause.emitted()));
                if (parent == null) {
                    parent = root(cause, now);
                    chain.links.put(key(cause.emitted()), parent);
                    chain.roots.add(parent);
                }
                parent.children.add(link);
                chain.links.put(key(link.event), link);
            }
            return chain;
        });
    }

    /** Takes note that the call which an event was given to has ended; of an event that was emitted, its emission tells. */
    void ended(Event event) {
        Cache<String, Chain> known = chains.ifMade();
        String id = event.getCorrelationId();
        Chain chain = known == null || id == null ? null : known.getIfPresent(id);
        if (chain != null) {
            synchronized (chain.links) {
                Link link = chain.links.get(key(event));
                if (link != null && link.emission == null && link.endedAt == null) {
                    link.endedAt = clock.get();
                }
            }
        }
    }

    private Link root(Cause cause, Instant now) {
        Event event = cause.emitted();
        Emission emission = cause.emission();
        Instant at = event.getTime() == null ? now : event.getTime().toInstant();
        Link root = new Link(event, emission, at, null, null);
        if (emission != null) {
            emission.completion().thenRun(() -> root.endedAt = clock.get());
        }
        return root;
    }

    private static String key(Event event) {
        return event.getId() + " " + event.getChainDepth();
    }

    EventChain chain(String correlationId) {
        Chain chain = chains.get().getIfPresent(Objects.requireNonNull(correlationId, "correlationId"));
        if (chain == null) {
            return new EventChain(correlationId, List.of());
        }
        synchronized (chain.links) {
            return new EventChain(
                    correlationId, chain.roots.stream().map(Chains::node).toList());
        }
    }

    private static EventChain.Node node(Link link) {
        return new EventChain.Node(
                link.event,
                link.at,
                link.emittedBy,
                link.emission == null ? List.of() : link.emission.soFar().deliveries(),
                link.endedAt,
                link.stopped,
                link.children.stream().map(Chains::node).toList());
    }
}
