package io.eventgateway.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/**
 * A pooler between the stores and PostgreSQL that gives each transaction another session, as PgBouncer does in transaction mode, and
 * notes which settings a transaction leaves in the session.
 */
final class TransactionPooler extends DelegatingDataSource {
    private static final Set<String> OF_THE_CONNECTION =
            Set.of("close", "isClosed", "setNetworkTimeout", "getNetworkTimeout");
    private static final String LEFT = "SELECT string_agg(name || ' = ' || setting, ', ') FROM pg_settings"
            + " WHERE source = 'session' AND name NOT LIKE 'transaction_%' AND name <> 'application_name'";

    private final BlockingQueue<Connection> sessions = new LinkedBlockingQueue<>();
    private final Set<String> leftSettings = ConcurrentHashMap.newKeySet();
    private final AtomicInteger transactions = new AtomicInteger();

    TransactionPooler(DataSource dataSource, int size) throws SQLException {
        super(dataSource);
        for (int i = 0; i < size; i++) {
            sessions.add(dataSource.getConnection());
        }
    }

    Set<String> leftSettings() {
        return leftSettings;
    }

    int transactions() {
        return transactions.get();
    }

    @Override
    public Connection getConnection() {
        return (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, new Client()::call);
    }

    /** A connection of the stores, which has a session for the length of a transaction. */
    private final class Client {
        private Connection session;
        private boolean autoCommit = true;

        Object call(Object proxy, Method method, Object[] arguments) throws Throwable {
            String name = method.getName();
            if (name.equals("getAutoCommit")) {
                return autoCommit;
            }
            if (name.equals("setAutoCommit")) {
                giveBack();
                autoCommit = (boolean) arguments[0];
                return null;
            }
            if (OF_THE_CONNECTION.contains(name)) {
                giveBack();
                return name.equals("isClosed") ? (Object) false : name.equals("getNetworkTimeout") ? (Object) 0 : null;
            }
            if (name.equals("unwrap")) {
                return pooled((Class<?>) arguments[0]);
            }
            if (name.equals("commit") || name.equals("rollback")) {
                if (session != null) {
                    invoke(method, arguments);
                    giveBack();
                }
                return null;
            }
            if (autoCommit) {
                giveBack(); // what came before was a transaction of its own
            }
            if (session == null) {
                session = sessions.take();
                session.setAutoCommit(autoCommit);
            }
            return invoke(method, arguments);
        }

        /** The driver's connection as far as it is asked for: to a pooler, which introduces itself with a process number of its own. */
        private static Object pooled(Class<?> type) {
            return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                if (method.getName().equals("getBackendPID")) {
                    return -1;
                }
                throw new UnsupportedOperationException(method.getName());
            });
        }

        private Object invoke(Method method, Object[] arguments) throws Throwable {
            try {
                return method.invoke(session, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }

        private void giveBack() throws SQLException {
            Connection used = session;
            if (used == null) {
                return;
            }
            session = null;
            transactions.incrementAndGet();
            if (!used.getAutoCommit()) {
                used.rollback();
                used.setAutoCommit(true);
            }
            try (Statement statement = used.createStatement();
                    ResultSet left = statement.executeQuery(LEFT)) {
                left.next();
                if (left.getString(1) != null) {
                    leftSettings.add(left.getString(1));
                }
            }
            sessions.add(used);
        }
    }
}
