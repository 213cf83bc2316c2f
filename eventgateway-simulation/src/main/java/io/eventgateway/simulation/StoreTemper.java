package io.eventgateway.simulation;

/** How the shared store of a history behaves. */
final class StoreTemper implements SimulatedStore.Temper {
    private final World world;

    StoreTemper(World world) {
        this.world = world;
    }

    @Override
    public boolean fails() {
        return isOn(Feature.STORE_FAILS) && world.scheduler.chance(0.04);
    }

    @Override
    public boolean givesUp() {
        return isOn(Feature.STORE_GIVES_UP) && world.scheduler.chance(0.04);
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
