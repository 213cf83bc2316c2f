package io.eventgateway.jdbc.faults;

import com.zaxxer.hikari.HikariDataSource;
import io.eventgateway.EventGateway;
import io.eventgateway.FunctionHandler;
import io.eventgateway.InvocationException;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.Backoff;
import io.eventgateway.delivery.DeadLetterQuery;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.OrderBy;
import io.eventgateway.delivery.RetryOn;
import io.eventgateway.history.EventHistory;
import io.eventgateway.history.EventQuery;
import io.eventgateway.history.Replay;
import io.eventgateway.history.ReplayOptions;
import io.eventgateway.jdbc.JdbcStores;
import io.eventgateway.jdbc.faults.Journal.Kind;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The functions and subscriptions of every process, and what goes on beside the emitting: redrives and a named replay. */
final class Workload {
    /** No order, no limit. */
    static final String PLAIN = "plain";
    /** In order, and some first attempts fail. */
    static final String ORDERED = "ordered";
    /** In order, and some become dead letters, which hold their keys until they are redriven. */
    static final String HELD = "held";
    /** At most {@link #LIMIT} calls at a time. */
    static final String LIMITED = "limited";
    /** Begun at most once. */
    static final String ONCE = "once";
    /** Gets what {@link #ORDERED} gets, and the named replay of it. */
    static final String PROJECTED = "projected";
    /** What {@link #PROJECTED} calls itself in the journal when it gets a replayed event. */
    static final String REPLAYED = "replayed";
    /** A handler that belongs to its process. */
    static final String ANONYMOUS = "anonymous";

    static final int LIMIT = 3;
    private static final int FAILS_EVERY = 7;
    private static final int DIES_EVERY = 31;
    private static final long DEAD_FOR_NANOS = TimeUnit.MILLISECONDS.toNanos(300);
    private static final long CALL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    /** A function that fails does so for at most a few attempts, so none of these runs out. */
    private static final int ENOUGH_ATTEMPTS = 100;

    /**
     * The data of each event. Both times are of the machine's monotonic clock.
     *
     * @param number of the emitting thread, rising
     * @param emittedAt when it was emitted
     * @param notBefore when it may be delivered; 0 for at once
     */
    record Payload(long number, long emittedAt, long notBefore) {}

    private Workload() {}

    /** A gateway with all functions, which write down when they begin and end. */
    static EventGateway gateway(HikariDataSource pool, Journal journal, Duration lease, Duration timeout) {
        EventGateway gateway = EventGateway.builder()
                .stores(JdbcStores.builder(pool).lease(lease).timeout(timeout).build())
                .shutdownTimeout(Duration.ofSeconds(1))
                .closeOnExit(false)
                .build();
        for (String function : new String[] {PLAIN, ORDERED, HELD, LIMITED, ONCE, PROJECTED}) {
            gateway.functions().registerOrUpdate(function, handler(function, journal));
        }
        DeliveryPolicy.Builder retried = DeliveryPolicy.builder()
                .maxAttempts(ENOUGH_ATTEMPTS)
                .retryOn(RetryOn.kinds(InvocationException.Kind.FUNCTION_ERROR))
                .backoff(Backoff.fixed(Duration.ofMillis(50)));
        DeliveryPolicy policyOfReplays = retried.build();
        subscribe(gateway, PLAIN, policyOfReplays);
        subscribe(gateway, ORDERED, retried.orderBy("subject").build());
        subscribe(gateway, PROJECTED, ORDERED, policyOfReplays);
        subscribe(
                gateway,
                HELD,
                DeliveryPolicy.builder()
                        .maxAttempts(2)
                        .backoff(Backoff.fixed(Duration.ofMillis(20)))
                        .retryOn(RetryOn.kinds(InvocationException.Kind.FUNCTION_ERROR))
                        .orderBy("subject", OrderBy.OnDeadLetter.HOLD)
                        .build());
        subscribe(
                gateway,
                LIMITED,
                DeliveryPolicy.builder()
                        .maxAttempts(ENOUGH_ATTEMPTS)
                        .maxConcurrency(LIMIT)
                        .build());
        subscribe(gateway, ONCE, DeliveryPolicy.atMostOnce());
        gateway.subscribe(ANONYMOUS, event -> {});
        return gateway;
    }

    private static void subscribe(EventGateway gateway, String name, DeliveryPolicy policy) {
        subscribe(gateway, name, name, policy);
    }

    private static void subscribe(EventGateway gateway, String name, String eventType, DeliveryPolicy policy) {
        gateway.subscriptions()
                .createOrUpdate(Subscription.to(eventType)
                        .id(name)
                        .function(name)
                        .delivery(policy)
                        .build());
    }

    private static FunctionHandler handler(String function, Journal journal) {
        return (event, context) -> {
            Payload payload = event.dataAs(Payload.class);
            String called = event.getExtension(EventHistory.REPLAY) == null ? function : REPLAYED;
            journal.write(Kind.BEGIN, called, event.getId(), event.getSubject(), payload);
            if (fails(function, payload, context.attempt())) {
                journal.write(Kind.FAILED, called, event.getId(), event.getSubject(), payload);
                throw new IllegalStateException("the function fails as it is to");
            }
            if (function.equals(LIMITED)) {
                LockSupport.parkNanos(CALL_NANOS);
            }
            journal.write(Kind.OK, called, event.getId(), event.getSubject(), payload);
            return null;
        };
    }

    /** A function fails at its first attempt, or as long as an event is young, whichever process calls it. */
    private static boolean fails(String function, Payload payload, int attempt) {
        return switch (function) {
            case ORDERED, PROJECTED -> payload.number() % FAILS_EVERY == 0 && attempt == 1;
            case HELD -> payload.number() % DIES_EVERY == 0 && System.nanoTime() - payload.emittedAt() < DEAD_FOR_NANOS;
            default -> false;
        };
    }

    /** Redrives every dead letter that holds its key. */
    static int redrive(EventGateway gateway) {
        return gateway.deadLetters().redrive(DeadLetterQuery.all().ofSubscription(HELD));
    }

    /** Begins the named replay where it was left. */
    static Replay replay(EventGateway gateway) {
        return gateway.history()
                .replay(
                        EventQuery.all().ofType(ORDERED),
                        ReplayOptions.to(PROJECTED).named("projection"));
    }
}
