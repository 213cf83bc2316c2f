package io.eventgateway.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.EventTypeDefinition;
import io.eventgateway.EventTypePolicy;
import io.eventgateway.Filter;
import io.eventgateway.Finding;
import io.eventgateway.GatewayCounters;
import io.eventgateway.GatewayDescription;
import io.eventgateway.Subscription;
import io.eventgateway.Validation;
import io.eventgateway.annotation.EventType;
import io.eventgateway.annotation.Extension;
import io.eventgateway.annotation.Subject;
import io.eventgateway.error.EventRejectedException;
import io.eventgateway.error.IncompatibleSchemaException;
import io.eventgateway.error.InvalidSubscriptionException;
import io.eventgateway.schema.Discovery;
import io.eventgateway.schema.DiscoveryOptions;
import io.eventgateway.schema.Field;
import io.eventgateway.schema.SchemaDifference;
import io.eventgateway.schema.Violation;
import io.eventgateway.test.Catalogue;
import io.eventgateway.test.GatewayAssertions;
import io.eventgateway.test.GatewayTest;
import io.eventgateway.test.TestGateway;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** Runs what {@code docs/event-types.md} shows. */
@GatewayTest
class EventTypesTest {
    // tag::typed[]
    @EventType("order.placed")
    record OrderPlaced(
            @Subject String orderId, @Extension("tenant") String tenant, BigDecimal total) {}
    // end::typed[]

    // tag::sealed[]
    sealed interface PaymentEvent permits PaymentReceived, PaymentFailed {}

    @EventType("payment.received")
    record PaymentReceived(@Subject String orderId, BigDecimal amount) implements PaymentEvent {}

    @EventType("payment.failed")
    record PaymentFailed(@Subject String orderId, String reason) implements PaymentEvent {}
    // end::sealed[]

    @Test
    void aClassIsAnEventType(TestGateway gateway) {
        List<String> printed = Collections.synchronizedList(new ArrayList<>());
        // tag::emit-typed[]
        gateway.subscribe(OrderPlaced.class, order -> printed.add(order.orderId() + " for " + order.total()));

        gateway.emit(new OrderPlaced("o-1", "acme", new BigDecimal("99.90")));
        // end::emit-typed[]
        gateway.awaitIdle(Duration.ofSeconds(10));

        assertThat(printed).containsExactly("o-1 for 99.90");
        Event event = Event.of(new OrderPlaced("o-1", "acme", BigDecimal.ONE));
        assertThat(event.getSubject()).isEqualTo("o-1");
        assertThat(event.getExtension("tenant")).isEqualTo("acme");
        assertThatThrownBy(() -> gateway.emit("order.placed")).hasMessageContaining("emit(type, data)");
    }

    @Test
    void theParentOfASealedHierarchyGetsItsChildren(TestGateway gateway) {
        List<PaymentEvent> got = Collections.synchronizedList(new ArrayList<>());
        // tag::subscribe-sealed[]
        gateway.subscribe(PaymentEvent.class, payment -> got.add(payment)); // PaymentReceived and PaymentFailed
        // end::subscribe-sealed[]
        gateway.emit(new PaymentFailed("o-1", "no funds"));
        gateway.emit("payment.received", Map.of("orderId", "o-2", "amount", 5));
        gateway.emit("payment.else", Map.of());
        gateway.awaitIdle(Duration.ofSeconds(10));

        assertThat(got)
                .containsExactlyInAnyOrder(
                        new PaymentFailed("o-1", "no funds"), new PaymentReceived("o-2", BigDecimal.valueOf(5)));
    }

    @Test
    void aRegisteredTypeHasASchema(TestGateway gateway) {
        // tag::register[]
        gateway.eventTypes()
                .registerOrUpdate(EventTypeDefinition.of(OrderPlaced.class)); // the schema is written from the class

        gateway.eventTypes()
                .registerOrUpdate(EventTypeDefinition.of("invoice.sent")
                        .schema("""
                                {"type": "object", "required": ["number"],
                                 "properties": {"number": {"type": "string"}, "total": {"type": "number", "minimum": 0}}}
                                """)
                        .description("An invoice went to the customer.")
                        .example("{\"number\": \"2026-1\", \"total\": 10}")
                        .owner("billing")
                        .validation(Validation.ENFORCE)
                        .build());
        // end::register[]

        // tag::violations[]
        try {
            gateway.emit("invoice.sent", Map.of("total", -1));
        } catch (EventRejectedException e) {
            for (Violation violation : e.violations()) {
                System.out.println(
                        violation.pointer() + ": " + violation.wanted()); // what is wanted; found() has the value, cut
            }
        }
        // end::violations[]
        assertThatThrownBy(() -> gateway.emit("invoice.sent", Map.of("total", -1)))
                .isInstanceOfSatisfying(EventRejectedException.class, e -> assertThat(e.violations())
                        .hasSize(2));
        gateway.emit("invoice.sent", Map.of("number", "2026-2"));
    }

    @Test
    void aSpaceMayAcceptRegisteredTypesOnly(TestGateway gateway) {
        gateway.eventTypes().register(EventTypeDefinition.of("order.placed").build());
        // tag::closed[]
        gateway.eventTypes().changePolicy(EventTypePolicy.closedToOthers().withValidation(Validation.ENFORCE));
        // end::closed[]
        assertThatThrownBy(() -> gateway.emit("order.placde", Map.of()))
                .hasMessageContaining("did you mean 'order.placed'?");
    }

