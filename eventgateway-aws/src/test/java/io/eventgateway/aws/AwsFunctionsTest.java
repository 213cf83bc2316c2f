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
import io.eventgateway.Subscription;
import io.eventgateway.aws.LocalAws.Call;
import io.eventgateway.aws.LocalAws.Reply;
import io.eventgateway.delivery.Backoff;
import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.error.InvalidFunctionException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Each type against an endpoint that checks what it gets and answers as the service's documentation says. */
class AwsFunctionsTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:orders";

    private final LocalAws aws = new LocalAws(call -> Reply.error(500, "InternalFailure", "no answer is set"));
    private final EventGateway gateway = EventGateway.builder()
            .defaultDelivery(DeliveryPolicy.builder()
                    .maxAttempts(3)
                    .backoff(Backoff.fixed(Duration.ofMillis(1)))
                    .build())
            .build();

    @AfterEach
    void close() {
        gateway.close();
        aws.close();
    }

    private FunctionDefinition function(String type, String entry, String value) {
        return FunctionDefinition.of("f", type, Map.of(entry, value))
                .with("region", "us-east-1")
                .with("endpoint", aws.url())
                .with("accessKeyId", "AKIDEXAMPLE")
                .with("secretAccessKey", "s3cret");
    }

    private FunctionDefinition queue(String name) {
        return function("awssqs", "queueUrl", aws.url() + "/123456789012/" + name);
    }

    private void inBatches(FunctionDefinition function, int size) {
        gateway.functions().register(function);
        gateway.subscriptions()
                .create(Subscription.to("order.*")
                        .function("f")
                        .delivery(DeliveryPolicy.builder()
                                .maxAttempts(3)
                                .backoff(Backoff.fixed(Duration.ofMillis(1)))
                                .batching(
                                        size,
                                        Duration.ofMillis(300)) // for what is sent again, which is less than a batch
                                .build())
                        .build());
    }

    private static Event order(String id) {
        return Event.builder("order.placed")
                .id(id)
                .source("/shop")
                .subject("s-" + id)
                .data(Map.of("id", id))
                .build();
    }

    private static List<Event> orders(int count) {
        return IntStream.range(0, count).mapToObj(i -> order("e" + i)).toList();
    }

    private void emitAndWait(List<Event> events) {
        gateway.emitAll(events);
        await().untilAsserted(() ->
                assertThat(gateway.awaitIdle(Duration.ofSeconds(10))).isTrue());
    }

    private List<String> dead() {
        return gateway.deadLetters().list().stream()
                .map(letter -> letter.event().getId())
                .sorted()
                .toList();
    }

    /** What SQS's documentation says the MD5 of attributes is made of: lengths and texts, sorted by name. */
    private static byte[] attributes(JsonNode attributes) {
        java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
        new java.util.TreeSet<>(attributes.propertyNames()).forEach(name -> {
            add(all, name);
            add(all, attributes.path(name).path("DataType").stringValue());
            all.write(1);
            add(all, attributes.path(name).path("StringValue").stringValue());
        });
        return all.toByteArray();
    }

    private static void add(java.io.ByteArrayOutputStream all, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        all.writeBytes(java.nio.ByteBuffer.allocate(4).putInt(bytes.length).array());
        all.writeBytes(bytes);
    }

    private static String md5(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Answers as SQS does, where a predicate says which bodies it does not take, and with which code. */
    private static Reply sqs(Call call, Function<JsonNode, String> refusal) {
        assertThat(call.operation()).isEqualTo("SendMessageBatch");
        JsonNode entries = call.members().path("Entries");
        assertThat(entries.size()).isBetween(1, 10);
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode taken = answer.putArray("Successful");
        ArrayNode failed = answer.putArray("Failed");
        for (JsonNode entry : entries) {
            String body = entry.path("MessageBody").stringValue();
            String code = refusal.apply(entry);
            if (code == null) {
                ObjectNode result = taken.addObject()
                        .put("Id", entry.path("Id").stringValue())
                        .put("MessageId", "m-" + entry.path("Id").stringValue())
                        .put("MD5OfMessageBody", md5(body.getBytes(StandardCharsets.UTF_8)));
                if (entry.has("MessageAttributes")) {
                    result.put("MD5OfMessageAttributes", md5(attributes(entry.path("MessageAttributes"))));
                }
            } else {
                failed.addObject()
                        .put("Id", entry.path("Id").stringValue())
                        .put("Code", code)
                        .put("SenderFault", !code.contains("Internal"));
            }
        }
        return Reply.of(answer.toString());
    }

    private static String idOf(JsonNode sqsEntry) {
        return JSON.readTree(sqsEntry.path("MessageBody").stringValue())
                .path("id")
                .stringValue();
    }

    @Test
    void aQueueGetsTheEventAsJson() {
        aws.answer(call -> sqs(call, entry -> null));
        gateway.functions().register(queue("orders"));

        InvocationResult result = gateway.invoke("f", order("e1"));

        assertThat(result.asJson().path("messageId").asString()).isEqualTo("m-0");
        JsonNode entry = aws.calls().get(0).members().path("Entries").path(0);
        JsonNode event = JSON.readTree(entry.path("MessageBody").stringValue());
        assertThat(event.path("id").stringValue()).isEqualTo("e1");
        assertThat(event.path("data").path("id").stringValue()).isEqualTo("e1");
        assertThat(entry.has("MessageGroupId")).isFalse();
    }

    @Test
    void aBatchIsSentInCallsOfTenAndOnlyWhatFailedIsSentAgain() {
        java.util.Set<String> refusedOnce = java.util.concurrent.ConcurrentHashMap.newKeySet();
        aws.answer(call -> sqs(
                call,
                entry -> idOf(entry).equals("e3") && refusedOnce.add("e3")
                        ? "InternalError"
                        : idOf(entry).equals("e7") ? "InvalidMessageContents" : null));
        inBatches(queue("orders"), 25);

        emitAndWait(orders(25));

        assertThat(aws.calls())
                .extracting(call -> call.members().path("Entries").size())
                .containsExactlyInAnyOrder(10, 10, 5, 1);
        assertThat(dead()).containsExactly("e7");
        DeadLetter letter = gateway.deadLetters().list().get(0);
        assertThat(letter.attempts()).singleElement().satisfies(attempt -> {
            assertThat(attempt.kind()).isEqualTo(Kind.CALL_FAILED);
            assertThat(attempt.message()).contains("InvalidMessageContents");
        });
    }

    @Test
    void aFifoQueueGetsGroupAndDeduplicationIdOfTheEvent() {
        aws.answer(call -> sqs(call, entry -> null));
        gateway.functions().register(queue("orders.fifo").with("groupId", List.of("data.id", "subject")));

        gateway.invoke("f", order("e1"));
        gateway.invoke("f", order("e1"));
        gateway.invoke("f", order("e1").toBuilder().source("/other").build());

        List<JsonNode> entries = aws.calls().stream()
                .map(call -> call.members().path("Entries").path(0))
                .toList();
        assertThat(entries)
                .allSatisfy(entry ->
                        assertThat(entry.path("MessageGroupId").stringValue()).isEqualTo("e1"));
        assertThat(entries.get(0).path("MessageDeduplicationId"))
                .isEqualTo(entries.get(1).path("MessageDeduplicationId"));
        assertThat(entries.get(0).path("MessageDeduplicationId"))
                .as("an id is unique for its source only")
                .isNotEqualTo(entries.get(2).path("MessageDeduplicationId"));
    }

    @Test
    void inDataModeTheAttributesAreBesideTheText() {
        aws.answer(call -> sqs(call, entry -> null));
        gateway.functions().register(queue("orders").with("mode", "data"));

        gateway.invoke("f", order("e1"));

        JsonNode entry = aws.calls().get(0).members().path("Entries").path(0);
        assertThat(entry.path("MessageBody").stringValue()).isEqualTo("{\"id\":\"e1\"}");
        assertThat(entry.path("MessageAttributes")
                        .path("ce-type")
                        .path("StringValue")
                        .stringValue())
                .isEqualTo("order.placed");
        assertThatThrownBy(() -> gateway.invoke("f", Event.of("a", new byte[] {(byte) 0xff})))
                .hasMessageContaining("UTF-8")
                .hasMessageContaining("structured");
    }

    /** Answers as SNS does, by the query protocol. */
    private static Reply sns(Call call, String refusedIndex) {
        assertThat(call.operation()).isEqualTo("PublishBatch");
        StringBuilder taken = new StringBuilder();
        StringBuilder failed = new StringBuilder();
        for (int i = 1; call.members().has("PublishBatchRequestEntries.member." + i + ".Id"); i++) {
            String id = call.members()
                    .path("PublishBatchRequestEntries.member." + i + ".Id")
                    .stringValue();
            if (id.equals(refusedIndex)) {
                failed.append("<member><Id>" + id
                        + "</Id><Code>InternalError</Code><SenderFault>false</SenderFault></member>");
            } else {
                taken.append("<member><Id>" + id + "</Id><MessageId>m-" + id + "</MessageId></member>");
            }
        }
        return Reply.of("<PublishBatchResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><PublishBatchResult>"
                + "<Successful>" + taken + "</Successful><Failed>" + failed
                + "</Failed></PublishBatchResult></PublishBatchResponse>");
    }

    @Test
    void aTopicGetsBatchesAndWhatItRefusesAgain() {
        java.util.concurrent.atomic.AtomicInteger calls = new java.util.concurrent.atomic.AtomicInteger();
        aws.answer(call -> sns(call, calls.getAndIncrement() == 0 ? "1" : "none"));
        inBatches(function("awssns", "topicArn", "arn:aws:sns:us-east-1:123456789012:orders.fifo"), 3);

        emitAndWait(orders(3));

        assertThat(aws.calls()).hasSize(2);
        JsonNode again = aws.calls().get(1).members();
        assertThat(again.path("PublishBatchRequestEntries.member.1.Message").stringValue())
                .contains("\"id\":\"e1\"");
        assertThat(again.path("PublishBatchRequestEntries.member.1.MessageGroupId")
                        .stringValue())
                .isEqualTo("s-e1");
        assertThat(dead()).isEmpty();
    }

    @Test
    void aStreamGetsRecordsWithTheKeyOfTheEvent() {
        java.util.concurrent.atomic.AtomicInteger calls = new java.util.concurrent.atomic.AtomicInteger();
        aws.answer(call -> {
            assertThat(call.operation()).isEqualTo("PutRecords");
            boolean first = calls.getAndIncrement() == 0;
            ObjectNode answer = JSON.createObjectNode().put("FailedRecordCount", first ? 1 : 0);
            ArrayNode records = answer.putArray("Records");
            for (int i = 0; i < call.members().path("Records").size(); i++) {
                if (first && i == 1) {
                    records.addObject()
                            .put("ErrorCode", "ProvisionedThroughputExceededException")
                            .put("ErrorMessage", "slow down");
                } else {
                    records.addObject().put("SequenceNumber", "1").put("ShardId", "shardId-000000000000");
                }
            }
            return Reply.of(answer.toString());
        });
        inBatches(function("awskinesis", "streamName", "orders"), 3);

        emitAndWait(List.of(
                order("e0"),
                order("e1").toBuilder().extension("partitionkey", "k1").build(),
                order("e2")));

        assertThat(aws.calls()).hasSize(2);
        JsonNode all = aws.calls().get(0).members().path("Records");
        assertThat(all.path(0).path("PartitionKey").stringValue()).isEqualTo("s-e0");
        JsonNode again = aws.calls().get(1).members().path("Records");
        assertThat(again.size()).isEqualTo(1);
        assertThat(again.path(0).path("PartitionKey").stringValue()).isEqualTo("k1");
        assertThat(new String(
                        Base64.getDecoder().decode(again.path(0).path("Data").stringValue()), StandardCharsets.UTF_8))
                .contains("\"id\":\"e1\"");
    }

    @Test
    void firehoseGetsALineForEachEvent() {
        aws.answer(call -> {
            assertThat(call.operation()).isEqualTo("PutRecordBatch");
            ArrayNode responses = JSON.createArrayNode();
            call.members()
                    .path("Records")
                    .forEach(record -> responses.addObject().put("RecordId", "r"));
            return Reply.of(JSON.createObjectNode()
                    .put("FailedPutCount", 0)
                    .set("RequestResponses", responses)
                    .toString());
        });
        inBatches(function("awsfirehose", "deliveryStreamName", "orders"), 2);

        emitAndWait(orders(2));

        JsonNode records = aws.calls().get(0).members().path("Records");
        assertThat(records.size()).isEqualTo(2);
        assertThat(new String(
                        Base64.getDecoder().decode(records.path(0).path("Data").stringValue()), StandardCharsets.UTF_8))
                .startsWith("{")
                .endsWith("}\n");
        assertThat(dead()).isEmpty();
    }

    @Test
    void aBusGetsTheEventAsDetailAndWhatItRefusesForGoodIsNotSentAgain() {
        aws.answer(call -> {
            assertThat(call.operation()).isEqualTo("PutEvents");
            ObjectNode answer = JSON.createObjectNode().put("FailedEntryCount", 0);
            ArrayNode entries = answer.putArray("Entries");
            for (JsonNode entry : call.members().path("Entries")) {
                assertThat(entry.path("Source").stringValue()).isEqualTo("/shop");
                assertThat(entry.path("DetailType").stringValue()).isEqualTo("order.placed");
                if (entry.path("Detail").stringValue().contains("\"id\":\"e1\"")) {
                    entries.addObject().put("ErrorCode", "MalformedDetail").put("ErrorMessage", "Detail is malformed.");
                } else {
                    entries.addObject().put("EventId", "11710aed-b79e-4468-a20b-bb3c0c3b4860");
                }
            }
            return Reply.of(answer.toString());
        });
        inBatches(function("awseventbridge", "eventBusName", "default"), 3);

        emitAndWait(orders(3));

        assertThat(aws.calls()).hasSize(1);
        assertThat(dead()).containsExactly("e1");
    }

    @Test
    void anExecutionIsNamedAfterItsEventAndStartsOnce() {
        aws.answer(call -> {
            assertThat(call.operation()).isEqualTo("StartExecution");
            assertThat(call.members().path("stateMachineArn").stringValue()).isEqualTo(MACHINE);
            return aws.calls().size() == 1
                    ? Reply.of(
                            "{\"executionArn\":\"arn:aws:states:us-east-1:123456789012:execution:orders:x\",\"startDate\":1}")
                    : Reply.error(400, "com.amazonaws.swf.service.v2.model#ExecutionAlreadyExists", "it exists");
        });
        gateway.functions().register(function("awsstepfunctions", "stateMachineArn", MACHINE));
        Event event = Event.builder("a").id("order 1/ä").source("/shop").build();

        assertThat(gateway.invoke("f", event).asJson().path("executionArn").asString())
                .contains(":execution:");
        assertThat(gateway.invoke("f", event).isEmpty()).isTrue();

        String name = aws.calls().get(0).members().path("name").stringValue();
        assertThat(name).matches("order_1__-[0-9a-f]{32}");
        assertThat(aws.calls().get(1).members().path("name").stringValue()).isEqualTo(name);
    }

    @Test
    void theOutputOfASyncExecutionIsTheResult() {
        aws.answer(call -> {
            assertThat(call.operation()).isEqualTo("StartSyncExecution");
            return call.members().path("input").stringValue().contains("bad")
                    ? Reply.of("{\"executionArn\":\"a\",\"startDate\":1,\"stopDate\":2,\"status\":\"FAILED\","
                            + "\"error\":\"OutOfStock\",\"cause\":\"none \\u001b[31m left\"}")
                    : Reply.of("{\"executionArn\":\"a\",\"startDate\":1,\"stopDate\":2,\"status\":\"SUCCEEDED\","
                            + "\"output\":\"{\\\"total\\\":40}\"}");
        });
        gateway.functions()
                .register(
                        function("awsstepfunctions", "stateMachineArn", MACHINE).with("sync", true));

        assertThat(gateway.invoke("f", Map.of("a", 1)).asJson().path("total").intValue())
                .isEqualTo(40);
        assertThatThrownBy(() -> gateway.invoke("f", "bad"))
                .isInstanceOfSatisfying(InvocationException.class, failure -> assertThat(failure.kind())
                        .isEqualTo(Kind.FUNCTION_ERROR))
                .hasMessageContaining("OutOfStock: none \uFFFD[31m left");
    }

    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource({
        "400, ThrottlingException, PROVIDER_ERROR, true",
        "503, ServiceUnavailable, PROVIDER_ERROR, true",
        "403, AccessDeniedException, ACCESS_DENIED, false",
        "400, StateMachineDoesNotExist, CALL_FAILED, false",
    })
    void whatAServiceRefusesIsToldApart(int status, String type, Kind kind, boolean retryable) {
        aws.answer(call -> Reply.error(status, type, "details").with("Retry-After", "7"));
        gateway.functions().register(function("awsstepfunctions", "stateMachineArn", MACHINE));

        assertThatThrownBy(() -> gateway.invoke("f", 1)).isInstanceOfSatisfying(InvocationException.class, failure -> {
            assertThat(failure.kind()).isEqualTo(kind);
            assertThat(failure.retryable()).isEqualTo(retryable);
            assertThat(failure.retryAfter()).hasValue(Duration.ofSeconds(7));
            assertThat(failure.getMessage()).contains("'f'").doesNotContain("s3cret");
        });
        assertThat(aws.calls()).as("the SDK must not retry").hasSize(1);
    }

    @Test
    void anAnswerThatIsTooLargeIsAFailure() {
        aws.answer(call -> Reply.of("{\"executionArn\":\"" + "x".repeat(2_000) + "\",\"startDate\":1}"));
        gateway.functions()
                .register(
                        function("awsstepfunctions", "stateMachineArn", MACHINE).with("maxResponseBytes", 1_000));

        assertThatThrownBy(() -> gateway.invoke("f", 1)).hasMessageContaining("maxResponseBytes");
    }

    @ParameterizedTest(name = "{0}: {1} = {2}")
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "awssqs, queueUrl, orders, 'queueUrl'",
                "awssqs, groupId, subject, 'groupId'",
                "awssns, topicArn, arn:aws:sqs:us-east-1:123456789012:q, 'topicArn'",
                "awskinesis, streamName, a b, 'streamName'",
                "awsfirehose, deliveryStreamName, a b, 'deliveryStreamName'",
                "awseventbridge, eventBusName, a b, 'eventBusName'",
                "awsstepfunctions, stateMachineArn, orders, 'stateMachineArn'",
                "awsstepfunctions, region, Frankfurt, 'region'",
                "awsstepfunctions, maxResponseBytes, 0, 'maxResponseBytes'",
                "awsfirehose, nosuchentry, 1, 'nosuchentry'",
            })
    void refusesConfigurationsThatAreNotValid(String type, String name, String value, String message) {
        Map<String, String> required = Map.of(
                "awssqs",
                "queueUrl",
                "awssns",
                "topicArn",
                "awskinesis",
                "streamName",
                "awsfirehose",
                "deliveryStreamName",
                "awseventbridge",
                "eventBusName",
                "awsstepfunctions",
                "stateMachineArn");
        Map<String, String> valid = Map.of(
                "awssqs",
                "https://sqs.us-east-1.amazonaws.com/123456789012/q",
                "awssns",
                "arn:aws:sns:us-east-1:123456789012:t",
                "awskinesis",
                "s",
                "awsfirehose",
                "s",
                "awseventbridge",
                "default",
                "awsstepfunctions",
                MACHINE);
        Object given = name.equals("maxResponseBytes") ? Integer.valueOf(value) : value;
        FunctionDefinition function =
                function(type, required.get(type), valid.get(type)).with(name, given);

        assertThatThrownBy(() -> gateway.functions().register(function))
                .isInstanceOf(InvalidFunctionException.class)
                .hasMessageContaining("'f'")
                .hasMessageContaining(message)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("s3cret"));
    }

    @ParameterizedTest(name = "{0}, sync {1}")
    @CsvSource({"false, executionArn", "true, status"})
    void anAnswerWithoutWhatItMustHaveIsARetryableFailure(boolean sync, String missing) {
        aws.answer(call -> Reply.of("{\"startDate\":1}"));
        gateway.functions()
                .register(
                        function("awsstepfunctions", "stateMachineArn", MACHINE).with("sync", sync));

        assertThatThrownBy(() -> gateway.invoke("f", 1))
                .isInstanceOfSatisfying(InvocationException.class, failure -> {
                    assertThat(failure.kind()).isEqualTo(Kind.PROVIDER_ERROR);
                    assertThat(failure.retryable()).isTrue();
                })
                .hasMessageContaining("without '" + missing + "'");
    }

    @ParameterizedTest
    @CsvSource({
        "awskinesis, streamName, Records, sequenceNumber",
        "awsfirehose, deliveryStreamName, RequestResponses, recordId",
        "awseventbridge, eventBusName, Entries, eventId"
    })
    void anEntryOfAnAnswerThatSaysNothingIsNotTaken(String type, String entry, String list, String receipt) {
        aws.answer(call -> Reply.of("{\"" + list + "\":[{}]}"));
        gateway.functions().register(function(type, entry, "orders"));

        assertThatThrownBy(() -> gateway.invoke("f", 1))
                .isInstanceOfSatisfying(InvocationException.class, failure -> assertThat(failure.retryable())
                        .isTrue())
                .hasMessageContaining("neither '" + receipt + "'");
    }
}
