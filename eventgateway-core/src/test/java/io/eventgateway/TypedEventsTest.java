package io.eventgateway;

import static io.eventgateway.Outcomes.reportOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.annotation.EventType;
import io.eventgateway.annotation.Extension;
import io.eventgateway.annotation.Subject;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.error.InvalidEventException;
import io.eventgateway.error.InvalidEventTypeException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Events that are instances of a class with {@link EventType}. */
class TypedEventsTest {
    private final EventGateway gateway = Outcomes.oneAttempt().build();
    private final List<Object> handled = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        gateway.close();
    }

    @EventType("order.placed")
    record OrderPlaced(
            @Subject String orderId,
            @Extension("tenant") @Nullable String tenant,
            BigDecimal total) {}

    @EventType(value = "order.shipped", version = 3)
    record OrderShipped(String orderId) {}

    @EventType("sensor.read")
    static class Reading {
        @Extension("sensor")
        private final int sensor = 7;

        private final double value;

        Reading(double value) {
            this.value = value;
        }

        public double getValue() {
            return value;
        }

        @Subject
        public String room() {
            return "kitchen";
        }

        @Extension("urgent")
        boolean isUrgent() {
            return true;
        }
    }

    interface Traced {
        @Extension("traceid")
        String trace();
    }

    @EventType("page.viewed")
    record PageViewed(String trace) implements Traced {}

    sealed interface Payment {}

    @EventType("payment.received")
    record Received(int amount) implements Payment {}

    @EventType("payment.refused")
    record Refused(String reason) implements Payment {}

    sealed interface Late extends Payment {}

    @EventType("payment.late.reminded")
    record Reminded(int days) implements Late {}

    @Test
    void anObjectIsEmittedAsTheEventThatItsClassNames() {
        Event event =
                gateway.emit(new OrderPlaced("o-1", "acme", BigDecimal.TEN)).event();

        assertThat(event.getType()).isEqualTo("order.placed");
        assertThat(event.getSubject()).isEqualTo("o-1");
        assertThat(event.getExtension("tenant")).isEqualTo("acme");
        assertThat(event.getExtension("dataversion")).isNull();
        assertThat(event.dataAsJson()).hasToString("{\"orderId\":\"o-1\",\"tenant\":\"acme\",\"total\":10}");
    }

    @Test
    void partsThatAreNullAreLeftOut() {
        Event event = gateway.emit(new OrderPlaced(null, null, BigDecimal.TEN)).event();

        assertThat(event.getSubject()).isNull();
        assertThat(event.getExtensionNames()).doesNotContain("tenant");
    }

    @Test
    void aLaterVersionIsStamped() {
        assertThat(gateway.emit(new OrderShipped("o-1")).event().getExtension("dataversion"))
                .isEqualTo(3);
    }

    @Test
    void partsAreReadFromFieldsMethodsAndInterfaces() {
        Event reading = Event.of(new Reading(21.5));
        Event viewed = Event.of(new PageViewed("t-1"));

        assertThat(reading.getSubject()).isEqualTo("kitchen");
        assertThat(reading.getExtension("sensor")).isEqualTo(7);
        assertThat(reading.getExtension("urgent")).isEqualTo(true);
        assertThat(viewed.getExtension("traceid")).isEqualTo("t-1");
    }

    @Test
    void aSubscriberByClassGetsTheVeryObject() {
        OrderPlaced placed = new OrderPlaced("o-1", "acme", BigDecimal.TEN);
        gateway.subscribe(OrderPlaced.class, handled::add);

        reportOf(gateway.emit(placed));
        reportOf(gateway.emit(new OrderShipped("o-1")));

        assertThat(handled).singleElement().isSameAs(placed);
    }

    @Test
    void aSubscriberByClassGetsWhatCameFromElsewhereConverted() {
        gateway.subscribe(OrderPlaced.class, handled::add);

        reportOf(gateway.emit("order.placed", Map.of("orderId", "o-1", "total", 10)));

        assertThat(handled).containsExactly(new OrderPlaced("o-1", null, BigDecimal.TEN));
    }

    @Test
    void aSealedParentGetsItsChildrenAndNobodyElses() {
        Subscription subscription = gateway.subscribe(Payment.class, handled::add);

        reportOf(gateway.emit(new Received(3)));
        reportOf(gateway.emit("payment.refused", Map.of("reason", "limit")));
        reportOf(gateway.emit(new Reminded(14)));
        reportOf(gateway.emit("payment.disputed", Map.of()));
        reportOf(gateway.emit(new OrderShipped("o-1")));

        assertThat(subscription.eventType()).isEqualTo("payment.**");
        assertThat(handled).containsExactlyInAnyOrder(new Received(3), new Refused("limit"), new Reminded(14));
    }

    @Test
    void aClassWithoutTheAnnotationIsRefusedAndSaysSo() {
        record Plain(int a) {}

        assertThatThrownBy(() -> gateway.emit(new Plain(1)))
                .isInstanceOf(InvalidEventException.class)
                .hasMessageContaining(Plain.class.getName())
                .hasMessageContaining("has no @EventType; annotate the class, or use emit(type, data)");
        assertThatThrownBy(() -> gateway.subscribe(Plain.class, handled::add))
                .isInstanceOf(InvalidEventTypeException.class)
                .hasMessageContaining(Plain.class.getName() + " names no event type");
        assertThatThrownBy(() -> gateway.emit((Object) List.of(new OrderShipped("o"))))
                .isInstanceOf(InvalidEventException.class);
    }

    @Test
    void aStringIsToldThatTheDataIsMissing() {
        assertThatThrownBy(() -> gateway.emit("order.placed"))
                .isInstanceOf(InvalidEventException.class)
                .hasMessageContaining("may be the type of an event whose data is missing; use emit(type, data)");
    }

    @Test
    void anEventIsStillAnEvent() {
        Object event = Event.of("order.placed", 1);

        assertThatThrownBy(() -> gateway.emit(event)).hasMessageContaining("an event already; use emit(event)");
    }

    @EventType("order.*")
    record Pattern(int a) {}

    @EventType(value = "order.placed", version = 0)
    record NoVersion(int a) {}

    @EventType("order.placed")
    record TwoSubjects(@Subject String a, @Subject String b) {}

    @EventType("order.placed")
    record SameExtension(
            @Extension("x") String a, @Extension("x") String b) {}

    @EventType("order.placed")
    record BadExtension(@Extension("Not-A-Name") String a) {}

    static class WithParameter {
        @Subject
        public String subject(String a) {
            return a;
        }
    }

    @EventType("order.placed")
    static class ParameterOfSubject extends WithParameter {}

    @Test
    void annotationsThatCannotBeRightAreRefusedWithTheClass() {
        List<Object> wrong = List.of(
                new Pattern(1),
                new NoVersion(1),
                new TwoSubjects("a", "b"),
                new SameExtension("a", "b"),
                new BadExtension("a"),
                new ParameterOfSubject());
        for (Object instance : wrong) {
            assertThatThrownBy(() -> gateway.emit(instance))
                    .as(instance.toString())
                    .isInstanceOf(InvalidEventTypeException.class)
                    .hasMessageContaining(instance.getClass().getName());
        }
    }

    sealed interface Ambiguous {}

    @EventType("a.b")
    record One(int a) implements Ambiguous {}

    @EventType("a.b")
    record Other(int a) implements Ambiguous {}

    @Test
    void childrenThatCannotBeToldApartAreRefused() {
        assertThatThrownBy(() -> gateway.subscribe(Ambiguous.class, handled::add))
                .isInstanceOf(InvalidEventTypeException.class)
                .hasMessageContaining("both name the event type 'a.b'");
    }

    @EventType("hostile")
    static class Hostile {
        private final Object subject;

        Hostile(Object subject) {
            this.subject = subject;
        }

        @Subject
        public Object subject() {
            if (subject instanceof RuntimeException thrown) {
                throw thrown;
            }
            return subject;
        }
    }

    @Test
    void hostileAccessorsAreToldWithoutTheirData() {
        Object unprintable = new Object() {
            @Override
            public String toString() {
                throw new IllegalStateException("secret");
            }
        };

        assertThatThrownBy(() -> gateway.emit(new Hostile(new IllegalStateException("secret"))))
                .isInstanceOf(InvalidEventException.class)
                .hasMessage("subject of class " + Hostile.class.getName()
                        + " threw java.lang.IllegalStateException when the event was made");
        assertThatThrownBy(() -> gateway.emit(new Hostile(unprintable)))
                .isInstanceOf(InvalidEventException.class)
                .hasMessageContaining(", which subject of class " + Hostile.class.getName() + " gave, threw")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> gateway.emit(new Hostile("a".repeat(10_000))))
                .isInstanceOf(InvalidEventException.class);
    }

    @Test
    void dataThatIsNoInstanceFailsItsDelivery() {
        gateway.subscribe(Payment.class, handled::add);

        assertThat(reportOf(gateway.emit("payment.received", "no number")).deliveries())
                .singleElement()
                .satisfies(delivery -> assertThat(delivery.status()).isNotEqualTo(DeliveryStatus.DELIVERED));
        assertThat(handled).isEmpty();
    }

    @EventType("perhaps.placed")
    record Perhaps(
            @Subject Optional<String> id,
            @Extension("tenant") Optional<Integer> tenant) {}

    @Test
    void anOptionalIsItsValueOrNothing() {
        Event full = Event.of(new Perhaps(Optional.of("o-1"), Optional.of(7)));
        Event empty = Event.of(new Perhaps(Optional.empty(), Optional.empty()));

        assertThat(full.getSubject()).isEqualTo("o-1");
        assertThat(full.getExtension("tenant")).isEqualTo(7);
        assertThat(empty.getSubject()).isNull();
        assertThat(empty.getExtensionNames()).doesNotContain("tenant");
    }
}
