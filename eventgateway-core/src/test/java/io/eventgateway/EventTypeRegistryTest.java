package io.eventgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.Registered.Change;
import io.eventgateway.error.EventRejectedException;
import io.eventgateway.error.EventTypeAlreadyExistsException;
import io.eventgateway.error.EventTypeInUseException;
import io.eventgateway.error.EventTypeNotFoundException;
import io.eventgateway.error.GatewayClosedException;
import io.eventgateway.error.InvalidEventTypeException;
import io.eventgateway.schema.Compatibility;
import io.eventgateway.spi.SubscriptionStore;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventTypeRegistryTest {
    private static final EventTypeDefinition ORDER = EventTypeDefinition.of("order.placed")
            .description("An order was placed.")
            .build();

    private final SubscriptionStore store = SubscriptionStore.inMemory();
    private final EventGateway gateway =
            EventGateway.builder().subscriptionStore(store).build();
    private final EventGateway other =
            EventGateway.builder().subscriptionStore(store).build();

    @AfterEach
    void close() {
        gateway.close();
        other.close();
    }

    @Test
    void aDefinitionIsTheSameAfterItsJsonForm() {
        EventTypeDefinition all = EventTypeDefinition.of("order.placed")
                .version(3)
                .schema("{\"type\":\"object\",\"properties\":{\"total\":{\"minimum\":1.50}}}")
                .description("An order was placed.")
                .example("{\"total\":2}")
                .example("{}")
                .owner("sales")
                .deprecatedSince(LocalDate.of(2026, 12, 1))
                .validation(Validation.OFF)
                .compatibility(Compatibility.FULL)
                .metadata(Map.of("team", "a"))
                .build();

        assertThat(EventTypeDefinition.fromJson(all.toJson())).isEqualTo(all).hasSameHashCodeAs(all);
        assertThat(all.toBuilder().build()).isEqualTo(all);
        assertThat(EventTypeDefinition.fromJson("{\"name\":\"a\"}"))
                .isEqualTo(EventTypeDefinition.of("a").build());
    }

    @Test
    void whatIsNoDefinitionIsRefused() {
        assertThatThrownBy(() -> EventTypeDefinition.of("order.*"))
                .isInstanceOf(InvalidEventTypeException.class)
                .hasMessageContaining("order.*");
        assertThatThrownBy(() -> EventTypeDefinition.of("a".repeat(300)).build())
                .hasMessageContaining("256 printable characters")
                .hasMessageContaining("300 characters");
        assertThatThrownBy(() -> EventTypeDefinition.of("a").schema("[1]"))
                .hasMessageContaining("must be a JSON object");
        assertThatThrownBy(() -> EventTypeDefinition.of("a").schema("{")).hasMessageContaining("must be JSON");
        assertThatThrownBy(() -> EventTypeDefinition.of("a").schema("")).hasMessageContaining("was empty");
        assertThatThrownBy(() -> EventTypeDefinition.of("a").example("x")).hasMessageContaining("example");
        assertThatThrownBy(() -> EventTypeDefinition.of("a").version(0))
                .hasMessageContaining("must be 1 or more, was 0");
        assertThatThrownBy(() -> EventTypeDefinition.fromJson("{\"name\":\"a\",\"deprecatedSince\":\"soon\"}"))
                .isInstanceOf(InvalidEventTypeException.class)
                .hasMessageContaining("'soon'");
        assertThatThrownBy(() -> EventTypeDefinition.fromJson("{}")).isInstanceOf(InvalidEventTypeException.class);
    }

    @Test
    void aTypeIsSeenByEveryGatewayOfItsStore() {
        gateway.eventTypes().register(ORDER);

        assertThat(other.eventTypes().get("order.placed")).contains(ORDER);
        assertThat(other.eventTypes().list()).containsExactly(ORDER);
        assertThat(gateway.space("else").eventTypes().list()).isEmpty();

        EventTypeDefinition changed =
                ORDER.toBuilder().description("Somebody ordered.").build();
        other.eventTypes().update(changed);

        assertThat(gateway.eventTypes().get("order.placed")).contains(changed);
    }

    @Test
    void registeringAgainIsNoChangeWhereItIsTheSame() {
        gateway.eventTypes().register(ORDER);

        assertThat(gateway.eventTypes().register(ORDER)).isEqualTo(ORDER);
        assertThat(gateway.eventTypes().registerOrUpdate(ORDER).change()).isEqualTo(Change.UNCHANGED);
        EventTypeDefinition changed = ORDER.toBuilder().owner("sales").build();
        assertThatThrownBy(() -> gateway.eventTypes().register(changed))
                .isInstanceOf(EventTypeAlreadyExistsException.class)
                .hasMessageContaining("owner from null to sales");
        Registered<EventTypeDefinition> updated = gateway.eventTypes().registerOrUpdate(changed);
        assertThat(updated.change()).isEqualTo(Change.UPDATED);
        assertThat(updated.differences()).containsExactly("owner from null to sales");
    }

    @Test
    void whatIsNotThereIsSaidWithWhatWasPerhapsMeant() {
        gateway.eventTypes().register(ORDER);

        assertThatThrownBy(() -> gateway.eventTypes().delete("order.placde"))
                .isInstanceOf(EventTypeNotFoundException.class)
                .hasMessageContaining("did you mean 'order.placed'?");
        assertThatThrownBy(() -> gateway.eventTypes()
                        .update(EventTypeDefinition.of("order.sent").build()))
                .isInstanceOf(EventTypeNotFoundException.class);
    }

    @Test
    void aTypeThatASubscriptionNamesIsDeletedOnlyWithForce() {
        gateway.eventTypes().register(ORDER);
        other.functions().register(FunctionDefinition.of("f", "java", Map.of()), (event, context) -> null);
        other.subscribe(Subscription.to("order.placed").id("s").function("f").build());

        assertThatThrownBy(() -> gateway.eventTypes().delete("order.placed"))
                .isInstanceOf(EventTypeInUseException.class)
                .hasMessageContaining("subscription 's'");
        assertThat(gateway.eventTypes().deleteEvenIfUsed("order.placed")).isEqualTo(ORDER);
        assertThat(other.eventTypes().list()).isEmpty();
    }

    @Test
    void aClosedSpaceAcceptsRegisteredTypesAndTheGatewaysOwn() {
        gateway.eventTypes().register(ORDER);
        other.eventTypes().changePolicy(EventTypePolicy.closedToOthers());

        assertThat(gateway.eventTypes().policy()).isEqualTo(EventTypePolicy.closedToOthers());
        gateway.emit("order.placed", 1);
        gateway.emit("gateway.something", 1);
        gateway.space("else").emit("order.sent", 1);
        assertThatThrownBy(() -> gateway.emit("order.placd", 1))
                .isInstanceOf(EventRejectedException.class)
                .hasMessageContaining("not registered in space 'default'")
                .hasMessageContaining("did you mean 'order.placed'?");
        assertThatThrownBy(() -> gateway.emitAll(List.of(Event.of("order.placed", 1), Event.of("order.sent", 1))))
                .isInstanceOf(EventRejectedException.class);

        gateway.eventTypes().changePolicy(EventTypePolicy.open());
        other.emit("order.sent", 1);
    }

    @Test
    void aPolicyIsTheSameAfterItsJsonForm() {
        EventTypePolicy policy = EventTypePolicy.closedToOthers()
                .withValidation(Validation.ENFORCE)
                .withCompatibility(Compatibility.NONE)
                .withStrict(true);

        assertThat(EventTypePolicy.fromJson(policy.toJson())).isEqualTo(policy);
        assertThat(EventTypePolicy.fromJson("{}")).isEqualTo(EventTypePolicy.open());
        assertThatThrownBy(() -> EventTypePolicy.fromJson("{\"closed\":\"yes\"}"))
                .isInstanceOf(InvalidEventTypeException.class);
    }

    @Test
    void aSchemaThatNothingCanValidateByIsRefused() {
        EventTypeDefinition withSchema =
                ORDER.toBuilder().schema("{\"type\":\"object\"}").build();

        assertThatThrownBy(() -> gateway.eventTypes().register(withSchema))
                .isInstanceOf(InvalidEventTypeException.class)
                .hasMessageContaining("io.eventgateway:eventgateway-schema");
        assertThat(gateway.eventTypes().list()).isEmpty();
        gateway.eventTypes()
                .register(withSchema.toBuilder().validation(Validation.OFF).build());
    }

    @Test
    void aClosedGatewayRegistersNothing() {
        gateway.close();

        assertThatThrownBy(() -> gateway.eventTypes().register(ORDER)).isInstanceOf(GatewayClosedException.class);
        assertThat(other.eventTypes().list()).isEmpty();
    }
}
