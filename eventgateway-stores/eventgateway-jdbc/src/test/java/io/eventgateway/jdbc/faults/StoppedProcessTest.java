package io.eventgateway.jdbc.faults;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Processes that are stopped past their lease, as by a debugger or a frozen machine, and resumed. */
class StoppedProcessTest extends FaultRun {
    @Tag("databases")
    @ParameterizedTest
    @MethodSource("io.eventgateway.jdbc.faults.FaultDatabase#serversOfThisRun")
    void aProcessThatIsStoppedPastItsLeaseAndResumedDeliversInOrderAndLosesNothing(FaultDatabase database)
            throws Exception {
        String url = database.url(directory);
        migrate(url);
        WorkerProcess[] running = {start(task(url)), start(task(url))};
        for (WorkerProcess process : running) {
            process.awaitAccepted(100);
        }
        long until = System.nanoTime() + length(0).toNanos();
        int stops = 0;
        do {
            WorkerProcess stopped = running[stops % running.length];
            WorkerProcess other = running[(stops + 1) % running.length];
            stopped.stop();
            ToxicProxy.pause(LEASE.plusSeconds(1)); // until others may take over what it holds
            other.awaitAccepted(50);
            stopped.resume();
            stopped.awaitAccepted(50);
            stops++;
        } while (stops < running.length || System.nanoTime() - until < 0);
        ToxicProxy.pause(Duration.ofSeconds(1));
        finish(url);
        drainAndCheck(url, "stopped past its lease on " + database + ", " + stops + " stops");
    }
}
