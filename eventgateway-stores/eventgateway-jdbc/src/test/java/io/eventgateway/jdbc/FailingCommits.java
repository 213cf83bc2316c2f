package io.eventgateway.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Connections whose commit may fail, after which nothing was committed. */
final class FailingCommits extends DelegatingDataSource {
    /** Throws when the commit is to fail. */
    @FunctionalInterface
    interface Fault {
        void strike() throws SQLException;
    }

    private final Fault fault;

    FailingCommits(DataSource dataSource, Fault fault) {
        super(dataSource);
        this.fault = fault;
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = super.getConnection();
        return (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("commit")) {
                        try {
                            fault.strike();
                        } catch (SQLException e) {
                            connection.rollback();
                            throw e;
                        }
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
