package io.eventgateway.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.EventGatewayException;
import io.eventgateway.Explanation.SubscriptionExplanation;
import io.eventgateway.Subscription;
import io.eventgateway.Transform;
import io.eventgateway.delivery.DeliveryResult;
import io.eventgateway.error.InvalidTransformException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Decides cases of transforms by what a function gets, which has to be what {@code explain} says that it would get. Where it gets
 * nothing, the decision is {@code refused}, {@code undefined} for an expression without a result, or {@code failed}. An expression whose suite gives it more time than a transform has is not run, since its end would depend on the machine.
 */
final class TransformRunner implements AutoCloseable {
    /** How much of a payload an explanation has. */
    private static final int EXPLAINED = 2_000;

    private final EventGateway gateway =
            EventGateway.builder().clock(InstantSource.fixed(Instant.EPOCH)).build();
    private @Nullable Event received;

    private TransformRunner() {
        gateway.functions().register("f", (event, context) -> {
            received = event;
            return null;
        });
    }

    static List<Decision> decide(List<Case> cases) {
        try (TransformRunner runner = new TransformRunner()) {
            return cases.stream().map(runner::decide).toList();
        }
    }

    @Override
    public void close() {
        gateway.close();
    }

    private Decision decide(Case each) {
        if (each.isSlow()) {
            return new Decision(each, "not run", false);
        }
        Transform transform;
        try {
            transform = each.language().equals("jsonata")
                    ? Transform.jsonata(jsonata(each))
                    : Transform.fromJson(each.written());
        } catch (InvalidTransformException e) {
            return withoutPayload(each, "refused");
        }
        gateway.subscriptions()
                .create(Subscription.to("t")
                        .function("f")
                        .id("s")
                        .sync()
                        .transform(transform)
                        .build());
        try {
            return deliver(each, Objects.requireNonNull(each.event()));
        } finally {
            gateway.subscriptions().delete("s");
        }
    }

    /** The expression over the suite's input, which is the event's data; over the event when there is no input. */
    private static String jsonata(Case each) {
        Event event = Objects.requireNonNull(each.event());
        return (event.getData() == null ? "(" : "data.(") + each.written() + "\n)";
    }

    private Decision deliver(Case each, Event event) {
        received = null;
        DeliveryResult result =
                gateway.emit(event).completion().join().deliveries().get(0);
        SubscriptionExplanation explained = gateway.explain(event).of("s").orElseThrow();
        Event got = received;
        if (got == null) {
            EventGatewayException failure = Objects.requireNonNull(result.failure());
            assertThat(explained.transformError())
                    .as("what explain says of %s", each)
                    .isNotNull();
            String ours = String.valueOf(failure.getMessage()).contains("gave nothing") ? "undefined" : "failed";
            return withoutPayload(each, ours);
        }
        String payload = new String(Objects.requireNonNull(got.getData()).toBytes(), StandardCharsets.UTF_8);
        assertThat(explained.payload())
                .as("what explain says of %s", each)
                .isEqualTo(payload.length() > EXPLAINED ? payload.substring(0, EXPLAINED) + "…" : payload);
        return withPayload(each, payload, "application/json".equals(got.getDataContentType()));
    }

    private static Decision withoutPayload(Case each, String ours) {
        String expected = each.expected();
        boolean passed =
                expected != null && (expected.startsWith("error ") ? !ours.equals("undefined") : expected.equals(ours));
        return new Decision(each, ours, passed);
    }

    private static Decision withPayload(Case each, String payload, boolean isJson) {
        String expected = each.expected();
        boolean passed = expected == null || (isJson ? sameJson(each, expected, payload) : expected.equals(payload));
        return new Decision(each, payload, passed);
    }

    private static boolean sameJson(Case each, String expected, String ours) {
        try {
            return Json.same(
                    Json.read(expected),
                    Json.read(ours),
                    each.suite() == Suite.JSONATA ? Json.SAME_DOUBLE : Json.SAME_DIGITS,
                    each.anyOrder());
        } catch (JacksonException e) {
            return false;
        }
    }
}
