package io.eventgateway.simulation;

/** What runs steps: a gateway's process, or the clients. A crashed process runs nothing any more; a paused one runs nothing for a while. */
final class Host {
    private final String name;
    private boolean crashed;
    private long pausedUntil = Long.MIN_VALUE;
    private boolean everPaused;
    /** Whether its clock's thread is in the middle of something. */
    private boolean clockBusy;
    /** Whether a handler left the interrupt flag of a worker's thread set. */
    private boolean flagLeft;

    Host(String name) {
        this.name = name;
    }

    void crash() {
        crashed = true;
    }

    boolean isCrashed() {
        return crashed;
    }

    void pauseUntil(long nanos) {
        pausedUntil = nanos;
        everPaused = true;
    }

    /** Returns whether time has passed in which the process ran nothing, though there was something to run. */
    boolean wasPaused() {
        return everPaused;
    }

    long pausedUntil() {
        return pausedUntil;
    }

    /** Returns whether the process may run a step at the time. */
    boolean runsAt(long nanos) {
        return !crashed && pausedUntil <= nanos;
    }

    boolean isClockBusy() {
        return clockBusy;
    }

    void clockBusy(boolean busy) {
        clockBusy = busy;
    }

    boolean takeFlagLeft() {
        boolean left = flagLeft;
        flagLeft = false;
        return left;
    }

    void leaveFlag() {
        flagLeft = true;
    }

    @Override
    public String toString() {
        return name;
    }
}
