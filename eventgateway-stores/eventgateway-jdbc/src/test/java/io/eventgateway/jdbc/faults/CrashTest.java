package io.eventgateway.jdbc.faults;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Processes that are killed with {@code kill -9} while they emit and deliver. */
class CrashTest extends FaultRun {
    /** So many, and more in the profile {@code faults}. */
    private static final int KILLS = 5;

    @Tag("databases")
    @ParameterizedTest
    @MethodSource("io.eventgateway.jdbc.faults.FaultDatabase#ofThisRun")
    void killingTheProcessAgainAndAgainLosesNothingThatWasAccepted(FaultDatabase database) throws Exception {
        String url = database.url(directory);
        migrate(url); // so that the processes find the file of an embedded database, whose settings it has forgotten
        long until = System.nanoTime() + length(0).toNanos();
        int kills = 0;
        while (kills < KILLS || System.nanoTime() - until < 0) {
            WorkerProcess process = start(task(url).replaying());
            process.awaitAccepted(1 + random.nextInt(150));
            process.kill();
            kills++;
        }
        drainAndCheck(url, "crash on " + database + ", " + kills + " kills");
    }
}
