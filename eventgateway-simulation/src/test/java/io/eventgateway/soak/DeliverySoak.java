package io.eventgateway.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.FunctionContext;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.Backlog;
import io.eventgateway.delivery.BacklogPolicy;
import io.eventgateway.delivery.Backoff;
import io.eventgateway.delivery.CircuitBreakerPolicy;
import io.eventgateway.delivery.DeadLetterOverflow;
import io.eventgateway.delivery.DeadLetterQuery;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.DeliveryResult;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.error.BacklogFullException;
import io.eventgateway.internal.gateway.EngineInspection;
import io.eventgateway.spi.InMemoryStores;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Minutes of full load on real threads with every kind of failure: {@code mvn verify -Psoak -pl eventgateway-simulation -am}. It
 * counts, prints what it counted, and holds that everything that was accepted ended once, and in order where that was asked.
 */
@Tag("soak")
class DeliverySoak {
    private static final Duration LENGTH = Duration.ofSeconds(Long.getLong("soak.seconds", 120));
    private static final int EMITTERS = 3;
    private static final int KEYS = 50;

    private final Map<DeliveryStatus, LongAdder> ended = new ConcurrentHashMap<>();
    private final LongAdder accepted = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder calls = new LongAdder();
    private final LongAdder completions = new LongAdder();
    private final LongAdder overtakings = new LongAdder();
    private final LongAdder overlaps = new LongAdder();
    private final Map<String, AtomicInteger> running = new ConcurrentHashMap<>();
    private final Map<String, Long> latest = new ConcurrentHashMap<>();

    private final EventGateway gateway = EventGateway.builder()
            .backlog(Backlog.of(2_000).withPolicy(BacklogPolicy.BLOCK).withWait(Duration.ofSeconds(20)))
            .stores(InMemoryStores.builder()
                    .deadLetters(100_000, DeadLetterOverflow.DISCARD_OLDEST)
                    .build())
            .circuitBreaker(new CircuitBreakerPolicy(200, Duration.ofMillis(50)))
            .shutdownTimeout(Duration.ofSeconds(60))
            .build();

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void everythingThatIsAcceptedEnds() throws Exception {
        subscribe("plain", policy());
        subscribe("limited", policy().maxConcurrency(4));
        subscribe("batched", policy().batching(20, Duration.ofMillis(5)));
        // a call that overran its deadline may still run beside the next attempt, so no call of this one does
        subscribe("ordered", policy().orderBy("subject").timeout(Duration.ofMinutes(1)));
        Instant end = Instant.now().plus(LENGTH);
        List<Thread> emitters = new ArrayList<>();
        for (int i = 0; i < EMITTERS; i++) {
            int emitter = i;
            Thread thread = new Thread(() -> emitUntil(end, emitter), "emitter-" + i);
            thread.start();
            emitters.add(thread);
        }
        long redriven = 0;
        long checks = 0;
        while (Instant.now().isBefore(end)) {
            TimeUnit.MILLISECONDS.sleep(500);
            EngineInspection.check(gateway);
            checks++;
            try {
                redriven += gateway.deadLetters().redrive(DeadLetterQuery.all().ofFunction("plain"));
            } catch (BacklogFullException e) {
                refused.increment();
            }
        }
        for (Thread emitter : emitters) {
            emitter.join();
        }
        assertThat(gateway.awaitIdle(Duration.ofMinutes(2))).isTrue();
        EngineInspection.check(gateway);
        long deadLetters = gateway.deadLetters().count();
        gateway.close();
        long callsAtTheEnd = calls.sum();
        TimeUnit.SECONDS.sleep(1);

        System.out.printf(
                "soak of %s: %d events accepted, %d refused, %d calls, ended %s, %d redriven, %d dead letters left, %d"
                        + " overtakings, %d overlaps, %d checks of the engine's invariants%n",
                LENGTH,
                accepted.sum(),
                refused.sum(),
                callsAtTheEnd,
                ended,
                redriven,
                deadLetters,
                overtakings.sum(),
                overlaps.sum(),
                checks);
        long deliveries = ended.values().stream().mapToLong(LongAdder::sum).sum();
        assertThat(completions.sum()).isEqualTo(accepted.sum());
        assertThat(deliveries).isEqualTo(accepted.sum() * 4);
        assertThat(ended).doesNotContainKey(DeliveryStatus.DROPPED);
        assertThat(overtakings.sum())
                .as("events of a key that came before an earlier one had ended")
                .isZero();
        assertThat(overlaps.sum()).as("calls of a key at the same time").isZero();
        assertThat(calls.sum()).as("nothing runs after the close").isEqualTo(callsAtTheEnd);
        assertThat(gateway.backlog().pending()).isZero();
        assertThat(gateway.backlog().bytes()).isZero();
    }

    private static DeliveryPolicy.Builder policy() {
        return DeliveryPolicy.builder()
                .maxAttempts(4)
                .timeout(Duration.ofMillis(100))
                .backoff(Backoff.exponential(Duration.ofMillis(1), 2, Duration.ofMillis(20)));
    }

    private void subscribe(String id, DeliveryPolicy.Builder policy) {
        gateway.functions().register(id, id.equals("ordered") ? this::inOrder : (event, context) -> behave());
        gateway.subscriptions()
                .create(Subscription.to("soak")
                        .id(id)
                        .function(id)
                        .delivery(policy.build())
                        .build());
    }

    private void emitUntil(Instant end, int emitter) {
        long number = 0;
        while (Instant.now().isBefore(end)) {
            String key = emitter + "-" + number % KEYS;
            try {
                gateway.emit(Event.builder("soak")
                                .subject(key)
                                .data(
                                        "application/json",
                                        Long.toString(number++).getBytes(StandardCharsets.UTF_8))
                                .build())
                        .completion()
                        .thenAccept(report -> {
                            completions.increment();
                            for (DeliveryResult result : report.deliveries()) {
                                ended.computeIfAbsent(result.status(), status -> new LongAdder())
                                        .increment();
                            }
                        });
                accepted.increment();
            } catch (BacklogFullException e) {
                refused.increment();
            }
        }
    }

    /** Every key has one emitter, so that its numbers are in the order of acceptance. */
    private Object inOrder(Event event, FunctionContext context) throws Exception {
        String key = event.getSubject();
        AtomicInteger now = running.computeIfAbsent(key, first -> new AtomicInteger());
        if (now.incrementAndGet() > 1) {
            overlaps.increment();
        }
        try {
            long number = event.dataAs(Long.class);
            Long before = latest.put(key, number);
            if (before != null && before > number) {
                overtakings.increment();
            }
            int chance = ThreadLocalRandom.current().nextInt(100);
            calls.increment();
            if (chance < 10) {
                throw new InvocationException(Kind.FUNCTION_ERROR, true, "soak");
            }
            return null;
        } finally {
            now.decrementAndGet();
        }
    }

    private Object behave() throws Exception {
        calls.increment();
        int chance = ThreadLocalRandom.current().nextInt(1_000);
        if (chance < 100) {
            throw new IllegalStateException("soak");
        }
        if (chance < 110) {
            throw new InvocationException(Kind.ACCESS_DENIED, false, "soak");
        }
        if (chance < 112) {
            TimeUnit.SECONDS.sleep(1); // until its interruption
        }
        if (chance < 113) {
            return new CompletableFuture<>(); // never
        }
        return chance < 200 ? CompletableFuture.supplyAsync(() -> 1) : null;
    }
}
