package io.eventgateway.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.FunctionHandler;
import io.eventgateway.Subscription;
import io.eventgateway.jdbc.server.PostgresServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;

/** A process that is halted after its function has committed, and before the delivery's end is written. */
public final class InboxWorker {
    static final Duration LEASE = Duration.ofSeconds(1);

    private InboxWorker() {}

    /** Arguments: the URL of the database. */
    public static void main(String[] arguments) throws Exception {
        HikariDataSource pool = PostgresServer.pool(arguments[0], 8);
        EventGateway gateway = gateway(pool, () -> Runtime.getRuntime().halt(7));
        gateway.emit(Event.builder("a").id("e1").source("/s").data(1).build());
        Thread.sleep(Duration.ofMinutes(1).toMillis());
    }

    static EventGateway gateway(HikariDataSource pool, Runnable afterCommit) {
        EventGateway gateway = EventGateway.builder()
                .stores(JdbcStores.builder(pool).lease(LEASE).build())
                .build();
        gateway.functions().registerOrUpdate("f", handler(pool, afterCommit));
        gateway.subscriptions()
                .createOrUpdate(Subscription.to("a").id("s").function("f").build());
        return gateway;
    }

    /** A function that writes a row for an event that it has not handled before, and then does something after its commit. */
    static FunctionHandler handler(HikariDataSource pool, Runnable afterCommit) {
        return (event, context) -> {
            try (Connection connection = pool.getConnection()) {
                connection.setAutoCommit(false);
                if (context.inbox(connection)) {
                    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO effect (id) VALUES (?)")) {
                        insert.setString(1, event.getId());
                        insert.executeUpdate();
                    }
                }
                connection.commit();
            }
            afterCommit.run();
            return null;
        };
    }
}