    @Test
    void olderVersionsAreLifted(TestGateway gateway) {
        List<String> got = Collections.synchronizedList(new ArrayList<>());
        // tag::upcaster[]
        gateway.eventTypes().upcaster("order.placed", 1, 2, data -> {
            ObjectNode order = (ObjectNode) data;
            order.set("total", order.remove("amount")); // version 2 calls it total
            return order;
        });
        // end::upcaster[]
        gateway.subscribe("order.placed", event -> got.add(String.valueOf(event.dataAsJson())));
        gateway.emit("order.placed", Map.of("amount", 7));
        gateway.awaitIdle(Duration.ofSeconds(10));

        assertThat(got).containsExactly("{\"total\":7}");
    }

    @Test
    void whatPassesIsLearned(TestGateway gateway) {
        // tag::discover[]
        gateway.eventTypes().discover(DiscoveryOptions.sampled());
        // end::discover[]
        gateway.emit("order.placed", Map.of("total", 7));
        // tag::discovered[]
        Optional<Discovery> learned = gateway.eventTypes().discovered("order.placed");
        learned.ifPresent(discovery -> {
            System.out.println(discovery.schema());
            gateway.eventTypes().register(discovery.toDefinition());
        });
        // end::discovered[]

        assertThat(gateway.eventTypes().get("order.placed")).isPresent();
        assertThat(gateway.eventTypes().drift("order.placed")).isEmpty();
    }

    private static void registerOrders(EventGateway gateway) {
        gateway.eventTypes().register(EventTypeDefinition.of(OrderPlaced.class));
        gateway.functions().register("shipping", (event, context) -> null);
    }

    @Test
    void aTypoInAFilterIsFound(TestGateway gateway) {
        registerOrders(gateway);
        // tag::finding[]
        Subscription created = gateway.subscriptions()
                .create(Subscription.to("order.placed")
                        .id("large")
                        .function("shipping")
                        .filter(Filter.pattern("{\"data\": {\"totl\": [{\"numeric\": [\">\", 100]}]}}"))
                        .build());
        created.findings().forEach(System.out::println); // ... at /data/totl: ...; did you mean data.total?
        // end::finding[]

        assertThat(created.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.position()).isEqualTo("/data/totl");
            assertThat(finding.suggestion()).isEqualTo("did you mean data.total?");
        });
        assertThat(gateway.subscriptions().findings()).isEqualTo(created.findings());
        // tag::strict[]
        gateway.eventTypes().changePolicy(EventTypePolicy.open().withStrict(true));
        // end::strict[]
        assertThatThrownBy(() -> gateway.subscriptions()
                        .create(Subscription.to("order.placed")
                                .id("never")
                                .function("shipping")
                                .filter(Filter.cesql("subject = 'a' AND subject = 'b'"))
                                .build()))
                .isInstanceOf(InvalidSubscriptionException.class);
    }

    @Test
    void thePathsThatFiltersMayUseAreListed(TestGateway gateway) {
        registerOrders(gateway);
        // tag::fields[]
        for (Field field : gateway.eventTypes().fields("order.placed")) {
            System.out.println(field.path() + " " + field.types()); // data.total [number], ...
        }
        // end::fields[]
        assertThat(gateway.eventTypes().fields("order.placed"))
                .extracting(Field::path)
                .contains("subject", "data.orderId", "data.total");
    }

    @Test
    void aChangeThatBreaksReadersIsRefused(TestGateway gateway) {
        registerOrders(gateway);
        String text = "{\"type\": \"object\", \"properties\": {\"total\": {\"type\": \"string\"}}}";
        // tag::compare[]
        List<SchemaDifference> differences = gateway.eventTypes().compare("order.placed", text);
        // end::compare[]
        assertThat(differences).isNotEmpty();
        assertThatThrownBy(() -> gateway.eventTypes()
                        .update(EventTypeDefinition.of("order.placed")
                                .schema(text)
                                .build()))
                .isInstanceOf(IncompatibleSchemaException.class);
    }

    @Test
    void theWholeIsChecked(TestGateway gateway) {
        registerOrders(gateway);
        gateway.subscribe("order.placed", "shipping");
        // tag::check[]
        assertThat(gateway.check()).isEmpty(); // or, with the assertions of eventgateway-test:
        GatewayAssertions.assertThat(gateway).hasNoFindings();
        // end::check[]
        gateway.functions().register("forgotten", (event, context) -> null);
        assertThat(gateway.check()).extracting(Finding::about).containsExactly("function");
    }

    @Test
    void aGatewayDescribesItself(TestGateway gateway, @TempDir Path directory) throws Exception {
        registerOrders(gateway);
        gateway.subscribe("order.placed", "shipping");
        // tag::describe[]
        GatewayDescription description = gateway.describe();
        Files.writeString(directory.resolve("asyncapi.json"), description.asyncApi("The shop's events", "1.2.0"));
        Files.writeString(directory.resolve("routing.svg"), description.toSvg());
        System.out.println(description.toMermaid());
        // end::describe[]
        assertThat(directory.resolve("asyncapi.json")).content().contains("\"3.0.0\"", "order.placed");
        assertThat(directory.resolve("routing.svg")).content().contains("shipping");
        Path written = directory.resolve("new.json");
        Path committed = directory.resolve("committed.json");
        Catalogue.of(gateway).writeTo(committed);
        // tag::catalogue[]
        Catalogue.of(gateway).writeTo(written).assertBreaksNobody(committed);
        // end::catalogue[]
    }

    @Test
    void aGatewayCounts(TestGateway gateway) {
        registerOrders(gateway);
        gateway.subscribe("order.placed", "shipping");
        gateway.emit(new OrderPlaced("o-1", "acme", BigDecimal.TEN));
        gateway.awaitIdle(Duration.ofSeconds(10));
        // tag::counters[]
        GatewayCounters counters = gateway.counters();
        System.out.println(counters.ofFunction("shipping").delivered() + " since " + counters.since());
        // end::counters[]
        assertThat(counters.ofFunction("shipping").delivered()).isEqualTo(1);
    }
}
