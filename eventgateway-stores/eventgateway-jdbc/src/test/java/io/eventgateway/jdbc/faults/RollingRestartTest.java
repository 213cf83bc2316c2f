package io.eventgateway.jdbc.faults;

import io.eventgateway.jdbc.faults.FaultWorker.Ending;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Three processes, one of which at a time ends or is killed and is replaced by a new one. */
class RollingRestartTest extends FaultRun {
    private static final int PROCESSES = 3;

    @Tag("servers")
    @ParameterizedTest
    @MethodSource("io.eventgateway.jdbc.faults.FaultDatabase#serversOfThisRun")
    void restartingOneOfThreeProcessesAfterTheOtherLosesNothing(FaultDatabase database) throws Exception {
        String url = database.url(directory);
        migrate(url);
        WorkerProcess[] running = new WorkerProcess[PROCESSES];
        for (int i = 0; i < PROCESSES; i++) {
            running[i] = start(task(url));
        }
        for (WorkerProcess process : running) {
            process.awaitAccepted(20);
        }
        long until = System.nanoTime() + length(10).toNanos();
        int restarts = 0;
        for (; System.nanoTime() - until < 0; restarts++) {
            int slot = restarts % PROCESSES;
            if (restarts % 4 == 3) {
                running[slot].kill();
            } else {
                running[slot].tell(Ending.CLOSE);
                running[slot].awaitEnd();
            }
            running[slot] = start(slot == 0 ? task(url).replaying() : task(url));
            running[slot].awaitAccepted(50);
        }
        finish(url);
        drainAndCheck(url, "rolling restart of three on " + database + ", " + restarts + " restarts");
    }
}
