package io.eventgateway.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.delivery.DeadLetterQuery;
import io.eventgateway.spi.EventStore;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What every event store does with dead letters. */
abstract class EventStoreDeadLetters extends EventStoreLeases {
    @Test
    final void keepsADeadLetterWithItsReasonAndAttempts() {
        append(delivery(1));

        giveUp(1, DeadLetter.Reason.ATTEMPTS_EXHAUSTED);

        assertThat(pending()).isEmpty();
        assertThat(deadLetters()).singleElement().satisfies(letter -> {
            assertThat(letter.id()).isEqualTo(delivery(1).id().toString());
            assertThat(letter.event()).isEqualTo(delivery(1).event());
            assertThat(letter.subscriptionId()).isEqualTo("subscription");
            assertThat(letter.functionId()).isEqualTo("f");
            assertThat(letter.reason()).isEqualTo(DeadLetter.Reason.ATTEMPTS_EXHAUSTED);
            assertThat(letter.message()).isEqualTo("no stock");
            assertThat(letter.attempts()).containsExactly(failed(1));
            assertThat(store.deadLetter("default", delivery(1).id())).isEqualTo(letter);
        });
        assertThat(store.deadLetter("other", delivery(1).id())).isNull();
        assertThat(store.countDeadLetters("default")).isEqualTo(1);
        assertThat(store.countDeadLetters("other")).isZero();
    }

    @Test
    final void listsDeadLettersNewestFirstByQueryAndInPages() {
        for (int i = 1; i <= 4; i++) {
            append(delivery(i));
            giveUp(i, i == 2 ? DeadLetter.Reason.EXPIRED : DeadLetter.Reason.NOT_RETRYABLE);
            clock.advance(Duration.ofMinutes(1));
        }

        assertThat(deadLetters()).extracting(letter -> letter.event().getId()).containsExactly("e4", "e3", "e2", "e1");
        DeadLetterQuery notRetryable = DeadLetterQuery.all().because(DeadLetter.Reason.NOT_RETRYABLE);
        List<DeadLetter> page = store.deadLetters("default", notRetryable.limit(2));
        assertThat(page).extracting(letter -> letter.event().getId()).containsExactly("e4", "e3");
        assertThat(store.deadLetters("default", notRetryable.after(page.get(1).id())))
                .extracting(letter -> letter.event().getId())
                .containsExactly("e1");
        assertThat(store.deadLetters("default", DeadLetterQuery.all().ofType("b")))
                .isEmpty();
        assertThat(store.deadLetters(
                        "default",
                        DeadLetterQuery.all()
                                .since(page.get(1).at())
                                .until(page.get(0).at())))
                .extracting(letter -> letter.event().getId())
                .containsExactly("e3");
    }

    @Test
    final void redrivesADeadLetterOnceUnderANewLeaseWithItsHistory() {
        append(delivery(1));
        giveUp(1, DeadLetter.Reason.ATTEMPTS_EXHAUSTED);

        assertThat(store.redrive("other", delivery(1).id(), "gateway-2", null)).isNull();
        EventStore.Lease lease =
                Objects.requireNonNull(store.redrive("default", delivery(1).id(), "gateway-2", "g"), "a dead letter");

        assertThat(lease).satisfies(given -> {
            assertThat(given.delivery().functionId()).isEqualTo("g");
            assertThat(given.attempts()).containsExactly(failed(1));
            assertThat(given.token()).isGreaterThan(EventStore.FIRST_TOKEN);
        });
        assertThat(store.redrive("default", delivery(1).id(), "gateway-2", null))
                .isNull();
        assertThat(deadLetters()).isEmpty();
        assertThat(done(store.complete(delivery(1).id(), EventStore.FIRST_TOKEN)))
                .isEqualTo(EventStore.OutcomeAnswer.NOT_YOURS);
        assertThat(done(store.deadLetter(
                        delivery(1).id(), lease.token(), DeadLetter.Reason.NOT_RETRYABLE, "again", failed(2), false)))
                .isEqualTo(EventStore.OutcomeAnswer.DONE);
        assertThat(deadLetters()).singleElement().satisfies(letter -> assertThat(letter.attempts())
                .containsExactly(failed(1), failed(2)));
    }

    @Test
    final void purgesADeadLetter() {
        append(delivery(1));
        giveUp(1, DeadLetter.Reason.ATTEMPTS_EXHAUSTED);

        assertThat(store.purge("other", delivery(1).id())).isFalse();
        assertThat(store.purge("default", delivery(1).id())).isTrue();
        assertThat(store.purge("default", delivery(1).id())).isFalse();
        assertThat(deadLetters()).isEmpty();
    }
}
