package io.eventgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.http.HttpRequest;
import io.eventgateway.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** What of a function's answer does not reach the server, wherever the answer comes from. */
class HandleFramingTest extends HandledRequests {
    private static final Map<String, String> SMUGGLED = Map.of(
            "Content-Length", "5",
            "Transfer-Encoding", "chunked",
            "Connection", "close, X-Hop",
            "Keep-Alive", "timeout=5",
            "Proxy-Connection", "keep-alive",
            "TE", "trailers",
            "Trailer", "X-Sum",
            "Upgrade", "h2c");

    /** What a function of a type elsewhere answers to {@code GET /a}. */
    private static HttpResponse answered(Supplier<InvocationResult> answer) {
        FakeInvokers.Provider provider =
                new FakeInvokers.Provider("remote", invocation -> CompletableFuture.completedFuture(answer.get()));
        try (EventGateway own = EventGateway.builder().invoker(provider).build()) {
            own.functions().register(FunctionDefinition.of("f", "remote", Map.of()));
            own.subscriptions()
                    .create(Subscription.http("GET", "/a").function("f").build());
            return own.handle(HttpRequest.get("/a").build());
        }
    }

    private static HttpResponse smuggling() {
        HttpResponse.Builder response = HttpResponse.builder(200).body("body".getBytes(StandardCharsets.UTF_8));
        SMUGGLED.forEach(response::header);
        return response.header("X-Hop", "1").header("X-Kept", "1").build();
    }

    private static void assertClean(HttpResponse response) {
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers()).containsOnlyKeys("X-Kept");
        assertThat(response.bodyAsString()).isEqualTo("body");
    }

    @Test
    void framingAndHopByHopFieldsAreDroppedFromAnAnswerOfThisProcess() {
        on("GET", "/a", (event, context) -> smuggling());

        assertClean(get("/a"));
        assertClean(Outcomes.get(gateway.handleAsync(HttpRequest.get("/a").build())));
    }

    @Test
    void framingAndHopByHopFieldsAreDroppedFromAProxyConventionsAnswer() {
        String json = smuggling().toJson().toString();

        assertClean(answered(() -> InvocationResult.ofBytes(
                "application/json", json.getBytes(StandardCharsets.UTF_8), JsonMapper.shared())));
    }

    @Test
    void framingAndHopByHopFieldsAreDroppedFromAnInvokersAnswer() {
        assertClean(answered(() -> InvocationResult.of(smuggling())));
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 205, 304})
    void statusesThatHaveNoBodyAreSentWithoutOne(int status) {
        on("GET", "/a", (event, context) -> HttpResponse.of(status, "text/plain", "HTTP/1.1 200 OK"));

        assertThat(get("/a").statusCode()).isEqualTo(status);
        assertThat(get("/a").body()).isEmpty();
    }

    @Test
    void aHeadSubscriptionOfOnesOwnAnswersWithoutABody() {
        on("HEAD", "/a", (event, context) -> HttpResponse.of(200, "text/plain", "too much"));

        assertThat(gateway.handle(HttpRequest.of("HEAD", "/a").build()).body()).isEmpty();
        assertThat(gateway.handle(HttpRequest.of("HEAD", "/none").build()).body())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 101, 103, 199, 600, 0, -1})
    void aStatusIs200To599(int status) {
        assertThatThrownBy(() -> HttpResponse.of(status))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("statusCode must be 200 to 599, was " + status);
        assertThat(answered(() -> InvocationResult.ofBytes(
                                "application/json",
                                ("{\"statusCode\":" + status + "}").getBytes(StandardCharsets.UTF_8),
                                JsonMapper.shared()))
                        .statusCode())
                .isEqualTo(500);
    }

    @Test
    void aHeadersCharactersReachTheServerAsBytesThatNoServerCutsToALineBreak() {
        // U+010D and U+010A are CR and LF to a server that takes the low byte, as the JDK's does
        on("GET", "/a", (event, context) -> HttpResponse.builder(200)
                .header("Location", "/\u010D\u010ASet-Cookie: a=1")
                .header("X-Latin", "caf\u00e9")
                .build());

        assertThat(get("/a").headers().get("Location").chars()).allMatch(c -> c >= ' ' && c <= 0xff);
        assertThat(get("/a").headers().get("Location"))
                .isEqualTo(new String(
                        "/\u010D\u010ASet-Cookie: a=1".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
        assertThat(get("/a").headers()).containsEntry("X-Latin", "caf\u00e9");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
                    {"statusCode":401,"statusDescription":"401 Unauthorized","isBase64Encoded":false,"headers":{},"body":""} | 401
                    {"statusCode":401,"multiValueHeaders":{"WWW-Authenticate":["Basic"]},"body":null}                       | 401
                    {"statusCode":403,"statusDescription":null}                                                              | 403
                    {"statusCode":401,"statusDescription":401}                                                               | 500
                    {"statusCode":200,"body":{"a":1},"isBase64Encoded":true}                                                 | 500
                    """)
    void aRefusalByTheProxyConventionStaysOne(String json, int status) {
        HttpResponse response = answered(() -> InvocationResult.ofBytes(
                "application/json", json.getBytes(StandardCharsets.UTF_8), JsonMapper.shared()));

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.bodyAsString()).contains(status == 500 ? "the function returned a malformed response" : "");
    }

    @Test
    void everyMemberOfTheProxyConventionIsRead() {
        HttpResponse response = answered(() -> InvocationResult.ofBytes(
                "application/json", """
                {"statusCode":201,"statusDescription":"201 Created","headers":{"X-A":"1"},"cookies":["a=1","b=2"],
                 "multiValueHeaders":{"X-B":["1","2"]},"isBase64Encoded":true,"body":"AQI="}""".getBytes(StandardCharsets.UTF_8), JsonMapper.shared()));

        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.allHeaders())
                .containsEntry("X-A", List.of("1"))
                .containsEntry("X-B", List.of("1", "2"))
                .containsEntry("Set-Cookie", List.of("a=1", "b=2"));
        assertThat(response.body()).containsExactly(1, 2);
    }
}
