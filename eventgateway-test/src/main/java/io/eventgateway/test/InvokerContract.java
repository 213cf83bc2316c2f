package io.eventgateway.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.EventGateway;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationResult;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.DeliveryResult;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.error.InvalidFunctionException;
import io.eventgateway.spi.InvokerProvider;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the invokers of every {@link InvokerProvider} do, seen through a gateway. An implementor extends it. */
public abstract class InvokerContract {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @SuppressWarnings("NullAway.Init") // before each test
    private EventGateway gateway;

    /** Creates the test. */
    protected InvokerContract() {}

    /** The provider. */
    protected abstract InvokerProvider provider();

    /** A function of that id that succeeds, and answers the event's data. */
    protected abstract FunctionDefinition echo(String functionId);

    /** A function of that id whose code fails. */
    protected abstract FunctionDefinition failing(String functionId);

    /** A function of that id that can't be reached, or takes more than a second to answer. */
    protected abstract FunctionDefinition hanging(String functionId);

    /** A definition that the provider must refuse. */
    protected abstract FunctionDefinition invalid(String functionId);

    @BeforeEach
    final void open() {
        gateway = EventGateway.builder()
                .invoker(provider())
                .discoverInvokers(false)
                .defaultDelivery(
                        DeliveryPolicy.builder().timeout(Duration.ofSeconds(10)).build())
                .build();
    }

    @AfterEach
    final void close() {
        gateway.close();
    }

    private DeliveryResult deliver(FunctionDefinition function, Duration timeout) {
        gateway.functions().register(function);
        gateway.subscriptions()
                .create(Subscription.to("contract")
                        .function(function.functionId())
                        .delivery(DeliveryPolicy.builder()
                                .atMostOnce()
                                .timeout(timeout)
                                .build())
                        .build());
        List<DeliveryResult> results = gateway.emit("contract", Map.of("answer", 42))
                .completion()
                .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .join()
                .deliveries();
        assertThat(results).hasSize(1);
        return results.get(0);
    }

    @Test
    final void answersWhatTheFunctionAnswers() {
        DeliveryResult result = deliver(echo("echo"), Duration.ofSeconds(10));

        assertThat(result.failure()).isNull();
        InvocationResult answer = result.result();
        assertThat(answer == null ? null : answer.asJson().path("answer").asString())
                .isEqualTo("42");
    }

    @Test
    final void saysThatTheFunctionFailed() {
        DeliveryResult result = deliver(failing("failing"), Duration.ofSeconds(10));

        assertThat(result.status()).isEqualTo(DeliveryStatus.DEAD_LETTERED);
        assertThat(result.failure()).isInstanceOfSatisfying(InvocationException.class, failure -> {
            assertThat(failure.kind()).isEqualTo(InvocationException.Kind.FUNCTION_ERROR);
            assertThat(failure).hasMessageContaining("'failing'");
        });
    }

    @Test
    final void endsInTime() {
        DeliveryResult result = deliver(hanging("hanging"), Duration.ofMillis(200));

        assertThat(result.failure())
                .isInstanceOfSatisfying(InvocationException.class, failure -> assertThat(failure.retryable())
                        .isTrue());
        assertThat(gateway.awaitIdle(PATIENCE)).isTrue();
    }

    @Test
    final void refusesADefinitionThatIsNotValid() {
        assertThatThrownBy(() -> gateway.functions().register(invalid("invalid")))
                .isInstanceOf(InvalidFunctionException.class)
                .hasMessageContaining("'invalid'");
        assertThat(gateway.functions().list()).isEmpty();
    }
}
