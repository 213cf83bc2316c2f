package io.eventgateway.gcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.Request;
import org.junit.jupiter.api.Test;

class IdentityTokensTest {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-12-01T00:00:00Z"));
    private final Request request =
            new Request.Builder().url("http://localhost/").build();

    private String token() {
        String claims = "{\"exp\":" + now.get().plusSeconds(3_600).getEpochSecond() + "}";
        return "head." + Base64.getUrlEncoder().withoutPadding().encodeToString(claims.getBytes(StandardCharsets.UTF_8))
                + ".signature";
    }

    @Test
    void aRequestThatHangsIsNotWaitedForByLaterCalls() {
        CompletableFuture<String> hanging = new CompletableFuture<>();
        Deque<CompletableFuture<String>> answers =
                new ArrayDeque<>(List.of(hanging, CompletableFuture.completedFuture(token())));
        TokenSource source = new TokenSource() {
            @Override
            public CompletableFuture<String> token(String audience) {
                return answers.remove();
            }

            @Override
            public void close() {}
        };
        try (IdentityTokens tokens = new IdentityTokens("f", source, url -> "audience", now::get)) {
            CompletableFuture<Request> first = tokens.authenticate(request).toCompletableFuture();
            now.updateAndGet(at -> at.plus(PATIENCE).minusMillis(1));
            CompletableFuture<Request> waiting = tokens.authenticate(request).toCompletableFuture();
            now.updateAndGet(at -> at.plusMillis(1));

            CompletableFuture<Request> later = tokens.authenticate(request).toCompletableFuture();

            assertThat(later).isCompleted();
            assertThat(first).isNotDone();
            assertThat(waiting).isNotDone();
        }
    }
}
