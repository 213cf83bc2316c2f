package io.eventgateway.internal.intake;

import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.delivery.DeliveryReport;
import io.eventgateway.delivery.DeliveryResult;
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

    /** A delivery that was a dead letter, and is made again. Its chain guards it. */
    private static final class Redrive {
        private static final int BYTES = 64;

        /** Null when it has ended. */
        private @Nullable Emission emission;

        private DeliveryReport ended = DeliveryReport.empty();

        Redrive(Emission emission) {
            this.emission = emission;
        }
    }

    /** An event of a chain. Its chain guards what is not final. */
    private static final class Link {
        private static final int BYTES = 112;

        private final Event event;
        private final Instant at;
        private final @Nullable String stopped;
        private final List<Link> children = new ArrayList<>(0);
        private @Nullable String emittedBy;
        /** Null when it has ended, and where there never was one. */
        private @Nullable Emission emission;

        private DeliveryReport ended = DeliveryReport.empty();
        private @Nullable Instant endedAt;
        /** The last redrive of each subscription's dead letter; null for none. */
        private @Nullable Map<String, Redrive> redrives;

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

        /**
         * Adds a link below its parent, and returns true; false where the event has a link already, since what it led to came here
         * first. That one is moved below the parent.
         */
        synchronized boolean add(Event event, Link link, Link parent) {
            Link early = link(event);
            boolean known =
                    early != null && early.event.getChainDepth() > parent.event.getChainDepth() && roots.remove(early);
            if (early != null && known) {
                early.emittedBy = link.emittedBy;
                parent.children.add(early);
                return false;
            }
            parent.children.add(link);
            put(event, link);
            return true;
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

        synchronized void redriven(Link link, String subscriptionId, Redrive redrive) {
            Map<String, Redrive> all = link.redrives;
            if (all == null) {
                all = new HashMap<>(2);
                link.redrives = all;
            }
            Redrive before = all.put(subscriptionId, redrive);
            bytes += before == null ? Redrive.BYTES + Outline.bytes(subscriptionId) : -Outline.bytes(before.ended);
        }

        synchronized void redriveEnded(
                Link link, String subscriptionId, Redrive redrive, DeliveryReport report, Instant now) {
            if (link.redrives == null || link.redrives.get(subscriptionId) != redrive) {
                return; // there is a later one
            }
            bytes += Outline.bytes(report);
            redrive.ended = report;
            redrive.emission = null;
            if (link.endedAt != null) {
                link.endedAt = now;
            }
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
            Map<String, Redrive> redrives = link.redrives == null ? Map.of() : link.redrives;
            List<DeliveryResult> deliveries = new ArrayList<>();
            for (DeliveryResult each : (emission == null ? link.ended : Outline.of(emission.soFar())).deliveries()) {
                Redrive redrive = redrives.get(each.subscriptionId());
                if (redrive == null) {
                    deliveries.add(each);
                } else {
                    deliveries.addAll(redrive.ended.deliveries());
                }
            }
            boolean underWay = redrives.values().stream().anyMatch(redrive -> redrive.emission != null);
            return new EventChain.Node(
                    link.event,
                    link.at,
                    link.emittedBy,
                    deliveries,
                    underWay ? null : link.endedAt,
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

    /** Takes note that a dead letter of an event is delivered again, by an emission of its own. */
    void redriven(Emission emission) {
        Event event = emission.event();
        Chain chain = known(event);
        Link link = chain == null ? null : chain.link(event);
        if (chain == null || link == null) {
            return;
        }
        String subscriptionId = emission.subscriptionIds().get(0);
        Redrive redrive = new Redrive(emission);
        chain.redriven(link, subscriptionId, redrive);
        weigh(chain);
        emission.completion().thenAccept(report -> {
            chain.redriveEnded(link, subscriptionId, redrive, Outline.of(report), clock.get());
            weigh(chain);
        });
    }

    private @Nullable Chain known(Event event) {
        String id = event.getCorrelationId();
        return id == null || !chains.isMade() ? null : chains.get().get(id);
    }

    /** Adds a link, and returns its chain; null where the event has a link already, or no chain. */
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
        boolean added = chain.add(event, link, parent);
        weigh(chain);
        return added ? chain : null;
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
        Chain chain = known(event);
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
