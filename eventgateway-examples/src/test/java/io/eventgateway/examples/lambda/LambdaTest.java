package io.eventgateway.examples.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.EventGateway;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a real Lambda endpoint; fails, and says so, where Node.js is missing. */
@Timeout(420)
class LambdaTest {
    private static ServerlessOffline lambda;

    private final EventGateway gateway = EventGateway.create();

    @BeforeAll
    static void start() throws Exception {
        lambda = ServerlessOffline.start();
    }

    @AfterAll
    static void stop() {
        if (lambda != null) {
            lambda.close();
        }
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private static String arn(String function) {
        return "arn:aws:lambda:us-east-1:123456789012:function:example-dev-" + function;
    }

    private InvocationException failureOf(String function) {
        gateway.functions().register(Lambda.local("f", arn(function), lambda.url()));
        try {
            gateway.invoke("f", Map.of());
        } catch (InvocationException e) {
            return e;
        }
        throw new AssertionError("the call should have failed");
    }

    @Test
    void callsARealFunction() {
        gateway.functions().register(Lambda.local("greet", arn("greet"), lambda.url()));

        assertThat(gateway.invoke("greet", Map.of("name", "Ada"))
                        .asJson()
                        .path("greeting")
                        .stringValue())
                .isEqualTo("Hello, Ada");
        Lambda.main(new String[] {arn("greet"), lambda.url()});
    }

    @Test
    void saysWhatTheFunctionThrew() {
        InvocationException failure = failureOf("fail");

        assertThat(failure.kind()).isEqualTo(Kind.FUNCTION_ERROR);
        assertThat(failure).hasMessageContaining("Error: no more of it");
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
