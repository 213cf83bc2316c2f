package io.eventgateway.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.zaxxer.hikari.HikariDataSource;
import io.eventgateway.EventGateway;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.DeliveryPolicy;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What becomes of a dead letter whose redrive was committed, while its answer was lost. */
class LostRedriveTest extends FaultyDatabase {
    @Test
    void aDeadLetterWhoseRedriveLosesItsAnswerIsDeliveredOrStaysADeadLetter() {
        HikariDataSource pool = migrated();
        Thread test = Thread.currentThread();
        AtomicBoolean losing = new AtomicBoolean();
        JdbcStores stores = JdbcStores.builder(new LostCommits(
                        pool, // the commit that has taken the dead letter away, and no other
                        () -> Thread.currentThread() == test
                                && losing.get()
                                && number(pool, "SELECT COUNT(*) FROM eg_dead_letter") == 0))
                .lease(Duration.ofSeconds(2))
                .build();
        EventGateway gateway = gateway(stores);
        AtomicInteger calls = new AtomicInteger();
        gateway.functions().register("f", (event, context) -> {
            if (calls.incrementAndGet() == 1) {
                throw new IllegalStateException("the function fails as it is to");
            }
            return null;
        });
        gateway.subscriptions()
                .create(Subscription.to("a")
                        .function("f")
                        .delivery(DeliveryPolicy.builder().maxAttempts(1).build())
                        .build());
        gateway.emit("a", 1).await(Duration.ofSeconds(30));
        String id = gateway.deadLetters().list().get(0).id();

        losing.set(true);
        Throwable thrown = catchThrowable(() -> gateway.deadLetters().redrive(id));
        losing.set(false);

        assertThat(thrown).isNotNull();
        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(
                        calls.get() == 2 || gateway.deadLetters().count() == 1)
                .as(
                        "delivered, or a dead letter; there are %d pending rows",
                        number(pool, "SELECT COUNT(*) FROM eg_delivery"))
                .isTrue());
    }
}
