package io.eventgateway.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.eventgateway.Emission;
import io.eventgateway.EventGateway;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;

/** Gateways on a database of their own, which the tests make fail. */
abstract class FaultyDatabase {
    final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        close(open.size());
    }

    /** Closes the newest so many resources. */
    void close(int newest) throws Exception {
        for (int i = 0; i < newest; i++) {
            open.remove(open.size() - 1).close();
        }
    }

    <T extends AutoCloseable> T closed(T resource) {
        open.add(resource);
        return resource;
    }

    HikariDataSource migrated() {
        return closed(TestDatabase.POSTGRESQL.migrated());
    }

    EventGateway gateway(JdbcStores stores) {
        return closed(EventGateway.builder()
                .stores(stores)
                .shutdownTimeout(Duration.ofSeconds(1))
                .build());
    }

    static long number(HikariDataSource pool, String sql) {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static void execute(HikariDataSource pool, String sql) {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static boolean isDelivered(Emission emission) {
        return emission.completion().orTimeout(60, TimeUnit.SECONDS).join().allDelivered();
    }
}
