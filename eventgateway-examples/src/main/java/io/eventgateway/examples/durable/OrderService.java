package io.eventgateway.examples.durable;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.eventgateway.EmitOptions;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.jdbc.JdbcStores;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/**
 * Takes orders into a database, each with an event in the same transaction, and ships them. The first life of the process ends
 * in the middle, as by a power failure; the second finds what is left to do.
 */
public final class OrderService implements AutoCloseable {
    private static final int ORDERS = 10;
    private static final int SHIPPED_BEFORE_CRASH = 3;
    private static final int CRASHED = 137;

    /** What an order event carries. */
    public record Order(int number, String item) {}

    private final HikariDataSource pool;
    private final EventGateway gateway;

    /** A service whose database is in the directory. */
    OrderService(Path directory, int crashAfter) throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:h2:file:" + directory.resolve("orders").toAbsolutePath()
                + ";DB_CLOSE_ON_EXIT=FALSE"); // else H2 closes it beside a gateway that drains
        pool = new HikariDataSource(config);
        execute("CREATE TABLE IF NOT EXISTS orders (number INT PRIMARY KEY, item VARCHAR(100) NOT NULL)");
        execute("CREATE TABLE IF NOT EXISTS shipments (number INT PRIMARY KEY)");

        JdbcStores.migrate(pool);
        gateway = EventGateway.builder()
                .stores(JdbcStores.builder(pool)
                        .lease(Duration.ofSeconds(2)) // so that this example need not wait for long
                        .build())
                .build();
        AtomicInteger shipped = new AtomicInteger();
        gateway.functions().register("shipping", (event, context) -> {
            ship(event.dataAs(Order.class));
            if (shipped.incrementAndGet() == crashAfter) {
                Runtime.getRuntime().halt(CRASHED);
            }
            return null;
        });
        gateway.subscriptions()
                .create(Subscription.to("order.placed")
                        .function("shipping")
                        .delivery(DeliveryPolicy.builder().maxConcurrency(1).build())
                        .build());
    }

    /** Takes an order, with its event, or neither. */
    void place(Order order) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            try (PreparedStatement insert =
                    connection.prepareStatement("INSERT INTO orders (number, item) VALUES (?, ?)")) {
                insert.setInt(1, order.number());
                insert.setString(2, order.item());
                insert.executeUpdate();
            }
            gateway.emit(Event.of("order.placed", order), EmitOptions.inTransaction(connection));
            if (order.item().isEmpty()) {
                connection.rollback(); // nobody hears of it
                return;
            }
            connection.commit();
        }
    }

    /** A delivery may come twice, so shipping an order twice has to be the same as shipping it once. */
    private void ship(Order order) throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement merge = connection.prepareStatement("MERGE INTO shipments (number) VALUES (?)")) {
            merge.setInt(1, order.number());
            merge.executeUpdate();
        }
        System.out.println("  shipped order " + order.number() + ": " + order.item());
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static int count(DataSource database, String table) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
            rows.next();
            return rows.getInt(1);
        }
    }

    /** Waits until every order is shipped, half a minute at most. */
    boolean awaitShipped() throws SQLException, InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (count(pool, "shipments") < count(pool, "orders") || count(pool, "eg_delivery") > 0) {
            if (System.nanoTime() > until) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        return true;
    }

    @Override
    public void close() {
        gateway.close();
        pool.close();
    }

    private static void firstLife(Path directory) throws Exception {
        try (OrderService service = new OrderService(directory, SHIPPED_BEFORE_CRASH)) {
            for (int number = 1; number <= ORDERS; number++) {
                service.place(new Order(number, "item " + number));
            }
            service.place(new Order(ORDERS + 1, ""));
            service.awaitShipped();
        }
    }

    /** Runs both lives; whether every order was shipped in the end. */
    static boolean run(Path directory) throws Exception {
        System.out.println("The first life takes " + ORDERS + " orders, rolls one back, and is killed after shipping "
                + SHIPPED_BEFORE_CRASH + ":");
        Process first = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        OrderService.class.getName(),
                        directory.toString(),
                        "first")
                .inheritIO()
                .start();
        int status = first.waitFor();
        if (status != CRASHED) {
            throw new IllegalStateException("the first life was to be killed, and ended with " + status);
        }
        System.out.println("The second life takes over what the first one left:");
        try (OrderService service = new OrderService(directory, 0)) {
            boolean shipped = service.awaitShipped();
            System.out.println(count(service.pool, "orders") + " orders, " + count(service.pool, "shipments")
                    + " shipped, " + service.gateway.deadLetters().count() + " dead letters");
            return shipped;
        }
    }

    /** Runs it. Arguments: a directory for the database; that it is the first life, for which the program starts itself. */
    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        if (arguments.length > 1) {
            firstLife(directory);
        } else if (!run(directory)) {
            throw new IllegalStateException("not every order was shipped");
        }
    }
}
