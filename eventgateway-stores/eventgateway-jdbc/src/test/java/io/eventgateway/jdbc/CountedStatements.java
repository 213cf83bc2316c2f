package io.eventgateway.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import javax.sql.DataSource;

/** Connections that count the statements of one kind that are prepared. */
final class CountedStatements extends DelegatingDataSource {
    private final Predicate<String> kind;
    private final LongAdder count = new LongAdder();

    CountedStatements(DataSource dataSource, Predicate<String> kind) {
        super(dataSource);
        this.kind = kind;
    }

    long count() {
        return count.sum();
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = super.getConnection();
        return (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("prepareStatement") && kind.test((String) arguments[0])) {
                        count.increment();
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
