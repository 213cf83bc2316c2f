package io.eventgateway.invokers.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import io.eventgateway.http.NetworkPolicy;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.Headers;
import okhttp3.Request;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WebhookPermissionTest {
    private final MockWebServer server = new MockWebServer();
    private Instant now = Instant.parse("2030-01-01T00:00:00Z");
    private final WebhookPermission permission = new WebhookPermission(
            new WebhookPermission.Handshake(
                    "hook",
                    new ValidationSettings("events.example.com", 120),
                    Authentication.none(),
                    () -> Headers.of()),
            new HttpClients().open(ConnectionSettings.of(NetworkPolicy.anywhere())),
            () -> now);

    @BeforeEach
    void start() throws IOException {
        server.start(InetAddress.getLoopbackAddress(), 0);
    }

    @AfterEach
    void stop() {
        permission.close();
        server.close();
    }

    private void answers(String allowed) {
        server.enqueue(new MockResponse.Builder()
                .addHeader("WebHook-Allowed-Origin", allowed)
                .build());
    }

    private CompletableFuture<Request> asked(String path) {
        return permission
                .authenticate(new Request.Builder().url(server.url(path)).build())
                .toCompletableFuture();
    }

    private InvocationException denied() {
        return (InvocationException) asked("/")
                .handle((request, failure) -> failure instanceof CompletionException ? failure.getCause() : failure)
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    @Test
    void manyRequestsShareOneQuestion() throws Exception {
        server.enqueue(new MockResponse.Builder()
                .addHeader("WebHook-Allowed-Origin", "*")
                .headersDelay(50, TimeUnit.MILLISECONDS)
                .build());
        List<CompletableFuture<Request>> requests = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            requests.add(asked("/"));
        }

        CompletableFuture.allOf(requests.toArray(CompletableFuture[]::new))
                .orTimeout(20, TimeUnit.SECONDS)
                .join();

        assertThat(server.getRequestCount()).isEqualTo(1);
        assertThat(server.takeRequest().getHeaders().get("WebHook-Request-Rate"))
                .isEqualTo("120");
    }

    @Test
    void whoeverGivesUpDoesNotEndTheQuestionOfTheOthers() {
        server.enqueue(new MockResponse.Builder()
                .addHeader("WebHook-Allowed-Origin", "*")
                .headersDelay(50, TimeUnit.MILLISECONDS)
                .build());
        CompletableFuture<Request> first = asked("/");
        CompletableFuture<Request> second = asked("/");

        first.cancel(true);

        assertThat(second.orTimeout(20, TimeUnit.SECONDS).join().url()).isEqualTo(server.url("/"));
    }

    @Test
    void aPermissionHoldsForAnHour() {
        answers("events.example.com");
        asked("/").join();
        now = now.plus(Duration.ofMinutes(59));
        asked("/").join();
        assertThat(server.getRequestCount()).isEqualTo(1);

        answers("other.example.com");
        now = now.plus(Duration.ofMinutes(1));

        assertThat(denied().kind()).isEqualTo(Kind.ACCESS_DENIED);
    }

    @Test
    void aDenialHoldsForFiveMinutes() {
        answers("other.example.com");
        assertThat(denied().retryAfter()).contains(Duration.ofMinutes(5));
        now = now.plus(Duration.ofMinutes(3));
        assertThat(denied().retryAfter()).contains(Duration.ofMinutes(2));
        assertThat(server.getRequestCount()).isEqualTo(1);

        answers("*");
        now = now.plus(Duration.ofMinutes(2));

        assertThat(asked("/").join().url()).isEqualTo(server.url("/"));
    }

    @Test
    void eachUrlIsAskedAndOnlyTheLastEightAreRemembered() {
        for (int i = 0; i < 9; i++) {
            answers("*");
            asked("/" + i).join();
        }
        asked("/8").join();
        assertThat(server.getRequestCount()).isEqualTo(9);

        answers("*");
        asked("/0").join();

        assertThat(server.getRequestCount()).isEqualTo(10);
    }
}
