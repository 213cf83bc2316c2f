package io.eventgateway.internal.filter;

import io.eventgateway.Event;
import io.eventgateway.internal.filter.Condition.Check;
import io.eventgateway.internal.filter.Condition.Code;
import io.eventgateway.internal.filter.Evaluation.Failed;
import java.util.IdentityHashMap;

/** What the application's predicates said of one event. Each is asked once, however often the event is looked at. */
final class Verdicts {
    /** A Boolean, or what a predicate failed with. */
    private final IdentityHashMap<Check, Object> known = new IdentityHashMap<>();

    /**
     * What a predicate says of the event.
     *
     * @throws Failed if it threw
     */
    boolean of(Code code, Event event) {
        Object verdict = known.get(code.check());
        if (verdict == null) {
            verdict = ask(code, event);
            known.put(code.check(), verdict);
        }
        if (verdict instanceof Failed failed) {
            throw failed;
        }
        return (Boolean) verdict;
    }

    private static Object ask(Code code, Event event) {
        try {
            return Evaluation.run(code, event);
        } catch (Failed e) {
            return e;
        }
    }

    void clear() {
        if (!known.isEmpty()) {
            known.clear();
        }
    }
}
