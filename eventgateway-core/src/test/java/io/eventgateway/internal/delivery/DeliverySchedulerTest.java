package io.eventgateway.internal.delivery;

import io.eventgateway.Outcomes;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DeliverySchedulerTest {
    @Test
    void theClocksThreadOutlivesAnOutOfMemoryError() {
        AtomicInteger looks = new AtomicInteger();
        CountDownLatch ran = new CountDownLatch(2);
        DeliveryScheduler scheduler = new DeliveryScheduler(System::nanoTime, true, null, new LiveDeliveries(), () -> {
            if (looks.incrementAndGet() <= 3) {
                throw new OutOfMemoryError("of a look");
            }
            return false;
        });
        scheduler.start();

        scheduler.schedule(Duration.ofMillis(1), () -> {
            throw new OutOfMemoryError("of what was put off");
        });
        scheduler.schedule(Duration.ofMillis(1), ran::countDown);
        scheduler.schedule(Duration.ofMillis(20), ran::countDown);

        Outcomes.await(ran);
        scheduler.stop();
    }
}
