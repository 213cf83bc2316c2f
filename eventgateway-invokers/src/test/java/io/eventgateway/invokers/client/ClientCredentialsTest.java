package io.eventgateway.invokers.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.http.NetworkPolicy;
import io.eventgateway.spi.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.SocketEffect;
import okhttp3.Request;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClientCredentialsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final MockWebServer server = new MockWebServer();
    private final AtomicLong nanos = new AtomicLong();
    private final Request request =
            new Request.Builder().url("http://localhost/").build();

    @BeforeEach
    void start() throws IOException {
        server.start(InetAddress.getLoopbackAddress(), 0);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private ClientCredentials credentials() {
        HttpSender sender = new HttpClients()
                .open(new ConnectionSettings(Duration.ofSeconds(10), List.of(NetworkPolicy.anywhere()), null, null));
        return new ClientCredentials(
                "f",
                sender,
                new ClientCredentials.Client(server.url("/token"), Secret.of("id"), Secret.of("secret"), null, null),
                nanos::get);
    }

    private static MockResponse token(String token) {
        return new MockResponse.Builder()
                .addHeader("Content-Type", "application/json")
                .body("{\"access_token\":\"" + token + "\",\"expires_in\":3600}")
                .build();
    }

    @Test
    void aRequestThatHangsIsNotWaitedForByLaterCalls() throws Exception {
        server.enqueue(new MockResponse.Builder()
                .onResponseStart(SocketEffect.Stall.INSTANCE)
                .build());
        server.enqueue(token("second"));
        try (ClientCredentials credentials = credentials()) {
            CompletableFuture<Request> first = credentials.authenticate(request).toCompletableFuture();
            assertThat(server.takeRequest(20, TimeUnit.SECONDS)).isNotNull();
            nanos.addAndGet(PATIENCE.toNanos() - 1);
            CompletableFuture<Request> waiting =
                    credentials.authenticate(request).toCompletableFuture();
            nanos.addAndGet(1);

            Request proven =
                    credentials.authenticate(request).toCompletableFuture().get(20, TimeUnit.SECONDS);

            assertThat(proven.header("Authorization")).isEqualTo("Bearer second");
            assertThat(first).isNotDone();
            assertThat(waiting).isNotDone();
            assertThat(server.getRequestCount()).isEqualTo(2);
        }
    }

    @Test
    void anAnswerThatIsTooLargeNamesTheBoundThatHolds() {
        server.enqueue(token("x".repeat(80_000)));
        try (ClientCredentials credentials = credentials()) {
            CompletableFuture<Request> asked = credentials.authenticate(request).toCompletableFuture();

            assertThat(asked)
                    .failsWithin(Duration.ofSeconds(20))
                    .withThrowableOfType(ExecutionException.class)
                    .withMessageContaining("answered more than 65536 bytes, which is the most that is read")
                    .withMessageNotContaining("maxResponseBytes");
        }
    }

    @Test
    void closingEndsARequestThatHangs() throws Exception {
        server.enqueue(new MockResponse.Builder()
                .onResponseStart(SocketEffect.Stall.INSTANCE)
                .build());
        ClientCredentials credentials = credentials();
        CompletableFuture<Request> waiting = credentials.authenticate(request).toCompletableFuture();
        assertThat(server.takeRequest(20, TimeUnit.SECONDS)).isNotNull();

        credentials.close();

        assertThat(waiting).failsWithin(Duration.ofSeconds(20));
    }

    @Test
    void aTokenThatIsNoBearerTokenIsNotUsed() {
        server.enqueue(new MockResponse.Builder()
                .body("{\"access_token\":\"t-1\",\"token_type\":\"mac\"}")
                .build());
        try (ClientCredentials credentials = credentials()) {
            assertThat(credentials.authenticate(request))
                    .failsWithin(Duration.ofSeconds(20))
                    .withThrowableThat()
                    .withMessageContaining("'token_type' must be Bearer, was 'mac'");
        }
    }
}
