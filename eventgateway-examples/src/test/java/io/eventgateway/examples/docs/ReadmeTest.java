package io.eventgateway.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.eventgateway.Emission;
import io.eventgateway.EmitOptions;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.Explanation;
import io.eventgateway.Filter;
import io.eventgateway.Subscription;
import io.eventgateway.Transform;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.DeliveryReport;
import io.eventgateway.examples.firsthour.FirstHour;
import io.eventgateway.history.EventQuery;
import io.eventgateway.history.Replay;
import io.eventgateway.history.ReplayOptions;
import io.eventgateway.jdbc.JdbcStores;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs what the README shows. */
@Timeout(60)
class ReadmeTest {
    @Test
    void theFirstHourPrintsWhatThePageShows() throws Exception {
        assertThat(Printed.by(() -> FirstHour.main(new String[0]))).isEqualTo(Page.output("README.md", "first-hour"));
    }

    @Test
    void theTourFiltersTransformsExplainsAndReplies() throws Exception {
        List<String> shipped = new CopyOnWriteArrayList<>();
        try (EventGateway gateway = EventGateway.create()) {
            gateway.subscribe("order.shipped", event -> shipped.add(event.dataAs(String.class)));
            // tag::tour[]
            // a function that gets big orders, reshaped, with up to eight attempts each
            gateway.functions().register("shipping", (event, context) -> {
                String order = event.dataAs(String.class); // the transform's result
                System.out.println("shipping " + order);
                return Event.of("order.shipped", order); // a reply: the next event of the chain
            });

            Subscription bigOrders = Subscription.to("order.placed")
                    .id("big-orders")
                    .function("shipping")
                    .filter(Filter.pattern("{\"data\": {\"total\": [{\"numeric\": [\">\", 100]}]}}"))
                    .transform(Transform.template(Map.of("id", "$.data.id"), "order <id>"))
                    .delivery(DeliveryPolicy.builder().maxAttempts(8).build())
                    .build();
            gateway.subscriptions().create(bigOrders);

            // which subscriptions get an event, and why the others don't
            Event small = Event.of("order.placed", new Order("o-2", "acme", 40));
            System.out.println(gateway.explain(small));
            // end::tour[]

            Explanation explanation = gateway.explain(small);
            assertThat(explanation.matched()).isEmpty();
            Emission emission = gateway.emit("order.placed", new Order("o-1", "acme", 120));
            DeliveryReport report = emission.completion().get(20, TimeUnit.SECONDS);
            assertThat(report.allDelivered()).isTrue();
            assertThat(gateway.awaitIdle(Duration.ofSeconds(20))).isTrue();
            assertThat(shipped).containsExactly("order o-1");
        }
    }

    @Test
    void theDurablePartDeliversWhatIsCommittedAndReplaysIt() throws Exception {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:h2:mem:readme");
        Order order = new Order("o-1", "acme", 120);
        List<String> projected = new CopyOnWriteArrayList<>();
        try (HikariDataSource dataSource = new HikariDataSource(config)) {
            JdbcStores.migrate(dataSource);
            try (EventGateway gateway = durable(dataSource);
                    Connection connection = dataSource.getConnection()) {
                connection.setAutoCommit(false);
                gateway.functions().register("projection", (event, context) -> {
                    projected.add(event.dataAs(Order.class).id());
                    return null;
                });
                Subscription projection = gateway.subscribe("order.*", "projection");
                // tag::durable-use[]
                gateway.emit(Event.of("order.placed", order), EmitOptions.inTransaction(connection));
                connection.commit(); // now the event is delivered; after a rollback it never was

                EventQuery orders = EventQuery.all().ofType("order.*");
                Replay replay = gateway.history().replay(orders, ReplayOptions.to(projection.id()));
                // end::durable-use[]
                replay.completion().get(20, TimeUnit.SECONDS);
                assertThat(gateway.awaitIdle(Duration.ofSeconds(20))).isTrue();
                assertThat(projected).containsExactly("o-1", "o-1");
            }
        }
    }

    private static EventGateway durable(DataSource dataSource) {
        // tag::durable[]
        EventGateway gateway =
                EventGateway.builder().stores(JdbcStores.of(dataSource)).build(); // H2, PostgreSQL, MySQL, MariaDB
        // end::durable[]
        return gateway;
    }
}
