package io.eventgateway.simulation;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One run of a plan. */
final class History {
    private static final int MOST_STEPS = 150_000;
    private static final int MOST_STEPS_OF_A_CROWD = 600_000;

    /**
     * How a history ended.
     *
     * @param violation what it broke; null for nothing
     * @param log its lines; empty unless they were asked for
     */
    record Outcome(Plan plan, @Nullable Violation violation, int steps, String log) {}

    private History() {}

    /** Runs a plan with threads of one's own, of which one runs at a time. */
    static Outcome run(Plan plan, Batons batons, boolean logged) {
        Setting setting = plan.setting();
        boolean crowd =
                plan.actions().stream().anyMatch(each -> each instanceof Action.Burst burst && burst.count() > 100);
        Scheduler scheduler = new Scheduler(
                plan.seed(),
                batons,
                setting.timeChance(),
                crowd ? 1 : setting.scriptChance(),
                crowd ? MOST_STEPS_OF_A_CROWD : MOST_STEPS);
        StringBuilder log = logged ? new StringBuilder() : null;
        Violation violation = null;
        World world = new World(plan, scheduler, log);
        try {
            scheduler.run(new Clients(world), new StepChecks(world));
        } catch (Violation e) {
            violation = e;
        } finally {
            world.close();
        }
        return new Outcome(plan, violation, scheduler.step(), log == null ? "" : log.toString());
    }

    /** The lines that tell how a seed failed. */
    static String describe(Outcome outcome) {
        Violation violation = outcome.violation();
        StringBuilder text = new StringBuilder("seed " + outcome.plan().seed() + ": "
                + (violation == null ? "nothing is broken" : violation.getMessage()) + "\n  "
                + outcome.plan().setting() + "\n");
        List<Action> actions = outcome.plan().actions();
        for (int i = 0; i < actions.size(); i++) {
            text.append("  ").append(i + 1).append(". ").append(actions.get(i)).append('\n');
        }
        text.append(outcome.log());
        return text.toString();
    }
}
