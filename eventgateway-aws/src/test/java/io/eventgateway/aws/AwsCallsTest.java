package io.eventgateway.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import io.eventgateway.InvocationResult;
import io.eventgateway.aws.LocalAws.Reply;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.http.NetworkPolicy;
import io.eventgateway.spi.Secrets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What holds for a call of any type: as whom it is made, to which address, and when it ends. */
class AwsCallsTest {
    private final EchoingAws services = new EchoingAws();
    private final LocalAws aws = new LocalAws(services::answer);

    @AfterEach
    void close() {
        services.end();
        aws.close();
    }

    private FunctionDefinition queue(String name) {
        return FunctionDefinition.of("f", "awssqs", Map.of("queueUrl", aws.url() + "/123456789012/" + name))
                .with("region", "us-east-1")
                .with("accessKeyId", "AKIDEXAMPLE")
                .with("secretAccessKey", "s3cret");
    }

    /** Secrets that the test changes. */
    private static final class Vault implements Secrets {
        private final Map<String, String> held = new ConcurrentHashMap<>();

        @Override
        public String scheme() {
            return "vault";
        }

        @Override
        public String resolve(String name) {
            return held.get(name);
        }
    }

    @Test
    void credentialsAreResolvedForEachCallSoThatTheyAreRotatedWithoutARestart() {
        Vault vault = new Vault();
        vault.held.putAll(Map.of("id", "AKIDFIRST", "key", "s3cret"));
        try (EventGateway gateway = EventGateway.builder()
                .secrets(vault)
                .defaultDelivery(DeliveryPolicy.atMostOnce())
                .build()) {
            FunctionDefinition function =
                    queue("echo").with("accessKeyId", "${vault:id}").with("secretAccessKey", "${vault:key}");
            assertThat(gateway.functions().register(function).configuration())
                    .as("what is stored is the reference")
                    .containsEntry("accessKeyId", "${vault:id}");

            gateway.invoke("f", 1);
            vault.held.put("id", "AKIDSECOND");
            gateway.invoke("f", 2);
            vault.held.remove("id");

            assertThatThrownBy(() -> gateway.invoke("f", 3))
                    .isInstanceOfSatisfying(InvocationException.class, failure -> assertThat(failure.kind())
                            .isEqualTo(Kind.CALL_FAILED))
                    .hasMessageContaining("vault");
            assertThat(aws.calls()).extracting(LocalAws.Call::accessKeyId).containsExactly("AKIDFIRST", "AKIDSECOND");
        }
    }

    @Test
    void aCallThatGetsNoAnswerEndsWithItsDeadline() {
        try (EventGateway gateway = EventGateway.builder()
                .defaultDelivery(DeliveryPolicy.builder()
                        .atMostOnce()
                        .timeout(Duration.ofMillis(200))
                        .build())
                .build()) {
            gateway.functions().register(queue("hanging"));

            assertThatThrownBy(() -> gateway.invoke("f", 1))
                    .isInstanceOfSatisfying(InvocationException.class, failure -> {
                        assertThat(failure.kind()).isEqualTo(Kind.TIMEOUT);
                        assertThat(failure.retryable()).isTrue();
                    });
        }
    }

    @Test
    void aCallThatIsCancelledClosesItsConnection() {
        CountDownLatch cancelled = new CountDownLatch(1);
        aws.answer(call -> {
            try {
                boolean unused = cancelled.await(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Reply.of("{\"large\": \"" + "x".repeat(16_000_000) + "\"}"); // more than sockets hold unread
        });
        try (EventGateway gateway = EventGateway.create()) {
            gateway.functions().register(queue("orders").with("maxResponseBytes", 100_000_000));
            CompletableFuture<InvocationResult> call = gateway.invokeAsync("f", Event.of("a", 1));
            await().untilAsserted(() -> assertThat(aws.calls()).hasSize(1));

            call.cancel(true);
            cancelled.countDown();

            await().untilAsserted(() -> assertThat(aws.unsent()).isEqualTo(1));
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"awssqs, queueUrl", "awssqs, endpoint"})
    void aNameThatResolvesToARefusedAddressIsNotConnectedTo(String type, String entry) {
        try (EventGateway gateway = EventGateway.builder()
                .networkPolicy(NetworkPolicy.publicOnly())
                .defaultDelivery(DeliveryPolicy.atMostOnce())
                .build()) {
            FunctionDefinition function = entry.equals("endpoint")
                    ? queue("echo")
                            .with("queueUrl", "https://sqs.us-east-1.amazonaws.com/123456789012/echo")
                            .with("endpoint", aws.url())
                    : queue("echo");
            gateway.functions().register(function); // the name is resolved when a connection is made

            assertThatThrownBy(() -> gateway.invoke("f", 1))
                    .isInstanceOfSatisfying(InvocationException.class, failure -> {
                        assertThat(failure.kind()).isEqualTo(Kind.CALL_FAILED);
                        assertThat(failure.retryable()).isFalse();
                    })
                    .hasMessageContaining("network policy")
                    .hasMessageContaining("is not public");
            assertThat(aws.calls()).isEmpty();
        }
    }

    @Test
    void aNameThatResolvesToAnAllowedAddressIsCalled() {
        try (EventGateway gateway = EventGateway.builder()
                .networkPolicy(NetworkPolicy.builder()
                        .publicOnly()
                        .allow("127.0.0.0/8", "::1/128")
                        .build())
                .build()) {
            gateway.functions().register(queue("echo"));

            assertThat(gateway.invoke("f", 1).asJson().has("messageId")).isTrue();
        }
    }

    @Test
    void deletingAFunctionDoesNotWaitForThreadsToEnd() {
        try (EventGateway gateway = EventGateway.create()) {
            gateway.functions().register(queue("echo"));
            gateway.invoke("f", 1);

            long begun = System.nanoTime();
            gateway.functions().delete("f");

            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofMillis(1_500));
        }
    }
}
