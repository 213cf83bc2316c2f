package io.eventgateway.internal.intake;

import io.eventgateway.Emission;
import io.eventgateway.internal.delivery.Deliveries;
import java.util.ArrayList;
import java.util.List;

/** The events of one {@code emitAll} that the interceptors have let pass, before they are accepted together. For one thread. */
final class EmissionBatch {
    private final List<PlannedEmission> planned = new ArrayList<>();

    Emission plan(Deliveries.Routed routed) {
        PlannedEmission emission = new PlannedEmission(routed);
        planned.add(emission);
        return emission;
    }

    List<PlannedEmission> planned() {
        return planned;
    }

    void refuse(Throwable why) {
        planned.forEach(emission -> emission.refuse(why));
    }

    /** What the emitter gets for what an interceptor answered. */
    static Emission outcome(Emission answered) {
        return answered instanceof PlannedEmission planned ? planned.outcome() : answered;
    }
}
