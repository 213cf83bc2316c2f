package io.eventgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.DeliveryReport;
import io.eventgateway.delivery.DeliveryResult;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits, each with a limit, that tests of what runs on other threads share. */
public final class Outcomes {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private Outcomes() {}

    /** A builder of a gateway that attempts each delivery once, for tests of one attempt. */
    public static EventGateway.Builder oneAttempt() {
        return EventGateway.builder()
                .defaultDelivery(DeliveryPolicy.builder().maxAttempts(1).build());
    }

    /** The report of an emission. */
    public static DeliveryReport reportOf(Emission emission) {
        return get(emission.completion());
    }

    /** The only delivery of an emission. */
    public static DeliveryResult onlyDeliveryOf(Emission emission) {
        DeliveryReport report = reportOf(emission);
        assertThat(report.deliveries()).hasSize(1);
        return report.deliveries().get(0);
    }

    /** What a future ends with. */
    public static <T> T get(CompletableFuture<T> future) {
        return future.orTimeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS).join();
    }

    /** Waits for a latch. */
    public static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
