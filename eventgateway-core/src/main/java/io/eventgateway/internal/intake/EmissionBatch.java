package io.eventgateway.internal.intake;

import io.eventgateway.Emission;
import io.eventgateway.internal.delivery.Deliveries;
import io.eventgateway.internal.invocation.Cause;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The events of one {@code emitAll} that the interceptors have let pass, before they are accepted together. For one thread. */
final class EmissionBatch {
    private final List<PlannedEmission> planned = new ArrayList<>();

    Emission plan(Deliveries.Routed routed, @Nullable Cause cause) {
        PlannedEmission emission = new PlannedEmission(routed, cause);
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
