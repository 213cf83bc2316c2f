package io.eventgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.http.HttpRequest;
import io.eventgateway.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What a function gets of a request, and what is answered. */
class HandleTest extends HandledRequests {
    @Test
    void givesTheFunctionTheWholeRequest() {
        AtomicReference<HttpRequest> seen = new AtomicReference<>();
        on("POST", "/users/:id/*rest", (event, context) -> {
            assertThat(event.getType()).isEqualTo("http.request");
            seen.set(event.dataAs(HttpRequest.class));
            return null;
        });

        HttpResponse response = gateway.handle(HttpRequest.of("post", "/users/4%202/a/b?full=1&tag=x&tag=y+z")
                .header("X-Trace", "1")
                .header("x-trace", "2")
                .body("application/json", "{\"a\":1}")
                .build());

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEmpty();
        HttpRequest request = seen.get();
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.path()).isEqualTo("/users/4 2/a/b");
        assertThat(request.params()).isEqualTo(Map.of("id", "4 2", "rest", "a/b"));
        assertThat(request.query()).containsEntry("full", "1").containsEntry("tag", "x");
        assertThat(request.queryValues("tag")).containsExactly("x", "y z");
        assertThat(request.headers()).containsEntry("x-TRACE", "1, 2");
        assertThat(request.headerValues("X-TRACE")).containsExactly("1", "2");
        assertThat(request.bodyAsString()).isEqualTo("{\"a\":1}");
    }

    @Test
    void anyResultIsAJsonBody() {
        on("GET", "/user", (event, context) -> Map.of("name", "Ada"));
        on("GET", "/text", (event, context) -> "hi");
        on("GET", "/later", (event, context) -> CompletableFuture.completedFuture(List.of(1, 2)));
        on("GET", "/bytes", (event, context) -> new byte[] {1, 2});

        assertThat(get("/user").headers()).containsEntry("content-type", "application/json");
        assertThat(get("/user").bodyAsString()).isEqualTo("{\"name\":\"Ada\"}");
        assertThat(get("/text").bodyAsString()).isEqualTo("\"hi\"");
        assertThat(get("/later").bodyAsString()).isEqualTo("[1,2]");
        assertThat(get("/bytes").headers()).containsEntry("content-type", "application/octet-stream");
        assertThat(get("/bytes").body()).containsExactly(1, 2);
    }

    @Test
    void aResponseIsTheResponse() {
        on("GET", "/ours", (event, context) -> HttpResponse.of(201, "text/plain", "made"));
        on("GET", "/value", (event, context) -> Map.of("statusCode", 404, "body", "a value of this process"));

        assertThat(get("/ours").statusCode()).isEqualTo(201);
        assertThat(get("/ours").bodyAsString()).isEqualTo("made");
        assertThat(get("/value").statusCode()).isEqualTo(200);
        assertThat(get("/value").bodyAsString()).contains("a value of this process");
    }

    @Test
    void theTreeOfAnEmptyBodyIsAResponseWithoutABody() {
        on("POST", "/a", (event, context) -> event.dataAs(HttpRequest.class).bodyAsJson());

        HttpResponse response = gateway.handle(HttpRequest.of("POST", "/a").build());

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEmpty();
        assertThat(response.headers()).isEmpty();
    }

    @Test
    void aPathWithABlankIsWrittenDecoded() {
        on("GET", "/e/a b", (event, context) -> "found");

        assertThat(get("/e/a%20b").statusCode()).isEqualTo(200);
    }

    @Test
    void answersWithoutWaiting() {
        CompletableFuture<Object> stage = new CompletableFuture<>();
        on("GET", "/a", (event, context) -> stage);
        on("GET", "/bad", (event, context) -> {
            throw new IllegalStateException("s3cret");
        });

        CompletableFuture<HttpResponse> response =
                gateway.handleAsync(HttpRequest.get("/a").build());
        CompletableFuture<HttpResponse> head =
                gateway.handleAsync(HttpRequest.of("HEAD", "/a").build());
        assertThat(response).isNotDone();
        stage.complete("done");

        assertThat(Outcomes.get(response).bodyAsString()).isEqualTo("\"done\"");
        assertThat(Outcomes.get(head).body()).isEmpty();
        assertThat(Outcomes.get(gateway.handleAsync(HttpRequest.get("/bad").build()))
                        .statusCode())
                .isEqualTo(502);
        assertThat(Outcomes.get(gateway.handleAsync(HttpRequest.get("/none").build()))
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void answersWhatNobodyTakes() {
        on("GET", "/a", (event, context) -> "a");
        on("PUT", "/a", (event, context) -> "a");

        assertThat(get("/b").statusCode()).isEqualTo(404);
        HttpResponse other = gateway.handle(HttpRequest.of("DELETE", "/a").build());
        assertThat(other.statusCode()).isEqualTo(405);
        assertThat(other.headers()).containsEntry("Allow", "GET, HEAD, OPTIONS, PUT");
    }

    @Test
    void answersHeadByGetWithoutTheBodyAndOptionsByAllow() {
        on("GET", "/a", (event, context) -> HttpResponse.builder(203)
                .header("X-A", "1")
                .body(new byte[] {1})
                .build());

        HttpResponse head = gateway.handle(HttpRequest.of("HEAD", "/a").build());
        assertThat(head.statusCode()).isEqualTo(203);
        assertThat(head.headers()).containsEntry("X-A", "1");
        assertThat(head.body()).isEmpty();
        HttpResponse options = gateway.handle(HttpRequest.of("OPTIONS", "/a").build());
        assertThat(options.statusCode()).isEqualTo(204);
        assertThat(options.headers()).containsEntry("Allow", "GET, HEAD, OPTIONS");

        on("OPTIONS", "/a", (event, context) -> "own");
        on("HEAD", "/a", (event, context) -> HttpResponse.of(204));
        assertThat(gateway.handle(HttpRequest.of("OPTIONS", "/a").build()).bodyAsString())
                .isEqualTo("\"own\"");
        assertThat(gateway.handle(HttpRequest.of("HEAD", "/a").build()).statusCode())
                .isEqualTo(204);
    }
}
