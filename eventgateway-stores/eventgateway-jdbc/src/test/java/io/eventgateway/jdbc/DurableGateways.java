package io.eventgateway.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.Backoff;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.DeliveryReport;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;

/** Gateways on each database. */
abstract class DurableGateways {
    static final Map<TestDatabase, HikariDataSource> POOLS = new EnumMap<>(TestDatabase.class);

    final List<EventGateway> gateways = new ArrayList<>();

    @AfterEach
    void closeGateways() {
        gateways.forEach(EventGateway::close);
    }

    @AfterAll
    static void closePools() {
        POOLS.values().forEach(HikariDataSource::close);
        POOLS.clear();
    }

    static HikariDataSource emptied(TestDatabase database) {
        HikariDataSource pool = POOLS.computeIfAbsent(database, TestDatabase::migrated);
        TestDatabase.clear(pool);
        return pool;
    }

    EventGateway gateway(HikariDataSource pool) {
        return gateway(JdbcStores.of(pool));
    }

    EventGateway gateway(JdbcStores stores) {
        return gateway(stores, builder -> builder);
    }

    EventGateway gateway(JdbcStores stores, UnaryOperator<EventGateway.Builder> settings) {
        EventGateway gateway = settings.apply(
                        EventGateway.builder().stores(stores).shutdownTimeout(Duration.ofSeconds(2)))
                .build();
        gateways.add(gateway);
        return gateway;
    }

    static DeliveryReport reportOf(Emission emission) {
        return emission.completion().orTimeout(30, TimeUnit.SECONDS).join();
    }

    static long count(HikariDataSource pool, String table) {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT COUNT(*) FROM eg_" + table)) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static Subscription ordered(int maxAttempts) {
        return Subscription.to("a")
                .id("s")
                .function("f")
                .delivery(DeliveryPolicy.builder()
                        .maxAttempts(maxAttempts)
                        .backoff(Backoff.fixed(Duration.ofSeconds(5)))
                        .orderBy("subject")
                        .build())
                .build();
    }

    static Event keyed(int number) {
        return Event.builder("a").subject("k").data(number).build();
    }
}
