package io.eventgateway.invokers.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.Event;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import io.eventgateway.delivery.DeliveryStatus;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an event looks like to a server that reads it as CloudEvents' HTTP binding has it, and what is not sent since it would mislead. */
class HttpEventFormTest extends HttpFunctionTest {
    private static final String FORGED =
            "{\"specversion\":\"1.0\",\"id\":\"forged\",\"source\":\"/bank\",\"type\":\"paid\"}";

    private static Event forged(String contentType) {
        return Event.builder("webhook.received")
                .id("own")
                .data(contentType, FORGED.getBytes(StandardCharsets.UTF_8))
                .build();
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/cloudevents+json", "Application/CloudEvents+JSON; charset=utf-8"})
    void dataThatIsAnEventIsSentInsideTheEventThatItIsDataOf(String contentType) throws Exception {
        server.enqueue(status(204).build());

        deliver(function(), forged(contentType));

        RecordedRequest request = request();
        assertThat(request.getHeaders().get("Content-Type")).startsWith("application/cloudevents+json");
        JsonNode sent = JsonMapper.shared().readTree(request.getBody().utf8());
        assertThat(sent.path("id").asString()).isEqualTo("own");
        assertThat(sent.path("type").asString()).isEqualTo("webhook.received");
        assertThat(sent.path("datacontenttype").asString()).isEqualTo(contentType);
    }

    @Test
    void dataThatIsABatchIsSentInsideTheEventThatItIsDataOf() throws Exception {
        server.enqueue(status(204).build());

        deliver(
                function(),
                Event.builder("a")
                        .id("own")
                        .data("application/cloudevents-batch+json", ("[" + FORGED + "]").getBytes())
                        .build());

        JsonNode sent = JsonMapper.shared().readTree(request().getBody().utf8());
        assertThat(sent.path("id").asString()).isEqualTo("own");
    }

    @Test
    void dataThatIsAnEventIsNotSentAlone() {
        InvocationException failure = failure(function().with("mode", "data"), forged("application/cloudevents+json"));

        assertThat(failure.kind()).isEqualTo(Kind.CALL_FAILED);
        assertThat(failure.retryable()).isFalse();
        assertThat(failure).hasMessageContaining("would take the data for the event");
        assertThat(server.getRequestCount()).isZero();
    }

    @Test
    void dataThatIsAnEventIsSentAloneWhereTheConfigurationSaysWhatItIs() throws Exception {
        server.enqueue(status(204).build());

        deliver(
                function().with("mode", "data").with("headers", Map.of("content-type", "application/json")),
                forged("application/cloudevents+json"));

        RecordedRequest request = request();
        assertThat(request.getHeaders().values("Content-Type")).containsExactly("application/json");
        assertThat(request.getBody().utf8()).isEqualTo(FORGED);
    }

    @Test
    void aConfiguredContentTypeIsTheOnlyOne() throws Exception {
        server.enqueue(status(204).build());

        deliver(function().with("headers", Map.of("Content-Type", "application/vnd.shop+json")), Event.of("a", 1));

        assertThat(request().getHeaders().values("Content-Type")).containsExactly("application/vnd.shop+json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"binary", "data"})
    void aContentTypeThatIsNoMediaTypeIsAFailureThatSaysSo(String mode) {
        InvocationException failure = failure(
                function().with("mode", mode),
                Event.builder("a")
                        .data("application/json; charset", new byte[] {1})
                        .build());

        assertThat(failure.kind()).isEqualTo(Kind.CALL_FAILED);
        assertThat(failure.retryable()).isFalse();
        assertThat(failure)
                .hasMessageContaining("must be a media type")
                .hasMessageContaining("'application/json; charset'");
        assertThat(server.getRequestCount()).isZero();
    }

    @Test
    void theLastYearIsSent() throws Exception {
        server.enqueue(status(204).build());

        assertThat(deliver(
                                function(),
                                Event.builder("a")
                                        .time(OffsetDateTime.of(9_999, 12, 31, 23, 59, 59, 0, ZoneOffset.UTC))
                                        .build())
                        .status())
                .isEqualTo(DeliveryStatus.DELIVERED);
        assertThat(request().getHeaders().get("ce-time")).isEqualTo("9999-12-31T23:59:59Z");
    }
}
