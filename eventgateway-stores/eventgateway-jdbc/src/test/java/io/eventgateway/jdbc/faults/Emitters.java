package io.eventgateway.jdbc.faults;

import com.zaxxer.hikari.HikariDataSource;
import io.eventgateway.Emission;
import io.eventgateway.EmitOptions;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.EventGatewayException;
import io.eventgateway.jdbc.faults.Journal.Kind;
import io.eventgateway.jdbc.faults.Workload.Payload;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The threads of a process that emit, each events of its own kind, and follow what becomes of them. */
final class Emitters {
    private static final int KEYS = 6;
    /** A thread that has as many emissions under way waits for one to end, so that no backlog builds up. */
    private static final int UNDER_WAY = 40;

    private static final int ROLLS_BACK_EVERY = 5;
    private static final int LONG_DELAY_EVERY = 50;

    private final EventGateway gateway;
    private final HikariDataSource own;
    private final Journal journal;
    private final long pauseNanos;
    private final Map<Emission, String> underWay = new ConcurrentHashMap<>();
    private volatile boolean stopped;

    /** Emits one event. */
    private interface Step {
        void emit(int thread, long number, Semaphore room) throws SQLException;
    }

    Emitters(EventGateway gateway, HikariDataSource own, Journal journal, int pauseMicros) {
        this.gateway = gateway;
        this.own = own;
        this.journal = journal;
        this.pauseNanos = TimeUnit.MICROSECONDS.toNanos(pauseMicros);
    }

    void start() {
        start(0, this::emitFree);
        start(1, (thread, number, room) -> emit(event(Workload.ORDERED, thread, number, 0), EmitOptions.none(), room));
        start(2, (thread, number, room) -> emit(event(Workload.HELD, thread, number, 0), EmitOptions.none(), room));
        start(3, (thread, number, room) -> emit(event(Workload.LIMITED, thread, number, 0), EmitOptions.none(), room));
        start(4, this::emitInTransaction);
        start(5, this::emitDelayed);
    }

    private void start(int thread, Step step) {
        Semaphore room = new Semaphore(UNDER_WAY);
        Thread emitter = new Thread(
                () -> {
                    for (long number = 1; !stopped; number++) {
                        LockSupport.parkNanos(pauseNanos);
                        try {
                            if (room.tryAcquire(100, TimeUnit.MILLISECONDS)) {
                                step.emit(thread, number, room);
                            }
                        } catch (EventGatewayException | SQLException e) {
                            room.release(); // it is not known whether it was accepted
                        } catch (InterruptedException e) {
                            return;
                        }
                    }
                },
                "emitter-" + thread);
        emitter.setDaemon(true);
        emitter.start();
    }

    private void emitFree(int thread, long number, Semaphore room) {
        String type = number % 10 == 0 ? Workload.ANONYMOUS : number % 3 == 0 ? Workload.ONCE : Workload.PLAIN;
        emit(event(type, thread, number, 0), EmitOptions.none(), room);
    }

    private void emitDelayed(int thread, long number, Semaphore room) {
        // one that is due in more than ten seconds waits in the store alone
        Duration delay = Duration.ofMillis(
                number % LONG_DELAY_EVERY == 0
                        ? 11_000
                        : ThreadLocalRandom.current().nextLong(1_500));
        long notBefore = System.nanoTime() + delay.toNanos();
        emit(
                event(Workload.PLAIN, thread, number, notBefore),
                EmitOptions.builder().delay(delay).build(),
                room);
    }

    private void emitInTransaction(int thread, long number, Semaphore room) throws SQLException {
        try (Connection connection = own.getConnection()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.executeUpdate(
                        "INSERT INTO app_order (id) VALUES ('" + journal.worker() + "." + number + "')");
            }
            Event event = event(Workload.ORDERED, thread, number, 0);
            Emission emission = gateway.emit(event, EmitOptions.inTransaction(connection));
            if (number % ROLLS_BACK_EVERY == 0) {
                connection.rollback();
                write(Kind.ROLLED_BACK, event);
                room.release();
                return;
            }
            connection.commit();
            accepted(event, emission, room);
        }
    }

    private void emit(Event event, EmitOptions options, Semaphore room) {
        accepted(event, gateway.emit(event, options), room);
    }

    private void accepted(Event event, Emission emission, Semaphore room) {
        write(Kind.ACCEPTED, event);
        underWay.put(emission, event.getId());
        emission.completion().whenComplete((report, failure) -> {
            if (failure == null && report.allDelivered()) {
                write(Kind.COMPLETED, event);
            }
            underWay.remove(emission);
            room.release();
        });
    }

    private void write(Kind kind, Event event) {
        journal.write(kind, event.getType(), event.getId(), event.getSubject(), event.dataAs(Payload.class));
    }

    private Event event(String type, int thread, long number, long notBefore) {
        // each thread has keys of its own, so that their order is the order in which it emits; all processes have the
        // same
        return Event.builder(type)
                .id(journal.worker() + "." + thread + "." + number)
                .subject(type + thread + "-" + number % KEYS)
                .data(new Payload(number, System.nanoTime(), notBefore))
                .build();
    }

    void stop() {
        stopped = true;
    }

    /** Emits no more, waits for what was emitted, and writes down which emissions do not end. */
    void finish(Duration patience) {
        stop();
        long until = System.nanoTime() + patience.toNanos();
        while (!underWay.isEmpty() && System.nanoTime() - until < 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        underWay.keySet().forEach(emission -> write(Kind.HANGING, emission.event()));
    }
}
