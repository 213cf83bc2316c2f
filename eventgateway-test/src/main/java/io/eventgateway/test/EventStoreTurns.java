package io.eventgateway.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.Event;
import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.spi.EventStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How every event store gives deliveries their turns, by key and under limits. */
abstract class EventStoreTurns extends EventStoreDeadLetters {
    static EventStore.Delivery keyed(long number, @Nullable String key) {
        EventStore.Delivery plain = delivery(number);
        return new EventStore.Delivery(
                plain.id(),
                plain.space(),
                plain.event(),
                plain.terms(),
                plain.subscriptionId(),
                plain.functionId(),
                key);
    }

    final boolean takeTurn(EventStore.Delivery delivery, long position, int maxConcurrency) {
        return takeTurn(delivery, EventStore.FIRST_TOKEN, position, maxConcurrency);
    }

    final boolean takeTurn(EventStore.Delivery delivery, long token, long position, int maxConcurrency) {
        return askForTurn(delivery, token, position, maxConcurrency) == EventStore.TurnAnswer.GRANTED;
    }

    final EventStore.TurnAnswer askForTurn(
            EventStore.Delivery delivery, long token, long position, int maxConcurrency) {
        return done(store.takeTurn(new EventStore.Turn(
                delivery.id(),
                token,
                delivery.space(),
                delivery.subscriptionId(),
                position,
                delivery.orderKey(),
                maxConcurrency)));
    }

    @Test
    final void tellsADeliveryWhoseTurnHasNotComeFromOneThatIsNotLeasedAnyMore() {
        EventStore.Delivery first = keyed(1, "k");
        EventStore.Delivery second = keyed(2, "k");
        EventStore.Delivery erased = new EventStore.Delivery(
                delivery(3).id(),
                first.space(),
                Event.builder("a").id("e3").source("/s").subject("who").build(),
                first.terms(),
                first.subscriptionId(),
                first.functionId());
        long[] at = append(first, second, erased);

        assertThat(askForTurn(second, EventStore.FIRST_TOKEN, at[1], 0)).isEqualTo(EventStore.TurnAnswer.NOT_YET);
        assertThat(askForTurn(first, EventStore.FIRST_TOKEN + 1, at[0], 0)).isEqualTo(EventStore.TurnAnswer.NOT_YOURS);
        assertThat(askForTurn(first, EventStore.FIRST_TOKEN, at[0], 1)).isEqualTo(EventStore.TurnAnswer.GRANTED);
        assertThat(askForTurn(erased, EventStore.FIRST_TOKEN, at[2], 1)).isEqualTo(EventStore.TurnAnswer.NOT_YET);
        done(store.complete(first.id(), EventStore.FIRST_TOKEN));
        assertThat(askForTurn(first, EventStore.FIRST_TOKEN, at[0], 1)).isEqualTo(EventStore.TurnAnswer.NOT_YOURS);
        store.erase("default", "who");
        assertThat(askForTurn(erased, EventStore.FIRST_TOKEN, at[2], 1)).isEqualTo(EventStore.TurnAnswer.NOT_YOURS);
    }

    final EventStore.Run takeRun(
            EventStore.Delivery delivery,
            long position,
            EventStore.@Nullable DeliveryId before,
            EventStore.Delivery... followers) {
        return done(store.takeRun(
                new EventStore.Turn(
                        delivery.id(),
                        EventStore.FIRST_TOKEN,
                        delivery.space(),
                        delivery.subscriptionId(),
                        position,
                        delivery.orderKey(),
                        0),
                Stream.of(followers).map(EventStore.Delivery::id).toList(),
                before));
    }

    /** A delivery that another gateway accepts. */
    private static EventStore.Delivery elsewhere(long number, String key) {
        EventStore.Delivery here = keyed(number, key);
        return new EventStore.Delivery(
                new EventStore.DeliveryId("gateway-9", number),
                here.space(),
                here.event(),
                here.terms(),
                here.subscriptionId(),
                here.functionId(),
                key);
    }

