package io.eventgateway.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.DeliveryPolicy;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Queues of ElasticMQ, an implementation of SQS that others wrote; it runs in the process, but needs seconds to start. */
@Tag("servers")
class ElasticMqTest {
    private static SQSRestServer server;
    private static SqsAsyncClient client;
    private static String endpoint;

    @BeforeAll
    static void start() {
        server = SQSRestServerBuilder.withInterface("localhost")
                .withDynamicPort()
                .start();
        endpoint =
                "http://localhost:" + server.waitUntilStarted().localAddress().getPort();
        client = SqsAsyncClient.builder()
                .endpointOverride(URI.create(endpoint))
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("x", "x")))
                .build();
    }

    @AfterAll
    static void stop() {
        client.close();
        server.stopAndWait();
    }

    private static String queue(String name, Map<QueueAttributeName, String> attributes) {
        return client.createQueue(request -> request.queueName(name).attributes(attributes))
                .join()
                .queueUrl();
    }

    private static FunctionDefinition function(String queueUrl) {
        return FunctionDefinition.of("queue", "awssqs", Map.of("queueUrl", queueUrl))
                .with("region", "us-east-1")
                .with("endpoint", endpoint)
                .with("accessKeyId", "x")
                .with("secretAccessKey", "x");
    }

    /** The messages of a queue, until it has so many. */
    private static List<Message> received(String queueUrl, int count) {
        List<Message> messages = new ArrayList<>();
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (messages.size() < count && System.nanoTime() < end) {
            List<Message> more = client.receiveMessage(request -> request.queueUrl(queueUrl)
                            .maxNumberOfMessages(10)
                            .messageAttributeNames("All")
                            .messageSystemAttributeNames(MessageSystemAttributeName.ALL))
                    .join()
                    .messages();
            more.forEach(message -> client.deleteMessage(
                            request -> request.queueUrl(queueUrl).receiptHandle(message.receiptHandle()))
                    .join());
            messages.addAll(more);
        }
        return messages;
    }

    private static Event order(int i) {
        return Event.builder("order.placed")
                .id("e" + i)
                .source("/shop")
                .subject("customer-" + i % 2)
                .data(Map.of("number", i))
                .build();
    }

    private static void emit(FunctionDefinition function, List<Event> events) {
        try (EventGateway gateway = EventGateway.create()) {
            gateway.functions().register(function);
            gateway.subscriptions()
                    .create(Subscription.to("order.placed")
                            .function("queue")
                            .delivery(DeliveryPolicy.builder()
                                    .maxAttempts(1)
                                    .batching(25, Duration.ofMillis(300))
                                    .build())
                            .build());
            gateway.emitAll(events);
            assertThat(gateway.awaitIdle(Duration.ofSeconds(20))).isTrue();
            assertThat(gateway.deadLetters().list()).isEmpty();
        }
    }

    private static JsonNode json(Message message) {
        return JsonMapper.shared().readTree(message.body());
    }

    @Test
    void aQueueHasEveryEventOfABatchOnce() {
        String url = queue("orders", Map.of());

        emit(
                function(url),
                IntStream.range(0, 25).mapToObj(ElasticMqTest::order).toList());

        assertThat(received(url, 25))
                .extracting(message -> json(message).path("data").path("number").intValue())
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 25).boxed().toList());
    }

    @Test
    void aFifoQueueHasTheEventsOfAGroupInTheirOrderAndEachOnce() {
        String url = queue("orders.fifo", Map.of(QueueAttributeName.FIFO_QUEUE, "true"));
        List<Event> events =
                IntStream.range(0, 25).mapToObj(ElasticMqTest::order).toList();

        emit(function(url), events);
        emit(function(url), events); // as a retry would whose answer was lost

        Map<String, List<Integer>> groups = new HashMap<>();
        received(url, 25).forEach(message -> groups.computeIfAbsent(
                        message.attributes().get(MessageSystemAttributeName.MESSAGE_GROUP_ID), key -> new ArrayList<>())
                .add(json(message).path("data").path("number").intValue()));
        assertThat(groups).containsOnlyKeys("customer-0", "customer-1").allSatisfy((group, numbers) -> assertThat(
                        numbers)
                .isEqualTo(IntStream.range(0, 25)
                        .filter(i -> group.equals("customer-" + i % 2))
                        .boxed()
                        .toList()));
        String left = client.getQueueAttributes(request ->
                        request.queueUrl(url).attributeNames(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES))
                .join()
                .attributes()
                .get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES);
        assertThat(left).isEqualTo("0");
    }

    @Test
    void inDataModeAMessageHasTheAttributesBesideTheData() {
        String url = queue("data", Map.of());

        emit(function(url).with("mode", "data"), List.of(order(1)));

        assertThat(received(url, 1)).singleElement().satisfies(message -> {
            assertThat(message.body()).isEqualTo("{\"number\":1}");
            assertThat(message.messageAttributes().get("ce-id").stringValue()).isEqualTo("e1");
            assertThat(message.messageAttributes().get("content-type").stringValue())
                    .isEqualTo("application/json");
        });
    }
}
