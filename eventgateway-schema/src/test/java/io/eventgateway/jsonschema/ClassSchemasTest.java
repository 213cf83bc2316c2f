package io.eventgateway.jsonschema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.annotation.JsonValue;
import io.eventgateway.error.InvalidEventTypeException;
import io.eventgateway.schema.Violation;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Currency;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;
import tools.jackson.databind.json.JsonMapper;

class ClassSchemasTest {
    enum Status {
        NEW,
        @JsonProperty("paid-in-full")
        PAID;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    enum Code {
        ONE,
        TWO;

        @JsonValue
        int code() {
            return ordinal() + 1;
        }
    }

    record Money(BigDecimal amount, String currency) {}

    record Line(String article, int count) {}

    record Order(
            String id,
            long number,
            Money total,
            List<Line> lines,
            Status status,
            Instant placedAt,
            @Nullable String note,
            Optional<String> coupon) {}

    record Times(
            Instant instant,
            OffsetDateTime offset,
            ZonedDateTime zoned,
            LocalDate date,
            LocalDateTime local,
            LocalTime time,
            OffsetTime offsetTime,
            Duration duration,
            Year year,
            YearMonth month,
            DayOfWeek day,
            ZoneId zone,
            Date old) {}

    record Others(
            UUID uuid,
            URI uri,
            Currency currency,
            Locale locale,
            byte[] bytes,
            char letter,
            BigInteger big,
            double real,
            boolean flag,
            Object anything,
            JsonNode tree,
            OptionalInt perhaps,
            Code code,
            Map<String, Integer> counts,
            Set<UUID> ids,
            int[] numbers) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({@JsonSubTypes.Type(Card.class), @JsonSubTypes.Type(Transfer.class)})
    sealed interface Payment {}

    @JsonTypeName("card")
    record Card(String last4) implements Payment {}

    @JsonTypeName("transfer")
    record Transfer(String iban) implements Payment {}

    record Paid(Payment payment, List<Payment> parts) {}

    sealed interface Shape {}

    record Circle(double radius) implements Shape {}

    record Square(double side) implements Shape {}

    record Drawing(List<Shape> shapes) {}

    record Tree(String name, List<Tree> children) {}

    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record Snake(String firstName, @JsonProperty("the-name") String lastName) {}

    record Iban(@JsonValue String text) {}

    record WithValue(Iban iban) {}

    record Point(int x, int y) {}

    record Unwrapped(@JsonUnwrapped Point at, String label) {}

    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    record Sparse(String name, List<String> tags) {}

    record Formatted(
            @JsonFormat(shape = JsonFormat.Shape.STRING) int number, Instant at) {}

    static class Bean {
        private final String name;
        private final int count;

        @JsonIgnore
        public String secret = "s";

        @JsonProperty(required = true)
        public String key = "k";

        transient String skipped = "";
        private String hidden = "";

        Bean(String name, int count) {
            this.name = name;
            this.count = count;
        }

        public String getName() {
            return name;
        }

        public int getCount() {
            return count;
        }

        public boolean isLarge() {
            return count > 10;
        }

        @JsonPropertyDescription("name and count")
        public String getLabel() {
            return name + count;
        }
    }

    interface Named {
        String getName();
    }

    private static final JsonMapper MAPPER = JsonMapper.shared();
    private static final OffsetDateTime NOW = OffsetDateTime.of(2026, 12, 1, 10, 0, 0, 0, ZoneOffset.ofHours(2));

    private static final Order ORDER = new Order(
            "o-1",
            7,
            new Money(new BigDecimal("12.50"), "EUR"),
            List.of(new Line("tea", 2)),
            Status.PAID,
            NOW.toInstant(),
            null,
            Optional.empty());

