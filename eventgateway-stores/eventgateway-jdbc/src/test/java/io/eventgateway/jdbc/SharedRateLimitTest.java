package io.eventgateway.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.RateLimit;
import io.eventgateway.test.TestClock;
import io.eventgateway.test.TestGateway;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** Rate limits that three gateways on one database keep together. */
@Timeout(120)
class SharedRateLimitTest extends DurableGateways {
    private final TestClock clock = new TestClock();
    private final List<TestGateway> three = new ArrayList<>();
    private final List<Instant> calls = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        three.forEach(TestGateway::close);
    }

    private void open(TestDatabase database, RateLimit limit) {
        HikariDataSource pool = emptied(database);
        for (int i = 0; i < 3; i++) {
            TestGateway gateway = TestGateway.create(
                    clock,
                    builder ->
                            builder.stores(JdbcStores.builder(pool).clock(clock).build()));
            three.add(gateway);
            gateway.functions().registerOrUpdate("f", (event, context) -> calls.add(clock.instant()));
            gateway.subscriptions()
                    .createOrUpdate(Subscription.to("a")
                            .id("s")
                            .function("f")
                            .delivery(DeliveryPolicy.builder().rateLimit(limit).build())
                            .build());
        }
    }

    private void emit(int eachOf) {
        for (TestGateway gateway : three) {
            for (int i = 0; i < eachOf; i++) {
                gateway.emit("a", i);
            }
        }
    }

    /** The most calls that there were in such a time, whenever it began. */
    private int mostWithin(Duration time) {
        int most = 0;
        int first = 0;
        for (int last = 0; last < calls.size(); last++) {
            while (!calls.get(first).plus(time).isAfter(calls.get(last))) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        return most;
    }

    @OnEachDatabase
    void threeGatewaysTogetherKeepTheRateAndTheBurst(TestDatabase database) {
        open(database, RateLimit.perSecond(10).withBurst(5).shared());

        emit(40);
        assertThat(calls).hasSizeLessThanOrEqualTo(5);
        clock.advance(Duration.ofSeconds(6));

        assertThat(calls.size()).isBetween(60, 65);
        for (int millis : new int[] {100, 300, 1_000, 3_000}) {
            assertThat(mostWithin(Duration.ofMillis(millis))).isLessThanOrEqualTo(5 + millis / 100);
        }
        clock.advance(Duration.ofSeconds(8));
        assertThat(calls).hasSize(120);
    }

    @OnEachDatabase
    void aFastRateIsKeptByTokensInBlocks(TestDatabase database) {
        open(database, RateLimit.perSecond(1_000).withBurst(100).shared());

        emit(100);
        clock.advance(Duration.ofMillis(150));

        assertThat(calls.size()).isBetween(200, 250);
        assertThat(mostWithin(Duration.ofMillis(100))).isLessThanOrEqualTo(200);
    }

    @OnEachDatabase
    void aLimitThatIsNotSharedIsEachGatewaysOwn(TestDatabase database) {
        open(database, RateLimit.perSecond(1).withBurst(5));

        emit(10);

        assertThat(calls).hasSize(15);
    }
}
