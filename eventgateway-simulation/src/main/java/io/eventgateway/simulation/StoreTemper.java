package io.eventgateway.simulation;

import java.time.Duration;

/** How the shared store of a history behaves. */
final class StoreTemper implements SimulatedStore.Temper {
    private static final int SHORT = 1_500;
    private static final int LONGER_THAN_A_LEASE = 12_000;

    private final World world;

    StoreTemper(World world) {
        this.world = world;
    }

    @Override
    public boolean fails() {
        return isOn(Feature.STORE_FAILS) && world.scheduler.chance(0.04);
    }

    @Override
    public boolean losesAnswer() {
        return isOn(Feature.STORE_LOSES_ANSWERS) && world.scheduler.chance(0.04);
    }

    /** Returns whether the database loses the answer to a commit, so that the store tries again on its own. */
    boolean losesCommit() {
        return isOn(Feature.STORE_LOSES_ANSWERS) && world.scheduler.chance(0.03);
    }

    /** Returns whether a commit whose answer is lost was made. */
    boolean commits() {
        return world.scheduler.chance(0.5);
    }

    @Override
    public Duration absence() {
        int longest = world.scheduler.chance(0.1) ? LONGER_THAN_A_LEASE : SHORT;
        return Duration.ofMillis(world.calm ? 0 : world.scheduler.choose(longest));
    }

    @Override
    public boolean isLate() {
        return isOn(Feature.LATE_ANSWERS) && world.scheduler.chance(0.5);
    }

    @Override
    public boolean isSlow() {
        return isOn(Feature.LATE_ANSWERS) && world.scheduler.chance(0.1);
    }

    private boolean isOn(Feature feature) {
        return world.setting().has(feature) && world.built && !world.calm;
    }
}
