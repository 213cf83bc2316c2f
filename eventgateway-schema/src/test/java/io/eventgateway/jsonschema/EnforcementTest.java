package io.eventgateway.jsonschema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.EventTypeDefinition;
import io.eventgateway.EventTypePolicy;
import io.eventgateway.Filter;
import io.eventgateway.InvocationException;
import io.eventgateway.Subscription;
import io.eventgateway.Validation;
import io.eventgateway.annotation.EventType;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.DeliveryResult;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.error.EventRejectedException;
import io.eventgateway.error.InvalidEventTypeException;
import io.eventgateway.http.HttpRequest;
import io.eventgateway.jdbc.JdbcStores;
import io.eventgateway.schema.Compatibility;
import io.eventgateway.schema.Violation;
import io.eventgateway.spi.SubscriptionStore;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of events whose type has a schema. */
class EnforcementTest {
    private static final String SCHEMA = """
            {"type": "object", "required": ["total"], "properties": {"total": {"type": "number", "minimum": 0}}}""";
    private static final Map<String, Object> VALID = Map.of("total", 3);
    private static final Map<String, Object> INVALID = Map.of("total", "much");

    private final EventGateway gateway = EventGateway.builder()
            .defaultDelivery(DeliveryPolicy.builder().maxAttempts(3).build())
            .build();
    private final List<Object> delivered = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        gateway.close();
    }

    private static EventTypeDefinition.Builder placed() {
        return EventTypeDefinition.of("order.placed").schema(SCHEMA);
    }

    private static EventTypeDefinition enforced() {
        return placed().validation(Validation.ENFORCE).build();
    }

    private static EventRejectedException refusal(EventGateway gateway, Event event) {
        return catchThrowableOfType(EventRejectedException.class, () -> gateway.emit(event));
    }

    private static DeliveryResult onlyDelivery(io.eventgateway.Emission emission) {
        return emission.completion()
                .orTimeout(10, TimeUnit.SECONDS)
                .join()
                .deliveries()
                .get(0);
    }

    @Test
    void aRefusedEventNamesEveryViolationAndNothingOfTheData() {
        gateway.eventTypes().register(enforced());
        gateway.subscribe("order.placed", event -> delivered.add(event));

        EventRejectedException refused = refusal(gateway, Event.of("order.placed", INVALID));

        assertThat(refused.violations()).containsExactly(new Violation("/total", "type", "of type number", "\"much\""));
        assertThat(refused)
                .hasMessageContaining("/total: of type number (type)")
                .hasMessageNotContaining("much");
        assertThat(delivered).isEmpty();
        onlyDelivery(gateway.emit("order.placed", VALID));
        assertThat(delivered).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "WARN,,false",
        "OFF,,false",
        "ENFORCE,,true",
        "ENFORCE,WARN,false",
        "ENFORCE,OFF,false",
        "OFF,ENFORCE,true",
        "WARN,ENFORCE,true"
    })
    void theTypeDecidesAndElseThePolicy(Validation ofPolicy, Validation ofType, boolean isRefused) {
        gateway.eventTypes().changePolicy(EventTypePolicy.open().withValidation(ofPolicy));
        gateway.eventTypes()
                .register(
                        ofType == null
                                ? placed().build()
                                : placed().validation(ofType).build());

        assertThat(refusal(gateway, Event.of("order.placed", INVALID)) != null).isEqualTo(isRefused);
    }

    @Test
    void aChangedPolicyHoldsForTheNextEvent() {
        gateway.eventTypes().register(placed().build());
        gateway.emit("order.placed", INVALID);

        gateway.eventTypes().changePolicy(EventTypePolicy.open().withValidation(Validation.ENFORCE));
        assertThat(refusal(gateway, Event.of("order.placed", INVALID))).isNotNull();

        gateway.eventTypes().changePolicy(EventTypePolicy.open());
        gateway.emit("order.placed", INVALID);
    }

    @Test
    void aClosedSpaceTakesRegisteredTypesAlone() {
        gateway.eventTypes().register(enforced());
        gateway.eventTypes().changePolicy(EventTypePolicy.closedToOthers());

        gateway.emit("order.placed", VALID);
        assertThat(refusal(gateway, Event.of("order.palced", VALID)))
                .hasMessageContaining("order.palced")
                .hasMessageContaining("did you mean 'order.placed'?");
        gateway.space("other").emit("order.palced", VALID);
        gateway.subscribe("order.placed", event -> delivered.add(event)); // whose system event passes
    }

    @Test
    void otherSpacesHaveTheirOwnTypes() {
        gateway.eventTypes().register(enforced());

        gateway.space("other").emit("order.placed", INVALID);
        assertThat(gateway.space("other").eventTypes().list()).isEmpty();
    }

    @Test
    void togetherEmittedEventsAreAcceptedOrRefusedTogether() {
        gateway.eventTypes().register(enforced());
        gateway.subscribe("order.placed", event -> delivered.add(event));

        assertThatThrownBy(() ->
                        gateway.emitAll(List.of(Event.of("order.placed", VALID), Event.of("order.placed", INVALID))))
                .isInstanceOf(EventRejectedException.class);
        assertThat(delivered).isEmpty();

        gateway.emitAll(List.of(Event.of("order.placed", VALID), Event.of("order.placed", VALID)))
                .forEach(EnforcementTest::onlyDelivery);
        assertThat(delivered).hasSize(2);
    }

    @Test
    void whatInterceptorsLetPassIsValidated() {
        try (EventGateway intercepted = EventGateway.builder()
                .emitInterceptor((event, chain) -> chain.proceed(
                        event.getType().equals("order.repaired")
                                ? Event.of("order.placed", VALID)
                                : event.toBuilder().data(INVALID).build()))
                .build()) {
            intercepted.eventTypes().register(enforced());

            assertThat(refusal(intercepted, Event.of("order.placed", VALID))).isNotNull();
            assertThat(refusal(intercepted, Event.of("order.repaired", INVALID)))
                    .isNull();
        }
    }

    @Test
    void eventsOfOtherVersionsAreNotLookedAt() {
        gateway.eventTypes()
                .register(placed().version(2).validation(Validation.ENFORCE).build());

        gateway.emit(Event.of("order.placed", INVALID));
        gateway.emit(Event.builder("order.placed")
                .data(INVALID)
                .extension("dataversion", 1)
                .build());
        assertThat(refusal(
                        gateway,
                        Event.builder("order.placed")
                                .data(INVALID)
                                .extension("dataversion", 2)
                                .build()))
                .isNotNull();
        assertThat(refusal(
                        gateway,
                        Event.builder("order.placed")
                                .data(INVALID)
                                .extension("dataversion", "2")
                                .build()))
                .isNotNull();
    }

    @Test
    void noDataIsNull() {
        gateway.eventTypes().register(enforced());
        gateway.eventTypes()
                .register(EventTypeDefinition.of("order.counted")
                        .schema("{\"type\":\"null\"}")
                        .validation(Validation.ENFORCE)
                        .build());

        assertThat(refusal(gateway, Event.of("order.placed", null)).violations())
                .containsExactly(new Violation("", "type", "of type object", "null"));
        gateway.emit("order.counted", null);
    }

    @Test
    void dataThatIsNoJsonIsAViolation() {
        gateway.eventTypes().register(enforced());
        byte[] bytes = {'{', 's', 'e', 'c', 'r', 'e', 't'};

        for (String contentType : List.of("application/json", "text/plain", "application/octet-stream")) {
            EventRejectedException refused = refusal(
                    gateway,
                    Event.builder("order.placed").data(contentType, bytes).build());
            assertThat(refused.violations()).containsExactly(new Violation("", "type", "JSON", "no JSON"));
            assertThat(refused).hasMessageNotContaining("secret");
        }
    }

    record Placed(String id, BigDecimal total) {}

    static class Broken {
        public int getTotal() {
            throw new IllegalStateException("secret");
        }
    }

    @Test
    void objectsAreValidatedAsJacksonWritesThemAndGivenAway() {
        gateway.eventTypes().register(enforced());
        Placed placed = new Placed("o-1", new BigDecimal("12.50"));
        gateway.subscribe("order.placed", Placed.class, delivered::add);

        onlyDelivery(gateway.emit("order.placed", placed));

        assertThat(delivered).singleElement().isSameAs(placed);
        assertThat(refusal(gateway, Event.of("order.placed", new Placed("o-1", BigDecimal.ONE.negate())))
                        .violations())
                .extracting(Violation::pointer)
                .containsExactly("/total");
        assertThat(refusal(gateway, Event.of("order.placed", new Broken())))
                .hasMessageContaining("JSON")
                .hasMessageNotContaining("secret");
    }

    @Test
    void aReplyThatIsRefusedFailsItsDeliveryForGood() {
        gateway.eventTypes().register(enforced());
        gateway.functions().register("f", (event, context) -> Event.of("order.placed", INVALID));
        gateway.subscriptions().create(Subscription.to("a").function("f").build());

        DeliveryResult delivery = onlyDelivery(gateway.emit("a", 1));

        assertThat(delivery.status()).isNotEqualTo(DeliveryStatus.DELIVERED);
        assertThat(delivery.attempts()).isEqualTo(1);
        assertThat(delivery.failure())
                .isInstanceOf(InvocationException.class)
                .hasRootCauseInstanceOf(EventRejectedException.class);
    }

    @Test
    void whatAHandlerEmitsIsRefusedToTheHandler() {
        gateway.eventTypes().register(enforced());
        gateway.functions().register("f", (event, context) -> {
            gateway.emit("order.placed", INVALID);
            return "done";
        });
        gateway.functions().register("g", (event, context) -> {
            gateway.emit("order.placed", VALID);
            return "done";
        });
        gateway.subscriptions()
                .create(Subscription.http("POST", "/f").function("f").build());
        gateway.subscriptions()
                .create(Subscription.http("POST", "/g").function("g").build());

        assertThat(gateway.handle(HttpRequest.of("POST", "/f").build()).statusCode())
                .isEqualTo(502);
        assertThat(gateway.handle(HttpRequest.of("POST", "/g").build()).statusCode())
                .isEqualTo(200);
    }

    @Test
    void filtersReadWhatWasValidated() {
        gateway.eventTypes().register(enforced());
        gateway.subscriptions()
                .create(Subscription.to("order.placed")
                        .filter(Filter.pattern("{\"data\":{\"total\":[{\"numeric\":[\">\",10]}]}}"))
                        .function(gateway.functions()
                                .register("f", (event, context) -> delivered.add(event))
                                .id())
                        .build());
        byte[] small = "{\"total\":1}".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        byte[] large = "{\"total\":11}".getBytes(java.nio.charset.StandardCharsets.UTF_8);

        gateway.emit(Event.builder("order.placed")
                        .data("application/json", small)
                        .build())
                .completion()
                .join();
        gateway.emit(Event.builder("order.placed")
                        .data("application/json", large)
                        .build())
                .completion()
                .join();

        assertThat(delivered).hasSize(1);
    }

    @Test
    void gatewaysOnOneStoreEnforceTheSame() {
        SubscriptionStore store = SubscriptionStore.inMemory();
        try (EventGateway one = EventGateway.builder().subscriptionStore(store).build();
                EventGateway other =
                        EventGateway.builder().subscriptionStore(store).build()) {
            one.eventTypes().register(placed().build());
            one.eventTypes().changePolicy(EventTypePolicy.closedToOthers().withValidation(Validation.ENFORCE));

            assertThat(other.eventTypes().get("order.placed")).contains(placed().build());
            assertThat(refusal(other, Event.of("order.placed", INVALID))).isNotNull();
            assertThat(refusal(other, Event.of("order.paid", VALID))).isNotNull();

            other.eventTypes().delete("order.placed");
            assertThat(refusal(one, Event.of("order.placed", VALID))).hasMessageContaining("not registered");
        }
    }

    @Test
    void aDatabaseKeepsDefinitionsAndThePolicy() {
        JdbcDataSource database = new JdbcDataSource();
        database.setURL("jdbc:h2:mem:types;DB_CLOSE_DELAY=-1");
        JdbcStores.migrate(database);
        EventTypeDefinition whole = placed().version(3)
                .description("An order was placed; \u00e4\u20ac")
                .example("{\"total\": 3.10}")
                .owner("sales")
                .deprecatedSince(java.time.LocalDate.of(2026, 12, 1))
                .validation(Validation.ENFORCE)
                .compatibility(Compatibility.FULL)
                .metadata(Map.of("team", "sales"))
                .build();
        EventTypePolicy policy = EventTypePolicy.closedToOthers().withStrict(true);
        try (EventGateway first =
                EventGateway.builder().stores(JdbcStores.of(database)).build()) {
            first.eventTypes().register(whole);
            first.eventTypes().changePolicy(policy);
        }

        try (EventGateway second =
                EventGateway.builder().stores(JdbcStores.of(database)).build()) {
            assertThat(second.eventTypes().list()).containsExactly(whole);
            assertThat(second.eventTypes().policy()).isEqualTo(policy);
            assertThat(refusal(
                            second,
                            Event.builder("order.placed")
                                    .data(INVALID)
                                    .extension("dataversion", 3)
                                    .build()))
                    .isNotNull();
            second.eventTypes().delete("order.placed");
            assertThat(second.eventTypes().list()).isEmpty();
        }
    }

    @Test
    void aDeletedTypeIsNotEnforced() {
        gateway.eventTypes().register(enforced());
        gateway.eventTypes().delete("order.placed");

        gateway.emit("order.placed", INVALID);
    }

    @Test
    void anUpdateHoldsForTheNextEvent() {
        gateway.eventTypes().register(enforced());
        gateway.eventTypes()
                .update(enforced().toBuilder()
                        .version(2)
                        .schema("{\"type\":\"string\"}")
                        .build());

        gateway.emit(Event.builder("order.placed")
                .data("text")
                .extension("dataversion", 2)
                .build());
        assertThat(refusal(
                        gateway,
                        Event.builder("order.placed")
                                .data(VALID)
                                .extension("dataversion", 2)
                                .build()))
                .isNotNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"type":"nothing"}
                    {"$schema":"http://json-schema.org/draft-04/schema#"}
                    {"$ref":"https://example.com/order.json"}
                    {"$ref":"#/$defs/none"}
                    {"pattern":"("}
                    {"pattern":"(a{1000}){1001}"}
                    """)
    void nothingIsRegisteredOfWhatIsNoSchema(String schema) {
        EventTypeDefinition bad =
                EventTypeDefinition.of("order.placed").schema(schema).build();

        assertThatThrownBy(() -> gateway.eventTypes().register(bad)).isInstanceOf(InvalidEventTypeException.class);
        assertThatThrownBy(() -> gateway.eventTypes().registerOrUpdate(bad))
                .isInstanceOf(InvalidEventTypeException.class);
        assertThat(gateway.eventTypes().list()).isEmpty();

        gateway.eventTypes().register(enforced());
        assertThatThrownBy(() -> gateway.eventTypes().update(bad)).isInstanceOf(InvalidEventTypeException.class);
        assertThat(gateway.eventTypes().list()).containsExactly(enforced());
        assertThat(refusal(gateway, Event.of("order.placed", INVALID))).isNotNull();
    }

    @Test
    void examplesHaveToHaveTheSchema() {
        EventTypeDefinition bad =
                placed().example("{\"total\":3}").example("{\"total\":-3}").build();

        assertThatThrownBy(() -> gateway.eventTypes().register(bad))
                .isInstanceOf(InvalidEventTypeException.class)
                .hasMessageContaining("an example of event type 'order.placed'")
                .hasMessageContaining("/total: a number of at least 0 (minimum)");
        assertThat(gateway.eventTypes().list()).isEmpty();
    }

    @Test
    void referencesAreFollowedByTheResolverOnce() {
        List<java.net.URI> asked = new ArrayList<>();
        try (EventGateway resolving = EventGateway.builder()
                .schemaResolver(address -> {
                    asked.add(address);
                    return SCHEMA;
                })
                .build()) {
            resolving
                    .eventTypes()
                    .register(EventTypeDefinition.of("order.placed")
                            .schema("{\"$ref\":\"https://example.com/order.json\"}")
                            .validation(Validation.ENFORCE)
                            .build());
            int whenRegistered = asked.size();

            resolving.emit("order.placed", VALID);
            assertThat(refusal(resolving, Event.of("order.placed", INVALID))).isNotNull();
            assertThat(asked).hasSize(whenRegistered).isNotEmpty();
        }
    }

    @Test
    void aCatastrophicPatternDoesNotHoldAnEmitUp() {
        gateway.eventTypes()
                .register(EventTypeDefinition.of("order.placed")
                        .schema("{\"pattern\":\"^(([a-z])+.)+[A-Z]([a-z])+$\"}")
                        .validation(Validation.ENFORCE)
                        .build());

        assertThat(refusal(gateway, Event.of("order.placed", "a".repeat(5_000))).violations())
                .extracting(Violation::keyword)
                .containsExactly("effort");
    }

    @EventType("order.placed")
    record OrderPlaced(@io.eventgateway.annotation.Subject String orderId, BigDecimal total) {}

    @EventType(value = "order.shipped", version = 2)
    record OrderShipped(
            String orderId,
            @io.eventgateway.annotation.Extension("tenant") String tenant) {}

    @Test
    void theSchemaOfAClassHoldsForItsEvents() {
        EventTypeDefinition definition = EventTypeDefinition.of(OrderPlaced.class);
        gateway.eventTypes().registerOrUpdate(definition);
        gateway.eventTypes().registerOrUpdate(EventTypeDefinition.of(OrderShipped.class));
        gateway.eventTypes().changePolicy(EventTypePolicy.closedToOthers().withValidation(Validation.ENFORCE));
        gateway.subscribe(OrderPlaced.class, delivered::add);

        onlyDelivery(gateway.emit(new OrderPlaced("o-1", BigDecimal.TEN)));
        gateway.emit(new OrderShipped("o-1", "acme"));

        assertThat(delivered).containsExactly(new OrderPlaced("o-1", BigDecimal.TEN));
        assertThat(definition.name()).isEqualTo("order.placed");
        assertThat(definition.schema())
                .isEqualTo("{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"type\":\"object\","
                        + "\"properties\":{\"orderId\":{\"type\":\"string\"},\"total\":{\"type\":\"number\"}},"
                        + "\"required\":[\"orderId\",\"total\"]}");
        assertThat(EventTypeDefinition.of(OrderShipped.class).version()).isEqualTo(2);
        assertThat(refusal(gateway, Event.of("order.placed", Map.of("orderId", 1)))
                        .violations())
                .extracting(Violation::pointer)
                .containsExactly("/orderId", "/total");
        assertThat(gateway.eventTypes()
                        .registerOrUpdate(EventTypeDefinition.of(OrderPlaced.class))
                        .change())
                .isEqualTo(io.eventgateway.Registered.Change.UNCHANGED);
    }

    @Test
    void aClassWithoutTheAnnotationHasNoDefinition() {
        assertThatThrownBy(() -> EventTypeDefinition.of(Placed.class))
                .isInstanceOf(InvalidEventTypeException.class)
                .hasMessageContaining("has no @EventType");
    }
}
