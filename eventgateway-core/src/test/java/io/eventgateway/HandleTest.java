package io.eventgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.delivery.BacklogPolicy;
import io.eventgateway.error.EventRejectedException;
import io.eventgateway.http.HttpRequest;
import io.eventgateway.http.HttpResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
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
        on("GET", "/value", (event, context) -> Map.of("statusCode", 404, "body", "a value of this process"));

        assertThat(get("/ours").statusCode()).isEqualTo(201);
        assertThat(get("/ours").bodyAsString()).isEqualTo("made");
        assertThat(get("/value").statusCode()).isEqualTo(200);
        assertThat(get("/value").bodyAsString()).contains("a value of this process");
    }

    /** What a function elsewhere answers, through a gateway of its own. */
    private HttpResponse remote(String answer, Map<String, Object> configuration) {
        FakeInvokers.Provider provider = new FakeInvokers.Provider(
                "remote",
                invocation -> CompletableFuture.completedFuture(InvocationResult.ofBytes(
                        "application/json", answer.getBytes(StandardCharsets.UTF_8), JsonMapper.shared())));
        try (EventGateway own = EventGateway.builder().invoker(provider).build()) {
            own.functions().register(FunctionDefinition.of("f", "remote", configuration));
            own.subscriptions()
                    .create(Subscription.http("GET", "/a").function("f").build());
            return own.handle(HttpRequest.get("/a").build());
        }
    }

    private HttpResponse remote(String answer) {
        return remote(answer, Map.of());
    }

    @Test
    void aFunctionElsewhereAnswersByTheProxyConvention() {
        HttpResponse json =
                remote("{\"statusCode\":202,\"headers\":{\"X-A\":[\"1\",\"2\"],\"X-B\":\"0\"},\"multiValueHeaders\":"
                        + "{\"x-b\":[\"1\",\"2\"]},\"cookies\":[\"a=1\",\"b=2\"],\"body\":{\"ok\":true}}");
        assertThat(json.statusCode()).isEqualTo(202);
        assertThat(json.allHeaders())
                .containsEntry("x-a", List.of("1", "2"))
                .containsEntry("X-B", List.of("1", "2"))
                .containsEntry("Set-Cookie", List.of("a=1", "b=2"));
        assertThat(json.bodyAsString()).isEqualTo("{\"ok\":true}");
        assertThat(remote("{\"statusCode\":200,\"body\":\"plain\"}").bodyAsString())
                .isEqualTo("plain");
        assertThat(remote("{\"statusCode\":200,\"body\":\"AQI=\",\"isBase64Encoded\":true}")
                        .body())
                .containsExactly(1, 2);
        HttpResponse more = remote("{\"statusCode\":404,\"reason\":\"a value, not a response\"}");
        assertThat(more.statusCode()).isEqualTo(200);
        assertThat(more.bodyAsString()).contains("a value, not a response");
    }

    @Test
    void aFunctionElsewhereMaySayThatItsAnswersAreValues() {
        HttpResponse value = remote("{\"statusCode\":404}", Map.of("responses", "value"));

        assertThat(value.statusCode()).isEqualTo(200);
        assertThat(value.bodyAsString()).isEqualTo("{\"statusCode\":404}");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
                    {"statusCode": "many"}                            | statusCode must be an integer
                    {"statusCode": 99}                                | statusCode must be 100 to 599, was 99
                    {"statusCode": 200, "headers": []}                | headers must be an object
                    {"statusCode": 200, "headers": {"a b": "c"}}      | header name must be a token
                    {"statusCode": 200, "headers": {"a": {}}}         | headers.a must be a string
                    {"statusCode": 200, "multiValueHeaders": {"a": {}}} | multiValueHeaders.a must be a string
                    {"statusCode": 200, "cookies": "a=1"}             | cookies must be a list of strings
                    {"statusCode": 200, "isBase64Encoded": "yes"}     | isBase64Encoded must be true or false
                    {"statusCode": 200, "body": "%", "isBase64Encoded": true} | body must be Base64
                    """)
    void aMalformedResponseIsA500ThatSaysWhatIsWrong(String json, String message) {
        assertThat(remote(json).statusCode()).isEqualTo(500);
        assertThat(remote(json).bodyAsString()).contains("malformed response").contains(message);
    }

    record Order(String id, int total) {}

    static final class Unmakeable {
        private Unmakeable(int a, int b) {}
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
                    {"id": s3cret            | it is not valid JSON, at line 1, column
                    {"id":"1","total":"s3cret"} | its member 'total' must be of kind int
                    {"id":"1"}               | its member 'total' is missing or null, and must be of kind int
                    {"id":"1","total":99999999999} | its member 'total' must be of kind int, was a number beyond its range
                    ''                       | it is empty
                    null                     | it is JSON null
                    """)
    void aBodyThatAHandlerCannotReadIsA400(String body, String reason) {
        on("POST", "/a", (event, context) -> event.dataAs(HttpRequest.class).bodyAs(Order.class));
        PrintStream err = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        HttpResponse response;
        try {
            response = gateway.handle(
                    HttpRequest.of("POST", "/a").body("application/json", body).build());
        } finally {
            System.setErr(err);
        }

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.bodyAsString())
                .contains(reason)
                .doesNotContain("s3cret")
                .doesNotContain("HandleTest");
        assertThat(log.toString(StandardCharsets.UTF_8)).doesNotContain("InvalidRequestException");
    }

    @Test
    void aBodyThatIsReadAsATreeIsA400Too() {
        on("POST", "/a", (event, context) -> CompletableFuture.completedFuture(event)
                .thenApply(each -> each.dataAs(HttpRequest.class).bodyAsJson().path("a")));

        assertThat(gateway.handle(HttpRequest.of("POST", "/a")
                                .body("application/json", "{")
                                .build())
                        .statusCode())
                .isEqualTo(400);
        assertThat(gateway.handle(HttpRequest.of("POST", "/a")
                                .body("application/json", "{\"a\":1.50}")
                                .build())
                        .bodyAsString())
                .isEqualTo("1.50");
    }

    @Test
    void aClassThatNothingCanBeReadAsIsTheFunctionsFailure() {
        on("POST", "/a", (event, context) -> event.dataAs(HttpRequest.class).bodyAs(Unmakeable.class));

        assertThat(gateway.handle(HttpRequest.of("POST", "/a")
                                .body("application/json", "{}")
                                .build())
                        .statusCode())
                .isEqualTo(502);
    }

    @Test
    void aBodyOverTheLimitIsA413() {
        FakeInvokers.Provider provider = new FakeInvokers.Provider(
                "remote",
                invocation -> CompletableFuture.completedFuture(InvocationResult.of(invocation.payload().length)));
        try (EventGateway own =
                EventGateway.builder().invoker(provider).maxPayloadSize(200).build()) {
            own.functions().register(FunctionDefinition.of("f", "remote", Map.of()));
            own.subscriptions()
                    .create(Subscription.http("POST", "/a").function("f").build());

            for (int length : List.of(190, 201)) { // the first is too large once it is JSON
                HttpResponse response = own.handle(HttpRequest.of("POST", "/a")
                        .body("image/png", new byte[length])
                        .build());
                assertThat(response.statusCode()).isEqualTo(413);
                assertThat(response.bodyAsString()).contains("200 bytes");
            }
            assertThat(own.handle(HttpRequest.of("POST", "/a")
                                    .body("image/png", new byte[10])
                                    .build())
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, a, must be a path",
        "GET, /%zz, two hexadecimal digits",
        "GET, /a?b=%f, two hexadecimal digits",
        "G T, /a, method must be a token"
    })
    void whatIsMalformedAsItWasReceivedIsA400(String method, String target, String message) {
        on("GET", "/a", (event, context) -> "a");

        HttpResponse response =
                gateway.handle(HttpRequest.received(method, target).build());

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.bodyAsString()).contains(message);
    }

    @Test
    void aHeaderThatIsMalformedAsItWasReceivedIsA400() {
        on("GET", "/a", (event, context) -> "a");

        HttpRequest request =
                HttpRequest.received("GET", "/a").header("a", "b\r\nc: d").build();

        assertThat(gateway.handle(request).statusCode()).isEqualTo(400);
        assertThat(request.problem()).contains("control characters");
        assertThat(gateway.handle(HttpRequest.received("GET", "/a").build()).statusCode())
                .isEqualTo(200);
    }

    @Test
    void headersHaveEveryValue() {
        HttpRequest request = HttpRequest.get("/a")
                .headers(Map.of("X-A", List.of("1", "2"), "Cookie", List.of("a=1", "b=2")))
                .header("X-None", null)
                .build();

        assertThat(request.allHeaders()).containsEntry("x-a", List.of("1", "2")).doesNotContainKey("X-None");
        assertThat(request.headers()).containsEntry("X-A", "1, 2").containsEntry("Cookie", "a=1; b=2");
        assertThat(request.toJson().path("multiValueHeaders").path("X-A").size())
                .isEqualTo(2);
        assertThat(HttpResponse.builder(200).header("X-None", null).build().headers())
                .isEmpty();
    }

    @Test
    void aTestOfAHandlerGivesParams() {
        HttpRequest request =
                HttpRequest.get("/users/1").params(Map.of("id", "1")).build();

        assertThat(request.params()).containsEntry("id", "1");
        assertThat(request.toBuilder().header("a", "b").build().params()).containsEntry("id", "1");
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

    @SuppressWarnings("unchecked") // what Kotlin and Lombok do with checked exceptions
    private static <X extends Throwable> void sneak(Throwable thrown) throws X {
        throw (X) thrown;
    }

    @Test
    void whateverAnInterceptorThrowsIsA500() {
        List<Throwable> thrown =
                List.of(new IOException("io"), new StackOverflowError(), new IllegalStateException("x"));
        for (Throwable each : thrown) {
            try (EventGateway intercepted = EventGateway.builder()
                    .emitInterceptor((event, chain) -> {
                        HandleTest.<RuntimeException>sneak(each);
                        return chain.proceed(event);
                    })
                    .build()) {
                intercepted.functions().register("f", (event, context) -> 1);
                intercepted
                        .subscriptions()
                        .create(Subscription.http("GET", "/").function("f").build());
                HttpRequest request = HttpRequest.get("/").build();

                assertThat(intercepted.handle(request).statusCode()).isEqualTo(500);
                assertThat(Outcomes.get(intercepted.handleAsync(request)).statusCode())
                        .isEqualTo(500);
            }
        }
    }

    @Test
    void anInterceptorThatReturnsNullIsA500() {
        try (EventGateway intercepted =
                EventGateway.builder().emitInterceptor((event, chain) -> null).build()) {
            intercepted.functions().register("f", (event, context) -> 1);
            intercepted
                    .subscriptions()
                    .create(Subscription.http("GET", "/").function("f").build());

            assertThat(intercepted.handle(HttpRequest.get("/").build()).statusCode())
                    .isEqualTo(500);
        }
    }

    @Test
    void aRequestThatCloseCutsOffIsA503() {
        CountDownLatch running = new CountDownLatch(1);
        EventGateway closing =
                EventGateway.builder().shutdownTimeout(Duration.ZERO).build();
        closing.functions().register("stuck", (event, context) -> {
            running.countDown();
            return new CompletableFuture<>();
        });
        closing.subscriptions()
                .create(Subscription.http("GET", "/").function("stuck").build());
        CompletableFuture<HttpResponse> response =
                closing.handleAsync(HttpRequest.get("/").build());
        Outcomes.await(running);

        closing.close();

        assertThat(Outcomes.get(response).statusCode()).isEqualTo(503);
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
    void aRequestThatAnInterceptorPassesOnTooLateIsRefusedAloud() {
        AtomicReference<Runnable> later = new AtomicReference<>();
        CountDownLatch called = new CountDownLatch(1);
        try (EventGateway intercepted = EventGateway.builder()
                .emitInterceptor((event, chain) -> {
                    later.set(() -> chain.proceed(event));
                    return Emission.none(event);
                })
                .build()) {
            intercepted.functions().register("f", (event, context) -> {
                called.countDown();
                return 1;
            });
            intercepted
                    .subscriptions()
                    .create(Subscription.http("GET", "/").function("f").build());

            assertThat(intercepted.handle(HttpRequest.get("/").build()).statusCode())
                    .isEqualTo(403);
            assertThatThrownBy(later.get()::run)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("before it returns");
        }
        assertThat(called.getCount()).isEqualTo(1);
    }
}
