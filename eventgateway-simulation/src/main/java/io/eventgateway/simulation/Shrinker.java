package io.eventgateway.simulation;

import java.util.ArrayList;
import java.util.List;

/** Leaves actions out of a failing history for as long as it fails in the same way: Zeller's delta debugging. */
final class Shrinker {
    private static final int MOST_RUNS = 400;

    private final Batons batons;
    private final String kind;
    private Plan best;
    private int runs;

    private Shrinker(Plan plan, String kind, Batons batons) {
        this.best = plan;
        this.kind = kind;
        this.batons = batons;
    }

    /** The shortest plan that was found to fail like this one. */
    static Plan shrink(Plan plan, Violation violation, Batons batons) {
        Shrinker shrinker = new Shrinker(plan, violation.kind(), batons);
        shrinker.shrink();
        return shrinker.best;
    }

    private void shrink() {
        int parts = 2;
        while (best.actions().size() > 1 && runs < MOST_RUNS) {
            int size = best.actions().size();
            int length = Math.max(1, (size + parts - 1) / parts);
            boolean smaller = false;
            for (int from = 0; from < best.actions().size(); from += length) {
                List<Action> fewer = new ArrayList<>(best.actions());
                fewer.subList(from, Math.min(fewer.size(), from + length)).clear();
                if (fails(best.with(fewer))) {
                    best = best.with(fewer);
                    smaller = true;
                    from -= length;
                }
            }
            if (!smaller && length == 1) {
                return;
            }
            parts = smaller ? Math.max(2, parts - 1) : Math.min(best.actions().size(), parts * 2);
        }
    }

    private boolean fails(Plan plan) {
        runs++;
        Violation violation = History.run(plan, batons, false).violation();
        return violation != null && violation.kind().equals(kind);
    }
}
