package io.eventgateway.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.Event;
import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.internal.log.DeliveryLog.Recipient;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

class DeliveryLogTest {
    private static final IOException DISK = new IOException("disk");

    /** A logger that keeps its lines. */
    private static final class Lines extends LegacyAbstractLogger {
        private static final long serialVersionUID = 1L;

        private final transient List<String> lines = new ArrayList<>();
        private final transient List<@Nullable Throwable> causes = new ArrayList<>();
        private boolean debug = true;

        @Override
        protected String getFullyQualifiedCallerName() {
            return Lines.class.getName();
        }

        @Override
        protected void handleNormalizedLoggingCall(
                Level level, Marker marker, String message, Object[] arguments, Throwable cause) {
            lines.add(level + " " + MessageFormatter.basicArrayFormat(message, arguments));
            causes.add(cause);
        }

        @Override
        public boolean isTraceEnabled() {
            return false;
        }

        @Override
        public boolean isDebugEnabled() {
            return debug;
        }

        @Override
        public boolean isInfoEnabled() {
            return true;
        }

        @Override
        public boolean isWarnEnabled() {
            return true;
        }

        @Override
        public boolean isErrorEnabled() {
            return true;
        }
    }

    private final Lines lines = new Lines();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final DeliveryLog log = new DeliveryLog(lines, () -> now);
    private final Recipient audit = new Recipient("default", "audit", "order.*->audit");
    private final Event event =
            Event.builder("order.placed").id("e1").data("card 4111").build();

    @Test
    void saysOfADeadLetterWhatItIsAndWhyAndNothingOfItsData() {
        log.deadLettered(audit, event, DeadLetter.Reason.ATTEMPTS_EXHAUSTED, 5, DISK);
        log.deadLettered(audit, event, DeadLetter.Reason.CHAIN_STOPPED, 0, null);

        assertThat(lines.lines)
                .containsExactly(
                        "WARN Function 'audit' of space 'default': event 'e1' of type 'order.placed' for subscription"
                                + " 'order.*->audit' is a dead letter after 5 attempts: ATTEMPTS_EXHAUSTED",
                        "WARN Function 'audit' of space 'default': event 'e1' of type 'order.placed' for subscription"
                                + " 'order.*->audit' is a dead letter after 0 attempts: CHAIN_STOPPED");
        assertThat(lines.causes).containsExactly(DISK, null);
    }

    @Test
    void saysOfAFailedAttemptWhenTheNextOneIs() {
        log.attemptFailed(audit, event, 1, Duration.ofSeconds(2), DISK);

        assertThat(lines.lines)
                .containsExactly("DEBUG Function 'audit' of space 'default': attempt 1 of event 'e1' of type"
                        + " 'order.placed' for subscription 'order.*->audit' failed; the next one is in PT2S");
        assertThat(lines.causes).containsExactly(DISK);

        lines.debug = false;
        log.attemptFailed(audit, event, 2, Duration.ofSeconds(2), DISK);
        assertThat(lines.lines).hasSize(1);
    }

    @Test
    void logsAFewLinesOfEachFunctionAMinuteAndThenHowManyMore() {
        for (int i = 0; i < 317; i++) {
            log.deadLettered(audit, event, DeadLetter.Reason.NOT_RETRYABLE, 1, DISK);
        }
        log.deadLettered(new Recipient("default", "mail", "a->mail"), event, DeadLetter.Reason.EXPIRED, 1, DISK);
        assertThat(lines.lines).hasSize(6);
        for (int i = 0; i < 8; i++) {
            log.attemptFailed(audit, event, 1, Duration.ofSeconds(2), DISK);
        }
        assertThat(lines.lines).hasSize(11);

        now = now.plusSeconds(60);
        log.tellEnded();

        assertThat(lines.lines)
                .endsWith(
                        "WARN Function 'audit' of space 'default': ... and 312 more dead letters",
                        "DEBUG Function 'audit' of space 'default': ... and 3 more failed attempts");
    }

    @Test
    void anIdFromOutsideDoesNotTurnTheLineAround() {
        Event odd =
                Event.builder("a").id("x\u2028WARN\u202e" + "y".repeat(1_000)).build();

        log.deadLettered(audit, odd, DeadLetter.Reason.EXPIRED, 1, DISK);

        assertThat(lines.lines.get(0)).contains("'x?WARN?yyy").hasSizeLessThan(500);
    }
}
