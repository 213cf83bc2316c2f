package io.eventgateway.simulation;

/** The engine's own invariants, asked after each step. */
@FunctionalInterface
interface EngineChecks {
    /** Checks nothing: for an engine that can't be asked. */
    EngineChecks NONE = () -> {};

    /**
     * Checks the invariants.
     *
     * @throws Violation if one does not hold
     */
    void check();
}
