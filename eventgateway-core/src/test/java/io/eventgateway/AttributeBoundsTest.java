package io.eventgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.eventgateway.delivery.Backlog;
import io.eventgateway.delivery.BacklogPolicy;
import io.eventgateway.error.BacklogFullException;
import io.eventgateway.error.InvalidEventException;
import io.eventgateway.error.InvalidRequestException;
import io.eventgateway.http.HttpRequest;
import java.net.URI;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class AttributeBoundsTest {
    private static final String LONGEST = "x".repeat(8_192);
    private static final String TOO_LONG = LONGEST + "x";

    static Stream<Named<UnaryOperator<Event.Builder>>> tooLong() {
        return Stream.of(
                Named.of("id", event -> event.id(TOO_LONG)),
                Named.of("source", event -> event.source(TOO_LONG)),
                Named.of("source as URI", event -> event.source(URI.create(TOO_LONG))),
                Named.of("subject", event -> event.subject(TOO_LONG)),
                Named.of("dataschema", event -> event.dataSchema(URI.create("urn:" + LONGEST))),
                Named.of("datacontenttype", event -> event.data("text/" + LONGEST, "a")),
                Named.of("extension", event -> event.extension("a", TOO_LONG)),
                Named.of("extension as URI", event -> event.extension("a", URI.create(TOO_LONG))),
                Named.of("extension as bytes", event -> event.extension("a", new byte[6_145])),
                Named.of("correlationid", event -> event.extension("correlationid", TOO_LONG)));
    }

    @ParameterizedTest
    @MethodSource
    void tooLong(UnaryOperator<Event.Builder> attribute) {
        Event.Builder builder = Event.builder("a");
        assertThatThrownBy(() -> attribute.apply(builder))
                .isInstanceOf(InvalidEventException.class)
                .hasMessageContaining("8192")
                .hasMessageNotContaining("xxxxxxxxxx");
    }

    @Test
    void theTypeIsBounded() {
        assertThat(Event.of(LONGEST, null).getType()).hasSize(8_192);
        assertThatThrownBy(() -> Event.of(TOO_LONG, null)).isInstanceOf(InvalidEventException.class);
        try (EventGateway gateway = EventGateway.create()) {
            assertThatThrownBy(() -> gateway.emit(TOO_LONG, null)).isInstanceOf(InvalidEventException.class);
        }
    }

    @Test
    void theAttributesTogetherAreBounded() {
        Event.Builder builder = Event.builder("a").id("1");
        for (int i = 0; i < 7; i++) {
            builder.extension("a" + i, LONGEST);
        }
        assertThat(builder.build().getExtension("a6")).isEqualTo(LONGEST);
        assertThatThrownBy(() -> builder.extension("a7", LONGEST).build())
                .isInstanceOf(InvalidEventException.class)
                .hasMessageContaining("at most 65536 characters together");
    }

    @Test
    void anEventOfAnotherLibraryIsBoundedToo() {
        CloudEvent foreign = CloudEventBuilder.v1()
                .withId("1")
                .withSource(URI.create("/a"))
                .withType("a")
                .withDataContentType("text/" + LONGEST)
                .build();
        assertThatThrownBy(() -> Event.from(foreign))
                .isInstanceOf(InvalidEventException.class)
                .hasMessageContaining("datacontenttype");
    }

    @Test
    void longAttributesCountInTheBytesOfTheBacklog() {
        try (EventGateway gateway = EventGateway.builder()
                .backlog(Backlog.of(100).withPolicy(BacklogPolicy.REJECT).withBytes(10_000))
                .build()) {
            gateway.functions().register("f", (event, context) -> null);
            gateway.subscribe("a", "f");
            Event large = Event.builder("a")
                    .subject(LONGEST)
                    .extension("more", "y".repeat(2_000))
                    .build();
            assertThatThrownBy(() -> gateway.emit(large)).isInstanceOf(BacklogFullException.class);
            gateway.emit(Event.builder("a").subject("small").build())
                    .completion()
                    .join();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "+12345-01-01T00:00:00Z",
                "-0001-01-01T00:00:00Z",
                "+10000-01-01T00:00:00+18:00",
                "2026-01-01T00:00:00+01:00:30"
            })
    void refusesATimeThatRfc3339CantWrite(String time) {
        OffsetDateTime parsed = OffsetDateTime.parse(time);
        assertThatThrownBy(() -> Event.builder("a").time(parsed))
                .isInstanceOf(InvalidEventException.class)
                .hasMessageContaining("RFC 3339");
        assertThatThrownBy(() -> Event.builder("a").extension("at", parsed))
                .isInstanceOf(InvalidEventException.class)
                .hasMessageContaining("RFC 3339");
    }

    /** Whatever sends events relies on this, and checks no time itself. */
    @Test
    void readsNoEventWithATimeThatRfc3339CantWrite() {
        OffsetDateTime late = OffsetDateTime.parse("+12345-01-01T00:00:00Z");
        CloudEvent foreign = CloudEventBuilder.v1()
                .withId("1")
                .withSource(URI.create("/s"))
                .withType("a")
                .withTime(late)
                .build();
        assertThatThrownBy(() -> Event.from(foreign)).isInstanceOf(InvalidEventException.class);
        assertThatThrownBy(() -> Event.from(CloudEventBuilder.v1(foreign)
                        .withTime(null)
                        .withExtension("at", late)
                        .build()))
                .isInstanceOf(InvalidEventException.class);
        for (String time : List.of("+12345-01-01T00:00:00Z", "12345-01-01T00:00:00Z")) {
            String json =
                    "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"a\",\"time\":\"" + time + "\"}";
            assertThatThrownBy(() -> Event.fromJson(JsonMapper.shared().readTree(json)))
                    .isInstanceOf(InvalidEventException.class);
            HttpRequest batch = HttpRequest.of("POST", "/")
                    .body("application/cloudevents-batch+json", "[" + json + "]")
                    .build();
            assertThatThrownBy(batch::toEvents).isInstanceOf(InvalidRequestException.class);
            HttpRequest binary = HttpRequest.of("POST", "/")
                    .header("ce-specversion", "1.0")
                    .header("ce-id", "1")
                    .header("ce-source", "/s")
                    .header("ce-type", "a")
                    .header("ce-time", time)
                    .build();
            assertThatThrownBy(binary::toEvents).isInstanceOf(InvalidRequestException.class);
        }
    }

    @Test
    void refusesAnInstantThatRfc3339CantWrite() {
        assertThatThrownBy(() -> Event.builder("a").time(Instant.MAX)).isInstanceOf(InvalidEventException.class);
        assertThatThrownBy(() -> Event.builder("a").extension("at", Instant.MIN))
                .isInstanceOf(InvalidEventException.class);
        assertThat(Event.builder("a")
                        .time(Instant.parse("9999-12-31T23:59:59Z"))
                        .build()
                        .getTime())
                .isNotNull();
    }
}
