package io.eventgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.core.data.PojoCloudEventData;
import io.eventgateway.error.DataConversionException;
import io.eventgateway.error.InvalidEventException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class EventTest {
    record User(String name, int age) {}

    private final User ada = new User("Ada", 36);

    @Test
    void givesTheVeryObjectThatItWasGiven() {
        assertThat(Event.of("user.registered", ada).dataAs(User.class)).isSameAs(ada);
    }

    @Test
    void convertsAnObjectByWayOfJson() {
        Event event = Event.of("user.registered", ada);

        assertThat(event.dataAsJson().path("age").intValue()).isEqualTo(36);
        assertThat(event.dataAs(Object.class)).isSameAs(ada);
        assertThat(event.dataAs(String.class)).isEqualTo("{\"name\":\"Ada\",\"age\":36}");
        assertThat(event.getDataContentType()).isEqualTo("application/json");
    }

    @Test
    void convertsBytesByTheirContentType() {
        byte[] json = "{\"name\":\"Ada\",\"age\":36}".getBytes(StandardCharsets.UTF_8);
        Event event =
                Event.builder("user.registered").data("application/json", json).build();

        assertThat(event.dataAs(User.class)).isEqualTo(ada);
        assertThat(event.dataAs(byte[].class)).isEqualTo(json);
        assertThat(Event.builder("note")
                        .data("text/plain; charset=ISO-8859-1", new byte[] {(byte) 0xe9})
                        .build()
                        .dataAs(String.class))
                .isEqualTo("é");
    }

    @Test
    void makesEachFormOnce() {
        Event event = Event.of("user.registered", ada);

        assertThat(event.dataAsJson()).isSameAs(event.dataAsJson());
        assertThat(event.getData().toBytes()).isSameAs(event.getData().toBytes());
    }

    @Test
    void keepsBytesApartFromTheArrayThatItWasGiven() {
        byte[] bytes = {1, 2, 3};
        Event event = Event.of("blob", bytes);
        bytes[0] = 9;

        assertThat(event.dataAs(byte[].class)).containsExactly(1, 2, 3);
        assertThat(event.getDataContentType()).isEqualTo("application/octet-stream");
    }

    @Test
    void readsAJsonStringAsItsText() {
        assertThat(Event.of("note", "hello").dataAs(String.class)).isEqualTo("hello");
        assertThat(Event.of("note", "hello").getData().toBytes()).asString().isEqualTo("\"hello\"");
        assertThat(Event.builder("note")
                        .data("application/json", "\"a\\nb\"".getBytes(StandardCharsets.UTF_8))
                        .build()
                        .dataAs(String.class))
                .isEqualTo("a\nb");
    }

    @Test
    void saysWhyDataCannotBeRead() {
        assertThatThrownBy(() -> Event.builder("a").id("e1").build().dataAs(User.class))
                .isInstanceOf(DataConversionException.class)
                .hasMessageContaining("'e1'")
                .hasMessageContaining("no data");
        assertThatThrownBy(() -> Event.builder("a")
                        .data("image/png", new byte[] {1})
                        .build()
                        .dataAsJson())
                .isInstanceOf(DataConversionException.class)
                .hasMessageContaining("image/png");
        assertThatThrownBy(() -> Event.builder("a")
                        .data("application/json", new byte[] {'{'})
                        .build()
                        .dataAsJson())
                .isInstanceOf(DataConversionException.class)
                .hasMessageContaining("can't be read as JSON");
        assertThatThrownBy(() -> Event.builder("a")
                        .data("image/png", ada)
                        .build()
                        .getData()
                        .toBytes())
                .isInstanceOf(DataConversionException.class)
                .hasMessageContaining("image/png");
    }

    @Test
    void showsNoDataInItsText() {
        assertThat(Event.of("login", Map.of("password", "s3cret")).toString()).doesNotContain("s3cret");
    }

    @Test
    void hasNoJsonWhenItHasNoData() {
        assertThat(Event.of("tick", null).dataAsJson().isMissingNode()).isTrue();
        assertThat(Event.of("tick", null).getData()).isNull();
    }

    @Test
    void acceptsExtensionsOfEveryType() {
        OffsetDateTime time = OffsetDateTime.parse("2026-01-02T03:04:05+01:00");
        Event event = Event.builder("a")
                .extension("string", "s")
                .extension("bool", true)
                .extension("int", 42)
                .extension("binary", new byte[] {1, 2})
                .extension("uri", URI.create("https://example.com/a"))
                .extension("uriref", URI.create("/a"))
                .extension("time2", time)
                .build();

        assertThat(event.getExtension("string")).isEqualTo("s");
        assertThat(event.getExtension("bool")).isEqualTo(true);
        assertThat(event.getExtension("int")).isEqualTo(42);
        assertThat(event.getExtension("binary")).isEqualTo(new byte[] {1, 2});
        assertThat(event.getExtension("uri")).isEqualTo(URI.create("https://example.com/a"));
        assertThat(event.getExtension("time2")).isEqualTo(time);
        assertThat(event.getExtension("absent")).isNull();
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    Tenant      | extension name must be lower-case letters and digits (a-z, 0-9), was 'Tenant'
                    tenant-id   | extension name must be lower-case letters and digits (a-z, 0-9), was 'tenant-id'
                    ""          | extension name must be lower-case letters and digits (a-z, 0-9), was ''
                    type        | extension name must not be that of an attribute of CloudEvents itself, was 'type'
                    data        | extension name must not be that of an attribute of CloudEvents itself, was 'data'
                    """)
    void refusesExtensionNamesThatCloudEventsForbids(String name, String message) {
        assertThatThrownBy(() -> Event.builder("a").extension(name, "x"))
                .isInstanceOf(InvalidEventException.class)
                .hasMessage(message);
    }

    @Test
    void refusesAttributesThatCloudEventsForbids() {
        assertThatThrownBy(() -> Event.of(null, null))
                .isInstanceOf(InvalidEventException.class)
                .hasMessageContaining("type");
        assertThatThrownBy(() -> Event.of("", null))
                .hasMessage("type must be a string of at least one character, was ''");
        assertThatThrownBy(() -> Event.of("a\u0000b", null))
                .hasMessageContaining("type")
                .hasMessageContaining("U+0000");
        assertThatThrownBy(() -> Event.builder("a").id("")).hasMessageContaining("id must be");
        assertThatThrownBy(() -> Event.builder("a").subject("")).hasMessageContaining("subject must be");
        assertThatThrownBy(() -> Event.builder("a").source("no spaces"))
                .hasMessageContaining("source must be a URI-reference")
                .hasMessageContaining("'no spaces'");
        assertThatThrownBy(() -> Event.builder("a").source("")).hasMessageContaining("source must be");
        assertThatThrownBy(() -> Event.builder("a").dataSchema(URI.create("/relative")))
                .hasMessageContaining("dataschema must be an absolute URI");
        assertThatThrownBy(() -> Event.builder("a").data("nonsense", new byte[0]))
                .hasMessageContaining("datacontenttype must be a media type");
        assertThatThrownBy(() -> Event.builder("a").extension("amount", 1L << 40))
                .hasMessageContaining("extension amount")
                .hasMessageContaining("32 bits");
        assertThatThrownBy(() -> Event.builder("a").extension("list", List.of()))
                .hasMessageContaining("extension list");
        assertThatThrownBy(() -> Event.builder("a").extension("chaindepth", -1))
                .hasMessageContaining("extension chaindepth");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud800", "a\udc00", "\ufdd0", "\uffff", "\u0085"})
    void refusesCharactersThatCloudEventsForbids(String text) {
        assertThatThrownBy(() -> Event.builder("a").subject("x" + text))
                .isInstanceOf(InvalidEventException.class)
                .hasMessageContaining("subject");
    }

    @Test
    void acceptsAnyOtherCharacter() {
        assertThat(Event.builder("größe.测试.😀").build().getType()).isEqualTo("größe.测试.😀");
    }

    @Test
    void idsAreUuidsOfVersion7ThatSortByTheirMaking() {
        String last = "";
        for (int i = 0; i < 10_000; i++) {
            String id = Event.of("a", null).getId();
            assertThat(UUID.fromString(id).version()).isEqualTo(7);
            assertThat(UUID.fromString(id).variant()).isEqualTo(2);
            assertThat(id).isGreaterThan(last);
            last = id;
        }
    }

    @Test
    void becomesACloudEventOfTheSdk() {
        Event event = Event.builder("user.registered")
                .id("1")
                .source("/signup")
                .subject("42")
                .time(Instant.parse("2026-01-02T03:04:05Z"))
                .dataSchema(URI.create("https://example.com/user.json"))
                .data(ada)
                .extension("tenant", "acme")
                .extension("shard", 7)
                .build();

        CloudEvent theirs = CloudEventBuilder.v1(event).build();

        assertThat(theirs.getId()).isEqualTo("1");
        assertThat(theirs.getSource()).isEqualTo(URI.create("/signup"));
        assertThat(theirs.getType()).isEqualTo("user.registered");
        assertThat(theirs.getSubject()).isEqualTo("42");
        assertThat(theirs.getTime()).isEqualTo(OffsetDateTime.parse("2026-01-02T03:04:05Z"));
        assertThat(theirs.getDataSchema()).isEqualTo(URI.create("https://example.com/user.json"));
        assertThat(theirs.getExtension("tenant")).isEqualTo("acme");
        assertThat(theirs.getExtension("shard")).isEqualTo(7);
        assertThat(theirs.getData().toBytes()).asString().isEqualTo("{\"name\":\"Ada\",\"age\":36}");
        assertThat(Event.from(theirs).dataAs(User.class)).isEqualTo(ada);
    }

    @Test
    void takesOverACloudEventOfTheSdk() {
        CloudEvent theirs = CloudEventBuilder.v1()
                .withId("1")
                .withSource(URI.create("/signup"))
                .withType("user.registered")
                .withTime(OffsetDateTime.parse("2026-01-02T03:04:05+02:00"))
                .withExtension("tenant", "acme")
                .withData("application/json", PojoCloudEventData.wrap(ada, user -> JsonMapper.shared()
                        .writeValueAsBytes(user)))
                .build();

        Event event = Event.from(theirs);

        assertThat(event.getExtension("tenant")).isEqualTo("acme");
        assertThat(event.getTime()).isEqualTo(OffsetDateTime.parse("2026-01-02T03:04:05+02:00"));
        assertThat(event.dataAs(User.class)).isEqualTo(ada);
        assertThat(Event.from(event)).isSameAs(event);
    }

    @Test
    void becomesAnEventOfVersion1WhenItIsOf03() {
        CloudEvent old = CloudEventBuilder.v03()
                .withId("1")
                .withSource(URI.create("/a"))
                .withType("t")
                .withData("application/json", "{}".getBytes(StandardCharsets.UTF_8))
                .build();

        assertThat(Event.from(old).getSpecVersion().toString()).isEqualTo("1.0");
        assertThat(Event.from(old).dataAsJson().isObject()).isTrue();
    }

    @Test
    void surviveTheStructuredJsonForm() {
        Event event = Event.builder("user.registered")
                .source("/signup")
                .subject("42")
                .time(Instant.parse("2026-01-02T03:04:05.000000006Z"))
                .data(Event.fromJson(JsonMapper.shared()
                                .readTree("{\"specversion\":\"1.0\",\"id\":\"i\",\"type\":\"t\",\"source\":\"/\"}"))
                        .toJson())
                .extension("shard", 7)
                .extension("flag", true)
                .build();

        assertThat(Event.fromJson(event.toJson())).isEqualTo(event);
    }

    @Test
    void structuredJsonHoldsTextAsTextAndBytesAsBase64() {
        JsonNode text = Event.builder("a").data("text/plain", "hi").build().toJson();
        JsonNode binary = Event.of("a", new byte[] {1, 2, 3}).toJson();

        assertThat(text.path("data").stringValue()).isEqualTo("hi");
        assertThat(binary.path("data_base64").stringValue()).isEqualTo("AQID");
        assertThat(Event.fromJson(binary).dataAs(byte[].class)).containsExactly(1, 2, 3);
        assertThat(Event.fromJson(text).dataAs(String.class)).isEqualTo("hi");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{\"specversion\":\"0.3\",\"id\":\"i\",\"type\":\"t\",\"source\":\"/\"}",
                "{\"specversion\":\"1.0\",\"type\":\"t\",\"source\":\"/\"}",
                "{\"specversion\":\"1.0\",\"id\":1,\"type\":\"t\",\"source\":\"/\"}",
                "{\"specversion\":\"1.0\",\"id\":\"i\",\"type\":\"t\",\"source\":\"/\",\"time\":\"yesterday\"}",
                "{\"specversion\":\"1.0\",\"id\":\"i\",\"type\":\"t\",\"source\":\"/\",\"ext\":{}}",
                "{\"specversion\":\"1.0\",\"id\":\"i\",\"type\":\"t\",\"source\":\"/\",\"data_base64\":\"%%\"}",
            })
    void refusesStructuredJsonThatIsNotAnEvent(String json) {
        assertThatThrownBy(() -> Event.fromJson(JsonMapper.shared().readTree(json)))
                .isInstanceOf(InvalidEventException.class);
    }

    @Test
    void namesTheAttributesWhenAskedForAnother() {
        assertThatThrownBy(() -> Event.of("a", null).getAttribute("tenant")).hasMessageContaining("datacontenttype");
        assertThat(Event.builder("a").subject("s").build().getAttribute("subject"))
                .isEqualTo("s");
    }

    @Test
    void aBuilderOfAnEventStartsWithEverything() {
        Event event = Event.builder("a")
                .source("/s")
                .subject("x")
                .data(ada)
                .extension("e", 1)
                .build();

        assertThat(event.toBuilder().build()).isEqualTo(event);
        assertThat(event.toBuilder().subject("y").build().getSubject()).isEqualTo("y");
    }

    @Test
    void nullIsAsIfItHadNotBeenSaid() {
        Event event = Event.builder("a")
                .id("1")
                .subject(null)
                .time((java.time.OffsetDateTime) null)
                .time((java.time.Instant) null)
                .dataSchema(null)
                .extension("tenant", null)
                .build();

        assertThat(event).isEqualTo(Event.builder("a").id("1").build());
        Event full = Event.builder("a")
                .subject("s")
                .extension("tenant", "acme")
                .extension("correlationid", "c")
                .build();
        Event cleared = full.toBuilder()
                .subject(null)
                .extension("tenant", null)
                .extension("correlationid", null)
                .build();
        assertThat(cleared.getSubject()).isNull();
        assertThat(cleared.getExtensionNames()).isEmpty();
        assertThat(EmitOptions.builder()
                        .extension("tenant", null)
                        .path(null)
                        .build()
                        .extensions())
                .isEmpty();
    }

    @org.junit.jupiter.params.ParameterizedTest
    @org.junit.jupiter.params.provider.CsvSource(
            quoteCharacter = '"',
            value = {
                "order.*, a subscription has a pattern",
                "order.**, a subscription has a pattern",
                "*, a subscription has a pattern",
                "order..placed, none of them empty",
                ".order, none of them empty",
                "order., none of them empty",
                "\" order.placed\", 'order.placed'",
                "\"order.placed \", 'order.placed'"
            })
    void refusesTypesThatCanOnlyBeMistakes(String type, String remedy) {
        assertThatThrownBy(() -> Event.of(type, 1))
                .isInstanceOf(InvalidEventException.class)
                .hasMessageContaining("'" + type + "'")
                .hasMessageContaining(remedy);
    }

    @Test
    void bytesAreHandedOutAsCopies() {
        Event bytes = Event.of("a", new byte[] {1, 2, 3});
        Event json = Event.of("a", "text");
        for (Event event : List.of(bytes, json)) {
            byte[] before = event.dataAs(byte[].class);

            Arrays.fill(event.dataAs(byte[].class), (byte) 0);

            assertThat(event.dataAs(byte[].class)).isEqualTo(before);
        }
        Arrays.fill((byte[]) bytes.dataAs(Object.class), (byte) 0);
        Arrays.fill(bytes.dataAs(new TypeRef<byte[]>() {}), (byte) 0);

        assertThat(bytes.dataAs(byte[].class)).containsExactly(1, 2, 3);
    }
}
