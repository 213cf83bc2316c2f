package io.eventgateway.aws.firehose;

import io.eventgateway.Event;
import io.eventgateway.aws.AwsLimits;
import io.eventgateway.aws.EntryService;
import io.eventgateway.invokers.aws.AnswerBound;
import io.eventgateway.invokers.aws.AwsAccess;
import io.eventgateway.invokers.aws.AwsClients;
import io.eventgateway.invokers.aws.AwsFailures;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.firehose.FirehoseAsyncClient;
import software.amazon.awssdk.services.firehose.model.PutRecordBatchResponseEntry;
import software.amazon.awssdk.services.firehose.model.Record;

/** A stream of Amazon Data Firehose. */
final class FirehoseStream implements EntryService<Record> {
    private static final int MAX_ENTRIES = 500;
    /** Of all records of a call. */
    private static final int MAX_BYTES = 4 * 1024 * 1024;

    private final FirehoseConfiguration configuration;
    private final AwsFailures failures;
    private final AwsAccess access;
    private final AwsClients<FirehoseAsyncClient> clients;
    private final FirehoseAsyncClient client;

    FirehoseStream(
            FirehoseConfiguration configuration,
            AwsFailures failures,
            AwsAccess access,
            AwsClients<FirehoseAsyncClient> clients) {
        this.configuration = configuration;
        this.failures = failures;
        this.access = access;
        this.clients = clients;
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
    public Record entry(Event event, byte[] content, int index) {
        byte[] record = content;
        if (!Boolean.FALSE.equals(configuration.newline())) {
            record = Arrays.copyOf(content, content.length + 1);
            record[content.length] = '\n';
        }
        return Record.builder().data(SdkBytes.fromByteArrayUnsafe(record)).build();
    }

    @Override
    public int size(Record entry) {
        return entry.data().asByteArrayUnsafe().length;
    }

    @Override
    public CompletableFuture<List<Outcome>> send(List<Record> entries, Duration within) {
        return EntryService.outcomes(
                client.putRecordBatch(request -> request.deliveryStreamName(configuration.deliveryStreamName())
                        .records(entries)
                        .overrideConfiguration(override -> override.apiCallTimeout(within)
                                .putExecutionAttribute(
                                        AnswerBound.MAX_BYTES, AwsLimits.response(configuration.maxResponseBytes())))),
                answer -> answer.requestResponses().stream().map(this::outcome).toList());
    }

    private Outcome outcome(PutRecordBatchResponseEntry entry) {
        if (entry.errorCode() == null && entry.recordId() == null) {
            return Outcome.refused(
                    failures.ofEntry("InternalFailure", "its answer has neither 'recordId' nor an error", null));
        }
        return entry.errorCode() == null
                ? Outcome.taken("recordId", entry.recordId())
                : Outcome.refused(failures.ofEntry(entry.errorCode(), entry.errorMessage(), null));
    }

    @Override
    public void close() {
        clients.release(access);
    }
}
