package io.eventgateway.jdbc.faults;

import io.eventgateway.jdbc.server.MariaDbServer;
import io.eventgateway.jdbc.server.PostgresServer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The database server is killed with {@code kill -9} under load and started again. */
class ServerKilledTest extends FaultRun {
    /** A server of the test's own, which it may kill. */
    private record Victim(String url, Runnable kill, Runnable start, Runnable end) implements AutoCloseable {
        @Override
        public void close() {
            end.run();
        }

        static Victim of(FaultDatabase database) {
            if (database == FaultDatabase.MARIADB) {
                MariaDbServer server = new MariaDbServer();
                server.start();
                return new Victim(server.create("victim"), server::kill, server::start, server::close);
            }
            PostgresServer server = new PostgresServer();
            server.start();
            return new Victim(server.create("victim"), server::kill, server::start, server::close);
        }
    }

    @Tag("servers")
    @ParameterizedTest
    @MethodSource("io.eventgateway.jdbc.faults.FaultDatabase#serversOfThisRun")
    void aServerThatIsKilledUnderLoadAndStartedAgainLosesNothing(FaultDatabase database) throws Exception {
        run(database, "server killed, " + database, Duration.ZERO, 3);
    }

    /** Longer than a minute, for which an emitter's commit may be waited for, and than every lease. */
    @Tag("outage")
    @ParameterizedTest
    @MethodSource("io.eventgateway.jdbc.faults.FaultDatabase#serversOfThisRun")
    void anOutageOfSeventyFiveSecondsLosesNothing(FaultDatabase database) throws Exception {
        run(database, "75 s outage of " + database, Duration.ofSeconds(75), 1);
    }

    private void run(FaultDatabase database, String name, Duration outage, int times) throws Exception {
        Victim victim = Victim.of(database);
        try (victim) {
            String url = victim.url();
            migrate(url);
            List<WorkerProcess> running = List.of(start(task(url)), start(task(url)));
            running.forEach(process -> process.awaitAccepted(50));
            long until = System.nanoTime() + length(0).toNanos();
            int kills = 0;
            do {
                victim.kill().run();
                kills++;
                ToxicProxy.pause(outage);
                victim.start().run();
                running.forEach(process -> process.awaitAccepted(50));
            } while (kills < times || (outage.isZero() && System.nanoTime() - until < 0));
            finish(url);
            drainAndCheck(url, name + ", " + kills + " kills");
        }
    }
}
