package io.eventgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.http.HttpRequest;
import io.eventgateway.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests as values. */
class HttpRequestTest {
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