    static List<Object> instances() {
        return List.of(
                ORDER,
                new Order(
                        "o",
                        1,
                        new Money(BigDecimal.ONE, "EUR"),
                        List.of(),
                        Status.NEW,
                        Instant.EPOCH,
                        "n",
                        Optional.of("c")),
                new Times(
                        NOW.toInstant(),
                        NOW,
                        NOW.atZoneSameInstant(ZoneId.of("Europe/Paris")),
                        NOW.toLocalDate(),
                        NOW.toLocalDateTime(),
                        NOW.toLocalTime(),
                        NOW.toOffsetTime(),
                        Duration.ofMillis(1500),
                        Year.of(2026),
                        YearMonth.of(2026, 12),
                        DayOfWeek.FRIDAY,
                        ZoneOffset.UTC,
                        new Date(0)),
                new Others(
                        UUID.randomUUID(),
                        URI.create("relative"),
                        Currency.getInstance("EUR"),
                        Locale.ROOT,
                        new byte[] {1},
                        'a',
                        BigInteger.TEN.pow(30),
                        1e300,
                        true,
                        Map.of("a", 1),
                        MAPPER.readTree("[1]"),
                        OptionalInt.empty(),
                        Code.TWO,
                        Map.of("a", 1),
                        Set.of(UUID.randomUUID()),
                        new int[] {1}),
                new Paid(new Card("4242"), List.of(new Transfer("DE1"), new Card("1"))),
                new Card("4242"),
                new Drawing(List.of(new Circle(1), new Square(2))),
                new Tree("a", List.of(new Tree("b", List.of()))),
                new Snake("ada", "lovelace"),
                new WithValue(new Iban("DE1")),
                new Iban("DE1"),
                new Unwrapped(new Point(1, 2), "l"),
                new Sparse("", List.of()),
                new Sparse("a", List.of("b")),
                new Formatted(7, Instant.EPOCH),
                new Bean("a", 3),
                new Bean(null, 3));
    }

    private static JsonNode schemaOf(Class<?> type) {
        return MAPPER.readTree(new JsonSchemaProvider().schemaOf(type));
    }

    private static List<Violation> violations(Class<?> type, JsonNode data) {
        JsonSchemaProvider provider = new JsonSchemaProvider();
        return provider.compile(provider.schemaOf(type), address -> null).validate(data, 20);
    }

    private static JsonNode json(String text) {
        return MAPPER.readTree(text.replace('\'', '"'));
    }

    @ParameterizedTest
    @MethodSource("instances")
    void whatJacksonWritesHasTheSchema(Object instance) {
        assertThat(violations(instance.getClass(), MAPPER.valueToTree(instance)))
                .as(() -> MAPPER.valueToTree(instance) + " by " + schemaOf(instance.getClass()))
                .isEmpty();
    }

    @Test
    void recordsOfASchemaAreReadable() {
        assertThat(schemaOf(Line.class))
                .isEqualTo(json("{'$schema':'https://json-schema.org/draft/2020-12/schema','type':'object',"
                        + "'properties':{'article':{'type':'string'},'count':{'type':'integer'}},"
                        + "'required':['article','count']}"));
    }

    @Test
    void componentsAreRequiredUnlessTheyMayBeAbsent() {
        assertThat(schemaOf(Order.class).at("/required"))
                .isEqualTo(json("['id','lines','number','placedAt','status','total']"));
        assertThat(violations(Order.class, json("{}"))).hasSize(6);
        JsonNode order = MAPPER.valueToTree(ORDER);
        assertThat(violations(Order.class, order)).isEmpty();
        ((tools.jackson.databind.node.ObjectNode) order).putNull("id");
        assertThat(violations(Order.class, order))
                .extracting(Violation::pointer)
                .containsExactly("/id");
    }

    @Test
    void enumsAreWhatJacksonWrites() {
        assertThat(schemaOf(Order.class).at("/properties/status"))
                .isEqualTo(json("{'type':'string','enum':['new','paid-in-full']}"));
    }

