package io.eventgateway.internal.intake;

import io.eventgateway.Event;
import io.eventgateway.EventGatewayException;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationResult;
import io.eventgateway.delivery.DeliveryReport;
import io.eventgateway.delivery.DeliveryResult;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The outlines of events and deliveries that are over, which are remembered: which they were and how they ended.
 * Neither the data of an event nor what a function returned or threw is among them, since nobody knows how much that
 * takes.
 *
 * <p>The sizes are estimates for a 64-bit virtual machine, on the large side.
 */
final class Outline {
    private static final int EVENT_BYTES = 128;
    private static final int TEXT_BYTES = 40;
    /** Texts of such characters take a byte for each. */
    private static final char LAST_LATIN = 0xff;

    private static final int NODE_BYTES = 24;
    private static final int RESULT_BYTES = 48;
    /** A failure has a stack trace. */
    private static final int FAILURE_BYTES = 2_048;

    private static final int LONGEST_MESSAGE = 1_000;

    private Outline() {}

    /** The event without its data. */
    static Event of(Event event) {
        return event.getData() == null ? event : event.toBuilder().data(null).build();
    }

    /** The number of bytes that the event takes without its data, about. */
    static long bytes(Event event) {
        long bytes = EVENT_BYTES
                + bytes(event.getId())
                + bytes(event.getType())
                + bytes(event.getSubject())
                + bytes(event.getSource().toString());
        for (String name : event.getExtensionNames()) {
            Object value = event.getExtension(name);
            boolean shared = value == event.getId(); // the first of a chain has its own id as correlation id
            bytes +=
                    shared ? 0 : NODE_BYTES + (value instanceof byte[] raw ? raw.length : bytes(String.valueOf(value)));
        }
        return bytes;
    }

    /** The number of bytes that a text takes, about; a null takes none. */
    static long bytes(@Nullable String text) {
        return text == null ? 0 : TEXT_BYTES + (isLatin(text) ? 1L : 2L) * text.length();
    }

    private static boolean isLatin(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > LAST_LATIN) {
                return false;
            }
        }
        return true;
    }

    /** How the deliveries ended, without what the functions returned and without what led to a failure. */
    static DeliveryReport of(DeliveryReport report) {
        return report.deliveries().isEmpty()
                ? report
                : new DeliveryReport(
                        report.deliveries().stream().map(Outline::of).toList());
    }

    private static DeliveryResult of(DeliveryResult delivery) {
        InvocationResult result = delivery.result();
        return new DeliveryResult(
                delivery.subscriptionId(),
                delivery.functionId(),
                delivery.status(),
                delivery.attempts(),
                result == null ? null : of(result),
                delivery.failure() == null ? null : of(delivery.failure()));
    }

    private static InvocationResult of(InvocationResult result) {
        String called = result.calledFunctionId();
        return called == null
                ? InvocationResult.empty()
                : InvocationResult.empty().withCalledFunctionId(called);
    }

    private static EventGatewayException of(EventGatewayException failure) {
        String message = Objects.requireNonNullElse(failure.getMessage(), "");
        boolean alone = failure.getCause() == null && failure.getSuppressed().length == 0;
        if (alone && message.length() <= LONGEST_MESSAGE) {
            return failure;
        }
        String cut = message.length() <= LONGEST_MESSAGE ? message : message.substring(0, LONGEST_MESSAGE) + "...";
        if (!(failure instanceof InvocationException invocation)) {
            return new EventGatewayException(cut);
        }
        InvocationException kept = new InvocationException(invocation.kind(), invocation.retryable(), cut);
        if (invocation.statusCode().isPresent()) {
            kept = kept.withStatusCode(invocation.statusCode().getAsInt());
        }
        String called = invocation.calledFunctionId();
        return called == null ? kept : kept.withCalledFunctionId(called);
    }

    /** The number of bytes that a report takes when it {@linkplain #of(DeliveryReport) has no} results and causes, about. */
    static long bytes(DeliveryReport report) {
        List<DeliveryResult> deliveries = report.deliveries();
        long bytes = 0;
        for (DeliveryResult delivery : deliveries) {
            EventGatewayException failure = delivery.failure();
            bytes += RESULT_BYTES + (failure == null ? 0 : FAILURE_BYTES + bytes(failure.getMessage()));
        }
        return bytes;
    }
}
