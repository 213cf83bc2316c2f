package io.eventgateway.aws.eventbridge;

import io.eventgateway.Event;
import io.eventgateway.InvocationException;
import io.eventgateway.aws.AwsLimits;
import io.eventgateway.aws.EntryService;
import io.eventgateway.aws.EventContent;
import io.eventgateway.internal.http.MediaTypes;
import io.eventgateway.invokers.aws.AnswerBound;
import io.eventgateway.invokers.aws.AwsAccess;
import io.eventgateway.invokers.aws.AwsClients;
import io.eventgateway.invokers.aws.AwsFailures;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.eventbridge.EventBridgeAsyncClient;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResultEntry;

/** An event bus of Amazon EventBridge. */
final class EventBus implements EntryService<PutEventsRequestEntry> {
    private static final int MAX_ENTRIES = 10;
    /** Of all entries of a call, as {@link #size} counts. */
    private static final int MAX_BYTES = 256 * 1024;
    /** What a time counts for. */
    private static final int TIME_BYTES = 14;

    private final EventBridgeConfiguration configuration;
    private final EventContent.Mode mode;
    private final AwsFailures failures;
    private final AwsAccess access;
    private final AwsClients<EventBridgeAsyncClient> clients;
    private final EventBridgeAsyncClient client;

    EventBus(
            EventBridgeConfiguration configuration,
            EventContent.Mode mode,
            AwsFailures failures,
            AwsAccess access,
            AwsClients<EventBridgeAsyncClient> clients) {
        this.configuration = configuration;
        this.mode = mode;
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
    public PutEventsRequestEntry entry(Event event, byte[] content, int index) {
        String detail = new String(content, StandardCharsets.UTF_8);
        if (mode == EventContent.Mode.data && !isObject(event, detail)) {
            throw new InvocationException(
                    InvocationException.Kind.CALL_FAILED,
                    false,
                    "event '" + event.getId() + "' can't be sent to function '" + failures.functionId()
                            + "': its data is no JSON object, which the detail of an event on EventBridge must be; mode structured sends it");
        }
        OffsetDateTime time = event.getTime();
        return PutEventsRequestEntry.builder()
                .eventBusName(configuration.eventBusName())
                .source(event.getSource().toString())
                .detailType(event.getType())
                .time(time == null ? null : time.toInstant())
                .detail(detail)
                .build();
    }

    private static boolean isObject(Event event, String detail) {
        return MediaTypes.isJson(event.getDataContentType())
                && detail.stripLeading().startsWith("{");
    }

    @Override
    public int size(PutEventsRequestEntry entry) {
        return (entry.time() == null ? 0 : TIME_BYTES)
                + bytes(entry.source())
                + bytes(entry.detailType())
                + bytes(entry.detail());
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    @Override
    public CompletableFuture<List<Outcome>> send(List<PutEventsRequestEntry> entries, Duration within) {
        return EntryService.outcomes(
                client.putEvents(request -> request.entries(entries)
                        .overrideConfiguration(override -> override.apiCallTimeout(within)
                                .putExecutionAttribute(
                                        AnswerBound.MAX_BYTES, AwsLimits.response(configuration.maxResponseBytes())))),
                answer -> answer.entries().stream().map(this::outcome).toList());
    }

    private Outcome outcome(PutEventsResultEntry entry) {
        if (entry.errorCode() == null && entry.eventId() == null) {
            return Outcome.refused(
                    failures.ofEntry("InternalFailure", "its answer has neither 'eventId' nor an error", null));
        }
        return entry.errorCode() == null
                ? Outcome.taken("eventId", entry.eventId())
                : Outcome.refused(failures.ofEntry(entry.errorCode(), entry.errorMessage(), null));
    }

    @Override
    public void close() {
        clients.release(access);
    }
}
