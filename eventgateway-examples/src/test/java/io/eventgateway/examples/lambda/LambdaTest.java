package io.eventgateway.examples.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The same functions in Java, and what Lambda itself refuses. */
class LambdaTest extends LambdaContract {
    private LambdaEndpoint lambda;

    @BeforeEach
    void start() throws Exception {
        lambda = LambdaEndpoint.start();
        lambda.register(
                "greet",
                event -> "{\"greeting\": \"Hello, " + event.path("name").asString() + "\"}");
        lambda.register("fail", event -> {
            throw new IllegalStateException("no more of it");
        });
    }

    @AfterEach
    void stop() {
        lambda.close();
    }

    @Override
    String endpoint() {
        return lambda.url();
    }

    @Override
    String thrownType() {
        return "IllegalStateException";
    }

    @Test
    void aThrottledCallIsRetryableAfterTheTimeThatLambdaSays() {
        lambda.throttle(7);

        InvocationException failure = failureOf("greet");

        assertThat(failure.kind()).isEqualTo(Kind.PROVIDER_ERROR);
        assertThat(failure.retryable()).isTrue();
        assertThat(failure.statusCode()).hasValue(429);
        assertThat(failure.retryAfter()).contains(Duration.ofSeconds(7));
    }

    @Test
    void aPayloadOverLambdasLimitIsNotRetryable() {
        InvocationException failure = failureOf("greet", "x".repeat(LambdaEndpoint.MAX_PAYLOAD));

        assertThat(failure.kind()).isEqualTo(Kind.CALL_FAILED);
        assertThat(failure.retryable()).isFalse();
        assertThat(failure.statusCode()).hasValue(413);
    }
}
