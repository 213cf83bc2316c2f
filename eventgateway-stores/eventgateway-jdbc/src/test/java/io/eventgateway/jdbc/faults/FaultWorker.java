package io.eventgateway.jdbc.faults;

import com.zaxxer.hikari.HikariDataSource;
import io.eventgateway.EventGateway;
import io.eventgateway.EventGatewayException;
import io.eventgateway.jdbc.server.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** A process that emits, delivers, redrives and replays until it is killed or told to end. */
public final class FaultWorker {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** How a process is told to end. */
    enum Ending {
        /** It closes its gateway at once. */
        CLOSE,
        /** It emits no more, waits for its emissions, writes down which hang, and closes its gateway then. */
        FINISH;

        Path file(Path directory, String worker) {
            return directory.resolve(worker + "." + name());
        }
    }

    /**
     * What a process is to do.
     *
     * @param url of the database
     * @param name of the process
     * @param directory for its files
     * @param poolSize how many connections the gateway has; the application has two of its own
     * @param pauseMicros between two emissions of a thread
     * @param replays whether it runs the named replay
     * @param patience how long it waits for its emissions when it finishes
     */
    record Task(
            String url,
            String name,
            Path directory,
            int poolSize,
            int pauseMicros,
            boolean replays,
            Duration lease,
            Duration timeout,
            Duration patience) {
        String[] arguments() {
            return new String[] {
                url,
                name,
                directory.toString(),
                Integer.toString(poolSize),
                Integer.toString(pauseMicros),
                Boolean.toString(replays),
                lease.toString(),
                timeout.toString(),
                patience.toString()
            };
        }

        /** The same task for a process that runs the named replay. */
        Task replaying() {
            return new Task(url, name, directory, poolSize, pauseMicros, true, lease, timeout, patience);
        }

        /** The same task with another size of the gateway's pool. */
        Task withPool(int size) {
            return new Task(url, name, directory, size, pauseMicros, replays, lease, timeout, patience);
        }

        /** The same task where the stores wait otherwise for the database. */
        Task withTimeout(Duration limit) {
            return new Task(url, name, directory, poolSize, pauseMicros, replays, lease, limit, patience);
        }

        static Task of(String[] arguments) {
            return new Task(
                    arguments[0],
                    arguments[1],
                    Path.of(arguments[2]),
                    Integer.parseInt(arguments[3]),
                    Integer.parseInt(arguments[4]),
                    Boolean.parseBoolean(arguments[5]),
                    Duration.parse(arguments[6]),
                    Duration.parse(arguments[7]),
                    Duration.parse(arguments[8]));
        }
    }

    private FaultWorker() {}

    /** Arguments: those of {@link Task}. */
    public static void main(String[] arguments) throws Exception {
        Task task = Task.of(arguments);
        Journal journal = new Journal(task.directory(), task.name());
        HikariDataSource pool = PostgresServer.pool(task.url(), task.poolSize());
        HikariDataSource own = PostgresServer.pool(task.url(), 2);
        EventGateway gateway = open(pool, journal, task);
        Emitters emitters = new Emitters(gateway, own, journal, task.pauseMicros());
        emitters.start();
        loop("redrives", () -> Workload.redrive(gateway), Duration.ofMillis(200));
        if (task.replays()) {
            loop("replays", () -> replay(gateway), Duration.ofMillis(500));
        }
        while (true) {
            if (Files.exists(Ending.FINISH.file(task.directory(), task.name()))) {
                emitters.finish(task.patience());
                break;
            }
            if (Files.exists(Ending.CLOSE.file(task.directory(), task.name()))) {
                emitters.stop();
                break;
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        gateway.close();
        Runtime.getRuntime().halt(0);
    }

    /** A process that starts while the database is away tries again, as its supervisor would. */
    private static EventGateway open(HikariDataSource pool, Journal journal, Task task) {
        while (true) {
            try {
                return Workload.gateway(pool, journal, task.lease(), task.timeout());
            } catch (EventGatewayException e) {
                System.out.println("not started: " + e);
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
    }

    private static void replay(EventGateway gateway) {
        try {
            Workload.replay(gateway).completion().get(1, TimeUnit.MINUTES);
        } catch (ExecutionException | TimeoutException e) {
            System.out.println("the replay ended: " + e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void loop(String name, Runnable step, Duration pause) {
        Thread thread = new Thread(
                () -> {
                    while (true) {
                        try {
                            step.run();
                        } catch (EventGatewayException | IllegalStateException e) {
                            System.out.println(name + ": " + e);
                        }
                        LockSupport.parkNanos(pause.toNanos());
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }
}
