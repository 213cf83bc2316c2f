package io.eventgateway.invokers.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.InvocationException.Kind;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.Backoff;
import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.delivery.DeadLetterQuery;
import io.eventgateway.delivery.DeliveryAttempt;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.DeliveryStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Delivery to a server that fails in every way a server can, and recovers. */
class HttpDeliveryTest {
    private final MockWebServer server = new MockWebServer();
    private final EventGateway gateway = EventGateway.create();

    @BeforeEach
    void start() throws Exception {
        server.start();
        gateway.functions()
                .register(FunctionDefinition.http("hook", server.url("/hook").toString()));
    }

    @AfterEach
    void stop() {
        gateway.close();
        server.close();
    }

    private void subscribe(DeliveryPolicy.Builder policy) {
        gateway.subscriptions()
                .create(Subscription.to("a")
                        .function("hook")
                        .delivery(policy.timeout(Duration.ofMillis(500)).build())
                        .build());
    }

    private static DeliveryPolicy.Builder quick() {
        return DeliveryPolicy.builder().backoff(Backoff.fixed(Duration.ofMillis(20)));
    }

    private static DeliveryStatus statusOf(Emission emission) {
        return emission.completion()
                .orTimeout(20, TimeUnit.SECONDS)
                .join()
                .deliveries()
                .get(0)
                .status();
    }

    private static MockResponse status(int code) {
        return new MockResponse.Builder().code(code).build();
    }

    @Test
    void deliversWhenTheServerRecoversFromEverything() {
        subscribe(quick().maxAttempts(10));
        server.enqueue(status(500));
        server.enqueue(new MockResponse.Builder()
                .onResponseStart(SocketEffect.Stall.INSTANCE)
                .build());
        server.enqueue(new MockResponse.Builder()
                .onRequestStart(new SocketEffect.CloseSocket())
                .build());
        server.enqueue(new MockResponse.Builder()
                .code(200)
                .body("cut off")
                .onResponseBody(new SocketEffect.CloseSocket())
                .build());
        server.enqueue(new MockResponse.Builder()
                .code(429)
                .setHeader("Retry-After", "0")
                .build());
        server.enqueue(status(204));

        Emission emission = gateway.emit("a", "data");

        assertThat(statusOf(emission)).isEqualTo(DeliveryStatus.DELIVERED);
        assertThat(emission.completion().join().deliveries().get(0).attempts()).isGreaterThanOrEqualTo(5);
        assertThat(gateway.deadLetters().count()).isZero();
    }

    @Test
    void waitsAsLongAsTheServerAsks() {
        subscribe(quick());
        server.enqueue(new MockResponse.Builder()
                .code(429)
                .setHeader("Retry-After", "1")
                .build());
        server.enqueue(status(204));

        Instant start = Instant.now();
        assertThat(statusOf(gateway.emit("a", 1))).isEqualTo(DeliveryStatus.DELIVERED);

        assertThat(Duration.between(start, Instant.now())).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void readsADateByTheServersOwnClock() {
        subscribe(quick());
        server.enqueue(new MockResponse.Builder()
                .code(503)
                .setHeader("Date", "Wed, 21 Oct 2015 07:28:00 GMT")
                .setHeader("Retry-After", "Wed, 21 Oct 2015 07:28:01 GMT")
                .build());
        server.enqueue(status(204));

        Instant start = Instant.now();
        assertThat(statusOf(gateway.emit("a", 1))).isEqualTo(DeliveryStatus.DELIVERED);

        assertThat(Duration.between(start, Instant.now())).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void keepsWhatTheServerAnsweredToEachAttemptAndDeliversItWhenAsked() {
        subscribe(quick().maxAttempts(2));
        server.enqueue(status(500));
        server.enqueue(status(502));

        assertThat(statusOf(gateway.emit("a", 1))).isEqualTo(DeliveryStatus.DEAD_LETTERED);
        assertThat(gateway.deadLetters().list()).singleElement().satisfies(letter -> {
            assertThat(letter.reason()).isEqualTo(DeadLetter.Reason.ATTEMPTS_EXHAUSTED);
            assertThat(letter.attempts())
                    .extracting(DeliveryAttempt::statusCode)
                    .containsExactly(500, 502);
            assertThat(letter.attempts()).extracting(DeliveryAttempt::kind).containsOnly(Kind.FUNCTION_ERROR);
        });

        server.enqueue(status(204));
        gateway.deadLetters().redrive(DeadLetterQuery.all());
        assertThat(gateway.awaitIdle(Duration.ofSeconds(20))).isTrue();
        assertThat(gateway.deadLetters().count()).isZero();
    }

    @Test
    void cancelsTheRequestOfAnAttemptThatTakesTooLong() throws Exception {
        subscribe(quick().maxAttempts(1));
        server.enqueue(new MockResponse.Builder()
                .onResponseStart(SocketEffect.Stall.INSTANCE)
                .build());

        Emission emission = gateway.emit("a", 1);

        assertThat(statusOf(emission)).isEqualTo(DeliveryStatus.DEAD_LETTERED);
        assertThat(gateway.deadLetters().list().get(0).attempts().get(0).kind()).isEqualTo(Kind.TIMEOUT);
        assertThat(server.takeRequest(1, TimeUnit.SECONDS)).isNotNull();
    }

    @Test
    void sendsABatchAndRedeliversWhatTheServerSaysFailed() throws Exception {
        subscribe(quick().batching(3, Duration.ofMillis(200)));
        server.enqueue(new MockResponse.Builder()
                .setHeader("Content-Type", "application/json")
                .body("{\"batchItemFailures\":[{\"itemIdentifier\":\"e2\"}]}")
                .build());
        server.enqueue(status(204));

        for (int i = 1; i <= 3; i++) {
            gateway.emit(Event.builder("a").id("e" + i).data(i).build());
        }
        assertThat(gateway.awaitIdle(Duration.ofSeconds(20))).isTrue();

        RecordedRequest first = server.takeRequest(1, TimeUnit.SECONDS);
        assertThat(first.getHeaders().get("Content-Type")).startsWith("application/cloudevents-batch+json");
        JsonNode batch = JsonMapper.shared().readTree(first.getBody().utf8());
        assertThat(batch.valueStream().map(event -> event.path("id").asString()))
                .containsExactly("e1", "e2", "e3");
        assertThat(batch.get(2).path("data").asInt()).isEqualTo(3);
        RecordedRequest second = server.takeRequest(1, TimeUnit.SECONDS);
        assertThat(JsonMapper.shared().readTree(second.getBody().utf8())).hasSize(1);
    }

    @Test
    void anAnswerToABatchThatCannotBeUnderstoodFailsAllOfIt() {
        subscribe(quick().maxAttempts(1).batching(2, Duration.ofMillis(200)));
        server.enqueue(new MockResponse.Builder()
                .setHeader("Content-Type", "application/json")
                .body("{\"batchItemFailures\":[\"e2\"]}")
                .build());

        gateway.emit("a", 1);
        gateway.emit("a", 2);
        assertThat(gateway.awaitIdle(Duration.ofSeconds(20))).isTrue();

        assertThat(gateway.deadLetters().list()).hasSize(2).allSatisfy(letter -> assertThat(letter.message())
                .contains("itemIdentifier"));
    }
}
