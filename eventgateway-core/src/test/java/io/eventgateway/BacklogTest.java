package io.eventgateway;

import static io.eventgateway.Outcomes.reportOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.delivery.Backlog;
import io.eventgateway.delivery.BacklogPolicy;
import io.eventgateway.delivery.BacklogStatus;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.DeliveryReport;
import io.eventgateway.delivery.DeliveryResult;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.error.BacklogFullException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BacklogTest {
    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicInteger handled = new AtomicInteger();
    private EventGateway gateway;

    private EventGateway gateway(BacklogPolicy policy, Duration wait) {
        Backlog backlog = Backlog.of(2).withPolicy(policy);
        gateway = EventGateway.builder()
                .backlog(policy == BacklogPolicy.BLOCK ? backlog.withWait(wait) : backlog)
                .build();
        gateway.functions().register("slow", (event, context) -> {
            release.await();
            handled.incrementAndGet();
            return null;
        });
        gateway.subscribe("slow", "slow");
        gateway.functions().register("direct", (event, context) -> handled.incrementAndGet());
        gateway.subscriptions()
                .create(Subscription.to("slow").function("direct").sync().build());
        return gateway;
    }

    @AfterEach
    void close() {
        release.countDown();
        gateway.close();
    }

    @Test
    void rejectsWhatDoesNotFitBeforeAnythingIsDelivered() {
        gateway(BacklogPolicy.REJECT, Duration.ZERO);
        gateway.emit("slow", 1);
        gateway.emit("slow", 2);
        assertThat(handled).hasValue(2);

        assertThatThrownBy(() -> gateway.emit("slow", 3))
                .isInstanceOf(BacklogFullException.class)
                .hasMessageContaining("no room for 1 more delivery: 2 of 2 are unfinished");
        assertThat(handled).hasValue(2);
        assertThat(gateway.backlog()).isEqualTo(new BacklogStatus(2, 2, 0, 128L * 1024 * 1024, 0));
        assertThatThrownBy(() -> gateway.invoke("direct", null)).isInstanceOf(BacklogFullException.class);

        release.countDown();
        assertThat(gateway.awaitIdle(Duration.ofSeconds(20))).isTrue();
        assertThat(reportOf(gateway.emit("slow", 4)).allDelivered()).isTrue();
    }

    @Test
    void dropsCountedAndReported() {
        gateway(BacklogPolicy.DROP, Duration.ZERO);
        gateway.emit("slow", 1);
        gateway.emit("slow", 2);

        DeliveryReport report = reportOf(gateway.emit("slow", 3));

        assertThat(report.deliveries())
                .extracting(DeliveryResult::status)
                .containsExactly(DeliveryStatus.DELIVERED, DeliveryStatus.DROPPED);
        assertThat(report.deliveries().get(1).attempts()).isZero();
        assertThat(report.deliveries().get(1).failure()).isInstanceOf(BacklogFullException.class);
        assertThat(gateway.backlog().dropped()).isEqualTo(1);
        assertThatThrownBy(() -> gateway.invoke("direct", null)).isInstanceOf(BacklogFullException.class);
    }

    @Test
    void blocksUntilThereIsRoom() {
        gateway(BacklogPolicy.BLOCK, Duration.ofSeconds(20));
        gateway.emit("slow", 1);
        gateway.emit("slow", 2);

        Thread emitter = new Thread(() -> gateway.emit("slow", 3));
        emitter.start();
        Awaitility.await().until(() -> emitter.getState() == Thread.State.TIMED_WAITING);
        release.countDown();
        Awaitility.await().until(() -> handled.get() == 6);
    }

    @Test
    void blocksNoLongerThanItsWait() {
        gateway(BacklogPolicy.BLOCK, Duration.ofMillis(1));
        gateway.emit("slow", 1);
        gateway.emit("slow", 2);

        assertThatThrownBy(() -> gateway.emit("slow", 3))
                .isInstanceOf(BacklogFullException.class)
                .hasMessageContaining("after PT0.001S");
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> gateway.emit("slow", 3)).isInstanceOf(BacklogFullException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void anEventThatWouldNeverFitIsRefusedAtOnce() {
        gateway(BacklogPolicy.BLOCK, Duration.ofSeconds(20));
        gateway.subscribe("big", event -> {});
        gateway.subscribe("big", event -> {});
        gateway.subscribe("big", event -> {});

        assertThatThrownBy(() -> gateway.emit("big", 1))
                .isInstanceOf(BacklogFullException.class)
                .hasMessageContaining("3 more deliveries");
    }

    @Test
    void aHandlersOwnEventsDoNotWaitForItself() {
        EventGateway narrow = gateway(BacklogPolicy.BLOCK, Duration.ofSeconds(20));
        CompletableFuture<Integer> accepted = new CompletableFuture<>();
        narrow.functions().register("fan", (event, context) -> {
            int count = 0;
            try {
                while (true) {
                    context.emit("leaf", count);
                    count++;
                }
            } catch (BacklogFullException e) {
                accepted.complete(count);
            }
            return null;
        });
        narrow.functions().register("leaf", (event, context) -> {
            release.await();
            return null;
        });
        narrow.subscribe("fan", "fan");
        narrow.subscribe("leaf", "leaf");

        narrow.emit("fan", null);

        assertThat(Outcomes.get(accepted)).isEqualTo(3);
    }

    @Test
    void nothingIsLostUnderLoadFromManyThreads() throws InterruptedException {
        AtomicInteger count = new AtomicInteger();
        gateway = EventGateway.builder().backlog(50, BacklogPolicy.BLOCK).build();
        gateway.subscribe("load", event -> count.incrementAndGet());
        List<Thread> emitters = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            Thread emitter = new Thread(() -> {
                for (int i = 0; i < 5_000; i++) {
                    gateway.emit("load", i);
                }
            });
            emitters.add(emitter);
            emitter.start();
        }
        for (Thread emitter : emitters) {
            emitter.join();
        }
        assertThat(gateway.awaitIdle(Duration.ofSeconds(20))).isTrue();
        assertThat(count).hasValue(20_000);
        assertThat(gateway.backlog().pending()).isZero();
    }

    @Test
    void refusesSettingsThatMakeNoSense() {
        gateway = EventGateway.create();
        assertThatThrownBy(() -> EventGateway.builder().backlog(0, BacklogPolicy.BLOCK))
                .hasMessage("backlog must be at least 1, was 0");
        assertThatThrownBy(() -> EventGateway.builder().workerThreads(-1))
                .hasMessage("workerThreads must be at least 1, was -1");
        assertThatThrownBy(() -> EventGateway.builder().maxPayloadSize(0)).hasMessageContaining("maxPayloadSize");
        assertThatThrownBy(() -> EventGateway.builder().shutdownTimeout(Duration.ofSeconds(-1)))
                .hasMessageContaining("PT-1S");
        assertThatThrownBy(() -> EventGateway.builder().source("a b")).hasMessageContaining("'a b'");
        assertThatThrownBy(() -> DeliveryPolicy.builder().timeout(Duration.ZERO).build())
                .hasMessageContaining("PT0S");
    }
}
