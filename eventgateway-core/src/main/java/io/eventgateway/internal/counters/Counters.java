package io.eventgateway.internal.counters;

import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What a gateway counts, by space. Thread-safe. */
public final class Counters {
    private final InstantSource clock;
    private final Map<String, SpaceCounters> spaces = new ConcurrentHashMap<>();

    /** Counters that begin now. */
    public Counters(InstantSource clock) {
        this.clock = clock;
    }

    /** The counters of a space, which begin at its first mention. */
    public SpaceCounters of(String space) {
        SpaceCounters known = spaces.get(space);
        return known != null ? known : spaces.computeIfAbsent(space, key -> new SpaceCounters(clock.instant()));
    }
}
