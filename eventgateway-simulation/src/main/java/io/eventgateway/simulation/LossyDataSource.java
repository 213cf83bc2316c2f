package io.eventgateway.simulation;

import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.logging.Logger;
import javax.sql.DataSource;

/**
 * Connections of an H2 database, without a pool, that lose the answer to a commit now and then, as a network does: the commit was made, or
 * not. Only changes that the store tries again until it knows lose their answers here: those of its writers' threads.
 */
final class LossyDataSource implements DataSource {
    private static final String WRITERS = "eventgateway-jdbc-writer";

    private final String url;
    private final StoreTemper temper;

    LossyDataSource(String url, StoreTemper temper) {
        this.url = url;
        this.temper = temper;
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = DriverManager.getConnection(url);
        if (!Thread.currentThread().getName().startsWith(WRITERS)) {
            return connection;
        }
        return (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("commit") && temper.losesCommit()) {
                        lose(connection);
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private void lose(Connection connection) throws SQLException {
        if (temper.commits()) {
            connection.commit();
        } else {
            connection.rollback();
        }
        connection.close();
        throw new SQLException("the answer to the commit was lost", "08006");
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return getConnection();
    }

    @Override
    public PrintWriter getLogWriter() {
        return new PrintWriter(PrintWriter.nullWriter());
    }

    @Override
    public void setLogWriter(PrintWriter out) {
        // nothing is logged
    }

    @Override
    public void setLoginTimeout(int seconds) {
        // nobody waits for a connection
    }

    @Override
    public int getLoginTimeout() {
        return 0;
    }

    @Override
    public Logger getParentLogger() {
        return Logger.getGlobal();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLException("wraps no " + type.getName());
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
