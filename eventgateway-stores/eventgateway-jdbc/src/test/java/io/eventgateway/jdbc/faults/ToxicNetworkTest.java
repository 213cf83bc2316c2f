package io.eventgateway.jdbc.faults;

import io.eventgateway.jdbc.faults.ToxicProxy.Toxic;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A bad network between two processes and their database server. */
class ToxicNetworkTest extends FaultRun {
    private static final Duration STORE_TIMEOUT = Duration.ofSeconds(2);

    @Tag("outage")
    @ParameterizedTest
    @MethodSource("io.eventgateway.jdbc.faults.FaultDatabase#serversOfThisRun")
    void delaysLostAnswersHalfOpenAndSlowConnectionsLoseNothing(FaultDatabase database) throws Exception {
        run(
                database,
                "toxic network to " + database,
                List.of(Toxic.DELAY, Toxic.LOST_ANSWERS, Toxic.SILENCE, Toxic.SLOW, Toxic.CUT),
                Duration.ofSeconds(3));
    }

    /** Most answers that a commit is lost with are those to a group of them. */
    @Tag("outage")
    @ParameterizedTest
    @MethodSource("io.eventgateway.jdbc.faults.FaultDatabase#serversOfThisRun")
    void answersThatAreLostInTheCommitLoseNothing(FaultDatabase database) throws Exception {
        run(database, "lost answers of " + database, List.of(Toxic.LOST_ANSWERS), Duration.ofSeconds(5));
    }

    private void run(FaultDatabase database, String name, List<Toxic> toxics, Duration each) throws Exception {
        String url = database.url(directory);
        migrate(url);
        try (ToxicProxy proxy = ToxicProxy.before(url)) {
            String poisoned = proxy.url(url);
            List<WorkerProcess> running = List.of(
                    start(task(poisoned).withTimeout(STORE_TIMEOUT)),
                    start(task(poisoned).withTimeout(STORE_TIMEOUT)));
            running.forEach(process -> process.awaitAccepted(50));
            long until = System.nanoTime() + length(0).toNanos();
            do {
                for (Toxic toxic : toxics) {
                    proxy.poison(toxic);
                    ToxicProxy.pause(each);
                    proxy.heal();
                    ToxicProxy.pause(Duration.ofSeconds(1));
                }
            } while (System.nanoTime() - until < 0);
            running.forEach(process -> process.awaitAccepted(20));
            finish(url);
            drainAndCheck(url, name + ", " + proxy.cuts() + " connections cut");
        }
    }
}
