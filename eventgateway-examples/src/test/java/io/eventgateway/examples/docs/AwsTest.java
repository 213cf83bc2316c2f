package io.eventgateway.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.eventgateway.EventGateway;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.spi.Secrets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Runs what {@code docs/aws.md} shows, against an endpoint that answers as SQS does. */
@Timeout(60)
class AwsTest {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final List<JsonNode> calls = new CopyOnWriteArrayList<>();
    private HttpServer sqs;

    @BeforeEach
    void start() throws IOException {
        sqs = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        sqs.createContext("/", exchange -> {
            JsonNode call = JSON.readTree(exchange.getRequestBody().readAllBytes());
            calls.add(call);
            byte[] answer = taken(call).toString().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        sqs.start();
    }

    @AfterEach
    void stop() {
        sqs.stop(0);
    }

    private static ObjectNode taken(JsonNode call) {
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode taken = answer.putArray("Successful");
        for (JsonNode entry : call.path("Entries")) {
            taken.addObject()
                    .put("Id", entry.path("Id").stringValue())
                    .put("MessageId", "m-1")
                    .put("MD5OfMessageBody", md5(entry.path("MessageBody").stringValue()));
        }
        return answer;
    }

    private static String md5(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aQueueGetsTheEventsOfASubscription(@TempDir Path secrets) throws IOException {
        Files.writeString(secrets.resolve("sqs-id"), "AKIDEXAMPLE");
        Files.writeString(secrets.resolve("sqs-key"), "s3cret");
        String queueUrl = "http://localhost:" + sqs.getAddress().getPort() + "/123456789012/orders.fifo";
        // tag::aws[]
        EventGateway gateway =
                EventGateway.builder().secrets(Secrets.files(secrets)).build();
        gateway.functions()
                .register(FunctionDefinition.of("orders", "awssqs", Map.of("queueUrl", queueUrl))
                        .with("region", "us-east-1")
                        .with("accessKeyId", "${file:sqs-id}")
                        .with("secretAccessKey", "${file:sqs-key}")
                        .with("groupId", List.of("data.customer", "subject")));
        gateway.subscriptions()
                .create(Subscription.to("order.placed")
                        .function("orders")
                        .delivery(DeliveryPolicy.builder()
                                .batching(10, Duration.ofMillis(50))
                                .build())
                        .build());

        gateway.emit("order.placed", new Order("o-1", "acme", 120));
        // end::aws[]

        try (gateway) {
            assertThat(gateway.awaitIdle(Duration.ofSeconds(20))).isTrue();
        }
        assertThat(calls).singleElement().satisfies(call -> {
            JsonNode entry = call.path("Entries").path(0);
            assertThat(entry.path("MessageGroupId").stringValue()).isEqualTo("acme");
            assertThat(entry.path("MessageBody").stringValue()).contains("\"total\":120");
        });
    }
}
