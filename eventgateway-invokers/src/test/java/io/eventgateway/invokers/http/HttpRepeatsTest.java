package io.eventgateway.invokers.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationResult;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.DeliveryStatus;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When a request is sent again, and to where. */
class HttpRepeatsTest extends HttpFunctionTest {
    private static final String ANSWER = "HTTP/1.1 204 No Content\r\n\r\n";

    @ParameterizedTest
    @ValueSource(ints = {408, 503})
    void aServerThatAsksForARepetitionAtOnceGetsNoneUnseen(int status) {
        server.enqueue(status(status).addHeader("Retry-After", "0").build());
        server.enqueue(status(204).build());

        InvocationException failure = failure(function(), Event.of("a", 1));

        assertThat(failure.statusCode()).hasValue(status);
        assertThat(failure.retryAfter()).contains(Duration.ZERO);
        assertThat(server.getRequestCount()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"99999999999,999999999", "2147483648,999999999", "-1,", "soon,"})
    void aRetryAfterThatIsNoIntegerEndsTheCallAndNoThread(String retryAfter, @Nullable Long seconds) {
        AtomicReference<Throwable> uncaught = new AtomicReference<>();
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> uncaught.set(e));
        try {
            server.enqueue(status(503).addHeader("Retry-After", retryAfter).build());

            InvocationException failure = failure(function(), Event.of("a", 1));

            assertThat(failure.statusCode()).hasValue(503);
            assertThat(failure.retryAfter())
                    .isEqualTo(Optional.ofNullable(seconds).map(Duration::ofSeconds));
            assertThat(uncaught).hasNullValue();
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {307, 308})
    void followsARedirectThatKeepsMethodAndBodyToTheSameOrigin(int status) throws InterruptedException {
        server.enqueue(status(status).addHeader("Location", "/other?x=1").build());
        server.enqueue(status(204).build());

        assertThat(deliver(function().with("followRedirects", true), Event.of("a", Map.of("b", 1)))
                        .status())
                .isEqualTo(DeliveryStatus.DELIVERED);

        request();
        var second = request();
        assertThat(second.getTarget()).isEqualTo("/other?x=1");
        assertThat(second.getMethod()).isEqualTo("POST");
        assertThat(second.getBody().utf8()).isEqualTo("{\"b\":1}");
        assertThat(second.getHeaders().get("ce-type")).isEqualTo("a");
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303})
    void aRedirectThatWouldLoseTheBodyIsAFailure(int status) {
        server.enqueue(status(status).addHeader("Location", "/other").build());

        InvocationException failure = failure(function().with("followRedirects", true), Event.of("a", 1));

        assertThat(failure.statusCode()).hasValue(status);
        assertThat(failure.retryable()).isFalse();
        assertThat(server.getRequestCount()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"localhost, http", "127.0.0.1, https", "127.0.0.2, http"})
    void aRedirectToAnotherOriginIsAFailure(String host, String scheme) {
        server.enqueue(status(307)
                .addHeader(
                        "Location", scheme + "://" + host + ":" + (server.getPort() + ("http".equals(scheme) ? 0 : 1)))
                .build());
        FunctionDefinition function = FunctionDefinition.http("hook", "http://127.0.0.1:" + server.getPort() + "/hooks")
                .with("headers", Map.of("X-Api-Key", "s3cret"))
                .with("followRedirects", true);

        InvocationException failure = failure(function, Event.of("a", 1));

        assertThat(failure).hasMessageContaining("same scheme, host and port");
        assertThat(server.getRequestCount()).isEqualTo(1);
    }

    @Test
    void aCircleOfRedirectsEnds() {
        for (int i = 0; i < 10; i++) {
            server.enqueue(status(308).addHeader("Location", "/hooks").build());
        }

        assertThat(failure(function().with("followRedirects", true), Event.of("a", 1)))
                .hasMessageContaining("more than 5 times");
        assertThat(server.getRequestCount()).isEqualTo(6);
    }

    /** A server that answers one request a connection and closes it on the next one, as one does whose connection has been idle for too long. */
    private static final class ClosingServer implements AutoCloseable {
        final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        volatile int requests;

        ClosingServer() throws IOException {
            Thread thread = new Thread(this::serve, "closing-server");
            thread.setDaemon(true);
            thread.start();
        }

        private void serve() {
            try {
                while (true) {
                    try (Socket connection = socket.accept()) {
                        InputStream in = connection.getInputStream();
                        if (readRequest(in)) {
                            requests++;
                            connection.getOutputStream().write(ANSWER.getBytes(StandardCharsets.US_ASCII));
                            in.read(); // the next request has come
                        }
                    }
                }
            } catch (IOException e) {
                // it is closed
            }
        }

        private static boolean readRequest(InputStream in) throws IOException {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = in.read();
                if (next < 0) {
                    return false;
                }
                head.append((char) next);
            }
            int length = Integer.parseInt(head.toString().replaceAll("(?is).*content-length: (\\d+).*", "$1"));
            return in.readNBytes(length).length == length;
        }

        String url() {
            return "http://127.0.0.1:" + socket.getLocalPort() + "/";
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void aKeptConnectionThatTheServerHadClosedIsReplacedOnce() throws IOException {
        gateway.close();
        gateway = EventGateway.builder()
                .defaultDelivery(DeliveryPolicy.builder().maxAttempts(1).build())
                .build();
        try (ClosingServer closing = new ClosingServer()) {
            FunctionDefinition function = FunctionDefinition.http("hook", closing.url());

            assertThat(deliver(function, Event.of("a", 1)).status()).isEqualTo(DeliveryStatus.DELIVERED);
            assertThat(deliver(function, Event.of("a", 2)).status()).isEqualTo(DeliveryStatus.DELIVERED);
            assertThat(closing.requests).isEqualTo(2);
        }
    }

    @Test
    void nothingIsSentAgainWhereEventsAreDeliveredAtMostOnce() throws IOException {
        try (ClosingServer closing = new ClosingServer()) {
            FunctionDefinition function = FunctionDefinition.http("hook", closing.url());

            assertThat(deliver(function, Event.of("a", 1)).status()).isEqualTo(DeliveryStatus.DELIVERED);
            InvocationException failure = failure(function, Event.of("a", 2));

            assertThat(failure.kind()).isEqualTo(InvocationException.Kind.PROVIDER_ERROR);
            assertThat(closing.requests).isEqualTo(1);
        }
    }

    @Test
    void cancellingACallClosesItsConnection() throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            gateway.functions()
                    .register(FunctionDefinition.http("hook", "http://127.0.0.1:" + listening.getLocalPort() + "/"));
            CompletableFuture<InvocationResult> call = gateway.invokeAsync("hook", Event.of("a", 1));
            try (Socket connection = listening.accept()) {
                connection.setSoTimeout(20_000);
                assertThat(connection.getInputStream().read()).isEqualTo('P'); // of POST

                call.cancel(true);

                connection.getInputStream().readAllBytes(); // ends when the other side has closed
            } catch (SocketException e) {
                assertThat(e).hasMessageContaining("reset"); // so has it
            }
            assertThat(gateway.awaitIdle(Duration.ofSeconds(20))).isTrue();
        }
    }
}
