package io.eventgateway.internal.routing;

import io.eventgateway.Filter;
import io.eventgateway.internal.counters.SpaceCounters;
import io.eventgateway.internal.eventtype.EventTypeRules;
import io.eventgateway.internal.filter.Condition;
import io.eventgateway.internal.invocation.SystemEvents;
import java.time.InstantSource;
import java.util.function.Function;

/** The routing of one space: its subscriptions by type and by path, and who listens to its system events. */
public final class Space {
    private final String name;
    private final SystemEvents systemEvents;
    private final TypeIndex types;
    private final PathTree paths = new PathTree();
    private final EventTypeRules eventTypes;
    private final SpaceCounters counters;

    /**
     * A space without subscriptions.
     *
     * @param conditions the condition of a filter
     * @param counters counts its events
     */
    public Space(
            String name,
            SystemEvents systemEvents,
            Function<Filter, Condition> conditions,
            SpaceCounters counters,
            InstantSource clock) {
        this.eventTypes = new EventTypeRules(name, clock);
        this.name = name;
        this.counters = counters;
        this.systemEvents = systemEvents;
        this.types = new TypeIndex(conditions, counters);
    }

    /** The name. */
    public String name() {
        return name;
    }

    /** Its system events. */
    public SystemEvents systemEvents() {
        return systemEvents;
    }

    /** Its async and sync subscriptions. */
    public TypeIndex types() {
        return types;
    }

    /** What its events meet at the intake. */
    public EventTypeRules eventTypes() {
        return eventTypes;
    }

    /** What is counted of its events. */
    public SpaceCounters counters() {
        return counters;
    }

    /** Its http subscriptions. */
    public PathTree paths() {
        return paths;
    }
}
