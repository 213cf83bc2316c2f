package io.eventgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.http.HttpRequest;
import io.eventgateway.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** What functions elsewhere answer to requests. */
class HandleElsewhereTest extends HandledRequests {
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
                    {"statusCode": 99}                                | statusCode must be 200 to 599, was 99
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
}
