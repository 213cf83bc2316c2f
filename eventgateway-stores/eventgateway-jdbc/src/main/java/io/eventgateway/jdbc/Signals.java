package io.eventgateway.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells listeners that something has changed: listeners of this process at once, and on PostgreSQL listeners of others
 * too, over one connection that does nothing but listen.
 *
 * <p>{@code this} guards the thread, which lives as long as there are listeners.
 */
final class Signals {
    private static final Logger log = LoggerFactory.getLogger(Signals.class);
    private static final int LISTEN_MILLIS = 10_000;
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long POOLER_PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** What changed. */
    enum Topic {
        /** There are free deliveries. */
        WORK,
        /** A function or a subscription changed. */
        REGISTRATION
    }

    private record Listener(Topic topic, Runnable task) {}

    private final Database database;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private @Nullable Thread thread;
    /** Whether what other processes tell arrives here. */
    private volatile boolean listening;

    private volatile boolean isToldOfPooler;

    Signals(Database database) {
        this.database = database;
    }

    private String channel() {
        return database.settings().qualified("signal").replace('.', '_');
    }

    /** The statement that tells other processes once the transaction is committed; null where there is no such. */
    @Nullable String statement(Topic topic) {
        return database.dialect() == Dialect.POSTGRESQL
                ? "SELECT pg_notify('" + channel() + "', '" + topic + "')"
                : null;
    }

    void tell(Connection connection, Topic topic) throws SQLException {
        String sql = statement(topic);
        if (sql != null) {
            Rows.query(connection, sql, rows -> true);
        }
    }

    /** Tells the listeners of this process. */
    void tellHere(Topic topic) {
        for (Listener listener : listeners) {
            if (listener.topic() == topic) {
                listener.task().run();
            }
        }
    }

    /** Returns whether this process hears of what other processes change, so that it need not ask the database. */
    boolean isListening() {
        return listening;
    }

    /** Adds a listener, until what is returned is run. */
    Runnable listen(Topic topic, Runnable task) {
        Listener listener = new Listener(topic, task);
        boolean tellsOthers = database.dialect() == Dialect.POSTGRESQL && PostgresDriver.isPresent();
        synchronized (this) {
            listeners.add(listener);
            if (thread == null && tellsOthers) {
                Thread started = new Thread(this::listen, "eventgateway-jdbc-listener");
                started.setDaemon(true);
                thread = started;
                started.start();
            }
        }
        return () -> {
            synchronized (this) {
                listeners.remove(listener);
                Thread running = thread;
                if (listeners.isEmpty() && running != null) {
                    thread = null;
                    LockSupport.unpark(running);
                }
            }
        };
    }

    private synchronized boolean isWanted() {
        return thread == Thread.currentThread();
    }

    private void listen() {
        boolean failing = false;
        while (isWanted()) {
            try {
                if (!listenOnce()) {
                    LockSupport.parkNanos(POOLER_PAUSE_NANOS);
                }
                failing = false;
            } catch (SQLException | RuntimeException e) {
                if (!failing && isWanted()) {
                    failing = true;
                    log.warn(
                            "This gateway can't listen to the database, and asks it instead until it can: {}",
                            e.toString());
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            } finally {
                listening = false;
            }
        }
    }

    /** Listens until no one wants to know any more, or the connection fails; returns false when it can't be listened to. */
    private boolean listenOnce() throws SQLException {
        try (BorrowedConnection borrowed = database.connect()) {
            Connection connection = borrowed.connection();
            PGConnection server = connection.unwrap(PGConnection.class);
            connection.setAutoCommit(true);
            if (!isTheServersOwn(server, connection)) {
                if (!isToldOfPooler) {
                    isToldOfPooler = true;
                    log.info(
                            "This gateway's connections lead to a pooler, which does not pass on what the database tells; the gateway"
                                    + " asks the database instead");
                }
                return false;
            }
            try (Statement statement = connection.createStatement()) {
                statement.execute("LISTEN " + channel());
                listening = true;
                for (Topic topic : Topic.values()) {
                    tellHere(topic); // what was told while nobody listened
                }
                while (isWanted()) {
                    PGNotification[] told = server.getNotifications(LISTEN_MILLIS);
                    if (told == null || told.length == 0) {
                        statement.execute("SELECT 1"); // a connection that is lost says so now
                    } else {
                        tell(told);
                    }
                }
                statement.execute("UNLISTEN *");
            }
            return true;
        }
    }

    /**
     * Returns whether this connection is the session of one server process. A pooler introduces itself with a number of its own, and
     * may run LISTEN in a session that is another application's afterwards.
     */
    private static boolean isTheServersOwn(PGConnection server, Connection connection) throws SQLException {
        Integer process = Rows.first(connection, "SELECT pg_backend_pid()", rows -> rows.getInt(1));
        return process != null && process == server.getBackendPID();
    }

    private void tell(PGNotification[] told) {
        for (Topic topic : Topic.values()) {
            for (PGNotification notification : told) {
                if (notification.getParameter().equals(topic.name())) {
                    tellHere(topic);
                    break;
                }
            }
        }
    }

    /** Tells whether the driver's own classes are there: an application may use another driver. */
    private static final class PostgresDriver {
        static boolean isPresent() {
            try {
                return PGConnection.class.getName() != null;
            } catch (NoClassDefFoundError e) {
                return false;
            }
        }
    }
}
