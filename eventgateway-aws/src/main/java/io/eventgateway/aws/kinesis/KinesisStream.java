package io.eventgateway.aws.kinesis;

import io.eventgateway.Event;
import io.eventgateway.aws.AwsLimits;
import io.eventgateway.aws.EntryService;
import io.eventgateway.aws.EventKey;
import io.eventgateway.invokers.aws.AnswerBound;
import io.eventgateway.invokers.aws.AwsAccess;
import io.eventgateway.invokers.aws.AwsClients;
import io.eventgateway.invokers.aws.AwsFailures;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResultEntry;

/** A stream of Amazon Kinesis Data Streams. */
final class KinesisStream implements EntryService<PutRecordsRequestEntry> {
    private static final int MAX_ENTRIES = 500;
    /** Of all records of a call, with their partition keys. */
    private static final int MAX_BYTES = 5 * 1024 * 1024;

    private static final int MAX_KEY = 256;

    private final KinesisConfiguration configuration;
    private final AwsFailures failures;
    private final AwsAccess access;
    private final AwsClients<KinesisAsyncClient> clients;
    private final KinesisAsyncClient client;
    private final EventKey key;

    KinesisStream(
            KinesisConfiguration configuration,
            AwsFailures failures,
            AwsAccess access,
            AwsClients<KinesisAsyncClient> clients) {
        this.configuration = configuration;
        this.failures = failures;
        this.access = access;
        this.clients = clients;
        this.key = new EventKey(configuration.partitionKey(), EventKey.PARTITION);
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
    public PutRecordsRequestEntry entry(Event event, byte[] content, int index) {
        String own = key.of(event);
        String partition = own == null ? event.getId() : own;
        int end = partition.offsetByCodePoints(0, Math.min(MAX_KEY, partition.codePointCount(0, partition.length())));
        return PutRecordsRequestEntry.builder()
                .data(SdkBytes.fromByteArrayUnsafe(content))
                .partitionKey(partition.substring(0, end))
                .build();
    }

    @Override
    public int size(PutRecordsRequestEntry entry) {
        return entry.data().asByteArrayUnsafe().length + entry.partitionKey().getBytes(StandardCharsets.UTF_8).length;
    }

    @Override
    public CompletableFuture<List<Outcome>> send(List<PutRecordsRequestEntry> entries, Duration within) {
        return EntryService.outcomes(
                client.putRecords(request -> request.streamName(configuration.streamName())
                        .streamARN(configuration.streamArn())
                        .records(entries)
                        .overrideConfiguration(override -> override.apiCallTimeout(within)
                                .putExecutionAttribute(
                                        AnswerBound.MAX_BYTES, AwsLimits.response(configuration.maxResponseBytes())))),
                answer -> answer.records().stream().map(this::outcome).toList());
    }

    private Outcome outcome(PutRecordsResultEntry entry) {
        if (entry.errorCode() == null && entry.sequenceNumber() == null) {
            return Outcome.refused(
                    failures.ofEntry("InternalFailure", "its answer has neither 'sequenceNumber' nor an error", null));
        }
        return entry.errorCode() == null
                ? Outcome.taken("sequenceNumber", entry.sequenceNumber())
                : Outcome.refused(failures.ofEntry(entry.errorCode(), entry.errorMessage(), null));
    }

    @Override
    public void close() {
        clients.release(access);
    }
}
