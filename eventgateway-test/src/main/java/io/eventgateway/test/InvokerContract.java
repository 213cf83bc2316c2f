package io.eventgateway.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationResult;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.DeliveryResult;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.error.InvalidFunctionException;
import io.eventgateway.spi.Invocation;
import io.eventgateway.spi.InvocationInterceptor;
import io.eventgateway.spi.InvokerProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * What the Javadoc of {@link InvokerProvider}, {@link io.eventgateway.spi.Invoker} and {@link Invocation} says of every type of function,
 * seen through a gateway. An implementor extends it.
 */
public abstract class InvokerContract {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final int MAX_PAYLOAD = 100_000;

    @SuppressWarnings("NullAway.Init") // before each test
    private ObservedProvider observed;

    @SuppressWarnings("NullAway.Init") // before each test
    private EventGateway gateway;

    private volatile @Nullable Object replacement;

    /** Creates the test. */
    protected InvokerContract() {}

    /** The provider, a new one at each call. */
    protected abstract InvokerProvider provider();

    /** A function of that id that succeeds, and answers the event's data, or a receipt in which {@link #received} finds them. */
    protected abstract FunctionDefinition echo(String functionId);

    /** A function of that id whose code fails, or which refuses the event; {@link #failingKind} says which. */
    protected abstract FunctionDefinition failing(String functionId);

    /** A function of that id that can't be reached, or takes more than two seconds to answer. */
    protected abstract FunctionDefinition hanging(String functionId);

    /**
     * Returns a function of that id that, of a batch, fails for the events alone whose data has {@code "refused": true}; null unless
     * overridden, for a type whose functions take a batch as a whole, or answer failures by the ids of events.
     */
    protected @Nullable FunctionDefinition failingInPart(String functionId) {
        return null;
    }

    /** A definition that the provider must refuse. */
    protected abstract FunctionDefinition invalid(String functionId);

    /** Registers what the functions of the type need in the gateway: those that they call. Nothing unless overridden. */
    protected void prepare(EventGateway gateway) {}

    /**
     * Returns whether the functions of the type get what {@link Invocation#payload} gives; true unless overridden, for a type that hands
     * the event to other functions.
     */
    protected boolean sendsPayload() {
        return true;
    }

    /**
     * Returns whether a call holds no thread while it waits for an answer, as it should; true unless overridden, for a type whose library
     * can only block.
     */
    protected boolean waitsWithoutThread() {
        return true;
    }

    /**
     * Returns the data of the event that the function {@code echo} got; a missing node for none. The result itself unless overridden, for a
     * type that hands the event over and answers a receipt, such as the id of a message: what was received under it.
     */
    protected JsonNode received(InvocationResult result) {
        return result.isEmpty() ? MissingNode.getInstance() : result.asJson();
    }

    /**
     * Returns the kind of the failure that a call of the function {@code failing} ends with; {@code FUNCTION_ERROR} unless overridden, for a
     * type that runs no code, such as a queue, whose service refuses what it is given.
     */
    protected InvocationException.Kind failingKind() {
        return InvocationException.Kind.FUNCTION_ERROR;
    }

    @BeforeEach
    final void open() {
        observed = new ObservedProvider(provider());
        gateway = EventGateway.builder()
                .invoker(observed)
                .discoverInvokers(false)
                .maxPayloadSize(MAX_PAYLOAD)
                .invocationInterceptor(this::replacing)
                .defaultDelivery(DeliveryPolicy.builder().timeout(LONG).build())
                .build();
        prepare(gateway);
    }

    @AfterEach
    final void close() {
        gateway.close();
    }

    private CompletionStage<InvocationResult> replacing(Invocation invocation, InvocationInterceptor.Chain chain) {
        Object data = replacement;
        return chain.proceed(
                data == null
                        ? invocation
                        : invocation.withEvent(
                                invocation.event().toBuilder().data(data).build()));
    }

