package io.eventgateway.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;

/** Connections whose next commit of a writer is made while its answer is lost, once a test has armed them. */
final class LostAnswers extends DelegatingDataSource {
    private final AtomicBoolean armed;

    LostAnswers(DataSource dataSource, AtomicBoolean armed) {
        super(dataSource);
        this.armed = armed;
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = super.getConnection();
        return (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    try {
                        Object result = method.invoke(connection, arguments);
                        if (method.getName().equals("commit") && isWriter() && armed.compareAndSet(true, false)) {
                            throw new SQLException("the connection was lost before the answer came", "08006");
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static boolean isWriter() {
        return Thread.currentThread().getName().contains("writer");
    }
}
