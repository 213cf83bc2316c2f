package io.eventgateway.invokers.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.format.EventFormat;
import io.cloudevents.core.message.Encoding;
import io.cloudevents.core.message.MessageReader;
import io.cloudevents.core.provider.EventFormatProvider;
import io.cloudevents.http.HttpMessageFactory;
import io.cloudevents.jackson.JsonFormat;
import io.eventgateway.Event;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.DeliveryPolicy;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The sending side of CloudEvents' HTTP binding 1.0, read by the CloudEvents SDK for Java: the table of docs/conformance.md. */
class HttpConformanceTest extends HttpFunctionTest {
    private static final EventFormat JSON = EventFormatProvider.getInstance().resolveFormat(JsonFormat.CONTENT_TYPE);

    static List<Event> events() {
        return List.of(
                Event.builder("t").id("1").source("/s").build(),
                Event.builder("com.example.some\"event\" 100%")
                        .id("Euro € 😀")
                        .source(URI.create("https://example.com/a%20b?c=d#e"))
                        .subject(" a \"b\\c\" %41 ")
                        .time(OffsetDateTime.parse("2018-04-05T03:56:24.123456789+02:00"))
                        .dataSchema(URI.create("https://example.com/schema"))
                        .extension("text", "Grüße, 東京")
                        .extension("number", 42)
                        .extension("truth", true)
                        .data("application/json", "{\"a\":1.50}".getBytes(StandardCharsets.UTF_8))
                        .build(),
                Event.builder("t")
                        .id("2")
                        .source("/s")
                        .data("image/png", new byte[] {0, 1, (byte) 0xff})
                        .build(),
                Event.builder("t")
                        .id("3")
                        .source("/s")
                        .data("text/plain", "héllo".getBytes(StandardCharsets.UTF_8))
                        .build());
    }

    /** The request as the SDK reads it, once its headers are decoded, which the SDK leaves to its caller (section 3.1.3.2). */
    private static MessageReader read(RecordedRequest request) {
        Map<String, String> headers = request.getHeaders().toMultimap().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        header -> header.getKey().startsWith("ce-")
                                ? decoded(header.getValue().get(0))
                                : header.getValue().get(0)));
        return HttpMessageFactory.createReader(headers, request.getBody().toByteArray());
    }

    private static String decoded(String header) {
        assertThat(header).matches("[!#-~]+"); // visible ASCII without a quotation mark
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < header.length(); i++) {
            if (header.charAt(i) == '%') {
                bytes.write(Integer.parseInt(header.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                bytes.write(header.charAt(i));
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @MethodSource("events")
    void theSdkReadsBinaryMode(Event event) throws Exception {
        server.enqueue(status(204).build());

        deliver(function(), event);

        RecordedRequest request = request();
        MessageReader reader = read(request);
        assertThat(reader.getEncoding()).isEqualTo(Encoding.BINARY);
        assertSame(reader.toEvent(), event, true);
        assertThat(request.getHeaders().get("ce-datacontenttype")).isNull();
        assertThat(request.getHeaders().get("Content-Type")).isEqualTo(event.getDataContentType());
    }

    @ParameterizedTest
    @MethodSource("events")
    void theSdkReadsStructuredMode(Event event) throws Exception {
        server.enqueue(status(204).build());

        deliver(function().with("mode", "structured"), event);

        RecordedRequest request = request();
        MessageReader reader = read(request);
        assertThat(reader.getEncoding()).isEqualTo(Encoding.STRUCTURED);
        assertSame(reader.toEvent(), event, false);
        assertThat(request.getHeaders().names()).noneMatch(name -> name.startsWith("ce-"));
    }

    @Test
    void theSdkReadsEachEventOfABatch() throws Exception {
        server.enqueue(status(204).build());
        gateway.functions().register(function());
        gateway.subscriptions()
                .create(Subscription.to("**")
                        .function("hook")
                        .delivery(DeliveryPolicy.builder()
                                .batching(events().size(), Duration.ofMinutes(5))
                                .build())
                        .build());

        events().forEach(gateway::emit);

        RecordedRequest request = request();
        assertThat(request.getHeaders().get("Content-Type"))
                .isEqualTo("application/cloudevents-batch+json; charset=utf-8");
        JsonNode batch = JsonMapper.shared().readTree(request.getBody().toByteArray());
        assertThat(batch.size()).isEqualTo(events().size());
        for (int i = 0; i < batch.size(); i++) {
            byte[] each = batch.get(i).toString().getBytes(StandardCharsets.UTF_8);
            assertSame(JSON.deserialize(each), events().get(i), false);
        }
    }

    /** The extensions of binary mode are texts, since headers have no types (section 3.1.3.2). Those of the chain come with every event. */
    private static void assertSame(CloudEvent read, Event sent, boolean texts) {
        assertThat(read.getSpecVersion()).hasToString("1.0");
        assertThat(read.getId()).isEqualTo(sent.getId());
        assertThat(read.getSource()).isEqualTo(sent.getSource());
        assertThat(read.getType()).isEqualTo(sent.getType());
        assertThat(read.getSubject()).isEqualTo(sent.getSubject());
        if (sent.getTime() == null) {
            assertThat(read.getTime()).isNotNull(); // that of its acceptance
        } else {
            assertThat(read.getTime()).isEqualTo(sent.getTime());
        }
        assertThat(read.getDataSchema()).isEqualTo(sent.getDataSchema());
        assertThat(read.getDataContentType()).isEqualTo(sent.getDataContentType());
        for (String name : sent.getExtensionNames()) {
            Object value = sent.getExtension(name);
            assertThat(read.getExtension(name)).isEqualTo(texts ? String.valueOf(value) : value);
        }
        byte[] expected = sent.getData() == null ? null : sent.getData().toBytes();
        byte[] data = read.getData() == null ? null : read.getData().toBytes();
        if (expected != null && "application/json".equals(sent.getDataContentType())) {
            JsonMapper mapper = JsonMapper.shared();
            assertThat(mapper.readTree(data)).isEqualTo(mapper.readTree(expected));
        } else {
            assertThat(data).isEqualTo(expected);
        }
    }
}
