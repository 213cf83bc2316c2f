package io.eventgateway.internal.delivery;

import io.eventgateway.Event;
import io.eventgateway.InvocationException;
import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.internal.log.DeliveryLog;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Logs what fails, and some time after the last failure how many lines were held back. Thread-safe. */
final class FailureLog {
    private static final Duration TOLD_AFTER = Duration.ofSeconds(61);

    private final DeliveryLog log;
    private final @Nullable DeliveryScheduler scheduler;
    private final AtomicBoolean scheduled = new AtomicBoolean();

    /**
     * A log.
     *
     * @param scheduler has what was held back told; null where only the close of the gateway does
     */
    FailureLog(DeliveryLog log, @Nullable DeliveryScheduler scheduler) {
        this.log = log;
        this.scheduler = scheduler;
    }

    void deadLettered(Target target, Event event, DeadLetter.Reason reason, int attempts, @Nullable Throwable cause) {
        log.deadLettered(recipient(target), event, reason, attempts, cause);
        tellSoon();
    }

    void attemptFailed(EmittedDelivery delivery, int attempt, Duration next, InvocationException cause) {
        if (!log.isAttemptLogged()) {
            return;
        }
        log.attemptFailed(recipient(delivery.target()), delivery.event(), attempt, next, cause);
        tellSoon();
    }

    private static DeliveryLog.Recipient recipient(Target target) {
        return new DeliveryLog.Recipient(
                target.function().space(),
                target.functionId(),
                target.subscription().id());
    }

    private void tellSoon() {
        if (scheduler != null && scheduled.compareAndSet(false, true)) {
            scheduler.schedule(TOLD_AFTER, () -> {
                scheduled.set(false);
                log.tellEnded();
            });
        }
    }

    void tellAll() {
        log.tellAll();
    }
}
