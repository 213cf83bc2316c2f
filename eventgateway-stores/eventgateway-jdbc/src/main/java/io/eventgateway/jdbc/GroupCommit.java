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
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what many threads want written in few transactions: while one is being committed, what comes in is gathered for the
 * next (DeWitt et al., "Implementation techniques for main memory database systems", 1984, section 5.2: group commit).
 *
 * <p>A transaction that fails for one of its writes is taken apart, so that the others are written. When the database can't be
 * reached, outcomes of deliveries are tried again for as long as their gateway has not left, since a delivery has no better place to
 * wait; an append fails at once, since its emitter waits.
 *
 * <p>When the connection is lost in the commit, nobody knows what became of it. Then every change of the group is tried again, and
 * the second try finds out. An append is tried again until its emitter gives up, and is undone then.
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
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int ENOUGH_FOR_ANOTHER = 32;

    private final Database database;
    private final Writer writer;
    private final int mostWriters;
    /** Whether a gateway, by its name, has not left. */
    private final Predicate<String> isThere;

    private final Queue<Write<?>> queue = new ConcurrentLinkedQueue<>();
    /** Changes that failed because the database could not be reached. */
    private final Queue<Write<?>> postponed = new ConcurrentLinkedQueue<>();

    private final AtomicBoolean waiting = new AtomicBoolean();
    /** How long what failed waits for the next try; it grows until a group is written. */
    private volatile long pauseNanos = FIRST_PAUSE_NANOS;

    private final AtomicInteger queued = new AtomicInteger();
    private final AtomicInteger writers = new AtomicInteger();
    private final AtomicInteger threads = new AtomicInteger();
    private final ThreadPoolExecutor pool;

    /**
     * Creates a group commit.
     *
     * @param isThere tells of a gateway, by its name, whether it has not left, so that its outcomes are worth another try
     */
    GroupCommit(Database database, Writer writer, int mostWriters, Predicate<String> isThere) {
        this.isThere = isThere;
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
            if (write.begins()) {
                bytes += write.size();
                group.add(write);
            }
        }
        return group;
    }

    private void writeTogether(WriterSession session, List<Write<?>> all) {
        List<Write<?>> group = new ArrayList<>(all.size());
        for (Write<?> write : all) {
            if (write instanceof Write.Append append && append.isInDoubt()) {
                writeAgain(session, append);
            } else {
                group.add(write);
            }
        }
        if (!group.isEmpty()) {
            writeGroup(session, group);
        }
    }

    /** Tries an append again that may have been committed: alone, since it fails when it finds itself. */
    private void writeAgain(WriterSession session, Write.Append append) {
        if (append.isAbandoned()) {
            undo(append);
        } else {
            writeGroup(session, List.of(append));
        }
    }

    private void writeGroup(WriterSession session, List<Write<?>> group) {
        try {
            write(session, group);
        } catch (SQLException | RuntimeException e) {
            if (group.size() == 1 || (e instanceof SQLException sql && Dialect.isLost(sql))) {
                group.forEach(write -> failed(write, e)); // a lost connection is the fault of none of them
            } else {
                group.forEach(write -> writeGroup(session, List.of(write)));
            }
        } catch (Error e) {
            log.error("The event store's writer failed", e);
            group.forEach(write -> write.failed(e));
        }
    }

    private void write(WriterSession session, List<Write<?>> group) throws SQLException {
        session.run(writer.isOneStatement(group), connection -> writer.write(connection, group));
        if (pauseNanos != FIRST_PAUSE_NANOS) {
            pauseNanos = FIRST_PAUSE_NANOS;
            log.info("The event store can be written to again");
        }
        for (Write<?> write : group) {
            write.committed();
            if (write instanceof Write.Append append && append.isAbandoned()) {
                undo(append);
            }
        }
    }

    private void failed(Write<?> write, Exception e) {
        try {
            postponeOrFail(write, e);
        } catch (RuntimeException own) { // whoever waits for it must not wait for ever
            own.addSuppressed(e);
            write.failed(own);
        }
    }

    private void postponeOrFail(Write<?> write, Exception e) {
        if (e instanceof InDoubtException) {
            write.doubt();
        }
        if (write instanceof Write.Append append) {
            if (!append.isInDoubt()) {
                write.failed(cause(e));
            } else if (append.isAbandoned()) {
                undo(append);
            } else {
                postpone(append, e);
            }
        } else if (e instanceof SQLException sql && !Dialect.isRefusal(sql) && isThere.test(write.holder())) {
            postpone(write, e);
        } else {
            write.failed(cause(e));
        }
    }

    private EventGatewayException cause(Exception e) {
        return e instanceof EventGatewayException ours
                ? ours
                : e instanceof SQLException sql
                        ? database.failed("the event store failed to write", sql)
                        : new StoreFailedException("the event store failed to write: " + e, e);
    }

    /** Tries all changes again that wait for the database to come back: together, so that it takes one thread. */
    private void postpone(Write<?> write, Exception e) {
        postponed.add(write);
        if (waiting.compareAndSet(false, true)) {
            long pause = pauseNanos;
            if (pause == FIRST_PAUSE_NANOS) {
                log.warn(
                        "The event store can't be written to, which is tried again until it succeeds: {}",
                        e.toString());
            }
            pauseNanos = Math.min(LONGEST_PAUSE_NANOS, pause * 2);
            pool.execute(() -> {
                LockSupport.parkNanos(pause);
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

    /** Takes an append back of which its emitter was told that it failed. */
    private void undo(Write.Append append) {
        Write.Undo undo = new Write.Undo(append);
        undo.future().whenComplete((done, e) -> {
            if (e != null) {
                log.error(
                        "Event '{}' was refused, and may nevertheless be in the store, since the connection was lost in the"
                                + " commit",
                        append.entries().get(0).event().eventId(),
                        e);
            }
        });
        queue.add(undo);
        queued.incrementAndGet();
    }
}
