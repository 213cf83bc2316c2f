package io.eventgateway.benchmarks;

import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.InvocationException;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.BacklogPolicy;
import io.eventgateway.delivery.Backoff;
import io.eventgateway.delivery.DeliveryPolicy;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Prints how many bytes of heap, and how many threads, deliveries take that wait for their next attempt; the data of their event,
 * which is one for all of them, is not counted.
 */
public final class WaitingMemory {
    private static final int WAITING = 100_000;
    private static final Event EVENT = Event.builder("a").source("/bench").build();

    private WaitingMemory() {}

    /** Runs it. */
    public static void main(String[] arguments) throws InterruptedException {
        try (EventGateway gateway = EventGateway.builder()
                .backlog(2 * WAITING, BacklogPolicy.BLOCK)
                .shutdownTimeout(Duration.ZERO)
                .build()) {
            AtomicInteger failed = new AtomicInteger();
            InvocationException failure =
                    new InvocationException(InvocationException.Kind.FUNCTION_ERROR, true, "no stock");
            gateway.functions().register("f", (event, context) -> {
                failed.incrementAndGet();
                throw failure;
            });
            gateway.subscriptions()
                    .create(Subscription.to("a")
                            .function("f")
                            .delivery(DeliveryPolicy.builder()
                                    .backoff(Backoff.fixed(Duration.ofHours(1)))
                                    .build())
                            .build());
            gateway.emit(EVENT);
            long before = used();
            int threadsBefore = Thread.activeCount();
            for (int i = 0; i < WAITING; i++) {
                gateway.emit(EVENT);
            }
            while (failed.get() <= WAITING) {
                Thread.onSpinWait();
            }
            long after = used();
            Figures.print("bytes", (double) (after - before) / WAITING, "B");
            System.out.println("threads before and after: " + threadsBefore + ", " + Thread.activeCount());
        }
    }

    private static long used() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            TimeUnit.MILLISECONDS.sleep(200);
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
