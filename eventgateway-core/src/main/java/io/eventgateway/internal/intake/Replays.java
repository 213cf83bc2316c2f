package io.eventgateway.internal.intake;

import io.eventgateway.history.EventQuery;
import io.eventgateway.history.ReplayOptions;
import io.eventgateway.internal.delivery.DeliveryEngine;
import io.eventgateway.internal.observation.GatewayObserver;
import io.eventgateway.internal.routing.Space;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The replays that are under way. They end with the gateway, which keeps the positions that they have reached. Thread-safe. */
public final class Replays {
    private final Intake intake;
    private final DeliveryEngine deliveries;
    private final Set<RunningReplay> running = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** The replays of a gateway, of which none runs yet. */
    public Replays(Intake intake, DeliveryEngine deliveries) {
        this.intake = intake;
        this.deliveries = deliveries;
    }

    RunningReplay begin(Space space, EventQuery query, ReplayOptions options) {
        RunningReplay replay = new RunningReplay(space, intake, deliveries, query, options);
        running.add(replay);
        GatewayObserver observer = deliveries.observer();
        if (observer != null) {
            observer.replaying(replay);
        }
        replay.completion().whenComplete((progress, failure) -> running.remove(replay));
        replay.begin();
        if (closed) {
            replay.close();
        }
        return replay;
    }

    /** Ends all of them. */
    public void close() {
        closed = true;
        running.forEach(RunningReplay::close);
    }
}