    @Test
    final void aRunEndsBeforeTheFirstDeliveryOfAnotherGateway() {
        long[] at = append(keyed(1, "k"), keyed(2, "k"), elsewhere(3, "k"), keyed(4, "k"));

        EventStore.Run run = takeRun(keyed(1, "k"), at[0], null, keyed(2, "k"), keyed(4, "k"));

        assertThat(run.answer()).isEqualTo(EventStore.TurnAnswer.GRANTED);
        assertThat(run.last()).isBetween(at[0], at[1]);
        assertThat(takeTurn(elsewhere(3, "k"), at[2], 0)).isFalse();
        done(store.complete(keyed(1, "k").id(), EventStore.FIRST_TOKEN));
        assertThat(takeTurn(elsewhere(3, "k"), at[2], 0)).isFalse();
        assertThat(takeRun(keyed(4, "k"), at[3], run.owner()).answer()).isEqualTo(EventStore.TurnAnswer.NOT_YET);
        done(store.complete(keyed(2, "k").id(), EventStore.FIRST_TOKEN));
        assertThat(takeTurn(elsewhere(3, "k"), at[2], 0)).isTrue();
        assertThat(takeRun(keyed(4, "k"), at[3], run.owner()).answer()).isEqualTo(EventStore.TurnAnswer.NOT_YET);
        done(store.complete(elsewhere(3, "k").id(), EventStore.FIRST_TOKEN));
        assertThat(takeRun(keyed(4, "k"), at[3], run.owner()).answer()).isEqualTo(EventStore.TurnAnswer.GRANTED);
    }

    @Test
    final void aRunMayBeFollowedByAnotherOfTheSameGateway() {
        long[] at = append(keyed(1, "k"), keyed(2, "k"));
        EventStore.Run run = takeRun(keyed(1, "k"), at[0], null, keyed(2, "k"));

        long later = append(keyed(3, "k"))[0];
        done(store.complete(keyed(1, "k").id(), EventStore.FIRST_TOKEN));
        EventStore.Run next = takeRun(keyed(2, "k"), at[1], run.owner(), keyed(3, "k"));

        assertThat(next.answer()).isEqualTo(EventStore.TurnAnswer.GRANTED);
        assertThat(next.last()).isBetween(at[1], later);
        done(store.complete(keyed(2, "k").id(), EventStore.FIRST_TOKEN));
        assertThat(takeRun(keyed(3, "k"), later, next.owner()).answer()).isEqualTo(EventStore.TurnAnswer.GRANTED);
    }

    @Test
    final void aRunEndsBeforeADeliveryThatItsGatewayDoesNotKnowOf() {
        long[] at = append(keyed(1, "k"), keyed(2, "k"), keyed(3, "k"));

        EventStore.Run run = takeRun(keyed(1, "k"), at[0], null, keyed(3, "k"));

        assertThat(run.answer()).isEqualTo(EventStore.TurnAnswer.GRANTED);
        assertThat(run.last()).isEqualTo(at[0]);
    }

    @Test
    final void aRunThatHasToWaitForAnEarlierDeliveryGivesItsTurnBack() {
        EventStore.Delivery first = elsewhere(1, "k");
        long[] at = append(first, keyed(2, "k"), keyed(3, "k"), keyed(4, "k"));
        done(store.deadLetter(
                first.id(), EventStore.FIRST_TOKEN, DeadLetter.Reason.NOT_RETRYABLE, "no", failed(1), false));
        EventStore.Run run = takeRun(keyed(3, "k"), at[2], null);
        assertThat(run.answer()).isEqualTo(EventStore.TurnAnswer.NOT_YET);
        run = takeRun(keyed(2, "k"), at[1], null, keyed(3, "k"), keyed(4, "k"));
        assertThat(run.answer()).isEqualTo(EventStore.TurnAnswer.GRANTED);
        done(store.complete(keyed(2, "k").id(), EventStore.FIRST_TOKEN));
        EventStore.Lease again = redrive(first);

        assertThat(takeRun(keyed(3, "k"), at[2], run.owner(), keyed(4, "k")).answer())
                .isEqualTo(EventStore.TurnAnswer.NOT_YET);

        assertThat(takeTurn(again.delivery(), again.token(), at[0], 0)).isTrue();
    }

    @Test
    final void aDeadLetterWithinARunHoldsTheKey() {
        long[] at = append(keyed(1, "k"), keyed(2, "k"), keyed(3, "k"));
        EventStore.Run run = takeRun(keyed(1, "k"), at[0], null, keyed(2, "k"), keyed(3, "k"));
        done(store.complete(keyed(1, "k").id(), EventStore.FIRST_TOKEN));
        run = takeRun(keyed(2, "k"), at[1], run.owner());

        done(store.deadLetter(
                keyed(2, "k").id(),
                EventStore.FIRST_TOKEN,
                DeadLetter.Reason.NOT_RETRYABLE,
                "no stock",
                failed(1),
                true));

        assertThat(takeRun(keyed(3, "k"), at[2], run.owner()).answer()).isEqualTo(EventStore.TurnAnswer.NOT_YET);
        EventStore.Lease again = redrive(keyed(2, "k"));
        assertThat(takeTurn(again.delivery(), again.token(), at[1], 0)).isTrue();
        done(store.complete(again.delivery().id(), again.token()));
        assertThat(takeRun(keyed(3, "k"), at[2], null).answer()).isEqualTo(EventStore.TurnAnswer.GRANTED);
    }

