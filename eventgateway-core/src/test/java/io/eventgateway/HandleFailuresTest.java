package io.eventgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.delivery.BacklogPolicy;
import io.eventgateway.error.EventRejectedException;
import io.eventgateway.history.ChainLimits;
import io.eventgateway.http.HttpRequest;
import io.eventgateway.http.HttpResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.Level;

/** What is answered to a request that can't be handled, or that fails. */
class HandleFailuresTest extends HandledRequests {
    record Order(String id, int total) {}

    private static final String REQUESTS = "io.eventgateway.internal.intake.Requests";

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
        CapturedLog log = new CapturedLog(Level.DEBUG);
        HttpResponse response = log.of(
                () -> gateway.handle(HttpRequest.of("POST", "/a")
                        .body("application/json", body)
                        .build()),
                REQUESTS);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.bodyAsString())
                .contains(reason)
                .doesNotContain("s3cret")
                .doesNotContain("HandleTest");
        assertThat(log)
                .asString()
                .contains("POST /a", "can't be read")
                .doesNotContain("s3cret")
                .doesNotContain("InvalidRequestException")
                .doesNotContain("at io.eventgateway");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a\r\nX: y", "/a\0", "/a?\u0001", "/a?b=\u007f", "/a#\n"})
    void aTargetWithControlCharactersIsA400(String target) {
        on("GET", "/*all", (event, context) -> "reached");

        HttpResponse response =
                gateway.handle(HttpRequest.received("GET", target).build());

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.bodyAsString())
                .contains("percent-encoded, has U+00")
                .doesNotContain("\r", "\n", "\0");
        assertThatThrownBy(() -> HttpRequest.of("GET", target)).isInstanceOf(IllegalArgumentException.class);
        assertThat(gateway.handle(HttpRequest.received("GET", "/a%0D%0A?%01").build())
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void aHandlerThatCallsItselfIsStoppedByTheDepthOfItsChain() {
        on(
                "GET",
                "/self",
                (event, context) -> gateway.handle(HttpRequest.get("/self").build()));

        for (int i = 0; i < 3; i++) {
            HttpResponse response = get("/self");
            assertThat(response.statusCode()).isEqualTo(508);
            assertThat(response.bodyAsString()).contains("more than 64 deep");
            assertThat(gateway.backlog().pending()).isZero();
        }
        assertThat(gateway.awaitIdle(Duration.ofSeconds(20))).isTrue();
    }

    @Test
    void aHandlerThatInvokesItsOwnFunctionIsStoppedToo() {
        on("GET", "/self", (event, context) -> gateway.invoke("GET-self", null));

        assertThat(get("/self").statusCode()).isEqualTo(502);
        assertThat(gateway.backlog().pending()).isZero();
    }

    @Test
    void callsThatOverflowTheStackLeaveNothingPending() {
        try (EventGateway deep = EventGateway.builder()
                .chainLimits(ChainLimits.defaults().withMaxDepth(1_000_000))
                .build()) {
            deep.functions()
                    .register(
                            "self",
                            (event, context) ->
                                    deep.handle(HttpRequest.get("/self").build()));
            deep.subscriptions()
                    .create(Subscription.http("GET", "/self").function("self").build());

            for (int i = 0; i < 5; i++) {
                // who answers depends on where the stack ends, and on a deep one whether the backlog is full before
                assertThat(deep.handle(HttpRequest.get("/self").build()).statusCode())
                        .isIn(500, 502, 503);
            }
            assertThat(deep.awaitIdle(Duration.ofSeconds(10))).isTrue(); // and not after the timeout of 30 s
            assertThat(deep.backlog().pending()).isZero();
        }
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

    @Test
    void theRawBodyCountsAgainstTheLargestPayload() {
        FakeInvokers.Provider provider = new FakeInvokers.Provider(
                "remote",
                invocation -> CompletableFuture.completedFuture(InvocationResult.of(invocation.payload().length)));
        try (EventGateway own =
                EventGateway.builder().invoker(provider).maxPayloadSize(600).build()) {
            own.functions().register(FunctionDefinition.of("f", "remote", Map.of()));
            own.subscriptions()
                    .create(Subscription.http("POST", "/a").function("f").build());
            String body = "\"" + "a".repeat(250) + "\"";

            assertThat(own.handle(HttpRequest.of("POST", "/a")
                                    .body("text/plain", body) // is sent once
                                    .build())
                            .statusCode())
                    .isEqualTo(200);
            assertThat(own.handle(HttpRequest.of("POST", "/a")
                                    .body("application/json", body) // is sent as it came, too
                                    .build())
                            .statusCode())
                    .isEqualTo(413);
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
    void theTimeLimitNeedsNoThreadOfThePool() {
        CountDownLatch running = new CountDownLatch(8); // a pool of one has eight threads at most
        CountDownLatch release = new CountDownLatch(1);
        try (EventGateway narrow = EventGateway.builder()
                .clock(clock)
                .workerThreads(1)
                .shutdownTimeout(Duration.ZERO)
                .build()) {
            narrow.functions().register("deaf", (event, context) -> {
                running.countDown();
                while (release.getCount() > 0) {
                    try {
                        release.await();
                    } catch (InterruptedException e) {
                        continue; // as code that does not care
                    }
                }
                return null;
            });
            narrow.subscriptions()
                    .create(Subscription.http("GET", "/").function("deaf").build());
            List<CompletableFuture<HttpResponse>> responses = IntStream.range(0, 9)
                    .mapToObj(i -> narrow.handleAsync(HttpRequest.get("/").build()))
                    .toList();
            Outcomes.await(running);

            clock.advance(Duration.ofSeconds(31));

            for (CompletableFuture<HttpResponse> response : responses) {
                assertThat(Outcomes.get(response).statusCode()).isEqualTo(504);
            }
        } finally {
            release.countDown();
        }
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
                        HandleFailuresTest.<RuntimeException>sneak(each);
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
