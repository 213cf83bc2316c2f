package io.eventgateway.internal.intake;

import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.delivery.DeliveryReport;
import io.eventgateway.history.EventChain;
import io.eventgateway.internal.invocation.Cause;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The most recent chains of events: events that led to others, with these. An event that leads to nothing is never seen here, so
 * that it costs nothing.
 *
 * <p>An emission is held while it is under way, when the backlog counts it anyway; of an ended emission the outline is kept.
 */
final class Chains {
    private static final int CHAINS = 1_000_000;
    private static final long BYTES = 32L << 20;
    private static final Duration FOR_EVER = Duration.ofDays(36_500);

    /** Names an event in its chain: it may be emitted again as it is, and is deeper then. */
    private record Place(String eventId, int depth) {
        private static final int BYTES = 64;

        static Place of(Event event) {
            return new Place(event.getId(), event.getChainDepth());
        }
    }

    /** An event of a chain. Its chain guards what is not final. */
    private static final class Link {
        private static final int BYTES = 112;

        private final Event event;
        private final Instant at;
        private final @Nullable String emittedBy;
        private final @Nullable String stopped;
        private final List<Link> children = new ArrayList<>(0);
        /** Null when it has ended, and where there never was one. */
        private @Nullable Emission emission;

        private DeliveryReport ended = DeliveryReport.empty();
        private @Nullable Instant endedAt;

        Link(
                Event event,
                @Nullable Emission emission,
                Instant at,
                @Nullable String emittedBy,
                @Nullable String stopped) {
            this.event = Outline.of(event);
            this.emission = emission;
            this.at = at;
            this.emittedBy = emittedBy;
            this.stopped = stopped;
        }

        long bytes() {
            return BYTES + Place.BYTES + Outline.bytes(event) + Outline.bytes(stopped);
        }
    }

    /** The links of one chain. The chain itself guards them. */
    private static final class Chain {
        private static final int BYTES = 160;

        private final String id;
        private final Map<Place, Link> links = new HashMap<>();
        private final List<Link> roots = new ArrayList<>(1);
        private long bytes = BYTES;

        Chain(String id) {
            this.id = id;
        }

        synchronized @Nullable Link link(Event event) {
            return links.get(Place.of(event));
        }

        synchronized void add(Event event, Link link, Link parent) {
            parent.children.add(link);
            put(event, link);
        }

        /** Adds a root, unless the event has a link already, which comes back then. */
        synchronized Link addRoot(Event event, Link root) {
            Link known = link(event);
            if (known != null) {
                return known;
            }
            roots.add(root);
            put(event, root);
            return root;
        }

        private void put(Event event, Link link) {
            links.put(Place.of(event), link);
            bytes += link.bytes();
        }

        synchronized void ended(Link link, DeliveryReport report, Instant now) {
            bytes += Outline.bytes(report) - Outline.bytes(link.ended);
            link.ended = report;
            link.endedAt = now;
            link.emission = null;
        }

        /** The caller of an event without an emission has its answer. */
        synchronized void answered(Link link, Instant now) {
            if (link.emission == null && link.endedAt == null) {
                link.endedAt = now;
            }
        }

        synchronized long bytes() {
            return bytes;
        }

        synchronized List<EventChain.Node> nodes() {
            return roots.stream().map(Chain::node).toList();
        }

        private static EventChain.Node node(Link link) {
            Emission emission = link.emission;
            return new EventChain.Node(
                    link.event,
                    link.at,
                    link.emittedBy,
                    (emission == null ? link.ended : Outline.of(emission.soFar())).deliveries(),
                    link.endedAt,
                    link.stopped,
                    link.children.stream().map(Chain::node).toList());
        }
    }

    private final Supplier<Instant> clock;
    private final MadeOnce<MostRecent<String, Chain>> chains;

    Chains(Supplier<Instant> clock, LongSupplier timer) {
        this.clock = clock;
        this.chains = new MadeOnce<>(() -> new MostRecent<>(CHAINS, BYTES, timer));
    }

    /** Takes note of what a cause led to. */
    void add(Cause cause, Emission emission) {
        Link link = new Link(emission.event(), emission, clock.get(), cause.functionId(), null);
        Chain chain = add(cause, emission.event(), link);
        if (chain != null) {
            endsWith(emission, chain, link);
        }
    }

    /** Takes note of what a cause would have led to. */
    void addStopped(Cause cause, Event event, String why) {
        Instant now = clock.get();
        Link link = new Link(event, null, now, cause.functionId(), why);
        link.endedAt = now;
        add(cause, event, link);
    }

    private @Nullable Chain add(Cause cause, Event event, Link link) {
        String id = event.getCorrelationId();
        if (id == null) {
            return null;
        }
        Chain chain = chains.get().renew(id, () -> new Chain(id), Outline.bytes(id), FOR_EVER);
        Link parent = chain.link(cause.emitted());
        if (parent == null) {
            Link root = root(cause);
            parent = chain.addRoot(cause.emitted(), root);
            Emission emission = cause.emission();
            if (parent == root && emission != null) {
                endsWith(emission, chain, root);
            }
        }
        chain.add(event, link, parent);
        weigh(chain);
        return chain;
    }

    private Link root(Cause cause) {
        Event event = cause.emitted();
        Instant at = event.getTime() == null ? clock.get() : event.getTime().toInstant();
        return new Link(event, cause.emission(), at, null, null);
    }

    private void endsWith(Emission emission, Chain chain, Link link) {
        emission.completion().thenAccept(report -> ended(chain, link, report));
    }

    private void ended(Chain chain, Link link, DeliveryReport report) {
        chain.ended(link, Outline.of(report), clock.get());
        weigh(chain);
    }

    private void weigh(Chain chain) {
        chains.get().resize(chain.id, chain, Outline.bytes(chain.id) + chain.bytes());
    }

    /** Takes note that the call which an event was given to has ended; of an event that was emitted, its emission tells. */
    void ended(Event event) {
        String id = event.getCorrelationId();
        Chain chain = id == null || !chains.isMade() ? null : chains.get().get(id);
        Link link = chain == null ? null : chain.link(event);
        if (chain != null && link != null) {
            chain.answered(link, clock.get());
        }
    }

    EventChain chain(String correlationId) {
        Objects.requireNonNull(correlationId, "correlationId");
        Chain chain = chains.isMade() ? chains.get().get(correlationId) : null;
        return new EventChain(correlationId, chain == null ? List.of() : chain.nodes());
    }
}
