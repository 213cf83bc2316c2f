package io.eventgateway.jdbc;

import io.eventgateway.EventGatewayException;
import io.eventgateway.error.StoreFailedException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what many threads want written in few transactions: while one is being committed, what comes in is gathered for the
 * next (DeWitt et al., "Implementation techniques for main memory database systems", 1984, section 5.2: group commit).
 *
 * <p>A transaction that fails for one of its writes is taken apart, so that the others are written. Steps of deliveries are
 * tried again for a minute when the database can't be reached, since their deliveries have no better place to wait;
 * an append fails at once, since its emitter waits.
 *
 * <p>The threads are few, and end when there is nothing to do for a while.
 */
final class GroupCommit {
    private static final Logger log = LoggerFactory.getLogger(GroupCommit.class);

    /** Writes groups. */
    interface Writer {
        /** Returns whether the group is written by one statement. */
        boolean isOneStatement(List<Write<?>> group);

        /** Writes a group in the open transaction, and gives each its result. */
        void write(Connection connection, List<Write<?>> group) throws SQLException;
    }

    private static final int MOST_WRITES = 512;
    private static final int MOST_BYTES = 4 * 1024 * 1024;
    private static final long IDLE_SECONDS = 5;
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int ENOUGH_FOR_ANOTHER = 32;

    private final Database database;
    private final Writer writer;
    private final int mostWriters;
    private final Queue<Write<?>> queue = new ConcurrentLinkedQueue<>();
    /** Steps that failed because the database could not be reached. */
    private final Queue<Write<?>> postponed = new ConcurrentLinkedQueue<>();

    private final AtomicBoolean waiting = new AtomicBoolean();
    private final AtomicInteger queued = new AtomicInteger();
    private final AtomicInteger writers = new AtomicInteger();
    private final AtomicInteger threads = new AtomicInteger();
    private final ThreadPoolExecutor pool;

    GroupCommit(Database database, Writer writer, int mostWriters) {
        this.database = database;
        this.writer = writer;
        this.mostWriters = mostWriters;
        this.pool = new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, "eventgateway-jdbc-writer-" + threads.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** Has it written soon; its future tells. */
    void submit(Write<?> write) {
        queue.add(write);
        queued.incrementAndGet();
        startWriter();
    }

    private void startWriter() {
        int running = writers.get();
        int waiting = queued.get();
        if (waiting > 0
                && running < mostWriters
                && (running == 0 || waiting >= ENOUGH_FOR_ANOTHER)
                && writers.compareAndSet(running, running + 1)) {
            pool.execute(this::writeUntilEmpty);
        } else if (running == 0 && waiting > 0) {
            startWriter();
        }
    }

    private void writeUntilEmpty() {
        try (WriterSession session = new WriterSession(database)) {
            List<Write<?>> group = next();
            while (!group.isEmpty()) {
                writeTogether(session, group);
                group = next();
            }
        } finally {
            writers.decrementAndGet();
            startWriter(); // what came after the last look
        }
    }

    private List<Write<?>> next() {
        List<Write<?>> group = new ArrayList<>();
        int bytes = 0;
        while (group.size() < MOST_WRITES && bytes < MOST_BYTES) {
            Write<?> write = queue.poll();
            if (write == null) {
                break;
            }
            queued.decrementAndGet();
            bytes += write.size();
            group.add(write);
        }
        return group;
    }

    private void writeTogether(WriterSession session, List<Write<?>> group) {
        try {
            write(session, group);
        } catch (SQLException | RuntimeException e) {
            if (group.size() == 1) {
                alone(group.get(0), e);
            } else if (e instanceof SQLException sql && Dialect.isLost(sql)) {
                group.forEach(write -> alone(write, e)); // it is none of them
            } else {
                for (Write<?> write : group) {
                    try {
                        write(session, List.of(write));
                    } catch (SQLException | RuntimeException own) {
                        alone(write, own);
                    }
                }
            }
        } catch (Error e) {
            log.error("The event store's writer failed", e);
            group.forEach(write -> write.failed(e));
        }
    }

    private void write(WriterSession session, List<Write<?>> group) throws SQLException {
        session.run(writer.isOneStatement(group), connection -> writer.write(connection, group));
        group.forEach(Write::committed);
    }

    private void alone(Write<?> write, Exception e) {
        try {
            postponeOrFail(write, e);
        } catch (RuntimeException own) { // whoever waits for it must not wait for ever
            own.addSuppressed(e);
            write.failed(own);
        }
    }

    private void postponeOrFail(Write<?> write, Exception e) {
        if (write instanceof Write.Step step
                && e instanceof SQLException sql
                && !Dialect.isRefusal(sql)
                && step.mayWait(PATIENCE_NANOS)) {
            postpone(step);
            return;
        }
        if (write instanceof Write.Append append && e instanceof SQLException sql && Dialect.isLost(sql)) {
            undo(append);
        }
        write.failed(
                e instanceof EventGatewayException ours
                        ? ours
                        : e instanceof SQLException sql
                                ? database.failed("the event store failed to write", sql)
                                : new StoreFailedException("the event store failed to write: " + e, e));
    }

    /** Tries all writes again that wait for the database to come back: together, so that it takes one thread. */
    private void postpone(Write.Step step) {
        postponed.add(step);
        if (waiting.compareAndSet(false, true)) {
            pool.execute(() -> {
                LockSupport.parkNanos(PAUSE_NANOS);
                waiting.set(false);
                Write<?> next = postponed.poll();
                while (next != null) {
                    queue.add(next);
                    queued.incrementAndGet();
                    next = postponed.poll();
                }
                startWriter();
            });
        }
    }

    private void undo(Write.Append append) {
        for (Write.Entry entry : append.entries()) {
            for (Write.DeliveryRow delivery : entry.deliveries()) {
                Write.Undo undo = new Write.Undo(delivery.id(), 1, entry.seen());
                undo.future().whenComplete((done, e) -> {
                    if (e != null) {
                        log.error(
                                "Event '{}' was refused, and may nevertheless be in the store, since the connection was"
                                        + " lost in the commit",
                                entry.event().eventId(),
                                e);
                    }
                });
                postpone(undo);
            }
        }
    }
}
