package io.eventgateway.internal.routing;

import io.eventgateway.internal.invocation.SystemEvents;

/** What events of one space meet: its subscriptions by type and by path, and who listens to its system events. */
public final class Space {
    private final String name;
    private final SystemEvents systemEvents;
    private final TypeIndex types = new TypeIndex();
    private final PathTree paths = new PathTree();

    /** A space without subscriptions. */
    public Space(String name, SystemEvents systemEvents) {
        this.name = name;
        this.systemEvents = systemEvents;
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

    /** Its http subscriptions. */
    public PathTree paths() {
        return paths;
    }
}
