package io.eventgateway.invokers.weighted;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.InvocationResult;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.DeliveryAttempt;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.DeliveryResult;
import io.eventgateway.error.FunctionInUseException;
import io.eventgateway.error.InvalidFunctionException;
import io.eventgateway.spi.Invoker;
import io.eventgateway.spi.InvokerContext;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WeightedInvokerTest {
    private final EventGateway gateway =
            EventGateway.builder().defaultDelivery(DeliveryPolicy.atMostOnce()).build();

    @BeforeEach
    void register() {
        gateway.functions().register("v1", (event, context) -> "v1");
        gateway.functions().register("v2", (event, context) -> "v2");
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private String call(String functionId, Event event) {
        return gateway.invokeAsync(functionId, event).join().valueAs(String.class);
    }

    @Test
    void choosesByWeight() {
        Choice choice = new Choice("group", Map.of("v1", 90, "v2", 10));
        Random random = new Random(42);
        int second = 0;
        for (int i = 0; i < 100_000; i++) {
            second += choice.atRandom(random).equals("v2") ? 1 : 0;
        }
        assertThat(second).isCloseTo(10_000, within(500));
    }

    @Test
    void spreadsKeysByWeight() {
        Choice choice = new Choice("group", Map.of("v1", 90, "v2", 10));
        int second = 0;
        for (int i = 0; i < 100_000; i++) {
            second += choice.byKey("user-" + i).equals("v2") ? 1 : 0;
        }
        assertThat(second).isCloseTo(10_000, within(500));
    }

    @Test
    void movesOnlyTheKeysThatAChangedWeightGains() {
        Choice before = new Choice("group", Map.of("v1", 95, "v2", 5));
        Choice after = new Choice("group", Map.of("v1", 90, "v2", 10));
        int moved = 0;
        for (int i = 0; i < 100_000; i++) {
            String key = "user-" + i;
            if (!before.byKey(key).equals(after.byKey(key))) {
                moved++;
                assertThat(after.byKey(key)).isEqualTo("v2");
            }
        }
        assertThat(moved).isCloseTo(5_000, within(500));
    }

    @Test
    void staysTheSameAcrossProcessesAndVersions() {
        Choice choice = new Choice("group", Map.of("a", 1, "b", 1, "c", 1));
        Map<String, Integer> counts = new HashMap<>();
        for (String key : new String[] {"k1", "k2", "k3", "k4", "k5", "k6", "k7", "k8"}) {
            counts.merge(choice.byKey(key), 1, Integer::sum);
            assertThat(new Choice("group", Map.of("c", 1, "b", 1, "a", 1)).byKey(key))
                    .isEqualTo(choice.byKey(key));
        }
        assertThat(counts).hasSizeGreaterThan(1);
    }

    @Test
    void keepsASubjectOnOneFunction() {
        gateway.functions()
                .register(FunctionDefinition.weighted("group", Map.of("v1", 1, "v2", 1))
                        .with("sticky", "subject"));
        Set<String> all = new HashSet<>();
        for (int user = 0; user < 20; user++) {
            Event event = Event.builder("a").subject("user-" + user).build();
            String chosen = call("group", event);
            all.add(chosen);
            for (int i = 0; i < 5; i++) {
                assertThat(call("group", event)).isEqualTo(chosen);
            }
        }
        assertThat(all).containsExactlyInAnyOrder("v1", "v2");
    }

    @Test
    void keepsEventsTogetherByAPathIntoTheData() {
        gateway.functions()
                .register(FunctionDefinition.weighted("group", Map.of("v1", 1, "v2", 1))
                        .with("sticky", "$.data.user.id"));
        Event event = Event.of("a", Map.of("user", Map.of("id", 7)));
        String chosen = call("group", event);
        for (int i = 0; i < 20; i++) {
            assertThat(call("group", event)).isEqualTo(chosen);
        }
        assertThat(call("group", Event.of("a", new byte[] {1}))).startsWith("v");
        assertThat(new StickyKey("data.list.1.x").of(Event.of("a", Map.of("list", new Object[] {1, Map.of("x", "y")}))))
                .isEqualTo("y");
        assertThat(new StickyKey("tenant")
                        .of(Event.builder("a").extension("tenant", "acme").build()))
                .isEqualTo("acme");
        assertThat(new StickyKey("data.none").of(Event.of("a", 1))).isNull();
    }

    @Test
    void aFunctionOfWeightZeroIsNeverChosen() {
        gateway.functions().register(FunctionDefinition.weighted("group", Map.of("v1", 0, "v2", 3)));
        for (int i = 0; i < 50; i++) {
            assertThat(call("group", Event.of("a", i))).isEqualTo("v2");
        }
    }

    @Test
    void groupsMayBeNested() {
        gateway.functions().register(FunctionDefinition.weighted("inner", Map.of("v2", 1)));
        gateway.functions().register(FunctionDefinition.weighted("outer", Map.of("inner", 1)));

        assertThat(call("outer", Event.of("a", 1))).isEqualTo("v2");
    }

    @Test
    void nestedStickyGroupsKeepTheirWeightsWhenTheyShareAFunction() {
        gateway.functions()
                .register(FunctionDefinition.weighted("inner", Map.of("v1", 1, "v2", 1))
                        .with("sticky", "subject"));
        gateway.functions()
                .register(FunctionDefinition.weighted("outer", Map.of("v1", 1, "inner", 1))
                        .with("sticky", "subject"));

        int first = 0;
        for (int i = 0; i < 10_000; i++) {
            Event event = Event.builder("a").subject("user-" + i).build();
            first += call("outer", event).equals("v1") ? 1 : 0;
        }
        assertThat(first).isCloseTo(7_500, within(200));
    }

    @Test
    void groupsAreNestedAtMostSixteenDeep() {
        gateway.functions().register(FunctionDefinition.weighted("g1", Map.of("v1", 1)));
        for (int i = 2; i <= 16; i++) {
            gateway.functions().register(FunctionDefinition.weighted("g" + i, Map.of("g" + (i - 1), 1)));
        }
        assertThat(call("g16", Event.of("a", 1))).isEqualTo("v1");

        assertThatThrownBy(() -> gateway.functions().register(FunctionDefinition.weighted("g17", Map.of("g16", 1))))
                .isInstanceOf(InvalidFunctionException.class)
                .hasMessageContaining("more than 16 levels");
        gateway.functions().register(FunctionDefinition.weighted("g0", Map.of("v1", 1)));
        assertThatThrownBy(() -> gateway.functions().update(FunctionDefinition.weighted("g1", Map.of("g0", 1))))
                .isInstanceOf(InvalidFunctionException.class)
                .hasMessageContaining("more than 16 levels");
    }

    @Test
    void theEventsOfABatchStayOnTheirFunctionsAsSingleOnesDo() {
        Map<String, String> taken = new ConcurrentHashMap<>();
        for (String member : List.of("a", "b", "c")) {
            gateway.functions().register(member, (event, context) -> taken.put(event.getId(), member));
        }
        gateway.functions()
                .register(FunctionDefinition.weighted("inner", Map.of("b", 1, "c", 1))
                        .with("sticky", "subject"));
        gateway.functions()
                .register(FunctionDefinition.weighted("group", Map.of("a", 1, "inner", 1))
                        .with("sticky", "subject"));
        List<Event> events = IntStream.range(0, 30)
                .mapToObj(i ->
                        Event.builder("x").id("e" + i).subject("user-" + i % 10).build())
                .toList();
        events.forEach(event -> {
            InvocationResult unused = gateway.invoke("group", event);
        });
        Map<String, String> alone = Map.copyOf(taken);
        taken.clear();
        gateway.subscriptions()
                .create(Subscription.to("x")
                        .function("group")
                        .delivery(DeliveryPolicy.builder()
                                .batching(30, Duration.ofMillis(50))
                                .build())
                        .build());

        List<Emission> emissions = gateway.emitAll(events);

        emissions.forEach(emission -> assertThat(emission.completion()
                        .orTimeout(20, TimeUnit.SECONDS)
                        .join()
                        .allDelivered())
                .isTrue());
        assertThat(taken).isEqualTo(alone);
        assertThat(alone.values()).contains("a", "b", "c");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.9", "1.0", "\"1.9\"", "true", "1e20"})
    void refusesAWeightThatIsNoInteger(String weight) {
        FunctionDefinition group = FunctionDefinition.fromJson(
                "{\"functionId\":\"group\",\"type\":\"weighted\",\"configuration\":{\"weights\":{\"v1\":" + weight
                        + "}}}");
        assertThatThrownBy(() -> gateway.functions().register(group))
                .isInstanceOf(InvalidFunctionException.class)
                .hasMessageContaining("weights.v1");
    }

    @Test
    void refusesCirclesUnknownMembersAndTheDeletionOfAMember() {
        gateway.functions().register(FunctionDefinition.weighted("inner", Map.of("v2", 1)));
        gateway.functions().register(FunctionDefinition.weighted("outer", Map.of("inner", 1)));

        assertThatThrownBy(() -> gateway.functions().update(FunctionDefinition.weighted("inner", Map.of("outer", 1))))
                .isInstanceOf(InvalidFunctionException.class)
                .hasMessageContaining("leads back");
        assertThatThrownBy(() -> gateway.functions().register(FunctionDefinition.weighted("g", Map.of("gone", 1))))
                .isInstanceOf(InvalidFunctionException.class)
                .hasMessageContaining("'gone'");
        assertThatThrownBy(() -> gateway.functions().delete("v2"))
                .isInstanceOf(FunctionInUseException.class)
                .hasMessageContaining("'inner'");
        assertThat(call("outer", Event.of("a", 1))).isEqualTo("v2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"v1\":-1}",
                "{\"v1\":0,\"v2\":0}",
                "{\"v1\":\"many\"}",
                "{\"v1\":null}",
                "{\"v1\":1.5}",
                "{\"v1\":2147483647,\"v2\":1}"
            })
    void refusesWeightsThatMakeNoSense(String weights) {
        FunctionDefinition function = FunctionDefinition.fromJson(
                "{\"functionId\":\"g\",\"type\":\"weighted\",\"configuration\":{\"weights\":" + weights + "}}");

        assertThatThrownBy(() -> gateway.functions().register(function))
                .isInstanceOf(InvalidFunctionException.class)
                .hasMessageContaining("'g'")
                .hasMessageContaining("weights");
        assertThat(gateway.functions().get("g")).isEmpty();
    }

    @Test
    void resultAttemptAndDeadLetterNameTheMemberThatWasCalled() {
        gateway.functions().register("broken", (event, context) -> {
            throw new IllegalStateException("no stock");
        });
        gateway.functions().register(FunctionDefinition.weighted("good", Map.of("v1", 1)));
        gateway.functions().register(FunctionDefinition.weighted("inner", Map.of("broken", 1)));
        gateway.functions().register(FunctionDefinition.weighted("outer", Map.of("inner", 1)));
        gateway.subscribe("good", "good");
        gateway.subscribe("bad", "outer");

        assertThat(gateway.invoke("good", 1).calledFunctionId()).isEqualTo("v1");
        DeliveryResult good = gateway.emit("good", 1)
                .await(Duration.ofSeconds(10))
                .deliveries()
                .get(0);
        assertThat(good.functionId()).isEqualTo("good");
        assertThat(good.calledFunctionId()).isEqualTo("v1");
        DeliveryResult bad = gateway.emit("bad", 1)
                .await(Duration.ofSeconds(10))
                .deliveries()
                .get(0);
        assertThat(bad.calledFunctionId()).isEqualTo("broken");
        assertThat(gateway.deadLetters().list()).singleElement().satisfies(dead -> {
            assertThat(dead.functionId()).isEqualTo("outer");
            assertThat(dead.attempts())
                    .extracting(DeliveryAttempt::calledFunctionId)
                    .containsExactly("broken");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0", "1.00", "1e0", "10e-1"})
    void numbersThatAreEqualStayTogether(String written) {
        StickyKey key = new StickyKey("data.user");

        assertThat(key.of(Event.of(
                        "a", tools.jackson.databind.json.JsonMapper.shared().readTree("{\"user\":" + written + "}"))))
                .isEqualTo(key.of(Event.of("a", Map.of("user", 1))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"data.", "data", "data..a", "data.a.", "$.data.", "$.", "specversion", "Subject", "user.id", ""})
    void refusesAStickyPathThatNoEventCanHave(String path) {
        FunctionDefinition group =
                FunctionDefinition.weighted("group", Map.of("v1", 1)).with("sticky", path);

        assertThatThrownBy(() -> gateway.functions().register(group))
                .isInstanceOf(InvalidFunctionException.class)
                .hasMessageContaining("'sticky' must be an attribute, an extension, or a path");
    }

    @Test
    void namesAWeightThatIsTooLargeWithItsRange() {
        FunctionDefinition group =
                FunctionDefinition.of("group", "weighted", Map.of("weights", Map.of("v1", 9_999_999_999L)));

        assertThatThrownBy(() -> gateway.functions().register(group))
                .isInstanceOf(InvalidFunctionException.class)
                .hasMessageContaining("'weights.v1' must be an integer from 0 to 2147483647, was 9999999999");
    }

    @ParameterizedTest(name = "callable here: {0}")
    @CsvSource({"v1 v2, true", "v1, false", "v2, false", "v2 v3, false"})
    void isCallableWhereAllFunctionsAreThatItCanChoose(String callable, boolean expected) {
        WeightedConfiguration configuration = new WeightedConfiguration(Map.of("v1", 95, "v2", 5, "v3", 0), null);
        InvokerContext context = (InvokerContext) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {InvokerContext.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "configuration" -> configuration;
                    case "isCallable" -> List.of(callable.split(" ")).contains(arguments[0]);
                    default -> throw new UnsupportedOperationException(method.getName());
                });

        Invoker group =
                new WeightedInvokerProvider().create(FunctionDefinition.weighted("group", Map.of("v1", 1)), context);

        assertThat(group.isCallable()).isEqualTo(expected);
    }
}
