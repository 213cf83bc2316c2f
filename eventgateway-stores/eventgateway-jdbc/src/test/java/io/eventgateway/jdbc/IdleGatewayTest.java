package io.eventgateway.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.eventgateway.EventGateway;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.awaitility.Awaitility;

/** What a gateway asks the database for when there is nothing to do. */
class IdleGatewayTest extends DurableGateways {
    private static final Duration WINDOW = Duration.ofSeconds(8);

    private record Sample(long nanos, long transactions, long registrationLooks) {}

    @OnEachDatabase
    void anIdleGatewayRunsAtMostOneTransactionASecond(TestDatabase database) {
        HikariDataSource pool = emptied(database);
        CountingTransactions counting = new CountingTransactions(pool);
        EventGateway gateway = gateway(JdbcStores.of(counting));
        gateway.subscribe("a", event -> {});
        assertThat(reportOf(gateway.emit("a", 1)).allDelivered()).isTrue();

        Deque<Sample> samples = new ArrayDeque<>();
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(250))
                .untilAsserted(() -> {
                    Sample now = new Sample(System.nanoTime(), counting.count(), counting.registrationLooks());
                    samples.add(now);
                    assertThat(now.nanos() - samples.element().nanos()).isGreaterThanOrEqualTo(WINDOW.toNanos());
                    Sample before = samples.remove();
                    assertThat(now.transactions() - before.transactions())
                            .as("transactions in %s", WINDOW)
                            .isLessThanOrEqualTo(WINDOW.toSeconds());
                    if (database == TestDatabase.POSTGRESQL) {
                        assertThat(now.registrationLooks() - before.registrationLooks())
                                .as("transactions that ask for registrations where the database tells")
                                .isZero();
                    }
                });
    }
}
