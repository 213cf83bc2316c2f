package io.eventgateway.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;

/** A pool that hands out closed connections while it is broken. */
final class ClosedConnections extends DelegatingDataSource {
    private final AtomicBoolean broken;

    ClosedConnections(DataSource dataSource, AtomicBoolean broken) {
        super(dataSource);
        this.broken = broken;
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = super.getConnection();
        if (broken.get()) {
            connection.close();
        }
        return connection;
    }
}
