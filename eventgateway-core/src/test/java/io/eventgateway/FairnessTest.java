package io.eventgateway;

import static io.eventgateway.Outcomes.reportOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.delivery.Backoff;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.DeliveryReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Real threads, few of them: whoever holds them does not hold up the others. */
class FairnessTest {
    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicInteger slow = new AtomicInteger();
    private final EventGateway gateway = EventGateway.builder()
            .workerThreads(4)
            .shutdownTimeout(Duration.ofSeconds(5))
            .build();

    @AfterEach
    void close() {
        release.countDown();
        gateway.close();
    }

    private void subscribe(String id, DeliveryPolicy policy) {
        gateway.functions().register(id, (event, context) -> {
            slow.incrementAndGet();
            release.await();
            return null;
        });
        gateway.subscriptions()
                .create(Subscription.to(id).function(id).delivery(policy).build());
    }

    @RepeatedTest(10)
    void subscriptionsThatHoldEveryThreadDoNotDelayTheOthers() {
        subscribe("slow1", DeliveryPolicy.defaults());
        subscribe("slow2", DeliveryPolicy.builder().orderBy("data").build());
        gateway.subscribe("quick", event -> {});
        List<Emission> all = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            all.add(gateway.emit("slow1", i));
            all.add(gateway.emit("slow2", i));
        }

        for (int i = 0; i < 100; i++) {
            assertThat(reportOf(gateway.emit("quick", i)).allDelivered()).isTrue();
        }
        int mostAtOnce = Runtime.version().feature() < 21 ? 4 * 8 + 4 : 1000; // virtual threads have no other bound
        assertThat(slow).as("the slow ones go on meanwhile").hasValueBetween(4, mostAtOnce);
        release.countDown();

        assertThat(gateway.awaitIdle(Duration.ofSeconds(20))).isTrue();
        assertThat(all).allMatch(emission -> emission.completion().join().allDelivered());
        assertThat(slow).hasValue(1000);
    }

    @Test
    void aHandlerThatIgnoresItsInterruptionCostsItsAttemptAndNoMore() {
        CountDownLatch stubborn = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        gateway.functions().register("stubborn", (event, context) -> {
            if (calls.incrementAndGet() > 1) {
                return "took it";
            }
            while (true) {
                try {
                    stubborn.await();
                    return "too late";
                } catch (InterruptedException e) {
                    // that is what it is here for
                }
            }
        });
        gateway.subscriptions()
                .create(Subscription.to("a")
                        .function("stubborn")
                        .delivery(DeliveryPolicy.builder()
                                .timeout(Duration.ofMillis(50))
                                .backoff(Backoff.fixed(Duration.ofMillis(10)))
                                .build())
                        .build());

        DeliveryReport report = reportOf(gateway.emit("a", 1));
        stubborn.countDown();

        assertThat(report.deliveries().get(0).attempts()).isEqualTo(2);
        assertThat(report.deliveries().get(0).result().valueAs(String.class)).isEqualTo("took it");
    }
}
