package io.eventgateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.core.format.EventFormat;
import io.cloudevents.core.provider.EventFormatProvider;
import io.cloudevents.http.HttpMessageFactory;
import io.cloudevents.jackson.JsonFormat;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.Subscription;
import io.eventgateway.error.InvalidRequestException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The receiving side of CloudEvents' HTTP binding 1.0, against what the CloudEvents SDK for Java writes. */
class CloudEventsBindingTest {
    private static final EventFormat JSON = EventFormatProvider.getInstance().resolveFormat(JsonFormat.CONTENT_TYPE);

    static List<CloudEvent> events() {
        io.cloudevents.core.v1.CloudEventBuilder least =
                CloudEventBuilder.v1().withId("1").withSource(URI.create("/s")).withType("t");
        return List.of(
                least.build(),
                CloudEventBuilder.v1()
                        .withId("Euro € 😀")
                        .withSource(URI.create("https://example.com/a%20b?c=d#e"))
                        .withType("com.example.some\"event\" 100%")
                        .withSubject(" a \"b\\c\" %41 ")
                        .withTime(OffsetDateTime.parse("2018-04-05T03:56:24.123456789+02:00"))
                        .withDataSchema(URI.create("https://example.com/schema"))
                        .withExtension("text", "Grüße, 東京")
                        .withExtension("number", 42)
                        .withExtension("truth", true)
                        .withData("application/json; charset=utf-8", "{\"a\":1.50}".getBytes(StandardCharsets.UTF_8))
                        .build(),
                CloudEventBuilder.from(least.build())
                        .withData("image/png", new byte[] {0, 1, (byte) 0xff})
                        .build(),
                CloudEventBuilder.from(least.build())
                        .withData("text/plain", "héllo".getBytes(StandardCharsets.UTF_8))
                        .build());
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("whatGoesTooFar")
    void whatGoesTooFarIsNamedWithWhatIsAccepted(String member, String reason) {
        HttpRequest request = HttpRequest.of("POST", "/events")
                .body(
                        "application/cloudevents+json",
                        "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\"," + member + "}")
                .build();

        assertThatThrownBy(request::toEvents)
                .isInstanceOfSatisfying(InvalidRequestException.class, e -> assertThat(e.reason())
                        .contains(reason));
    }

    static List<Arguments> whatGoesTooFar() {
        return List.of(
                Arguments.of("\"data\":" + "[".repeat(1_000), "nested too deep; accepted are at most 500 levels"),
                Arguments.of(
                        "\"data\":{\"a\":[1," + "9".repeat(2_000) + "]}",
                        "the number at '/data/a/1' is too long; accepted are at most 1000 characters"),
                Arguments.of(
                        "\"data\":{\"a\":[1,1e99999999999]}",
                        "a number at '/data/a/1' is beyond what a decimal can hold, whose exponent is at most"),
                Arguments.of("\"n\":99999999999", "extension n must be a string, a boolean or an integer (32 bits)"),
                Arguments.of("\"time\":\"2026-01-01T00:00:00.1234567890Z\"", "time must be a timestamp such as"),
                Arguments.of("\"time\":\"2026-01-01T00:00:00.1234567890Z\"", "at most 9 digits after their point"),
                Arguments.of("\"time\":\"2026-01-01T00:00:60Z\"", "seconds from 00 to 59"),
                Arguments.of("\"time\":\"2026-01-01T00:00:00+18:30\"", "an offset of Z or -18:00 to +18:00"));
    }

    private static HttpRequest binary(CloudEvent event) {
        HttpRequest.Builder request = HttpRequest.of("POST", "/events");
        HttpMessageFactory.createWriter(
                        (name, value) -> request.header(name, name.startsWith("ce-") ? encoded(value) : value),
                        body -> {
                            if (body != null) {
                                request.body(body);
                            }
                        })
                .writeBinary(event);
        return request.build();
    }

    /** Section 3.1.3.2, which the SDK leaves to its caller. */
    private static String encoded(String value) {
        StringBuilder encoded = new StringBuilder();
        for (byte each : value.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = each > ' ' && each < 0x7f && each != '"' && each != '%';
            encoded.append(plain ? String.valueOf((char) each) : String.format("%%%02X", each));
        }
        return encoded.toString();
    }

    private static HttpRequest structured(CloudEvent event) {
        HttpRequest.Builder request = HttpRequest.of("POST", "/events");
        HttpMessageFactory.createWriter(request::header, request::body).writeStructured(event, JsonFormat.CONTENT_TYPE);
        return request.build();
    }

    private static HttpRequest body(String contentType, String body) {
        return HttpRequest.of("POST", "/events").body(contentType, body).build();
    }

    @ParameterizedTest
    @MethodSource("events")
    void binaryModeIsReadAsTheSdkWritesIt(CloudEvent event) {
        List<Event> read = binary(event).toEvents();

        assertThat(read).hasSize(1);
        assertSame(read.get(0), event, true);
    }

    @ParameterizedTest
    @MethodSource("events")
    void structuredModeIsReadAsTheSdkWritesIt(CloudEvent event) {
        List<Event> read = structured(event).toEvents();

        assertThat(read).hasSize(1);
        assertSame(read.get(0), event, false);
    }

    @Test
    void batchedModeIsReadInOrder() {
        StringBuilder batch = new StringBuilder("[");
        for (CloudEvent event : events()) {
            batch.append(batch.length() == 1 ? "" : ",")
                    .append(new String(JSON.serialize(event), StandardCharsets.UTF_8));
        }
        List<Event> read = body("application/cloudevents-batch+json; charset=utf-8", batch + "]")
                .toEvents();

        assertThat(read).hasSize(events().size());
        for (int i = 0; i < read.size(); i++) {
            assertSame(read.get(i), events().get(i), false);
        }
        assertThat(body("application/cloudevents-batch+json", "[]").toEvents()).isEmpty();
    }

    /** The extensions of binary mode are texts, since headers have no types (section 3.1.3.2). */
    private static void assertSame(Event read, CloudEvent sent, boolean texts) {
        assertThat(read.getId()).isEqualTo(sent.getId());
        assertThat(read.getSource()).isEqualTo(sent.getSource());
        assertThat(read.getType()).isEqualTo(sent.getType());
        assertThat(read.getSubject()).isEqualTo(sent.getSubject());
        assertThat(read.getTime()).isEqualTo(sent.getTime());
        assertThat(read.getDataSchema()).isEqualTo(sent.getDataSchema());
        assertThat(read.getDataContentType()).isEqualTo(sent.getDataContentType());
        assertThat(read.getExtensionNames()).isEqualTo(sent.getExtensionNames());
        for (String name : sent.getExtensionNames()) {
            Object value = sent.getExtension(name);
            assertThat(read.getExtension(name)).isEqualTo(texts ? String.valueOf(value) : value);
        }
        assertThat(read.getData() == null ? null : read.getData().toBytes())
                .isEqualTo(sent.getData() == null ? null : sent.getData().toBytes());
    }

    private static HttpRequest.Builder least() {
        return HttpRequest.of("POST", "/events")
                .header("ce-specversion", "1.0")
                .header("CE-ID", "1")
                .header("ce-source", "/s")
                .header("ce-type", "t");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    Euro%20%E2%82%AC%20%F0%9F%98%80 | Euro € 😀
                    "quoted \\"text\\" \\\\"         | quoted "text" \\
                    "a%20b"                         | a b
                    %2541                           | %41
                    %e2%82%ac                       | €
                    plain                           | plain
                    a+b                             | a+b
                    """)
    void attributesAreUnquotedAndPercentDecodedOnce(String header, String value) {
        assertThat(least().header("ce-subject", header)
                        .build()
                        .toEvents()
                        .get(0)
                        .getSubject())
                .isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%C0%A0", "%zz", "%4", "%", "%ff", "%00", "%0A"})
    void whatIsNotUtf8OrNoAttributeIsRefused(String header) {
        assertThatThrownBy(() -> least().header("ce-subject", header).build().toEvents())
                .isInstanceOf(InvalidRequestException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ce-specversion", "ce-id", "ce-source", "ce-type"})
    void everyRequiredAttributeIsRequired(String header) {
        HttpRequest.Builder without = HttpRequest.of("POST", "/events");
        least().build().allHeaders().forEach((name, values) -> {
            if (!name.equalsIgnoreCase(header)) {
                without.header(name, values.get(0));
            }
        });

        assertThatThrownBy(() -> without.build().toEvents())
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("the header " + header + " must be there");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "ce-specversion, 0.3, specversion must be '1.0'",
        "ce-datacontenttype, text/plain, ce-datacontenttype must not be sent",
        "ce-type, gateway.event.received, type must not begin with 'gateway.'",
        "ce-time, yesterday, time must be a timestamp",
        "ce-dataschema, relative, dataschema must be an absolute URI",
        "ce-my_extension, 1, extension name must be lower-case",
        "ce-data, 1, extension name must not be",
        "ce-, 1, extension name must be"
    })
    void anAttributeThatIsNotValidIsRefused(String header, String value, String reason) {
        HttpRequest.Builder request = HttpRequest.of("POST", "/events");
        least().build().allHeaders().forEach((name, values) -> {
            if (!name.equalsIgnoreCase(header)) {
                request.header(name, values.get(0));
            }
        });

        assertThatThrownBy(() -> request.header(header, value).build().toEvents())
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void dataWithoutAContentTypeIsBytes() {
        Event event = least().body(new byte[] {1}).build().toEvents().get(0);

        assertThat(event.getDataContentType()).isEqualTo("application/octet-stream");
        assertThat(event.dataAs(byte[].class)).containsExactly(1);
    }

    @Test
    void anAttributeComesOnce() {
        assertThatThrownBy(() -> least().header("ce-id", "2").build().toEvents())
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("the header ce-id must come once, came 2 times");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
                    application/json                   | {"specversion":"1.0","id":"1","source":"/","type":"t"} | must have a Content-Type of
                    application/cloudevents+avro       | x    | must be of an event format in JSON
                    application/cloudevents            | {}   | must be of an event format in JSON
                    application/cloudevents+json       | {    | not valid JSON
                    application/cloudevents+json       | []   | must be a JSON object
                    application/cloudevents+json       | {"id":"1","source":"/","type":"t"} | specversion must be '1.0'
                    application/cloudevents+json       | {"specversion":"0.3","id":"1","source":"/","type":"t"} | specversion must be '1.0'
                    application/cloudevents+json       | {"specversion":"1.0","source":"/","type":"t"} | id must be
                    application/cloudevents-batch+json | {}   | must be a JSON array
                    application/cloudevents-batch+json | [{"specversion":"1.0","id":"1","source":"/","type":"t"},{}] | event 1 of the batch
                    """)
    void aBodyThatIsNoEventFormatIsRefused(String contentType, String body, String reason) {
        assertThatThrownBy(() -> body(contentType, body).toEvents())
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void aBatchHasABound() {
        String event = "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/\",\"type\":\"t\"}";
        String batch = "[" + (event + ",").repeat(CloudEventsBinding.MAX_EVENTS) + event + "]";

        assertThatThrownBy(
                        () -> body("application/cloudevents-batch+json", batch).toEvents())
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("a batch must have at most 10000 events, had 10001");
    }

    @Test
    void aHandlerEmitsWhatItReceives() {
        List<Event> received = new ArrayList<>();
        try (EventGateway gateway = EventGateway.create()) {
            gateway.functions().register("receive", (event, context) -> {
                event.dataAs(HttpRequest.class).toEvents().forEach(context::emit);
                return HttpResponse.of(202);
            });
            gateway.functions().register("handle", (event, context) -> received.add(event));
            gateway.subscriptions()
                    .create(Subscription.http("POST", "/events")
                            .function("receive")
                            .build());
            gateway.subscriptions()
                    .create(Subscription.to("t").function("handle").sync().build());

            assertThat(gateway.handle(least().build()).statusCode()).isEqualTo(202);
            HttpResponse malformed =
                    gateway.handle(least().header("ce-time", "yesterday").build());
            assertThat(malformed.statusCode()).isEqualTo(400);
            assertThat(malformed.bodyAsString()).contains("time must be a timestamp");
        }
        assertThat(received).hasSize(1);
    }

    @Test
    void dataThatIsNoJsonAsItsContentTypeSaysIsSentOnAsItCame() {
        byte[] body = {'h', 'i', (byte) 0xff};
        Event event = HttpRequest.of("POST", "/events")
                .header("ce-specversion", "1.0")
                .header("ce-id", "1")
                .header("ce-source", "/s")
                .header("ce-type", "t")
                .body("application/json", body)
                .build()
                .toEvents()
                .get(0);

        assertThat(event.toJson().path("data_base64").stringValue()).isEqualTo("aGn/");
        assertThat(Event.fromJson(event.toJson())).isEqualTo(event);
        assertThat(Event.builder("told")
                        .data(Map.of("event", event))
                        .build()
                        .dataAsJson()
                        .path("event")
                        .has("data"))
                .isFalse(); // what a system event about it is made of
        assertThat(JSON.deserialize(event.toJson().toString().getBytes(StandardCharsets.UTF_8))
                        .getData()
                        .toBytes())
                .isEqualTo(body);
    }
}
