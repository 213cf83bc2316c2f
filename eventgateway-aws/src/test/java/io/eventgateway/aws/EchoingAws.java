package io.eventgateway.aws;

import io.eventgateway.aws.LocalAws.Call;
import io.eventgateway.aws.LocalAws.Reply;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the services answer whose resources have the name of what they do: {@code echo} takes events, and gives receipts that tell their
 * data, but for events whose data say that they are to be refused; {@code failing} refuses all; {@code hanging} does not answer until the test is over.
 */
final class EchoingAws {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final HexFormat HEX = HexFormat.of();
    private static final String NONE = "none";

    private final CountDownLatch over = new CountDownLatch(1);

    /** Lets the calls go that hang. */
    void end() {
        over.countDown();
    }

    /** The data that a receipt tells; missing for an event without data. */
    static JsonNode told(String receipt) {
        return receipt.equals(NONE)
                ? MissingNode.getInstance()
                : JSON.readTree(new String(HEX.parseHex(receipt), StandardCharsets.UTF_8));
    }

    private static String receipt(String event) {
        JsonNode data = JSON.readTree(event).path("data");
        return data.isMissingNode() ? NONE : HEX.formatHex(data.toString().getBytes(StandardCharsets.UTF_8));
    }

    Reply answer(Call call) {
        if (call.members().toString().contains("hanging\"")) {
            try {
                boolean unused = over.await(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Reply.error(500, "InternalFailure", "too late");
        }
        boolean fails = call.members().toString().contains("failing\"");
        return switch (call.operation()) {
            case "SendMessageBatch" -> sqs(call.members(), fails);
            case "PublishBatch" -> sns(call.members(), fails);
            case "PutRecords" ->
                list("Records", "SequenceNumber", "InvalidArgument", blobs(call.members()), fails)
                        .with("FailedRecordCount");
            case "PutRecordBatch" ->
                list("RequestResponses", "RecordId", "InvalidArgument", blobs(call.members()), fails)
                        .with("FailedPutCount");
            case "PutEvents" ->
                list("Entries", "EventId", "MalformedDetail", details(call.members()), fails)
                        .with("FailedEntryCount");
            case "StartSyncExecution" -> execution(call.members(), fails);
            default -> Reply.error(400, "UnknownOperationException", call.operation());
        };
    }

    private static List<String> blobs(JsonNode members) {
        List<String> events = new ArrayList<>();
        members.path("Records")
                .forEach(record -> events.add(new String(
                        Base64.getDecoder().decode(record.path("Data").stringValue()), StandardCharsets.UTF_8)));
        return events;
    }

    private static List<String> details(JsonNode members) {
        List<String> events = new ArrayList<>();
        members.path("Entries").forEach(entry -> events.add(entry.path("Detail").stringValue()));
        return events;
    }

    private static Listed list(String name, String receipt, String code, List<String> events, boolean fails) {
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode entries = answer.putArray(name);
        int failed = 0;
        for (String event : events) {
            if (fails || isRefused(event)) {
                failed++;
                entries.addObject().put("ErrorCode", code).put("ErrorMessage", "refused");
            } else {
                entries.addObject().put(receipt, receipt(event)).put("ShardId", "shardId-000000000000");
            }
        }
        return new Listed(answer, failed);
    }

    private static boolean isRefused(String event) {
        return JSON.readTree(event).path("data").path("refused").booleanValue(false);
    }

    private record Listed(ObjectNode answer, int failed) {
        Reply with(String name) {
            return Reply.of(answer.put(name, failed).toString());
        }
    }

    private static Reply sqs(JsonNode members, boolean fails) {
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode taken = answer.putArray("Successful");
        ArrayNode failed = answer.putArray("Failed");
        for (JsonNode entry : members.path("Entries")) {
            String id = entry.path("Id").stringValue();
            String body = entry.path("MessageBody").stringValue();
            if (fails || isRefused(body)) {
                failed.addObject()
                        .put("Id", id)
                        .put("Code", "InvalidMessageContents")
                        .put("SenderFault", true);
            } else {
                taken.addObject().put("Id", id).put("MessageId", receipt(body)).put("MD5OfMessageBody", md5(body));
            }
        }
        return Reply.of(answer.toString());
    }

    private static String md5(String body) {
        try {
            return HEX.formatHex(MessageDigest.getInstance("MD5").digest(body.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Reply sns(JsonNode members, boolean fails) {
        StringBuilder taken = new StringBuilder();
        StringBuilder failed = new StringBuilder();
        for (int i = 1; members.has("PublishBatchRequestEntries.member." + i + ".Id"); i++) {
            String entry = "PublishBatchRequestEntries.member." + i;
            String id = "<member><Id>" + members.path(entry + ".Id").stringValue() + "</Id>";
            if (fails || isRefused(members.path(entry + ".Message").stringValue())) {
                failed.append(id + "<Code>InvalidParameter</Code><SenderFault>true</SenderFault></member>");
            } else {
                taken.append(id + "<MessageId>"
                        + receipt(members.path(entry + ".Message").stringValue()) + "</MessageId></member>");
            }
        }
        return Reply.of("<PublishBatchResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><PublishBatchResult>"
                + "<Successful>" + taken + "</Successful><Failed>" + failed
                + "</Failed></PublishBatchResult></PublishBatchResponse>");
    }

    private static Reply execution(JsonNode members, boolean all) {
        boolean fails = all || isRefused(members.path("input").stringValue());
        ObjectNode answer = JSON.createObjectNode()
                .put("executionArn", "arn:aws:states:us-east-1:123456789012:express:echo:x:y")
                .put("startDate", 1)
                .put("stopDate", 2)
                .put("status", fails ? "FAILED" : "SUCCEEDED");
        JsonNode data = JSON.readTree(members.path("input").stringValue()).path("data");
        return Reply.of((fails
                        ? answer.setAll(Map.of("error", JSON.valueToTree("OutOfStock")))
                        : answer.put("output", data.isMissingNode() ? "null" : data.toString()))
                .toString());
    }
}
