package io.eventgateway.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** Connections that are lost in the next few commits: after the commit was made, so that nobody hears of it. */
final class LostAnswers extends DelegatingDataSource {
    private final AtomicInteger left = new AtomicInteger();

    LostAnswers(DataSource dataSource) {
        super(dataSource);
    }

    /** Loses the answers to so many commits. */
    void lose(int answers) {
        left.set(answers);
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = super.getConnection();
        return (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    Object result;
                    try {
                        result = method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                    if (method.getName().equals("commit") && left.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                        throw new SQLException("the connection was lost while the answer was awaited", "08006");
                    }
                    return result;
                });
    }
}