    private void subscribe(FunctionDefinition function, DeliveryPolicy policy) {
        gateway.functions().register(function);
        gateway.subscriptions()
                .create(Subscription.to("contract")
                        .function(function.functionId())
                        .delivery(policy)
                        .build());
    }

    private static DeliveryPolicy once(Duration timeout) {
        return DeliveryPolicy.builder().atMostOnce().timeout(timeout).build();
    }

    private DeliveryResult deliver(FunctionDefinition function, Duration timeout) {
        subscribe(function, once(timeout));
        return emit(Map.of("answer", 42));
    }

    private DeliveryResult emit(@Nullable Object data) {
        return resultOf(gateway.emit("contract", data));
    }

    private static DeliveryResult resultOf(Emission emission) {
        List<DeliveryResult> results = emission.completion()
                .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .join()
                .deliveries();
        assertThat(results).hasSize(1);
        return results.get(0);
    }

    private void assertAnswered(DeliveryResult result, int answer) {
        assertThat(result.failure()).isNull();
        assertThat(result.result()).isNotNull().satisfies(value -> assertAnswered(value, answer));
    }

    private void assertAnswered(InvocationResult result, int answer) {
        assertThat(received(result).path("answer").asString()).isEqualTo(String.valueOf(answer));
    }

    // ------------------------------------------------------------------------------------------------ the provider

    @Test
    final void servesOneTypeThatIsConstant() {
        assertThat(observed.type()).isNotBlank().isEqualTo(observed.type());
        assertThat(provider().type()).isEqualTo(observed.type());
        assertThat(List.of(echo("echo"), failing("failing"), hanging("hanging"), invalid("invalid")))
                .extracting(FunctionDefinition::type)
                .containsOnly(observed.type());
    }

    @Test
    final void refusesADefinitionThatIsNotValid() {
        int before = gateway.functions().list().size();
        FunctionDefinition invalid = invalid("invalid");

        assertThatThrownBy(() -> gateway.functions().register(invalid))
                .isInstanceOf(InvalidFunctionException.class)
                .hasMessageContaining("'invalid'")
                .satisfies(refusal -> assertThat(invalid.configuration().keySet())
                        .as("one of the entries that '%s' names", refusal.getMessage())
                        .anyMatch(entry -> String.valueOf(refusal.getMessage()).contains(entry)));
        assertThat(gateway.functions().list()).hasSize(before);
    }

    @Test
    final void refusesAnEntryThatItDoesNotKnow() {
        FunctionDefinition function = echo("echo").with("nosuchentry", 1);

        assertThatThrownBy(() -> gateway.functions().register(function))
                .isInstanceOf(InvalidFunctionException.class)
                .hasMessageContaining("'echo'")
                .hasMessageContaining("'nosuchentry'");
    }

    @Test
    final void namesTheFunctionsThatItCalls() {
        for (FunctionDefinition function : List.of(echo("echo"), failing("failing"))) {
            assertThat(observed.references(function)).doesNotContain(function.functionId());
            subscribe(function, once(LONG));
        }

        gateway.emit("contract", Map.of("answer", 42))
                .completion()
                .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .join();

        observed.invokers().forEach(invoker -> assertThat(observed.references(invoker.function()))
                .containsAll(invoker.called()));
    }

    // ------------------------------------------------------------------------------------------------- what it calls

    @Test
    final void answersWhatTheFunctionAnswers() {
        assertAnswered(deliver(echo("echo"), LONG), 42);
    }

    @Test
    final void answersACallWithoutASubscription() {
        gateway.functions().register(echo("echo"));

        assertAnswered(gateway.invoke("echo", Map.of("answer", 42)), 42);
    }

    @Test
    final void handsOverAnEventWithoutData() {
        subscribe(echo("echo"), once(LONG));

        DeliveryResult result = emit(null);

        assertThat(result.failure()).isNull();
        assertThat(result.result()).isNotNull().satisfies(answer -> assertThat(
                        received(answer).isMissingNode())
                .isTrue());
    }

