package io.eventgateway.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;

/** Connections that may be lost in the commit: it is made, and its answer does not come. */
final class LostCommits extends DelegatingDataSource {
    private final BooleanSupplier isLost;

    LostCommits(DataSource dataSource, BooleanSupplier isLost) {
        super(dataSource);
        this.isLost = isLost;
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = super.getConnection();
        return (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    try {
                        Object result = method.invoke(connection, arguments);
                        if (method.getName().equals("commit") && isLost.getAsBoolean()) {
                            throw new SQLException("the connection was lost in the commit", "08006");
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
