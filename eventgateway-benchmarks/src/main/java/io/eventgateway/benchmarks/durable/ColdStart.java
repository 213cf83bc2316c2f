package io.eventgateway.benchmarks.durable;

import com.zaxxer.hikari.HikariDataSource;
import io.eventgateway.EventGateway;
import io.eventgateway.Subscription;
import io.eventgateway.benchmarks.Figures;
import io.eventgateway.jdbc.JdbcStores;
import io.eventgateway.spi.SubscriptionStore;
import java.util.Locale;

/** Prints how long a gateway takes to start on 100,000 subscriptions, and how much heap. Argument: a JDBC URL. */
public final class ColdStart {
    private static final int SUBSCRIPTIONS = 100_000;

    private ColdStart() {}

    private static long usedHeap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** Runs it. */
    public static void main(String[] arguments) throws Exception {
        DurableThroughput.recreate(arguments[0]);
        try (HikariDataSource pool = DurableThroughput.pool(arguments[0])) {
            JdbcStores.migrate(pool);
            try (EventGateway gateway =
                    EventGateway.builder().stores(JdbcStores.of(pool)).build()) {
                gateway.functions().register("f", (event, context) -> null);
            }
            fill(pool);
            long before = usedHeap();
            long begun = System.nanoTime();
            try (EventGateway gateway =
                    EventGateway.builder().stores(JdbcStores.of(pool)).build()) {
                double millis = (System.nanoTime() - begun) / 1e6;
                Figures.print("start", millis, "ms");
                Figures.print("heap", (usedHeap() - before) / 1e6, "MB");
                System.out.println(String.format(
                        Locale.ROOT,
                        "%d subscriptions: started in %.0f ms, %.1f MB of heap, routed to %d",
                        gateway.subscriptions().list().size(),
                        millis,
                        (usedHeap() - before) / 1e6,
                        gateway.emit("type.7", 1).subscriptionIds().size()));
            }
        }
    }

    /** In one statement, since writing them is not what is measured. */
    private static void fill(HikariDataSource pool) throws Exception {
        String json =
                Subscription.to("type.TYPE").function("f").id("ID").build().toJson();
        try (var connection = pool.getConnection();
                var insert = connection.prepareStatement("INSERT INTO eg_registration (kind, space, id, version, body)"
                        + " SELECT '" + SubscriptionStore.Kind.SUBSCRIPTION.name()
                        + "', 'default', 's' || i, 1000 + i, replace(replace(?, 'ID', 's' || i), 'TYPE', (i % 1000)::text)"
                        + " FROM generate_series(1, " + SUBSCRIPTIONS + ") i");
                var revision = connection.createStatement()) {
            insert.setString(1, json);
            insert.executeUpdate();
            revision.executeUpdate("UPDATE eg_revision SET version = 200000 WHERE name = 'registration'");
        }
    }
}
