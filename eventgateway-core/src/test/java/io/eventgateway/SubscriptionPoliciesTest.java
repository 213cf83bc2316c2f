package io.eventgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.error.FunctionInUseException;
import io.eventgateway.error.FunctionNotFoundException;
import io.eventgateway.error.InvalidSubscriptionException;
import io.eventgateway.error.SubscriptionAlreadyExistsException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which parts of a delivery policy a subscription may set, and which filters it may be stored with. */
class SubscriptionPoliciesTest extends SubscribedFunctions {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "orderBy | {\"orderBy\":{\"key\":\"subject\"}}",
                "maxConcurrency | {\"maxConcurrency\":2}",
                "rateLimit | {\"rateLimit\":{\"permits\":1,\"per\":\"PT1S\"}}",
                "batching | {\"batching\":{\"maxEvents\":10,\"maxWait\":\"PT1S\"}}",
                "circuitBreaker | {\"circuitBreaker\":{\"failures\":3,\"pause\":\"PT1S\"}}",
                "pauseAfterFailing | {\"pauseAfterFailing\":\"P2D\"}",
                "guarantee | {\"guarantee\":\"AT_MOST_ONCE\"}"
            })
    void refusesPartsOfAPolicyThatDoNothingWhereSomebodyWaits(String part, String policy) {
        DeliveryPolicy delivery = DeliveryPolicy.fromJson(policy);

        assertThatThrownBy(() -> Subscription.to("a")
                        .function("f")
                        .sync()
                        .delivery(delivery)
                        .build())
                .isInstanceOf(InvalidSubscriptionException.class)
                .hasMessageContaining("'a->f' sets " + part + ", which would do nothing")
                .hasMessageContaining("may set maxAttempts, backoff, timeout, timeToLive, retryOn and deadLetter");
        assertThatThrownBy(() -> Subscription.http("GET", "/a")
                        .function("f")
                        .delivery(delivery)
                        .build())
                .isInstanceOf(InvalidSubscriptionException.class)
                .hasMessageContaining(part)
                .hasMessageContaining("may set timeout");
        assertThat(Subscription.to("a").function("f").delivery(delivery).build().delivery())
                .isEqualTo(delivery);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "maxAttempts | {\"maxAttempts\":3}",
                "backoff | {\"backoff\":{\"type\":\"fixed\",\"delay\":\"PT1S\"}}",
                "timeToLive | {\"timeToLive\":\"PT1H\"}",
                "retryOn | {\"retryOn\":{\"statusCodes\":[500]}}",
                "deadLetter | {\"deadLetter\":\"g\"}"
            })
    void refusesRetriesOfARequest(String part, String policy) {
        DeliveryPolicy delivery = DeliveryPolicy.fromJson(policy);

        assertThatThrownBy(() -> Subscription.http("GET", "/a")
                        .function("f")
                        .delivery(delivery)
                        .build())
                .isInstanceOf(InvalidSubscriptionException.class)
                .hasMessageContaining("sets " + part + ", which would do nothing");
        gateway.subscriptions()
                .create(Subscription.to("a")
                        .function("f")
                        .sync()
                        .delivery(delivery)
                        .build());
        gateway.subscriptions()
                .create(Subscription.http("GET", "/a")
                        .function("f")
                        .delivery(DeliveryPolicy.builder()
                                .timeout(Duration.ofSeconds(1))
                                .build())
                        .build());
    }

    @Test
    void aFunctionForDeadLettersHasToBeThereAsLongAsItIsNamed() {
        Subscription subscription = Subscription.to("a")
                .function("f")
                .delivery(DeliveryPolicy.builder().deadLetter("graveyrad").build())
                .build();
        gateway.functions().register("graveyard", (event, context) -> null);

        assertThatThrownBy(() -> gateway.subscriptions().create(subscription))
                .isInstanceOf(FunctionNotFoundException.class)
                .hasMessageContaining("'graveyrad', which is to get the dead letters")
                .hasMessageContaining("'graveyard'");
        assertThat(gateway.subscriptions().list()).isEmpty();

        gateway.subscriptions()
                .create(subscription.toBuilder()
                        .delivery(
                                DeliveryPolicy.builder().deadLetter("graveyard").build())
                        .build());
        assertThatThrownBy(() -> gateway.subscriptions().update(subscription))
                .isInstanceOf(FunctionNotFoundException.class);
        assertThatThrownBy(() -> gateway.functions().delete("graveyard"))
                .isInstanceOf(FunctionInUseException.class)
                .hasMessageContaining("subscription 'a->f' (for its dead letters)");

        gateway.subscriptions().delete("a->f");
        assertThat(gateway.functions().delete("graveyard").id()).isEqualTo("graveyard");
    }

    private static Subscription.Builder withCode() {
        return Subscription.to("a").function("f").filter(Filter.where(event -> true));
    }

    @Test
    void createOrUpdateWantsAnIdForAFilterThatIsCode() {
        assertThatThrownBy(
                        () -> gateway.subscriptions().createOrUpdate(withCode().build()))
                .isInstanceOf(InvalidSubscriptionException.class)
                .hasMessageContaining("function 'f' to event type 'a'")
                .hasMessageContaining("give it an id of its own");
        assertThat(gateway.subscriptions().list()).isEmpty();

        Subscription own = withCode().id("mine").build();
        assertThat(gateway.subscriptions().createOrUpdate(own).change()).isEqualTo(Registered.Change.CREATED);
        assertThat(gateway.subscriptions().createOrUpdate(own).change()).isEqualTo(Registered.Change.UNCHANGED);
    }

    @Test
    void aSecondSubscriptionWithCodeToTheSameIsRefusedAndSaysWhy() {
        gateway.subscriptions().create(withCode().build());

        assertThatThrownBy(() -> gateway.subscriptions().create(withCode().build()))
                .isInstanceOf(SubscriptionAlreadyExistsException.class)
                .hasMessageContaining("a filter that is code makes no difference to the id")
                .hasMessageContaining("an id of its own");

        gateway.subscriptions().create(withCode().id("second").build());
        assertThat(gateway.subscriptions().list()).hasSize(2);
    }
}