    @Test
    final void handsOverTheEventThatAnInterceptorPutInPlace() {
        subscribe(echo("echo"), once(LONG));
        replacement = Map.of("answer", 43);

        assertAnswered(emit(Map.of("answer", 42)), 43);
    }

    @Test
    final void callsManyFunctionsAtATime() {
        int functions = 8;
        List<String> ids =
                IntStream.range(0, functions).mapToObj(i -> "echo" + i).toList();
        ids.parallelStream().forEach(id -> gateway.functions().register(echo(id)));
        for (String id : ids) {
            gateway.subscriptions()
                    .create(Subscription.to("contract." + id)
                            .function(id)
                            .delivery(once(LONG))
                            .build());
        }

        List<Emission> emissions = IntStream.range(0, functions * 8)
                .parallel()
                .mapToObj(i -> gateway.emit("contract.echo" + i % functions, Map.of("answer", i)))
                .toList();

        for (int i = 0; i < emissions.size(); i++) {
            assertAnswered(resultOf(emissions.get(i)), i);
        }
    }

    @Test
    final void leavesThePayloadAsItIs() {
        subscribe(echo("echo"), once(LONG));
        subscribe(echo("other"), once(LONG));
        Event event = Event.builder("contract").data(Map.of("answer", 42)).build();

        gateway.emit(event)
                .completion()
                .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .join();

        assertThat(observed.calls()).hasSize(2).allMatch(ObservedProvider.ObservedCall::leftPayload);
    }

    @Test
    final void sendsNoPayloadThatIsTooLarge() {
        subscribe(
                echo("echo"),
                DeliveryPolicy.builder().maxAttempts(5).timeout(LONG).build());

        DeliveryResult result = emit(Map.of("large", "x".repeat(MAX_PAYLOAD)));

        if (sendsPayload()) {
            assertThat(result.attempts()).isEqualTo(1);
            assertThat(result.failure()).isInstanceOfSatisfying(InvocationException.class, failure -> {
                assertThat(failure.kind()).isEqualTo(InvocationException.Kind.CALL_FAILED);
                assertThat(failure.retryable()).isFalse();
            });
        } else {
            assertThat(result.failure()).isNull();
        }
    }

    // -------------------------------------------------------------------------------------------------- batches

    @Test
    final void handsOverABatchInOneCall() {
        subscribe(echo("echo"), inBatches());

        List<Emission> emissions = gateway.emitAll(List.of(Event.of("contract", 1), Event.of("contract", 2)));

        assertThat(emissions)
                .allSatisfy(each -> assertThat(resultOf(each).status()).isEqualTo(DeliveryStatus.DELIVERED));
        assertThat(observed.calls()).singleElement().satisfies(call -> {
            assertThat(call.invocation().isBatch()).isTrue();
            assertThat(call.invocation().events()).hasSize(2);
        });
    }

    @Test
    final void handsOverABatchWithoutTheEventThatCanNotBeSent() {
        subscribe(echo("echo"), inBatches());
        Event unsendable =
                Event.builder("contract").data("image/png", new Object()).build();

        List<Emission> emissions = gateway.emitAll(List.of(Event.of("contract", 1), unsendable));

        assertThat(resultOf(emissions.get(0)).status()).isEqualTo(DeliveryStatus.DELIVERED);
        assertThat(resultOf(emissions.get(1)).status())
                .isEqualTo(sendsPayload() ? DeliveryStatus.DEAD_LETTERED : DeliveryStatus.DELIVERED);
    }

    @Test
    final void tellsTheEventsOfABatchApartThatHaveOneId() {
        FunctionDefinition function = failingInPart("in-part");
        if (function == null) {
            return;
        }
        subscribe(function, inBatches());

        List<Emission> emissions = gateway.emitAll(List.of(
                Event.builder("contract")
                        .id("1")
                        .source("/refused")
                        .data(Map.of("refused", true))
                        .build(),
                Event.builder("contract")
                        .id("1")
                        .source("/taken")
                        .data(Map.of("refused", false))
                        .build()));

        assertThat(emissions.stream().map(each -> resultOf(each).status()))
                .as("an id is unique for its source only")
                .containsExactly(DeliveryStatus.DEAD_LETTERED, DeliveryStatus.DELIVERED);
    }

