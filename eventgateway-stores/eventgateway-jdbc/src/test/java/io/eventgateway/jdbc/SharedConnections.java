package io.eventgateway.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import javax.sql.DataSource;

/** A pool that gives its connections on as they come back, as an application shares them that sets them up once. */
final class SharedConnections extends DelegatingDataSource implements AutoCloseable {
    /** Sets a new connection up, or checks one that has come back. */
    @FunctionalInterface
    interface Setup {
        void run(Connection connection) throws SQLException;
    }

    private final List<Connection> all = new ArrayList<>();
    private final BlockingQueue<Connection> idle;

    SharedConnections(DataSource dataSource, int size, Setup setup) throws SQLException {
        super(dataSource);
        this.idle = new ArrayBlockingQueue<>(size);
        for (int i = 0; i < size; i++) {
            Connection connection = dataSource.getConnection();
            setup.run(connection);
            all.add(connection);
            idle.add(connection);
        }
    }

    /** Looks at each connection, when all of them are back. */
    void checkEach(Setup check) throws SQLException, InterruptedException {
        for (int i = 0; i < all.size(); i++) {
            check.run(idle.take());
        }
    }

    @Override
    public Connection getConnection() throws SQLException {
        try {
            Connection connection = idle.take();
            return (Connection) Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                        if (method.getName().equals("close")) {
                            idle.add(connection);
                            return null;
                        }
                        try {
                            return method.invoke(connection, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        } catch (InterruptedException e) {
            throw new SQLException(e);
        }
    }

    @Override
    public void close() throws SQLException {
        for (Connection connection : all) {
            connection.close();
        }
    }
}
