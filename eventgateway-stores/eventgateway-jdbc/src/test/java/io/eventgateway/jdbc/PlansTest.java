package io.eventgateway.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.eventgateway.Event;
import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.delivery.DeadLetterQuery;
import io.eventgateway.history.EventQuery;
import io.eventgateway.spi.EventStore;
import io.eventgateway.spi.EventStore.Accepted;
import io.eventgateway.spi.EventStore.Claim;
import io.eventgateway.spi.EventStore.Delivery;
import io.eventgateway.spi.EventStore.DeliveryId;
import io.eventgateway.spi.EventStore.Lease;
import io.eventgateway.spi.EventStore.Terms;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * How PostgreSQL runs the stores' statements when the tables are large: 1,000,000 pending deliveries in the profile {@code plans}, and
 * 50,000 otherwise. A third of them is free, of which half is put off; a third is in its first lease; a third is of gateways that are gone.
 */
@Tag("plans")
class PlansTest {
    private static final int ROWS = Integer.getInteger("eventgateway.plans.rows", 50_000);
    private static final long SECOND = 1_000_000L;
    private static final Pattern ACTUAL = Pattern.compile("actual time=\\S+ rows=([\\d.]+) loops=(\\d+)");
    private static final Pattern REMOVED = Pattern.compile("Rows Removed by (?:Filter|Index Recheck): (\\d+)");
    private static final Pattern TIME = Pattern.compile("Execution Time: ([\\d.]+) ms");

    private static HikariDataSource pool;
    private static Database database;

