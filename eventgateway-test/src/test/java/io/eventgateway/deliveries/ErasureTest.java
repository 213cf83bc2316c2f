package io.eventgateway.deliveries;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.Emission;
import io.eventgateway.EmitOptions;
import io.eventgateway.Event;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.Backoff;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.DeliveryResult;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.spi.EventStore;
import io.eventgateway.test.RecordingFunction;
import io.eventgateway.test.TestClock;
import io.eventgateway.test.TestGateway;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What waits of a subject's events ends when the subject is erased. */
class ErasureTest {
    private final RecordingFunction f = new RecordingFunction();
    private TestGateway gateway = TestGateway.create();

    @AfterEach
    void close() {
        gateway.close();
    }

    private void subscribe(DeliveryPolicy.Builder policy) {
        gateway.functions().register("f", f);
        subscribeTo("f", policy);
    }

    private void subscribeTo(String function, DeliveryPolicy.Builder policy) {
        gateway.subscriptions()
                .create(Subscription.to("a")
                        .id("s")
                        .function(function)
                        .delivery(policy.backoff(Backoff.fixed(Duration.ofMinutes(1)))
                                .build())
                        .build());
    }

    private Emission emit(String subject, Object key) {
        return gateway.emit(Event.builder("a").subject(subject).data(key).build());
    }

    private static DeliveryResult ended(Emission emission) {
        assertThat(emission.completion()).isDone();
        return emission.completion().join().deliveries().get(0);
    }

    private static void assertErased(Emission emission) {
        assertThat(ended(emission).status()).isEqualTo(DeliveryStatus.DROPPED);
        assertThat(ended(emission).failure()).hasMessageContaining("the event was erased");
    }

    private List<String> subjects() {
        return f.events().stream().map(Event::getSubject).toList();
    }

    @Test
    void whatWaitsForItsTimeOrTheLimitsEndsAtOnceAndGivesItsRoomBack() {
        subscribe(DeliveryPolicy.builder().rateLimit(1, Duration.ofHours(1)));
        emit("ada", 1);
        Emission limited = emit("ada", 2);
        Emission delayed = gateway.emit(
                Event.builder("a").subject("ada").build(),
                EmitOptions.builder().delay(Duration.ofSeconds(5)).build());
        Emission other = emit("bob", 3);
        assertThat(gateway.backlog().pending()).isEqualTo(3);

        assertThat(gateway.history().erase("ada")).isEqualTo(2);

        assertErased(limited);
        assertErased(delayed);
        assertThat(gateway.backlog().pending()).isEqualTo(1);
        gateway.advance(Duration.ofHours(2));
        assertThat(ended(other).status()).isEqualTo(DeliveryStatus.DELIVERED);
        assertThat(subjects()).containsExactly("ada", "bob");
    }

    @Test
    void whatWaitsForItsNextAttemptIsNotAttemptedAgain() {
        subscribe(DeliveryPolicy.builder());
        f.alwaysFailing(new IOException("down"));
        Emission emission = emit("ada", 1);

        assertThat(gateway.history().erase("ada")).isEqualTo(1);

        assertErased(emission);
        assertThat(ended(emission).attempts()).isEqualTo(1);
        gateway.advance(Duration.ofHours(1));
        assertThat(subjects()).containsExactly("ada");
        assertThat(gateway.deadLetters().list()).isEmpty();
    }

    @Test
    void theKeyOfWhatIsErasedIsFree() {
        subscribe(DeliveryPolicy.builder().orderBy("data"));
        f.failing(1, new IOException("down"));
        emit("ada", 1);
        Emission behind = emit("ada", 1);
        Emission other = emit("bob", 1);
        assertThat(subjects()).containsExactly("ada");

        gateway.history().erase("ada");

        assertErased(behind);
        assertThat(ended(other).status()).isEqualTo(DeliveryStatus.DELIVERED);
        assertThat(subjects()).containsExactly("ada", "bob");
    }

    @Test
    void anAttemptThatIsUnderWayIsTheLastAndNothingIsKeptOfIt() {
        gateway.functions().register("erases", (event, context) -> {
            gateway.history().erase("ada");
            throw new IOException("down");
        });
        subscribeTo("erases", DeliveryPolicy.builder().maxAttempts(2));

        Emission emission = emit("ada", 1);

        assertErased(emission);
        assertThat(ended(emission).attempts()).isEqualTo(1);
        assertThat(gateway.deadLetters().list()).isEmpty();
        assertThat(gateway.history().erase("ada")).as("nothing is left").isZero();
    }

    @Test
    void whatTheFunctionOfAnErasedEventTookIsDelivered() {
        gateway.functions().register("erases", (event, context) -> {
            gateway.history().erase("ada");
            return null;
        });
        subscribeTo("erases", DeliveryPolicy.builder());

        assertThat(ended(emit("ada", 1)).status()).isEqualTo(DeliveryStatus.DELIVERED);
    }

    @Test
    void whatIsPutOffInASharedStoreEndsAtOnce() {
        gateway.close();
        TestClock clock = new TestClock();
        EventStore store = EventStore.inMemory(10, clock);
        gateway = TestGateway.create(clock, builder -> builder.eventStore(store));
        subscribe(DeliveryPolicy.builder());
        Emission emission = gateway.emit(
                Event.builder("a").subject("ada").build(),
                EmitOptions.builder().delay(Duration.ofHours(1)).build());
        f.failing(1, new IOException("down"));
        Emission retried = emit("ada", 1);
        gateway.advance(Duration.ofSeconds(1));

        gateway.history().erase("ada");

        assertErased(emission);
        assertErased(retried);
        assertThat(gateway.backlog().pending()).isZero();
        gateway.advance(Duration.ofHours(2));
        assertThat(subjects()).containsExactly("ada");
    }
}
