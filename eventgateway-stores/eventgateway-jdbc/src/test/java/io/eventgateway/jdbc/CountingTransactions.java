package io.eventgateway.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;

/** A data source that counts the transactions of its connections, and those of them that ask for changed registrations. */
final class CountingTransactions extends DelegatingDataSource {
    private final AtomicLong transactions = new AtomicLong();
    private final AtomicLong registrationLooks = new AtomicLong();

    CountingTransactions(DataSource dataSource) {
        super(dataSource);
    }

    long count() {
        return transactions.get();
    }

    long registrationLooks() {
        return registrationLooks.get();
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = super.getConnection();
        return proxy(Connection.class, (proxy, method, arguments) -> {
            if (method.getName().equals("commit") || method.getName().equals("rollback")) {
                transactions.incrementAndGet();
            }
            Object result = call(connection, method, arguments);
            if (method.getName().equals("prepareStatement")) {
                return counted(PreparedStatement.class, connection, result, arguments[0].toString());
            }
            return method.getName().equals("createStatement")
                    ? counted(Statement.class, connection, result, "")
                    : result;
        });
    }

    private <T> T counted(Class<T> type, Connection connection, Object statement, String sql) {
        return proxy(type, (proxy, method, arguments) -> {
            if (method.getName().startsWith("execute")) {
                boolean isSetting = arguments != null && arguments[0].toString().startsWith("SET ");
                if (connection.getAutoCommit() && !isSetting) {
                    transactions.incrementAndGet();
                }
                if (sql.contains("eg_revision")) {
                    registrationLooks.incrementAndGet();
                }
            }
            return call(statement, method, arguments);
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(CountingTransactions.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
