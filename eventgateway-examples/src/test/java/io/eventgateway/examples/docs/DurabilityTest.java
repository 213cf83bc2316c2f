package io.eventgateway.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.eventgateway.EmitOptions;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.Subscription;
import io.eventgateway.history.EventQuery;
import io.eventgateway.history.RecordedEvent;
import io.eventgateway.history.Replay;
import io.eventgateway.history.ReplayOptions;
import io.eventgateway.jdbc.JdbcStores;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs what {@code docs/durability.md} shows. */
@Timeout(60)
class DurabilityTest {
    private final List<String> projected = new CopyOnWriteArrayList<>();
    private HikariDataSource dataSource;
    private EventGateway gateway;

    @BeforeEach
    void open() throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:h2:mem:durability");
        dataSource = new HikariDataSource(config);
        gateway = gateway(dataSource);
        gateway.functions().register("projection", (event, context) -> {
            projected.add(event.dataAs(Order.class).id());
            return null;
        });
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE orders (id VARCHAR(20) PRIMARY KEY)");
        }
    }

    @AfterEach
    void close() {
        gateway.close();
        dataSource.close();
    }

    private static EventGateway gateway(DataSource dataSource) throws SQLException {
        // tag::stores[]
        JdbcStores.migrate(dataSource); // creates the tables, or does nothing
        EventGateway gateway =
                EventGateway.builder().stores(JdbcStores.of(dataSource)).build();
        // end::stores[]
        return gateway;
    }

    private static void insertOrder(Connection connection, Order order) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO orders VALUES (?)")) {
            insert.setString(1, order.id());
            insert.executeUpdate();
        }
    }

    @Test
    void emitsInATransactionAndReplays() throws Exception {
        Subscription projection = gateway.subscribe("order.*", "projection");
        Order order = new Order("o-1", "acme", 120);
        try (Connection connection = dataSource.getConnection()) {
            // tag::transaction[]
            connection.setAutoCommit(false);
            insertOrder(connection, order);
            gateway.emit(Event.of("order.placed", order), EmitOptions.inTransaction(connection));
            connection.commit(); // now the event is delivered; after a rollback it never was
            // end::transaction[]
        }
        assertThat(gateway.awaitIdle(Duration.ofSeconds(20))).isTrue();
        Instant yesterday = Instant.now().minus(Duration.ofDays(1));

        // tag::history[]
        EventQuery orders = EventQuery.all().ofType("order.*").since(yesterday);
        List<RecordedEvent> page = gateway.history().events(orders.limit(100));
        Replay replay = gateway.history()
                .replay(orders, ReplayOptions.to(projection.id()).named("projection"));
        long erased = gateway.history().erase("customer-42"); // everything about the events of a subject
        // end::history[]

        replay.completion().get(20, TimeUnit.SECONDS);
        assertThat(gateway.awaitIdle(Duration.ofSeconds(20))).isTrue();
        assertThat(page).hasSize(1);
        assertThat(projected).containsExactly("o-1", "o-1");
        assertThat(erased).isZero();
    }

    @Test
    void aFunctionsEffectTakesPlaceOnce() throws Exception {
        gateway.functions().register("store", (event, context) -> {
            try (Connection connection = dataSource.getConnection()) {
                // tag::inbox[]
                connection.setAutoCommit(false);
                if (context.inbox(connection)) { // true the first time
                    insertOrder(connection, event.dataAs(Order.class));
                }
                connection.commit();
                // end::inbox[]
            }
            return null;
        });
        gateway.subscribe("order.*", "store");
        Event placed = Event.of("order.placed", new Order("o-2", "acme", 120));

        assertThat(gateway.emit(placed).await(Duration.ofSeconds(20)).allDelivered())
                .isTrue();
        assertThat(gateway.emit(placed).await(Duration.ofSeconds(20)).allDelivered())
                .isTrue(); // else a duplicate key
    }
}