    @BeforeAll
    static void fill() throws SQLException {
        pool = TestDatabase.POSTGRESQL.migrated();
        String now = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint";
        String rows = "generate_series(1, " + ROWS + ") i";
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO eg_event (position, recorded_at, space, event_id, source, type, subject)"
                    + " SELECT nextval('eg_event_position'), " + now + " - " + 3600 * SECOND
                    + ", 'default', 'e' || i, '/s', 'type.t' || i % 100, 'subject' || i FROM " + rows);
            statement.execute("INSERT INTO eg_delivery (instance, number, token, holder, event_position, space,"
                    + " subscription_id, function_id, order_key, accepted_at, not_before, due_at)"
                    + " SELECT CASE i % 3 WHEN 0 THEN 'emitter' WHEN 1 THEN 'alive' ELSE 'gone' END, i, 1,"
                    + " CASE i % 3 WHEN 0 THEN '' WHEN 1 THEN 'alive' ELSE CASE WHEN i % 6 = 2 THEN 'gone' ELSE 'later' END END,"
                    + " i, 'default', 's', CASE WHEN i % 6 = 0 THEN 'f.put off' ELSE 'f.' || i % 20 END, 'k' || i % 1000, "
                    + now
                    + ", CASE WHEN i % 6 = 0 THEN " + now + " + " + 86_400 * SECOND + " END,"
                    + " CASE WHEN i % 6 = 0 THEN " + now + " + " + 86_400 * SECOND + " ELSE " + now + " - " + SECOND
                    + " END"
                    + " FROM " + rows);
            statement.execute(
                    "INSERT INTO eg_dead_letter (instance, number, token, event_position, space, subscription_id,"
                            + " function_id, event_type, reason, message, attempts, given_up_at)"
                            + " SELECT 'dead', i, 1, i, 'default', 's', 'f', 'a', 'EXPIRED', 'late', '[]', " + now
                            + " FROM generate_series(1, " + ROWS / 10 + ") i");
            statement.execute("VACUUM ANALYZE");
        }
        database = new Database(pool, JdbcStores.builder(pool).settings());
    }

    @AfterAll
    static void close() {
        pool.close();
    }

    static List<Arguments> statements() {
        return List.of(
                Arguments.of("next space", FreeFunctions.NEXT_SPACE, "eg_delivery_free", 1, List.of("")),
                Arguments.of(
                        "next function", FreeFunctions.NEXT_FUNCTION, "eg_delivery_free", 1, List.of("default", "f.1")),
                Arguments.of("claim 200", Claiming.FREE, "eg_delivery_free", 200, List.of("default", "f.3", 0L, 200)),
                Arguments.of(
                        "claim where all is put off",
                        Claiming.FREE,
                        "eg_delivery_free",
                        0,
                        List.of("default", "f.put off", 0L, 200)),
                Arguments.of(
                        "free 500 in their first lease",
                        Gateways.HELD_FIRST,
                        "eg_delivery_pkey",
                        1_100,
                        List.of("gone", "gone")),
                Arguments.of(
                        "free 500 in a later lease",
                        Gateways.HELD_LATER,
                        "eg_delivery_taken",
                        500,
                        List.of("later", "later")),
                Arguments.of("has a first lease", Gateways.HAS_FIRST, "eg_delivery_pkey", 1, List.of("alive", "alive")),
                Arguments.of("has a later lease", Gateways.HAS_LATER, "eg_delivery_taken", 1, List.of("later")),
                Arguments.of(
                        "the earliest of a key",
                        Turns.EARLIEST,
                        "eg_delivery_key",
                        2,
                        List.of("alive", 4_006L, "default", "s", "k6", 4_006L)),
                Arguments.of("a run of a key", Turns.QUEUE, "eg_delivery_key", 100, List.of("default", "s", "k6", 6L)),
                Arguments.of("next instance", Gateways.NEXT_INSTANCE, "eg_delivery_pkey", 1, List.of("alive")),
                Arguments.of("next holder", Gateways.NEXT_HOLDER, "eg_delivery_taken", 1, List.of("")),
                Arguments.of("last position", HistoryExtent.LAST, "eg_event_pkey", 1, List.of()),
                Arguments.of(
                        "1,000 events behind the settled",
                        HistoryExtent.AFTER,
                        "eg_event_pkey",
                        1_000,
                        List.of(500L, 1_000)),
                Arguments.of(
                        "the event before a position", HistoryExtent.BEFORE, "eg_event_pkey", 1, List.of(20_000L)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("statements")
    void readsNoMoreRowsThanItNeeds(String name, String sql, String index, int rows, List<Object> parameters) {
        List<String> plan = database.run(
                "no plan",
                connection -> Rows.query(
                        connection,
                        "EXPLAIN (ANALYZE, BUFFERS OFF) " + database.sql(sql),
                        line -> line.getString(1),
                        parameters.toArray()));
        String text = String.join("\n", plan);
        System.out.println("plan: " + name + ": " + number(TIME, text) + " ms, " + ROWS + " rows");

        assertThat(text).contains(index).doesNotContain("Seq Scan", "Sort");
        for (int i = 0; i < plan.size(); i++) {
            Matcher actual = ACTUAL.matcher(plan.get(i));
            if (actual.find() && plan.get(i).contains("Scan")) {
                assertThat(Double.parseDouble(actual.group(1)) * Long.parseLong(actual.group(2)))
                        .as("rows read by %s\n%s", plan.get(i).strip(), text)
                        .isLessThanOrEqualTo(rows);
            }
        }
        assertThat(number(REMOVED, text)).as("rows read in vain\n%s", text).isLessThanOrEqualTo(rows);
    }

    private static double number(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Double.parseDouble(matcher.group(1)) : 0;
    }

    /** The statements of one use of each of the store's methods; their plans for whatever parameters. */
    @Test
    void noStatementReadsALargeTableFromEndToEnd() throws SQLException {
        Set<String> executed = new ConcurrentSkipListSet<>();
        useEverything((JdbcEventStore)
                JdbcStores.of(new RecordedStatements(pool, executed)).eventStore());
        List<String> scans = new ArrayList<>();
        int explained = 0;
        // the driver's other way has no place for a statement without its parameters
        try (Connection connection = DriverManager.getConnection(pool.getJdbcUrl() + "&preferQueryMode=simple");
                Statement statement = connection.createStatement()) {
            statement.execute("SET enable_seqscan = off");
            for (String sql : executed) {
                if (!sql.contains("eg_event ") && !sql.contains("eg_delivery") && !sql.contains("eg_dead_letter")) {
                    continue;
                }
                explained++;
                String plan = plan(statement, sql);
                if (plan.contains("Seq Scan on eg_event")
                        || plan.contains("Seq Scan on eg_delivery")
                        || plan.contains("Seq Scan on eg_dead_letter")) {
                    scans.add(sql + "\n" + plan);
                }
            }
        }

        assertThat(explained).isGreaterThan(30);
        assertThat(scans).isEmpty();
    }

    private static String plan(Statement statement, String sql) throws SQLException {
        int settings = sql.startsWith("SELECT set_config") ? sql.indexOf("; ") + 2 : 0;
        StringBuilder numbered = new StringBuilder();
        int parameter = 0;
        for (char c : sql.substring(settings).toCharArray()) {
            numbered.append(c == '?' ? "$" + ++parameter : String.valueOf(c));
        }
        StringBuilder plan = new StringBuilder();
        try (var rows = statement.executeQuery("EXPLAIN (GENERIC_PLAN) " + numbered)) {
            while (rows.next()) {
                plan.append(rows.getString(1)).append('\n');
            }
        }
        return plan.toString();
    }

    private static void useEverything(JdbcEventStore store) {
        Duration lease = Duration.ofMinutes(1);
        store.renew("g", lease);
        List<Lease> leases = store.claim(new Claim("g", lease, 20, Duration.ZERO, (space, function) -> true));
        assertThat(leases).hasSize(20);
        DeliveryId first = leases.get(0).delivery().id();
        store.takeTurn(new EventStore.Turn(
                        first, 2, "default", "s", leases.get(0).position(), "k1", 3))
                .join();
        store.takeRun(
                        new EventStore.Turn(
                                first, 2, "default", "s", leases.get(0).position(), "k1", 0),
                        List.of(leases.get(1).delivery().id()),
                        null)
                .join();
        store.returnPlace(first, 2).join();
        store.complete(first, 2).join();
        store.drop(leases.get(3).delivery().id(), 2).join();
        store.release(leases.get(1).delivery().id(), 2).join();
        DeliveryId third = leases.get(2).delivery().id();
        store.deadLetter(third, 2, DeadLetter.Reason.EXPIRED, "late", null, true)
                .join();
        store.deadLetters("default", DeadLetterQuery.all().limit(10));
        store.deadLetter("default", third);
        store.countDeadLetters("default");
        store.redrive("default", third, "g", null);
        store.purge("default", new DeliveryId("dead", 1));
        Event event = Event.builder("a").id("e").source("/s").subject("erased").build();
        Terms terms = new Terms(Instant.now(), null, null);
        Delivery delivery = new Delivery(new DeliveryId("g", 1), "default", event, terms, "s", "f");
        long[] positions =
                store.append(List.of(new Accepted("default", event, terms, List.of(delivery), List.of(), 0)), null);
        store.states(Map.of(delivery.id(), positions[0]));
        store.events("default", EventQuery.all().limit(10));
        store.events("default", EventQuery.all().ofType("type.t1").limit(10));
        store.events("default", EventQuery.all().ofType("type.*").limit(10));
        store.events("default", EventQuery.all().ofSubject("subject5").limit(10));
        store.extent();
        store.erase("default", "erased");
        assertThat(store.maintenance().round()).isEmpty();
        store.read(new EventStore.Query("default", null, 10));
        store.read(new EventStore.Query("default", first, 10));
        store.leave("g");
        store.claim(new Claim("h", lease, 1, Duration.ZERO, (space, function) -> false));
    }
}
