package io.eventgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.http.HttpRequest;
import io.eventgateway.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

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
                .isEqualTo("{\"method\":\"POST\",\"path\":\"/a\",\"rawPath\":\"/a\",\"rawQuery\":\"x=1\",\"params\":{},"
                        + "\"query\":{\"x\":\"1\"},\"headers\":{\"Content-Type\":\"application/json\"},"
                        + "\"body\":{\"b\":2},\"rawBody\":\"{\\\"b\\\":2}\"}");
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

    @Test
    void aFunctionHasTheTargetAsItCame() {
        HttpRequest request = HttpRequest.of("POST", "/a%20b/%C3%A9?tag=x&tag=y+z&empty&%6E=1#fragment")
                .header("Cookie", "a=1; b=\"2\"")
                .header("Cookie", "c=3")
                .build();

        assertThat(request.rawPath()).isEqualTo("/a%20b/%C3%A9");
        assertThat(request.rawQuery()).isEqualTo("tag=x&tag=y+z&empty&%6E=1");
        assertThat(request.rawTarget()).isEqualTo("/a%20b/%C3%A9?tag=x&tag=y+z&empty&%6E=1");
        assertThat(request.allQuery())
                .isEqualTo(Map.of("tag", List.of("x", "y z"), "empty", List.of(""), "n", List.of("1")));
        assertThat(request.cookies()).containsExactly("a=1", "b=\"2\"", "c=3");
        assertThat(HttpRequest.get("/a").build().rawQuery()).isNull();
        assertThat(HttpRequest.get("/a?").build().rawTarget()).isEqualTo("/a?");
        JsonNode json = request.toJson();
        assertThat(json.path("rawPath").stringValue()).isEqualTo("/a%20b/%C3%A9");
        assertThat(json.path("rawQuery").stringValue()).isEqualTo(request.rawQuery());
        assertThat(json.path("multiValueQuery").toString())
                .isEqualTo("{\"tag\":[\"x\",\"y z\"],\"empty\":[\"\"],\"n\":[\"1\"]}");
        assertThat(json.path("cookies").toString()).isEqualTo("[\"a=1\",\"b=\\\"2\\\"\",\"c=3\"]");
        assertThat(HttpRequest.get("/a?b=1").build().toJson().propertyNames())
                .containsExactlyInAnyOrder("method", "path", "rawPath", "rawQuery", "params", "query", "headers");
    }

    private static JsonNode posted(String contentType, byte[] body) {
        return HttpRequest.of("POST", "/a").body(contentType, body).build().toJson();
    }

    @Test
    void aFunctionElsewhereGetsTheBodyAsItCameWhereItsParsedFormIsAnother() {
        byte[] spaced = "{ \"b\" : 1.50, \"a\" : \"\\u00e9\" }\n".getBytes(StandardCharsets.UTF_8);
        assertThat(posted("application/json", spaced).path("rawBody").stringValue())
                .isEqualTo(new String(spaced, StandardCharsets.UTF_8));
        assertThat(posted("text/plain", "é".getBytes(StandardCharsets.UTF_8)).has("rawBody"))
                .isFalse();
        assertThat(posted("image/png", new byte[] {(byte) 0xff}).has("rawBody")).isFalse();
        JsonNode notUtf8 = posted("text/plain", new byte[] {'a', (byte) 0xff});
        assertThat(Base64.getDecoder().decode(notUtf8.path("rawBody").stringValue()))
                .containsExactly('a', 0xff);
        assertThat(notUtf8.path("isRawBodyBase64Encoded").booleanValue()).isTrue();
    }

    @Test
    void aLargeBodyIsSentOnce() {
        int largest = 256 * 1024;
        byte[] body = ("[\"" + "a".repeat(largest - 4) + "\"]").getBytes(StandardCharsets.UTF_8);
        byte[] larger = ("[\"" + "a".repeat(largest - 3) + "\"]").getBytes(StandardCharsets.UTF_8);

        assertThat(posted("application/json", body).has("rawBody")).isTrue();
        assertThat(posted("application/json", larger).has("rawBody")).isFalse();
        assertThat(posted("application/json", larger).has("body")).isTrue();
    }
}
