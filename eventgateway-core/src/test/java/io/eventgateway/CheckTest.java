package io.eventgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.delivery.DeliveryPolicy;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CheckTest {
    private static final FunctionHandler NOTHING = (event, context) -> null;

    private static FunctionDefinition function(String id, String... emits) {
        return FunctionDefinition.of(id, "java", Map.of()).emits(emits);
    }

    private static List<String> messages(EventGateway gateway) {
        return gateway.check().stream().map(Finding::message).toList();
    }

    @Test
    void nothingIsWrongWithTypesThatTheApplicationMayEmit() {
        try (EventGateway gateway = EventGateway.create()) {
            gateway.eventTypes().register(EventTypeDefinition.of("order.placed").build());
            gateway.subscribe("order.paid", event -> {});
            gateway.functions().register(function("audit", "audit.written"), NOTHING);
            gateway.subscribe("order.placed", "audit");
            gateway.subscribe("audit.*", event -> {});
            gateway.subscribe("gateway.**", event -> {});

            assertThat(gateway.check()).isEmpty();
        }
    }

    @Test
    void typesThatNobodyEmitsAreFoundWhereTheApplicationSaysWhatItEmits() {
        try (EventGateway gateway =
                EventGateway.builder().emits("order.placed", "customer.*").build()) {
            gateway.eventTypes().register(EventTypeDefinition.of("order.lost").build());
            gateway.functions().register(function("pay", "order.paid"), NOTHING);
            gateway.subscribe("order.placed", "pay");
            gateway.subscribe("order.paid", "pay");
            gateway.subscribe("order.payed", event -> {});
            gateway.subscribe("customer.gone", event -> {});
            gateway.subscribe("gateway.event.received", event -> {});
            gateway.subscribe("http.request", event -> {});

            assertThat(gateway.check())
                    .filteredOn(finding -> finding.about().equals("event type"))
                    .extracting(Finding::eventType)
                    .containsExactly("order.lost", "order.payed");
            assertThat(gateway.check()).allMatch(finding -> finding.severity() == Finding.Severity.WARNING);
        }
    }

    @Test
    void anEmittedTypeMustBeOneThatCanBeSubscribed() {
        assertThatThrownBy(() -> EventGateway.builder().emits("order.pl*"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("order.pl*");
    }

    @Test
    void typesThatFunctionsEmitAndNobodySubscribesAreFound() {
        try (EventGateway gateway = EventGateway.create()) {
            gateway.functions().register(function("pay", "order.paid", "order.refused"), NOTHING);
            gateway.functions().register(function("book", "order.paid"), NOTHING);
            gateway.subscribe("order.placed", "pay");
            gateway.subscribe("order.placed", "book");
            gateway.subscribe("*.refused", event -> {});

            assertThat(messages(gateway))
                    .containsExactly(
                            "nobody subscribes to events of type 'order.paid', which functions 'book', 'pay' emit");
        }
    }

    @Test
    void functionsThatNothingNamesAreFound() {
        try (EventGateway gateway = EventGateway.builder()
                .defaultDelivery(DeliveryPolicy.builder().deadLetter("dead").build())
                .build()) {
            for (String id : List.of("dead", "pay", "asked", "late", "forgotten")) {
                gateway.functions().register(id, NOTHING);
            }
            gateway.subscribe(Subscription.to("order.placed")
                    .function("pay")
                    .delivery(DeliveryPolicy.builder().deadLetter("late").build())
                    .build());
            gateway.subscribe(Subscription.http("GET", "/")
                    .function("pay")
                    .authorizer("asked")
                    .build());

            assertThat(messages(gateway)).singleElement().asString().startsWith("function 'forgotten' gets no events");
        }
    }

    @Test
    void everyCycleIsFoundOnce() {
        try (EventGateway gateway = EventGateway.create()) {
            gateway.functions().register(function("a", "to.b", "to.c"), NOTHING);
            gateway.functions().register(function("b", "to.a"), NOTHING);
            gateway.functions().register(function("c", "to.a", "to.c"), NOTHING);
            for (String id : List.of("a", "b", "c")) {
                gateway.subscribe("to." + id, id);
            }
            gateway.subscribe(Subscription.to("to.a")
                    .function("a")
                    .filter(Filter.cesql("subject = 'x'"))
                    .build());

            assertThat(messages(gateway))
                    .containsExactlyInAnyOrder(
                            "events may go round: a -> to.b -> b -> to.a -> a",
                            "events may go round: a -> to.c -> c -> to.a -> a",
                            "events may go round: c -> to.c -> c");
            assertThat(gateway.check()).allMatch(finding -> finding.about().equals("cycle"));
        }
    }

    @Test
    void aDisabledSubscriptionClosesNoCycle() {
        try (EventGateway gateway = EventGateway.create()) {
            gateway.functions().register(function("a", "to.a"), NOTHING);
            gateway.subscribe(
                    Subscription.to("to.a").function("a").enabled(false).build());

            assertThat(gateway.check()).isEmpty();
        }
    }

    @Test
    void subscriptionsToDeprecatedTypesAreFoundFromThatDayOn() {
        ManualClock clock = new ManualClock();
        try (EventGateway gateway = EventGateway.builder().clock(clock).build()) {
            LocalDate today = LocalDate.ofInstant(clock.instant(), java.time.ZoneOffset.UTC);
            gateway.eventTypes()
                    .register(EventTypeDefinition.of("order.placed")
                            .deprecatedSince(today)
                            .build());
            gateway.eventTypes()
                    .register(EventTypeDefinition.of("order.paid")
                            .deprecatedSince(today.plusDays(1))
                            .build());
            gateway.subscribe("order.*", event -> {});
            gateway.subscribe("order.paid", event -> {});
            Subscription subscription = gateway.subscribe("order.placed", event -> {});

            assertThat(gateway.check()).singleElement().satisfies(finding -> {
                assertThat(finding.subscriptionId()).isEqualTo(subscription.id());
                assertThat(finding.eventType()).isEqualTo("order.placed");
                assertThat(finding.message()).isEqualTo("event type 'order.placed' is deprecated since " + today);
            });
        }
    }
}
