package io.eventgateway.examples.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.EventGateway;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the example does with an endpoint of the Invoke API, whoever serves it. */
abstract class LambdaContract {
    /** It lets payloads pass that Lambda refuses. */
    private final EventGateway gateway =
            EventGateway.builder().maxPayloadSize(8 * 1024 * 1024).build();

    @AfterEach
    void close() {
        gateway.close();
    }

    /** The URL of an endpoint that has the functions of this module's {@code lambda} folder. */
    abstract String endpoint();

    /** The type of what the function {@code fail} throws. */
    abstract String thrownType();

    private static String arn(String function) {
        return "arn:aws:lambda:us-east-1:123456789012:function:example-dev-" + function;
    }

    final InvocationException failureOf(String function) {
        return failureOf(function, Map.of());
    }

    final InvocationException failureOf(String function, Object data) {
        gateway.functions().register(Lambda.local("f", arn(function), endpoint()));
        try {
            gateway.invoke("f", data);
        } catch (InvocationException e) {
            return e;
        }
        throw new AssertionError("the call should have failed");
    }

    @Test
    void callsARealFunction() {
        gateway.functions().register(Lambda.local("greet", arn("greet"), endpoint()));

        assertThat(gateway.invoke("greet", Map.of("name", "Ada"))
                        .asJson()
                        .path("greeting")
                        .stringValue())
                .isEqualTo("Hello, Ada");
        Lambda.main(new String[] {arn("greet"), endpoint()});
    }

    @Test
    void saysWhatTheFunctionThrew() {
        InvocationException failure = failureOf("fail");

        assertThat(failure.kind()).isEqualTo(Kind.FUNCTION_ERROR);
        assertThat(failure).hasMessageContaining(thrownType() + ": no more of it");
    }

    @Test
    void anUnknownFunctionIsNotRetryable() {
        InvocationException failure = failureOf("unknown");

        assertThat(failure.kind()).isEqualTo(Kind.CALL_FAILED);
        assertThat(failure.retryable()).isFalse();
        assertThat(failure.statusCode()).hasValue(404);
    }

    @Test
    void anEndpointThatIsNotThereIsARetryableFailure() {
        gateway.functions().register(Lambda.local("f", arn("greet"), "http://127.0.0.1:1"));

        assertThatThrownBy(() -> gateway.invoke("f", Map.of()))
                .isInstanceOfSatisfying(InvocationException.class, failure -> assertThat(failure.retryable())
                        .isTrue());
    }
}