    @Test
    final void aPlaceThatIsGivenBackIsAnotherDeliverysAndTheKeyIsKept() {
        EventStore.Delivery first = keyed(1, "k");
        EventStore.Delivery second = keyed(2, "k");
        EventStore.Delivery other = keyed(3, "other");
        long[] at = append(first, second, other);
        assertThat(takeTurn(first, at[0], 1)).isTrue();
        assertThat(takeTurn(other, at[2], 1)).isFalse();

        assertThat(done(store.returnPlace(first.id(), EventStore.FIRST_TOKEN)))
                .isEqualTo(EventStore.OutcomeAnswer.DONE);

        assertThat(takeTurn(other, at[2], 1)).isTrue();
        assertThat(takeTurn(second, at[1], 0)).isFalse();
        assertThat(done(store.returnPlace(first.id(), EventStore.FIRST_TOKEN + 1)))
                .isEqualTo(EventStore.OutcomeAnswer.NOT_YOURS);
    }

    final EventStore.Lease redrive(EventStore.Delivery delivery) {
        return Objects.requireNonNull(store.redrive("default", delivery.id(), "gateway-2", null), "a dead letter");
    }

    @Test
    final void givesTheDeliveriesOfAKeyTheirTurnInTheOrderOfTheirPositions() {
        EventStore.Delivery first = keyed(1, "k");
        EventStore.Delivery second = keyed(2, "k");
        EventStore.Delivery other = keyed(3, "other");
        long[] at = append(first, second, other);

        assertThat(takeTurn(second, at[1], 0)).isFalse();
        assertThat(takeTurn(other, at[2], 0)).isTrue();
        assertThat(takeTurn(first, at[0], 0)).isTrue();
        assertThat(takeTurn(first, at[0], 0)).isTrue();
        done(store.retry(first.id(), EventStore.FIRST_TOKEN, clock.instant(), failed(1)));
        assertThat(takeTurn(second, at[1], 0)).isFalse();
        done(store.complete(first.id(), EventStore.FIRST_TOKEN));
        assertThat(takeTurn(second, at[1], 0)).isTrue();
        assertThat(takeTurn(first, at[0], 0)).isFalse();
    }

    @Test
    final void aDeliveryThatIsNotDueYetHoldsUpNoneOfItsKey() {
        Instant dueAt = clock.instant().plusSeconds(3600);
        EventStore.Delivery plain = keyed(1, "k");
        EventStore.Delivery putOff = new EventStore.Delivery(
                plain.id(),
                plain.space(),
                plain.event(),
                new EventStore.Terms(clock.instant(), dueAt, null),
                plain.subscriptionId(),
                plain.functionId(),
                "k");
        EventStore.Delivery second = keyed(2, "k");
        EventStore.Delivery third = keyed(3, "k");
        long[] at = append(putOff, second, third);

        assertThat(takeTurn(second, at[1], 0)).isTrue();
        done(store.complete(second.id(), EventStore.FIRST_TOKEN));
        clock.advance(Duration.ofSeconds(3601));

        assertThat(takeTurn(third, at[2], 0)).isFalse();
        assertThat(takeTurn(putOff, at[0], 0)).isTrue();
    }

    @Test
    final void givesNoMoreTurnsThanAreAllowedAtATime() {
        EventStore.Delivery[] deliveries = {keyed(1, null), keyed(2, null), keyed(3, null)};
        long[] at = append(deliveries);

        assertThat(takeTurn(deliveries[0], at[0], 2)).isTrue();
        assertThat(takeTurn(deliveries[2], at[2], 2)).isTrue();
        assertThat(takeTurn(deliveries[1], at[1], 2)).isFalse();
        done(store.retry(deliveries[0].id(), EventStore.FIRST_TOKEN, clock.instant(), failed(1)));
        assertThat(takeTurn(deliveries[1], at[1], 2)).isTrue();
        assertThat(takeTurn(deliveries[0], at[0], 2)).isFalse();
        done(store.complete(deliveries[2].id(), EventStore.FIRST_TOKEN));
        assertThat(takeTurn(deliveries[0], at[0], 2)).isTrue();
    }

