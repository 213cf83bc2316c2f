package io.eventgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.delivery.BacklogPolicy;
import io.eventgateway.error.EventRejectedException;
import io.eventgateway.http.HttpRequest;
import io.eventgateway.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class HandleTest {
    private final ManualClock clock = new ManualClock();
    private final EventGateway gateway = EventGateway.builder().clock(clock).build();

    @AfterEach
    void close() {
        gateway.close();
    }

    private void on(String method, String path, FunctionHandler handler) {
        String id = (method + path).replaceAll("[^a-zA-Z0-9]", "-");
        gateway.functions().register(id, handler);
        gateway.subscriptions()
                .create(Subscription.http(method, path).function(id).build());
    }

    private HttpResponse get(String target) {
        return gateway.handle(HttpRequest.get(target).build());
    }

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
        on(
                "GET",
                "/json",
                (event, context) -> Map.of(
                        "statusCode", 202, "headers", Map.of("X-A", List.of("1", "2")), "body", Map.of("ok", true)));
        on("GET", "/text", (event, context) -> Map.of("statusCode", 200, "body", "plain"));
        on("GET", "/base64", (event, context) -> Map.of("statusCode", 200, "body", "AQI=", "isBase64Encoded", true));
        on("GET", "/more", (event, context) -> Map.of("statusCode", 404, "reason", "a value, not a response"));

        assertThat(get("/ours").statusCode()).isEqualTo(201);
        assertThat(get("/json").statusCode()).isEqualTo(202);
        assertThat(get("/json").allHeaders()).containsEntry("x-a", List.of("1", "2"));
        assertThat(get("/json").bodyAsString()).isEqualTo("{\"ok\":true}");
        assertThat(get("/text").bodyAsString()).isEqualTo("plain");
        assertThat(get("/base64").body()).containsExactly(1, 2);
        assertThat(get("/more").statusCode()).isEqualTo(200);
        assertThat(get("/more").bodyAsString()).contains("a value, not a response");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
                    {"statusCode": "many"}                            | statusCode must be an integer
                    {"statusCode": 99}                                | statusCode must be 100 to 599, was 99
                    {"statusCode": 200, "headers": []}                | headers must be an object
                    {"statusCode": 200, "headers": {"a b": "c"}}      | header name must be a token
                    {"statusCode": 200, "headers": {"a": {}}}         | headers.a must be a string
                    {"statusCode": 200, "body": "%", "isBase64Encoded": true} | body must be Base64
                    """)
    void aMalformedResponseIsA500ThatSaysWhatIsWrong(String json, String message) {
        on("GET", "/a", (event, context) -> JsonMapper.shared().readTree(json));

        assertThat(get("/a").statusCode()).isEqualTo(500);
        assertThat(get("/a").bodyAsString()).contains("malformed response").contains(message);
    }

    @Test
    void whatCannotBeWrittenIsA500() {
        on("GET", "/a", (event, context) -> new Object() {
            @SuppressWarnings("unused")
            public String getSecret() {
                throw new IllegalStateException("s3cret");
            }
        });

        assertThat(get("/a").statusCode()).isEqualTo(500);
        assertThat(get("/a").bodyAsString()).doesNotContain("s3cret");
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

    @Test
    void aFailureOfTheFunctionIsA502ThatTellsNothing() {
        on("GET", "/a", (event, context) -> {
            throw new IllegalStateException("password=s3cret");
        });

        HttpResponse response = get("/a");

        assertThat(response.statusCode()).isEqualTo(502);
        assertThat(response.bodyAsString()).doesNotContain("s3cret").doesNotContain("IllegalState");
        on("GET", "/b", (event, context) -> "fine");
        assertThat(get("/b").statusCode()).isEqualTo(200);
    }

    @Test
    void aFunctionThatDoesNotAnswerInTimeIsA504() {
        CountDownLatch called = new CountDownLatch(1);
        on("GET", "/a", (event, context) -> {
            called.countDown();
            return new CompletableFuture<>();
        });

        CompletableFuture<HttpResponse> response = CompletableFuture.supplyAsync(() -> get("/a"));
        Outcomes.await(called);
        clock.advance(Duration.ofSeconds(31));

        assertThat(Outcomes.get(response).statusCode()).isEqualTo(504);
    }

    @Test
    void aClosedGatewayIsA503() {
        on("GET", "/a", (event, context) -> "a");
        gateway.close();

        assertThat(get("/a").statusCode()).isEqualTo(503);
    }

    @Test
    void aFullBacklogIsA503() {
        CountDownLatch release = new CountDownLatch(1);
        try (EventGateway narrow =
                EventGateway.builder().backlog(1, BacklogPolicy.REJECT).build()) {
            narrow.functions().register("slow", (event, context) -> {
                release.await();
                return null;
            });
            narrow.subscribe("slow", "slow");
            narrow.subscriptions()
                    .create(Subscription.http("GET", "/a").function("slow").build());
            narrow.emit("slow", null);

            assertThat(narrow.handle(HttpRequest.get("/a").build()).statusCode())
                    .isEqualTo(503);
            release.countDown();
        }
    }

    @Test
    void anInterceptorMayRefuseARequest() {
        try (EventGateway guarded = EventGateway.builder()
                .emitInterceptor((event, chain) -> {
                    HttpRequest request = event.dataAs(HttpRequest.class);
                    if (request.headers().containsKey("Authorization")) {
                        return chain.proceed(event);
                    }
                    if (request.query().containsKey("quiet")) {
                        return Emission.none(event);
                    }
                    throw new EventRejectedException("no credentials");
                })
                .build()) {
            guarded.functions().register("f", (event, context) -> "in");
            guarded.subscriptions()
                    .create(Subscription.http("GET", "/a").function("f").build());

            assertThat(guarded.handle(HttpRequest.get("/a").build()).statusCode())
                    .isEqualTo(403);
            assertThat(guarded.handle(HttpRequest.get("/a?quiet").build()).statusCode())
                    .isEqualTo(403);
            assertThat(guarded.handle(HttpRequest.get("/a")
                                    .header("Authorization", "x")
                                    .build())
                            .bodyAsString())
                    .isEqualTo("\"in\"");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "a, must be a path",
        "/%zz, two hexadecimal digits",
        "/%ff, must be UTF-8",
        "/%4, two hexadecimal digits"
    })
    void refusesTargetsThatAreNotPaths(String target, String message) {
        assertThatThrownBy(() -> HttpRequest.get(target))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void refusesHeadersThatCouldSmuggleInOthers() {
        assertThatThrownBy(() -> HttpRequest.get("/").header("a", "b\r\nc: d"))
                .hasMessageContaining("control characters")
                .hasMessageContaining("'a'");
        assertThatThrownBy(() -> HttpRequest.get("/").header("a b", "c")).hasMessageContaining("'a b'");
        assertThatThrownBy(() -> HttpRequest.of("", "/")).hasMessageContaining("method must be a token");
        assertThat(HttpRequest.get("/?token=s3cret")
                        .header("Authorization", "s3cret")
                        .build()
                        .toString())
                .doesNotContain("s3cret");
    }

    @Test
    void aRequestIsJsonToFunctionsElsewhere() {
        HttpRequest request = HttpRequest.of("POST", "/a?x=1")
                .body("application/json", "{\"b\":2}")
                .build();
        assertThat(request.toJson().toString())
                .isEqualTo("{\"method\":\"POST\",\"path\":\"/a\",\"params\":{},\"query\":{\"x\":\"1\"},"
                        + "\"headers\":{\"Content-Type\":\"application/json\"},\"body\":{\"b\":2}}");
        assertThat(HttpRequest.of("POST", "/a")
                        .body("image/png", new byte[] {1})
                        .build()
                        .toJson()
                        .path("isBase64Encoded")
                        .booleanValue())
                .isTrue();
        assertThat(HttpRequest.of("POST", "/a")
                        .body("text/plain", "é".getBytes(StandardCharsets.UTF_8))
                        .build()
                        .toJson()
                        .path("body")
                        .stringValue())
                .isEqualTo("é");
    }
}
