package io.eventgateway.gcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** What Google's own framework, which runs Cloud Functions on Node.js, makes of the calls. */
@Tag("servers")
@Timeout(420)
class FunctionsFrameworkTest {
    private GoogleCloud cloud;
    private EventGateway gateway;

    @BeforeEach
    void start() throws IOException {
        cloud = new GoogleCloud();
        gateway = EventGateway.builder()
                .discoverInvokers(false)
                .invoker(cloud.provider())
                .build();
    }

    @AfterEach
    void stop() {
        gateway.close();
        cloud.close();
    }

    private static Event event(String type) {
        return Event.builder(type)
                .id("e1")
                .subject("orders/ä 1")
                .data(Map.of("total", 42))
                .build();
    }

    private void register(FunctionsFramework framework) {
        FunctionDefinition function = FunctionDefinition.of("f", "gcpfunction", Map.of("url", framework.url()));
        gateway.functions().register(function);
        gateway.functions()
                .register(FunctionDefinition.of("structured", "gcpfunction", function.configuration())
                        .with("mode", "structured"));
    }

    @Test
    void aCloudEventFunctionGetsTheEvent() throws Exception {
        try (FunctionsFramework framework = FunctionsFramework.start("event")) {
            register(framework);

            assertThat(gateway.invoke("f", event("order.placed")).isEmpty()).isTrue();
            assertThat(gateway.invoke("structured", event("order.structured")).isEmpty())
                    .isTrue();

            InvocationException failure =
                    catchThrowableOfType(InvocationException.class, () -> gateway.invoke("f", event("fail")));
            assertThat(failure.kind()).isEqualTo(Kind.FUNCTION_ERROR);
            assertThat(failure.retryable()).isTrue();
            assertThat(failure.statusCode()).hasValue(500);
        }
    }

    @Test
    void anHttpFunctionGetsTheDataTheAttributesAndTheToken() throws Exception {
        try (FunctionsFramework framework = FunctionsFramework.start("http")) {
            register(framework);

            JsonNode answer = gateway.invoke("f", event("order.placed")).asJson();

            assertThat(answer.path("id").asString()).isEqualTo("e1");
            assertThat(answer.path("body").path("total").asInt()).isEqualTo(42);
            assertThat(answer.path("authorization").asString()).startsWith("Bearer e30.");
            InvocationException failure =
                    catchThrowableOfType(InvocationException.class, () -> gateway.invoke("f", event("fail")));
            assertThat(failure.retryable()).isFalse();
            assertThat(failure).hasMessageContaining("answered 409").hasMessageContaining("no stock");
        }
    }
}