    private static DeliveryPolicy inBatches() {
        return DeliveryPolicy.builder()
                .maxAttempts(1)
                .timeout(LONG)
                .batching(2, Duration.ofSeconds(5))
                .build();
    }

    // ----------------------------------------------------------------------------------------------- how a call ends

    @Test
    final void saysThatTheFunctionFailed() {
        DeliveryResult result = deliver(failing("failing"), LONG);

        assertThat(result.status()).isEqualTo(DeliveryStatus.DEAD_LETTERED);
        assertThat(result.failure()).isInstanceOfSatisfying(InvocationException.class, failure -> {
            assertThat(failure.kind()).isEqualTo(failingKind());
            String called = failure.calledFunctionId();
            assertThat(failure).hasMessageContaining("'" + (called == null ? "failing" : called) + "'");
        });
    }

    @Test
    final void endsItsStageWithAnInvocationExceptionWhenTheFunctionFails() {
        DeliveryResult unused = deliver(failing("failing"), LONG);

        assertThat(observed.calls()).singleElement().satisfies(call -> assertThat(failureOf(call.stage()))
                .isInstanceOf(InvocationException.class));
    }

    private static @Nullable Throwable failureOf(CompletionStage<InvocationResult> stage) {
        List<Throwable> seen = new ArrayList<>();
        CompletionStage<InvocationResult> unused = stage.whenComplete((result, failure) -> {
            if (failure != null) {
                seen.add(failure);
            }
        });
        Throwable failure = seen.isEmpty() ? null : seen.get(0);
        return failure instanceof CompletionException ? failure.getCause() : failure;
    }

    @Test
    final void holdsNoThreadWhileItWaitsForAnAnswer() {
        DeliveryResult warm =
                deliver(echo("echo"), LONG); // what is loaded for the first call is not the invoker's waiting
        assertThat(warm.failure()).isNull();
        gateway.subscriptions().delete(warm.subscriptionId());

        DeliveryResult unused = deliver(hanging("hanging"), Duration.ofMillis(600));

        Duration held = observed.calls().get(observed.calls().size() - 1).held();
        assertThat(held.compareTo(Duration.ofMillis(300)) < 0)
                .as("a call that waits for 600 ms held its thread for %s", held)
                .isEqualTo(waitsWithoutThread());
    }

    @Test
    final void endsInTime() {
        DeliveryResult result = deliver(hanging("hanging"), Duration.ofMillis(100));

        assertThat(result.failure())
                .isInstanceOfSatisfying(InvocationException.class, failure -> assertThat(failure.retryable())
                        .isTrue());
        assertThat(gateway.awaitIdle(PATIENCE)).isTrue();
    }

    @Test
    final void givesUpTheCallWhoseTimeIsOver() {
        DeliveryResult unused = deliver(hanging("hanging"), Duration.ofMillis(100));

        assertThat(observed.calls()).singleElement().satisfies(call -> assertThat(
                        call.stage().toCompletableFuture())
                .isDone());
    }

    @Test
    final void isClosedWithItsFunctionAndLeavesOtherFunctionsOfItsType() {
        gateway.functions().register(echo("one"));
        gateway.functions().register(echo("other"));
        InvocationResult unused = gateway.invoke("one", Map.of("answer", 1));

        gateway.functions().delete("one");

        observed.invoker("one").awaitClosed(PATIENCE); // when the last call has given it back
        assertThat(observed.invoker("one").closed()).isEqualTo(1);
        assertThat(observed.invoker("other").closed()).isZero();
        assertAnswered(gateway.invoke("other", Map.of("answer", 42)), 42);
    }
}
