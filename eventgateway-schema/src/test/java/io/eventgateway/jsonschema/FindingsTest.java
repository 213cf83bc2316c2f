package io.eventgateway.jsonschema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.EventGateway;
import io.eventgateway.EventTypeDefinition;
import io.eventgateway.EventTypePolicy;
import io.eventgateway.Filter;
import io.eventgateway.Finding;
import io.eventgateway.Subscription;
import io.eventgateway.Transform;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.error.IncompatibleSchemaException;
import io.eventgateway.error.InvalidSubscriptionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FindingsTest {
    private static final EventTypeDefinition PLACED = EventTypeDefinition.of("order.placed")
            .schema("{\"type\": \"object\", \"additionalProperties\": false, \"properties\": {"
                    + "\"total\": {\"type\": \"number\"}, \"status\": {\"type\": \"string\"}}}")
            .build();
    private static final EventTypeDefinition WITHOUT_TOTAL = EventTypeDefinition.of("order.placed")
            .schema("{\"type\": \"object\", \"additionalProperties\": false, \"properties\": {"
                    + "\"status\": {\"type\": \"string\"}}}")
            .build();

    private final EventGateway gateway = EventGateway.create();

    @BeforeEach
    void register() {
        gateway.functions().register("f", (event, context) -> null);
        gateway.eventTypes().register(PLACED);
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private static Subscription.Builder to(String eventType) {
        return Subscription.to(eventType).id("s").function("f");
    }

    private static Filter wanting(String member) {
        return Filter.pattern("{\"data\": {\"" + member + "\": [{\"numeric\": [\">\", 100]}]}}");
    }

    @Test
    void aFilterOfAPatternMayChooseAmongItsTypes() {
        Subscription created = gateway.subscriptions()
                .create(to("order.*")
                        .filter(Filter.pattern("{\"type\": [\"order.placed\", \"order.sent\"]}"))
                        .build());
        Subscription other = gateway.subscriptions()
                .create(to("order.*")
                        .id("other")
                        .filter(Filter.pattern("{\"type\": [\"order.sent\"], \"data\": {\"totl\": [1]}}"))
                        .build());

        assertThat(created.findings()).isEmpty();
        assertThat(other.findings()).isEmpty();
    }

    @Test
    void aTypoIsFoundWhenTheSubscriptionIsCreated() {
        Subscription created = gateway.subscriptions()
                .create(to("order.placed").filter(wanting("totl")).build());

        assertThat(created.findings())
                .singleElement()
                .hasToString("ERROR: filter of subscription 's' at /data/totl: no event of 'order.placed' can have"
                        + " data.totl; did you mean data.total?");
        assertThat(gateway.subscriptions().findings()).isEqualTo(created.findings());
    }

    @Test
    void transformsAndKeysAreLookedAtToo() {
        Subscription created = gateway.subscriptions()
                .create(to("order.placed")
                        .transform(Transform.path("$.data.totl"))
                        .delivery(
                                DeliveryPolicy.builder().orderBy("data.custmer").build())
                        .build());

        assertThat(created.findings())
                .extracting(Finding::about, Finding::message, Finding::suggestion)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(
                                "transform",
                                "no event of 'order.placed' can have $.data.totl",
                                "did you mean data.total?"),
                        org.assertj.core.groups.Tuple.tuple(
                                "orderBy", "no event of 'order.placed' can have data.custmer", null));
    }

    @Test
    void whatOneOfSeveralTypesLacksIsAWarning() {
        Subscription created = gateway.subscriptions()
                .create(to("order.*").filter(wanting("weight")).build());

        assertThat(created.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Finding.Severity.WARNING);
            assertThat(finding.eventType()).isEqualTo("order.placed");
        });
    }

    @Test
    void aStrictSpaceRefusesWhatCanNeverMatch() {
        gateway.eventTypes().changePolicy(EventTypePolicy.open().withStrict(true));

        assertThatThrownBy(() -> gateway.subscriptions()
                        .create(to("order.placed").filter(wanting("totl")).build()))
                .isInstanceOf(InvalidSubscriptionException.class)
                .hasMessageContaining("did you mean data.total?");
        assertThat(gateway.subscriptions().list()).isEmpty();
    }

    @Test
    void aNewSchemaThatBreaksTheCompatibilityNamesTheSubscriptionsThatItBreaks() {
        gateway.subscriptions()
                .create(to("order.placed").filter(wanting("total")).build());

        assertThat(gateway.subscriptions().findings()).isEmpty();
        assertThatThrownBy(() -> gateway.eventTypes().update(WITHOUT_TOTAL))
                .isInstanceOf(IncompatibleSchemaException.class)
                .hasMessageContaining("/total is gone")
                .hasMessageContaining(
                        "subscription 's' at /data/total: no event of 'order.placed' can have data.total");
        assertThat(gateway.eventTypes().get("order.placed")).contains(PLACED);
    }

    @Test
    void aNewVersionMayDifferAndTheSubscriptionsAreLookedAtAgain() {
        gateway.subscriptions()
                .create(to("order.placed").filter(wanting("total")).build());

        gateway.eventTypes().update(WITHOUT_TOTAL.toBuilder().version(2).build());

        assertThat(gateway.subscriptions().findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.severity()).isEqualTo(Finding.Severity.ERROR));
    }

    @Test
    void schemasAreComparedWithoutAChange() {
        assertThat(gateway.eventTypes().compare("order.placed", WITHOUT_TOTAL.schema()))
                .singleElement()
                .hasToString("/total is gone");
    }
}
