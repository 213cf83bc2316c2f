package io.eventgateway.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.EventGatewayException;
import io.eventgateway.Subscription;
import io.eventgateway.history.EventQuery;
import io.eventgateway.history.ReplayOptions;
import io.eventgateway.jdbc.server.PostgresServer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A database whose locale sorts text in its own way: the tables do not follow it. */
class LocaleTest extends FaultyDatabase {
    private static final List<String> TYPES = List.of(
            "order",
            "order.placed",
            "Order.placed",
            "order.\u00e4ndern",
            "order-placed",
            "orders.placed",
            "order.x.y",
            "ordf");

    private void findsByTypePattern(HikariDataSource pool) throws EventGatewayException {
        EventGateway gateway = gateway(JdbcStores.of(pool));
        List<String> seen = new CopyOnWriteArrayList<>();
        gateway.functions().register("F-1", (event, context) -> seen.add(event.getType()));
        gateway.functions().register("f.1", (event, context) -> seen.add(event.getType()));
        Subscription subscription = gateway.subscriptions()
                .create(Subscription.to("order.**").function("f.1").build());
        gateway.subscriptions()
                .create(Subscription.to("Order.*").function("F-1").build());
        List<Emission> emissions = new ArrayList<>();
        for (String type : TYPES) {
            emissions.add(gateway.emit(Event.of(type, 1)));
        }
        assertThat(emissions).allMatch(FaultyDatabase::isDelivered);
        EventQuery orders = EventQuery.all().ofType("order.**");
        List<String> expected = TYPES.stream()
                .filter(type -> type.equals("order") || type.startsWith("order."))
                .toList();

        assertThat(gateway.history().events(orders))
                .extracting(recorded -> recorded.event().getType())
                .containsExactlyElementsOf(expected);
        seen.clear();
        gateway.history()
                .replay(orders, ReplayOptions.to(subscription.id()))
                .completion()
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
        assertThat(seen).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void everyTextIsComparedByCodePoints() {
        HikariDataSource pool = migrated();

        assertThat(number(pool, """
                SELECT COUNT(*) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
                JOIN pg_collation k ON k.oid = a.attcollation
                WHERE c.relname LIKE 'eg\\_%' AND c.relkind IN ('r', 'i') AND k.collname <> 'C'
                """)).isZero();
    }

    @Test
    void findsByTypePatternWhereTheDatabaseSortsByIcu() {
        String database = "icu" + System.nanoTime();
        PostgresServer server = PostgresServer.shared();
        PostgresServer.execute(
                server.url("postgres"),
                "CREATE DATABASE " + database
                        + " TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US-u-ka-shifted'");
        HikariDataSource pool = closed(PostgresServer.pool(server.url(database), 12));
        JdbcStores.migrate(pool);

        findsByTypePattern(pool);
    }

    /** The locales of the C library are the system's: {@code localedef} of the Debian package locales makes one. */
    @Test
    @Tag("servers")
    void findsByTypePatternWhereTheDatabaseSortsByTheCLibrary() {
        PostgresServer server = closed(PostgresServer.withLocale("en_US"));
        server.start();
        HikariDataSource pool = closed(PostgresServer.pool(server.create("localized"), 12));
        JdbcStores.migrate(pool);

        findsByTypePattern(pool);
    }
}
