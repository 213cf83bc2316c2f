package io.eventgateway;

import static io.eventgateway.Outcomes.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.error.FunctionAlreadyExistsException;
import io.eventgateway.error.FunctionInUseException;
import io.eventgateway.error.FunctionNotFoundException;
import io.eventgateway.error.GatewayClosedException;
import io.eventgateway.error.InvalidFunctionException;
import io.eventgateway.error.UnknownFunctionTypeException;
import io.eventgateway.spi.Invoker;
import io.eventgateway.spi.InvokerContext;
import io.eventgateway.spi.InvokerProvider;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

class FunctionsTest {
    private final FakeInvokers.Provider provider = new FakeInvokers.Provider(
            "fake", invocation -> CompletableFuture.completedFuture(InvocationResult.of(invocation.functionId())));
    private final EventGateway gateway = Outcomes.oneAttempt().invoker(provider).build();

    @AfterEach
    void close() {
        gateway.close();
    }

    private static FunctionDefinition fake(String id) {
        return FunctionDefinition.of(id, "fake", Map.of());
    }

    @Test
    void registersListsAndDeletes() {
        FunctionDefinition java = gateway.functions().register("b", (event, context) -> null);
        FunctionDefinition fake = gateway.functions().register(fake("a").withMetadata(Map.of("team", "red")));

        assertThat(java.type()).isEqualTo("java");
        assertThat(gateway.functions().list()).containsExactly(fake, java);
        assertThat(gateway.functions().list(Map.of("team", "red"))).containsExactly(fake);
        assertThat(gateway.functions().get("a")).contains(fake);

        gateway.functions().delete("a");
        assertThat(gateway.functions().get("a")).isEmpty();
        assertThatThrownBy(() -> gateway.functions().delete("a"))
                .isInstanceOf(FunctionNotFoundException.class)
                .hasMessageContaining("'a'");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "a b", "a/b", "ä", "a:b"})
    void refusesIdsThatAreNotNames(String id) {
        assertThatThrownBy(() -> gateway.functions().register(id, (event, context) -> null))
                .isInstanceOf(InvalidFunctionException.class)
                .hasMessageContaining("functionId")
                .hasMessageContaining(id == null ? "null" : "'" + id + "'");
        assertThat(gateway.functions().list()).isEmpty();
    }

    @Test
    void saysAgainWhatIsNewWhatDiffersAndWhatIsTheSame() {
        FunctionDefinition first = fake("f").with("token", "s3cret");

        assertThat(gateway.functions().registerOrUpdate(first).change()).isEqualTo(Registered.Change.CREATED);
        assertThat(gateway.functions().registerOrUpdate(first).change()).isEqualTo(Registered.Change.UNCHANGED);
        Registered<FunctionDefinition> updated = gateway.functions().registerOrUpdate(first.with("token", "0ther"));

        assertThat(updated.change()).isEqualTo(Registered.Change.UPDATED);
        assertThat(updated.differences()).containsExactly("configuration entry 'token' changed");
        Awaitility.await().until(() -> provider.made.get(0).closed);
        assertThatThrownBy(() -> gateway.functions().register(first))
                .isInstanceOf(FunctionAlreadyExistsException.class)
                .hasMessageContaining("configuration entry 'token' changed")
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void aHandlerThatIsSaidAgainReplacesTheOneBefore() {
        gateway.functions().registerOrUpdate("f", (event, context) -> 1);

        assertThat(gateway.functions()
                        .registerOrUpdate("f", (event, context) -> 2)
                        .change())
                .isEqualTo(Registered.Change.UNCHANGED);
        assertThat(gateway.invoke("f", null).valueAs(Integer.class)).isEqualTo(2);
    }

    @Test
    void refusesAnIdThatIsTaken() {
        gateway.functions().register("f", (event, context) -> 1);

        assertThatThrownBy(() -> gateway.functions().register("f", (event, context) -> 2))
                .isInstanceOf(FunctionAlreadyExistsException.class)
                .hasMessageContaining("'f'");
        assertThatThrownBy(() -> gateway.functions().register(fake("f")))
                .isInstanceOf(FunctionAlreadyExistsException.class);
        assertThat(gateway.invoke("f", null).valueAs(Integer.class)).isEqualTo(1);
    }

    @Test
    void refusesATypeThatNobodyServes() {
        assertThatThrownBy(() -> gateway.functions().register(FunctionDefinition.of("f", "grpc", Map.of())))
                .isInstanceOf(UnknownFunctionTypeException.class)
                .hasMessageContaining("'grpc'")
                .hasMessageContaining("fake")
                .hasMessageContaining("java");
        assertThatThrownBy(() -> gateway.functions().register(FunctionDefinition.of("f", "java", Map.of())))
                .isInstanceOf(InvalidFunctionException.class)
                .hasMessageContaining("handler");
        assertThat(gateway.functions().list()).isEmpty();
    }

    @Test
    void registersNothingThatItsInvokerRefuses() {
        assertThatThrownBy(
                        () -> gateway.functions().register(FunctionDefinition.of("f", "fake", Map.of("broken", true))))
                .isInstanceOf(InvalidFunctionException.class)
                .hasMessage("broken must not be set");
        assertThat(gateway.functions().get("f")).isEmpty();
    }

    @Test
    void anUpdateThatIsRefusedChangesNothing() {
        gateway.functions().register(fake("f"));

        assertThatThrownBy(() -> gateway.functions().update(FunctionDefinition.of("f", "fake", Map.of("broken", true))))
                .isInstanceOf(InvalidFunctionException.class);
        assertThat(gateway.invoke("f", null).valueAs(String.class)).isEqualTo("f");
        assertThat(provider.made).singleElement().satisfies(invoker -> assertThat(invoker.closed)
                .isFalse());
    }

    @Test
    void aFunctionInUseCannotBeDeleted() {
        gateway.functions().register("f", (event, context) -> null);
        gateway.functions().register(FunctionDefinition.of("group", "fake", Map.of("calls", "f")));
        Subscription subscription = gateway.subscribe("a", "f");

        assertThatThrownBy(() -> gateway.functions().delete("f"))
                .isInstanceOf(FunctionInUseException.class)
                .hasMessageContaining("'" + subscription.id() + "'")
                .hasMessageContaining("1 more");
        gateway.subscriptions().delete(subscription.id());
        assertThatThrownBy(() -> gateway.functions().delete("f")).hasMessageContaining("function 'group'");
        gateway.functions().delete("group");
        gateway.functions().delete("f");
        assertThat(gateway.functions().list()).isEmpty();
    }

    @Test
    void functionsThatCallEachOtherInACircleAreRefused() {
        gateway.functions().register(fake("leaf"));
        gateway.functions().register(FunctionDefinition.of("b", "fake", Map.of("calls", "leaf")));
        gateway.functions().register(FunctionDefinition.of("a", "fake", Map.of("calls", "b")));

        assertThatThrownBy(() -> gateway.functions().update(FunctionDefinition.of("b", "fake", Map.of("calls", "a"))))
                .isInstanceOf(InvalidFunctionException.class)
                .hasMessageContaining("leads back");
        assertThatThrownBy(() -> gateway.functions().register(FunctionDefinition.of("c", "fake", Map.of("calls", "c"))))
                .hasMessageContaining("leads back");
        assertThatThrownBy(
                        () -> gateway.functions().register(FunctionDefinition.of("c", "fake", Map.of("calls", "gone"))))
                .hasMessageContaining("'gone'");
        assertThat(gateway.functions().get("b").orElseThrow().configuration()).containsEntry("calls", "leaf");
    }

    @Test
    void updatingAHandlerKeepsTheMetadataAndSwapsTheCode() {
        gateway.functions().register(fake("f").withMetadata(Map.of("team", "red")));
        gateway.functions().update("f", (event, context) -> "new");

        assertThat(gateway.invoke("f", null).valueAs(String.class)).isEqualTo("new");
        assertThat(gateway.functions().get("f").orElseThrow().metadata()).containsEntry("team", "red");
        Awaitility.await().until(() -> provider.made.get(0).closed);
        assertThatThrownBy(() -> gateway.functions().update("gone", (event, context) -> null))
                .isInstanceOf(FunctionNotFoundException.class);
    }

    @Test
    void closesAnInvokerThatWasReplacedAfterItsLastCall() {
        CompletableFuture<InvocationResult> answer = new CompletableFuture<>();
        CountDownLatch called = new CountDownLatch(1);
        FakeInvokers.Provider slow = new FakeInvokers.Provider("slow", invocation -> {
            called.countDown();
            return answer;
        });
        try (EventGateway own = Outcomes.oneAttempt().invoker(slow).build()) {
            own.functions().register(FunctionDefinition.of("f", "slow", Map.of()));
            CompletableFuture<InvocationResult> call = own.invokeAsync("f", Event.of("a", null));
            Outcomes.await(called);

            own.functions().update("f", (event, context) -> "new");
            assertThat(own.invoke("f", null).valueAs(String.class)).isEqualTo("new");
            assertThat(slow.made.get(0).closed).isFalse();

            answer.complete(InvocationResult.of("old"));
            assertThat(get(call).valueAs(String.class)).isEqualTo("old");
            Awaitility.await().until(() -> slow.made.get(0).closed);
        }
    }

    @Test
    void noCallIsLostOrFailsWhileAFunctionIsUpdatedAllTheTime() throws Exception {
        gateway.functions().register(fake("f"));
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService callers = Executors.newFixedThreadPool(3);
        try {
            List<Future<Integer>> counts = Arrays.asList(
                    callers.submit(() -> callUntil(done)),
                    callers.submit(() -> callUntil(done)),
                    callers.submit(() -> callUntil(done)));
            for (int i = 0; i < 2_000; i++) {
                gateway.functions().update(fake("f").with("round", i));
            }
            done.set(true);
            for (Future<Integer> count : counts) {
                assertThat(count.get()).isPositive();
            }
        } finally {
            callers.shutdownNow();
        }
        Awaitility.await()
                .until(() -> provider.made.stream()
                                .filter(invoker -> !invoker.closed)
                                .count()
                        == 1);
    }

    private int callUntil(AtomicBoolean done) {
        int calls = 0;
        do {
            assertThat(gateway.invoke("f", null).valueAs(String.class)).isEqualTo("f");
            calls++;
        } while (!done.get());
        return calls;
    }

    @Test
    void closesInvokersWithTheGateway() {
        gateway.functions().register(fake("f"));
        gateway.close();

        assertThat(provider.made.get(0).closed).isTrue();
        assertThatThrownBy(() -> gateway.functions().register(fake("g"))).isInstanceOf(GatewayClosedException.class);
    }

    @Test
    void aProviderThatLacksALibraryHurtsOnlyItsOwnFunctions() {
        FakeInvokers.Provider broken = new FakeInvokers.Provider("broken", invocation -> null) {
            @Override
            public io.eventgateway.spi.Invoker create(
                    FunctionDefinition function, io.eventgateway.spi.InvokerContext context) {
                throw new NoClassDefFoundError("com/example/Client");
            }
        };
        try (EventGateway own =
                Outcomes.oneAttempt().invoker(broken).invoker(provider).build()) {
            assertThatThrownBy(() -> own.functions().register(FunctionDefinition.of("f", "broken", Map.of())))
                    .isInstanceOf(InvalidFunctionException.class)
                    .hasMessageContaining("lacks a library")
                    .hasMessageContaining("com/example/Client");
            own.functions().register(fake("g"));
            assertThat(own.invoke("g", null).valueAs(String.class)).isEqualTo("g");
        }
    }

    @Test
    void refusesTwoProvidersOfOneTypeAndOneForJava() {
        assertThatThrownBy(() -> Outcomes.oneAttempt()
                        .invoker(provider)
                        .invoker(provider)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'fake'");
        assertThatThrownBy(() -> Outcomes.oneAttempt()
                        .invoker(new FakeInvokers.Provider("java", invocation -> null))
                        .build())
                .hasMessageContaining("'java'");
    }

    @Test
    void secretsOfAProviderConfigurationAreNotInItsText() {
        FunctionDefinition function =
                FunctionDefinition.of("f", "http", Map.of("headers", Map.of("Authorization", "s3cret")));

        assertThat(function.toString()).doesNotContain("s3cret").contains("headers");
        assertThat(FunctionDefinition.fromJson(function.toJson())).isEqualTo(function);
    }

    /** A provider's configuration. */
    record Settings(
            @Nullable Speed speed,
            @Nullable Duration callTimeout,
            @Nullable Integer weight,
            @Nullable URI url,
            @Nullable Boolean verbose,
            @Nullable Double ratio,
            @Nullable String name,
            @Nullable Map<String, Long> limits) {}

    enum Speed {
        slow,
        fast
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
                    speed       | s3cret | 'speed' must be slow or fast
                    callTimeout | s3cret | 'callTimeout' must be a duration such as PT5S (ISO 8601)
                    weight      | s3cret | 'weight' must be an integer
                    url         | s3 ret | 'url' must be of kind uri
                    """)
    void anEntryOfTheWrongKindIsRefusedWithWhatIsAccepted(String entry, String value, String message) {
        InvokerProvider provider = new FakeInvokers.Provider("set", invocation -> null) {
            @Override
            public Invoker create(FunctionDefinition function, InvokerContext context) {
                context.configuration(function, Settings.class);
                return super.create(function, context);
            }
        };
        try (EventGateway own = EventGateway.builder().invoker(provider).build()) {
            assertThatThrownBy(() -> own.functions().register(FunctionDefinition.of("f", "set", Map.of(entry, value))))
                    .isInstanceOf(InvalidFunctionException.class)
                    .hasMessageContaining(message)
                    .message()
                    .doesNotContain(value);
        }
    }

    /** A gateway whose mapper, which is the application's, takes values for what they are not. */
    private static EventGateway.Builder lenient() {
        return EventGateway.builder()
                .jsonMapper(JsonMapper.builder()
                        .withCoercionConfig(
                                LogicalType.Boolean,
                                config -> config.setCoercion(CoercionInputShape.String, CoercionAction.TryConvert))
                        .build());
    }

    static Stream<Arguments> valuesThatAreNotWhatTheyAreWrittenAs() {
        return Stream.of(
                Arguments.of("weight", "5", "'weight' must be an integer, was a string"),
                Arguments.of("weight", "", "'weight' must be an integer"),
                Arguments.of("weight", true, "'weight' must be an integer"),
                Arguments.of("weight", 1.5, "'weight' must be an integer"),
                Arguments.of(
                        "weight",
                        5_000_000_000L,
                        "'weight' must be an integer from -2147483648 to 2147483647, was 5000000000"),
                Arguments.of(
                        "limits",
                        Map.of("day", BigInteger.TEN.pow(30)),
                        "'limits.day' must be an integer from -9223372036854775808 to 9223372036854775807, was 1000000000"),
                Arguments.of("limits", Map.of("day", "5"), "'limits.day' must be an integer"),
                Arguments.of("verbose", "true", "'verbose' must be true or false"),
                Arguments.of("verbose", "", "'verbose' must be true or false"),
                Arguments.of("verbose", 1, "'verbose' must be true or false, was a number"),
                Arguments.of("verbose", 0, "'verbose' must be true or false"),
                Arguments.of("speed", 1, "'speed' must be slow or fast"),
                Arguments.of("speed", "1", "'speed' must be slow or fast"),
                Arguments.of("speed", "", "'speed' must be slow or fast"),
                Arguments.of("ratio", "0.5", "'ratio' must be a number"),
                Arguments.of("ratio", true, "'ratio' must be a number"),
                Arguments.of("name", 5, "'name' must be a string"),
                Arguments.of("name", false, "'name' must be a string, was false"));
    }

    @ParameterizedTest
    @MethodSource("valuesThatAreNotWhatTheyAreWrittenAs")
    void aValueOfAConfigurationIsTakenForWhatItIsWrittenAs(String entry, Object value, String message) {
        InvokerProvider settings = new FakeInvokers.Provider("set", invocation -> null) {
            @Override
            public Invoker create(FunctionDefinition function, InvokerContext context) {
                context.configuration(function, Settings.class);
                return super.create(function, context);
            }
        };
        for (EventGateway.Builder builder : List.of(EventGateway.builder(), lenient())) {
            try (EventGateway own = builder.invoker(settings).build()) {
                FunctionDefinition function = FunctionDefinition.of("f", "set", Map.of(entry, value));

                assertThatThrownBy(() -> own.functions().register(function))
                        .isInstanceOf(InvalidFunctionException.class)
                        .hasMessageContaining("function 'f' (type set): " + message);
            }
        }
    }

    @Test
    void aWholeNumberIsANumberToo() {
        AtomicReference<Settings> read = new AtomicReference<>();
        InvokerProvider settings = new FakeInvokers.Provider("set", invocation -> null) {
            @Override
            public Invoker create(FunctionDefinition function, InvokerContext context) {
                read.set(context.configuration(function, Settings.class));
                return super.create(function, context);
            }
        };
        try (EventGateway own = EventGateway.builder().invoker(settings).build()) {
            own.functions()
                    .register(FunctionDefinition.of(
                            "f", "set", Map.of("ratio", 2, "limits", Map.of("day", 5), "speed", "fast", "name", "")));
        }

        assertThat(read.get()).isEqualTo(new Settings(Speed.fast, null, null, null, null, 2.0, "", Map.of("day", 5L)));
    }

    @Test
    void numbersInAConfigurationAreAsTheyComeBackFromJson() {
        Map<String, Object> numbers = Map.of(
                "long",
                1_000L,
                "short",
                (short) 7,
                "big",
                BigInteger.TEN,
                "huge",
                BigInteger.TWO.pow(70),
                "large",
                1L << 40,
                "float",
                1.1f,
                "decimal",
                new BigDecimal("0.5"),
                "whole",
                new BigDecimal("5"),
                "double",
                2.0,
                "nested",
                List.of(Map.of("n", 3L)));
        FunctionDefinition function = FunctionDefinition.of("f", "fake", numbers);

        assertThat(FunctionDefinition.fromJson(function.toJson())).isEqualTo(function);
        assertThat(function.configuration())
                .containsEntry("long", 1_000)
                .containsEntry("large", 1L << 40)
                .containsEntry("float", 1.1)
                .containsEntry("whole", 5)
                .containsEntry("double", 2.0);
    }
}