    @Test
    final void aDeadLetterMayHoldItsKeyUntilItIsRedrivenOrPurged() {
        EventStore.Delivery first = keyed(1, "k");
        EventStore.Delivery second = keyed(2, "k");
        EventStore.Delivery third = keyed(3, "k");
        long[] at = append(first, second, third);
        takeTurn(first, at[0], 0);
        done(store.deadLetter(
                first.id(), EventStore.FIRST_TOKEN, DeadLetter.Reason.NOT_RETRYABLE, "no", failed(1), true));
        assertThat(takeTurn(second, at[1], 0)).isFalse();

        EventStore.Lease redriven = Objects.requireNonNull(store.redrive("default", first.id(), "gateway-1", null));
        assertThat(takeTurn(second, at[1], 0)).isFalse();
        assertThat(done(store.complete(first.id(), redriven.token()))).isEqualTo(EventStore.OutcomeAnswer.DONE);
        assertThat(takeTurn(second, at[1], 0)).isTrue();

        done(store.deadLetter(
                second.id(), EventStore.FIRST_TOKEN, DeadLetter.Reason.NOT_RETRYABLE, "no", failed(1), true));
        assertThat(takeTurn(third, at[2], 0)).isFalse();
        assertThat(store.purge("default", second.id())).isTrue();
        assertThat(takeTurn(third, at[2], 0)).isTrue();
    }

    @Test
    final void aRedrivenDeliveryAndALaterOneThatIsTakenOverDoNotWaitForEachOther() {
        EventStore.Delivery first = keyed(1, "k");
        EventStore.Delivery second = keyed(2, "k");
        long[] at = append(first, second);
        giveUp(1, DeadLetter.Reason.ATTEMPTS_EXHAUSTED);
        assertThat(takeTurn(second, at[1], 0)).isTrue();
        done(store.release(second.id(), EventStore.FIRST_TOKEN));

        EventStore.Lease redriven = redrive(first);
        EventStore.Lease takenOver = claim("gateway-2", 10).get(0);

        assertThat(takeTurn(second, takenOver.token(), at[1], 0)).isFalse();
        assertThat(takeTurn(first, redriven.token(), at[0], 0)).isTrue();
        assertThat(takeTurn(second, takenOver.token(), at[1], 0)).isFalse();
        assertThat(done(store.complete(first.id(), redriven.token()))).isEqualTo(EventStore.OutcomeAnswer.DONE);
        assertThat(takeTurn(second, takenOver.token(), at[1], 0)).isTrue();
    }

    @Test
    final void aRedrivenDeliveryGetsTheTurnOfAGatewayThatIsGone() {
        EventStore.Delivery first = keyed(1, "k");
        EventStore.Delivery second = keyed(2, "k");
        long[] at = append(first, second);
        giveUp(1, DeadLetter.Reason.ATTEMPTS_EXHAUSTED);
        done(store.release(second.id(), EventStore.FIRST_TOKEN));
        EventStore.Lease begun = claim("gateway-3", 10).get(0);
        assertThat(takeTurn(second, begun.token(), at[1], 0)).isTrue();

        EventStore.Lease redriven = redrive(first);
        assertThat(takeTurn(first, redriven.token(), at[0], 0)).isFalse();
        store.leave("gateway-3");
        claim("gateway-2", 10);

        assertThat(takeTurn(first, redriven.token(), at[0], 0)).isTrue();
    }

    @Test
    final void aLaterDeliveryThatHasBegunKeepsItsTurnWhenAnEarlierOneIsRedriven() {
        EventStore.Delivery first = keyed(1, "k");
        EventStore.Delivery second = keyed(2, "k");
        long[] at = append(first, second);
        giveUp(1, DeadLetter.Reason.ATTEMPTS_EXHAUSTED);
        assertThat(takeTurn(second, at[1], 0)).isTrue();

        EventStore.Lease redriven = redrive(first);

        assertThat(takeTurn(first, redriven.token(), at[0], 0)).isFalse();
        assertThat(takeTurn(second, at[1], 0)).isTrue();
        done(store.retry(second.id(), EventStore.FIRST_TOKEN, clock.instant(), failed(1)));
        assertThat(takeTurn(second, at[1], 0)).isTrue();
        done(store.complete(second.id(), EventStore.FIRST_TOKEN));
        assertThat(takeTurn(first, redriven.token(), at[0], 0)).isTrue();
    }

    @Test
    final void aPlaceUnderALimitIsFreeWhenTheLeaseHasEndedThatItWasTakenUnder() {
        EventStore.Delivery[] deliveries = {keyed(1, null), keyed(2, null)};
        long[] at = append(deliveries);
        assertThat(takeTurn(deliveries[0], at[0], 1)).isTrue();
        done(store.release(deliveries[0].id(), EventStore.FIRST_TOKEN));
        EventStore.Lease again = claim("gateway-3", 10).get(0);
        assertThat(takeTurn(deliveries[0], again.token(), at[0], 1)).isTrue();
        store.leave("gateway-3");
        claim("gateway-2", 10);

        assertThat(takeTurn(deliveries[1], at[1], 1)).isTrue();
    }
}
