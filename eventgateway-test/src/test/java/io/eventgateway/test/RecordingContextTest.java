package io.eventgateway.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.EmitOptions;
import io.eventgateway.Event;
import io.eventgateway.FunctionHandler;
import java.time.Duration;
import java.time.Instant;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

class RecordingContextTest {
    private final FunctionHandler shipping = (event, context) -> {
        if (context.attempt() > 2) {
            context.emit("order.delayed", context.subscriptionId());
        }
        return context.emit(Event.of("order.shipped", event.dataAs(String.class)));
    };

    @Test
    void recordsWhatAHandlerEmitsWithoutAGateway() throws Exception {
        RecordingContext context =
                new RecordingContext("shipping").subscriptionId("orders").attempt(3);

        shipping.handle(Event.of("order.placed", "o-1"), context);

        assertThat(context.emitted()).extracting(Event::getType).containsExactly("order.delayed", "order.shipped");
        assertThat(context.emitted().get(0).dataAs(String.class)).isEqualTo("orders");
        assertThat(context.lastEmitted().dataAs(String.class)).isEqualTo("o-1");
    }

    @Test
    void saysWhatTheTestSets() {
        RecordingContext context = new RecordingContext("shipping");

        assertThat(context.functionId()).isEqualTo("shipping");
        assertThat(context.subscriptionId()).isNull();
        assertThat(context.space()).isEqualTo("default");
        assertThat(context.attempt()).isEqualTo(1);
        assertThat(context.deadline()).isAfter(Instant.now());

        Instant soon = Instant.parse("2026-01-01T00:00:10Z");
        context.space("acme").deadline(soon);

        assertThat(context.space()).isEqualTo("acme");
        assertThat(context.deadline()).isEqualTo(soon);
        assertThatThrownBy(() -> context.attempt(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("attempt must be at least 1, was 0");
        assertThatThrownBy(context::lastEmitted).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void addsTheExtensionsOfTheOptions() {
        RecordingContext context = new RecordingContext("shipping");

        context.emit(
                Event.of("order.shipped", null),
                EmitOptions.builder()
                        .extension("tenant", "acme")
                        .delay(Duration.ofDays(1))
                        .build());

        assertThat(context.lastEmitted().getExtension("tenant")).isEqualTo("acme");
    }
}
