package io.eventgateway.aws.sqs;

import io.eventgateway.Event;
import io.eventgateway.aws.AwsLimits;
import io.eventgateway.aws.EntryService;
import io.eventgateway.aws.EventAttributes;
import io.eventgateway.aws.EventContent;
import io.eventgateway.aws.EventKey;
import io.eventgateway.aws.EventNames;
import io.eventgateway.invokers.aws.AnswerBound;
import io.eventgateway.invokers.aws.AwsAccess;
import io.eventgateway.invokers.aws.AwsClients;
import io.eventgateway.invokers.aws.AwsFailures;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResultEntry;

/** A queue of Amazon SQS. */
final class SqsQueue implements EntryService<SendMessageBatchRequestEntry> {
    private static final int MAX_ENTRIES = 10;
    /** Of a message, and of all messages of a call. */
    private static final int MAX_BYTES = 1024 * 1024;

    private static final int MAX_KEY = 128;

    private final SqsConfiguration configuration;
    private final EventContent.Mode mode;
    private final AwsFailures failures;
    private final AwsAccess access;
    private final AwsClients<SqsAsyncClient> clients;
    private final SqsAsyncClient client;
    private final EventKey group;
    private final @Nullable EventKey deduplication;

    SqsQueue(
            SqsConfiguration configuration,
            EventContent.Mode mode,
            AwsFailures failures,
            AwsAccess access,
            AwsClients<SqsAsyncClient> clients) {
        this.configuration = configuration;
        this.mode = mode;
        this.failures = failures;
        this.access = access;
        this.clients = clients;
        this.group = new EventKey(configuration.groupId(), EventKey.PARTITION);
        this.deduplication = configuration.deduplicationId() == null
                ? null
                : new EventKey(configuration.deduplicationId(), List.of());
        this.client = clients.acquire(access);
    }

    @Override
    public int maxEntries() {
        return MAX_ENTRIES;
    }

    @Override
    public int maxBytes() {
        return MAX_BYTES;
    }

    @Override
    public boolean inOrder() {
        return configuration.isFifo();
    }

    @Override
    public SendMessageBatchRequestEntry entry(Event event, byte[] content, int index) {
        SendMessageBatchRequestEntry.Builder entry = SendMessageBatchRequestEntry.builder()
                .id(Integer.toString(index))
                .messageBody(EventAttributes.text(event, content, mode, failures.functionId()));
        if (mode == EventContent.Mode.data) {
            Map<String, MessageAttributeValue> attributes = new HashMap<>();
            EventAttributes.of(event, failures.functionId())
                    .forEach((name, value) -> attributes.put(
                            name,
                            MessageAttributeValue.builder()
                                    .dataType("String")
                                    .stringValue(value)
                                    .build()));
            entry.messageAttributes(attributes);
        }
        if (configuration.isFifo()) {
            String known = deduplication == null ? null : deduplication.of(event);
            String key = group.of(event);
            entry.messageGroupId(EventNames.legal(key == null ? event.getId() : key, MAX_KEY))
                    .messageDeduplicationId(known == null ? EventNames.of(event) : EventNames.legal(known, MAX_KEY));
        }
        return entry.build();
    }

    @Override
    public int size(SendMessageBatchRequestEntry entry) {
        int size = bytes(entry.messageBody());
        for (Map.Entry<String, MessageAttributeValue> attribute :
                entry.messageAttributes().entrySet()) {
            size += bytes(attribute.getKey())
                    + bytes(attribute.getValue().dataType())
                    + bytes(attribute.getValue().stringValue());
        }
        return size;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    @Override
    public CompletableFuture<List<Outcome>> send(List<SendMessageBatchRequestEntry> entries, Duration within) {
        return EntryService.outcomes(
                client.sendMessageBatch(request -> request.queueUrl(configuration.queueUrl())
                        .entries(entries)
                        .overrideConfiguration(override -> override.apiCallTimeout(within)
                                .putExecutionAttribute(
                                        AnswerBound.MAX_BYTES, AwsLimits.response(configuration.maxResponseBytes())))),
                answer -> {
                    Map<String, Outcome> outcomes = new HashMap<>();
                    for (SendMessageBatchResultEntry taken : answer.successful()) {
                        outcomes.put(taken.id(), Outcome.taken("messageId", taken.messageId()));
                    }
                    for (BatchResultErrorEntry failed : answer.failed()) {
                        outcomes.put(
                                failed.id(),
                                Outcome.refused(
                                        failures.ofEntry(failed.code(), failed.message(), failed.senderFault())));
                    }
                    return entries.stream()
                            .map(entry -> outcomes.getOrDefault(
                                    entry.id(),
                                    Outcome.refused(failures.ofEntry(
                                            "InternalFailure", "its answer leaves the entry out", null))))
                            .toList();
                });
    }

    @Override
    public void close() {
        clients.release(access);
    }
}
