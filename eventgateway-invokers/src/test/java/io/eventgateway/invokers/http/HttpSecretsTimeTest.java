package io.eventgateway.invokers.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.InvocationException;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.spi.Secrets;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpSecretsTimeTest extends HttpFunctionTest {
    private final Silent vault = new Silent();

    /** A source of secrets that does not answer until the test is over. */
    private static final class Silent implements Secrets {
        private final CountDownLatch over = new CountDownLatch(1);

        @Override
        public String scheme() {
            return "vault";
        }

        @Override
        public String resolve(String name) throws InterruptedException {
            over.await();
            return name;
        }
    }

    @Override
    EventGateway gateway() {
        return null;
    }

    @AfterEach
    void end() {
        vault.over.countDown();
    }

    private FunctionDefinition withSecret(String entry) {
        String secret = "${vault:x}";
        return switch (entry) {
            case "url" -> FunctionDefinition.http("hook", "http://localhost/" + secret);
            case "proxy" -> function().with("proxy", "http://" + secret);
            case "headers" -> function().with("headers", Map.of("X-Token", secret));
            case "auth" -> function().with("auth", Map.of("type", "bearer", "token", secret));
            default -> throw new IllegalArgumentException(entry);
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"url", "headers", "auth", "proxy"})
    void aSecretThatIsNotToBeHadEndsTheCallInItsOwnTime(String entry) {
        gateway = EventGateway.builder()
                .secrets(vault)
                .defaultDelivery(DeliveryPolicy.atMostOnce())
                .build();

        InvocationException failure = failure(withSecret(entry).with("callTimeout", "PT0.1S"), Event.of("a", 1));

        assertThat(failure.kind()).isEqualTo(InvocationException.Kind.TIMEOUT);
        assertThat(failure).hasMessageContaining("function 'hook'").hasMessageContaining("a secret");
        assertThat(server.getRequestCount()).isZero();
    }
}
