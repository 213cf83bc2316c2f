package io.eventgateway.internal.log;

import io.eventgateway.Event;
import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.internal.event.Thrown;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs deliveries that fail: a dead letter at WARN, a failed attempt at DEBUG, each with its cause. Of each function a
 * few lines in each minute are logged, and then {@code ... and 312 more}. No event's data is in a line: ids, types, names and the
 * failure are.
 *
 * <p>Thread-safe; it knows the 1,000 functions that failed last.
 */
public final class DeliveryLog {
    private static final int LINES = 5;
    private static final Duration PERIOD = Duration.ofMinutes(1);
    private static final int FUNCTIONS = 1_000;
    private static final int LONGEST_SHOWN = 256;

    private final Logger log;
    private final LogLimit deadLetters;
    private final LogLimit failedAttempts;

    /** A log whose minutes are those of the clock. */
    public DeliveryLog(InstantSource clock) {
        this(LoggerFactory.getLogger(DeliveryLog.class), clock);
    }

    DeliveryLog(Logger log, InstantSource clock) {
        this.log = log;
        this.deadLetters = new LogLimit(
                clock,
                LINES,
                PERIOD,
                FUNCTIONS,
                (function, lines) -> log.warn("{}: ... and {} more dead letters", function, lines));
        this.failedAttempts = new LogLimit(
                clock,
                LINES,
                PERIOD,
                FUNCTIONS,
                (function, lines) -> log.debug("{}: ... and {} more failed attempts", function, lines));
    }

    /** A delivery to a function, by its subscription. */
    public record Recipient(String space, String functionId, String subscriptionId) {
        /** Refuses nulls. */
        public Recipient {
            Objects.requireNonNull(space, "space");
            Objects.requireNonNull(functionId, "functionId");
            Objects.requireNonNull(subscriptionId, "subscriptionId");
        }

        private String function() {
            return "Function '" + functionId + "' of space '" + space + "'";
        }
    }

    /**
     * A delivery was given up.
     *
     * @param attempts how many attempts were made; 0 when none was
     * @param cause what the last attempt failed with; null when none was made
     */
    public void deadLettered(
            Recipient recipient, Event event, DeadLetter.Reason reason, int attempts, @Nullable Throwable cause) {
        String function = recipient.function();
        if (log.isWarnEnabled() && deadLetters.admits(function)) {
            log.warn(
                    "{}: event '{}' of type '{}' for subscription '{}' is a dead letter after {}: {}",
                    function,
                    shown(event.getId()),
                    shown(event.getType()),
                    recipient.subscriptionId(),
                    attempts == 1 ? "1 attempt" : attempts + " attempts",
                    reason,
                    cause == null ? null : Thrown.loggable(cause));
        }
    }

    /** Returns whether failed attempts are logged at all. */
    public boolean isAttemptLogged() {
        return log.isDebugEnabled();
    }

    /**
     * An attempt failed, and is followed by another.
     *
     * @param attempt its number, the first is 1
     * @param next how long until the next attempt
     */
    public void attemptFailed(Recipient recipient, Event event, int attempt, Duration next, Throwable cause) {
        if (!log.isDebugEnabled()) {
            return;
        }
        String function = recipient.function();
        if (failedAttempts.admits(function)) {
            log.debug(
                    "{}: attempt {} of event '{}' of type '{}' for subscription '{}' failed; the next one is in {}",
                    function,
                    attempt,
                    shown(event.getId()),
                    shown(event.getType()),
                    recipient.subscriptionId(),
                    next,
                    Thrown.loggable(cause));
        }
    }

    /** Logs how many lines were held back in the minutes that are over; to be called now and then, since the failures may have ended. */
    public void tellEnded() {
        deadLetters.tellEnded();
        failedAttempts.tellEnded();
    }

    /** Logs how many lines were held back; for the end of a gateway. */
    public void tellAll() {
        deadLetters.tellAll();
        failedAttempts.tellAll();
    }

    /**
     * Ids and types come from outside: a text that is long, breaks the line or turns it around must not look like the
     * log's own.
     */
    private static String shown(String text) {
        String cut = text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "...";
        StringBuilder clean = new StringBuilder(cut.length());
        for (int i = 0; i < cut.length(); i++) {
            char c = cut.charAt(i);
            boolean harmless = !Character.isISOControl(c)
                    && Character.getType(c) != Character.FORMAT
                    && Character.getType(c) != Character.LINE_SEPARATOR
                    && Character.getType(c) != Character.PARAGRAPH_SEPARATOR;
            clean.append(harmless ? c : '?');
        }
        return clean.toString();
    }
}