    @Test
    void timesHaveTheirFormats() {
        JsonNode properties = schemaOf(Times.class).at("/properties");

        assertThat(properties.at("/instant")).isEqualTo(json("{'type':'string','format':'date-time'}"));
        assertThat(properties.at("/offset/format").asString()).isEqualTo("date-time");
        assertThat(properties.at("/date/format").asString()).isEqualTo("date");
        assertThat(properties.at("/local")).isEqualTo(json("{'type':'string'}"));
        assertThat(properties.at("/duration/format").asString()).isEqualTo("duration");
    }

    @Test
    void numbersAreNumbers() {
        assertThat(schemaOf(Money.class).at("/properties/amount")).isEqualTo(json("{'type':'number'}"));
        assertThat(schemaOf(Others.class).at("/properties/big")).isEqualTo(json("{'type':'integer'}"));
    }

    @Test
    void subtypesAreToldApartByTheirNames() {
        assertThat(violations(Paid.class, json("{'payment':{'kind':'card','last4':'1'},'parts':[]}")))
                .isEmpty();
        assertThat(violations(Paid.class, json("{'payment':{'kind':'card','iban':'1'},'parts':[]}")))
                .isNotEmpty();
        assertThat(violations(Paid.class, json("{'payment':{'kind':'cash'},'parts':[]}")))
                .isNotEmpty();
        assertThat(violations(Paid.class, json("{'payment':{'last4':'1'},'parts':[]}")))
                .isNotEmpty();
        assertThat(violations(Drawing.class, json("{'shapes':[{'diameter':1}]}")))
                .isNotEmpty();
    }

    @Test
    void aSealedParentHasTheSchemasOfItsChildren() {
        assertThat(violations(Payment.class, json("{'kind':'transfer','iban':'1'}")))
                .isEmpty();
        assertThat(violations(Payment.class, json("{'kind':'transfer'}"))).isNotEmpty();
        assertThat(violations(Shape.class, json("{'side':1}"))).isEmpty();
        assertThat(violations(Shape.class, json("{'length':1}"))).isNotEmpty();
    }

    @Test
    void beansHaveTheMembersThatJacksonWrites() {
        JsonNode schema = schemaOf(Bean.class);

        assertThat(schema.at("/properties").propertyNames())
                .containsExactlyInAnyOrder("count", "key", "label", "large", "name");
        assertThat(schema.at("/required")).isEqualTo(json("['count','key','large']"));
        assertThat(schema.at("/properties/label/description").asString()).isEqualTo("name and count");
        assertThat(schemaOf(Named.class).at("/properties").propertyNames()).containsExactly("name");
    }

    @Test
    void namesAreThoseOfTheAnnotations() {
        assertThat(schemaOf(Snake.class).at("/properties").propertyNames())
                .containsExactlyInAnyOrder("first_name", "the-name");
        assertThat(schemaOf(WithValue.class).at("/properties/iban")).isEqualTo(json("{'type':'string'}"));
    }

    @Test
    void theSchemaIsTheSameEachTime() {
        for (Class<?> type : List.of(Order.class, Others.class, Paid.class, Drawing.class, Bean.class)) {
            String schema = new JsonSchemaProvider().schemaOf(type);
            assertThat(new JsonSchemaProvider().schemaOf(type)).isEqualTo(schema);
        }
        assertThat(List.<String>copyOf(schemaOf(Paid.class).at("/properties").propertyNames()))
                .isSorted();
    }

    static class Clashing {
        @JsonProperty("a")
        public String one = "";

        @JsonProperty("a")
        public String two = "";
    }

    static class Holder {
        public Clashing clashing = new Clashing();
        public Thread thread = Thread.currentThread();
    }

    @Test
    void aClassThatCannotBeWrittenIsNamed() {
        for (Class<?> type : Arrays.asList(Clashing.class, Holder.class, void.class)) {
            assertThatThrownBy(() -> schemaOf(type))
                    .isInstanceOf(InvalidEventTypeException.class)
                    .hasMessageContaining(type.getName());
        }
    }
}
