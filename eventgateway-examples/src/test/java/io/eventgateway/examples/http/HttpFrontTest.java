package io.eventgateway.examples.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class HttpFrontTest {
    private final HttpClient client = HttpClient.newHttpClient();

    private HttpResponse<String> call(HttpFront front, String method, String path, String body) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(front.url() + path))
                        .timeout(Duration.ofSeconds(20))
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void servesACrudApi() throws Exception {
        List<String> created = new CopyOnWriteArrayList<>();
        try (HttpFront front = new HttpFront(0)) {
            front.gateway()
                    .subscribe(
                            "user.created",
                            event -> created.add(
                                    event.dataAs(HttpFront.User.class).name()));

            HttpResponse<String> made = call(front, "POST", "/users", "{\"name\":\"Ada\"}");
            assertThat(made.statusCode()).isEqualTo(201);
            String location = made.headers().firstValue("Location").orElseThrow();
            assertThat(call(front, "GET", location, "").body()).isEqualTo("{\"name\":\"Ada\"}");
            assertThat(call(front, "PUT", location, "{\"name\":\"Grace\"}").body())
                    .isEqualTo("{\"name\":\"Grace\"}");
            assertThat(call(front, "GET", "/users", "").body()).isEqualTo("{\"1\":{\"name\":\"Grace\"}}");
            assertThat(call(front, "DELETE", location, "").statusCode()).isEqualTo(204);
            assertThat(call(front, "GET", location, "").statusCode()).isEqualTo(404);
            assertThat(call(front, "HEAD", "/users", "").statusCode()).isEqualTo(200);
            assertThat(call(front, "PATCH", "/users", "").headers().firstValue("Allow"))
                    .contains("GET, HEAD, OPTIONS, POST");
            assertThat(call(front, "GET", "/elsewhere", "").statusCode()).isEqualTo(404);
            assertThat(call(front, "POST", "/users", "not JSON").statusCode()).isEqualTo(400);
            assertThat(front.gateway().awaitIdle(Duration.ofSeconds(20))).isTrue();
            assertThat(created).containsExactly("Ada");
        }
    }
}
