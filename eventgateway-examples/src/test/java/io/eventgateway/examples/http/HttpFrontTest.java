package io.eventgateway.examples.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.eventgateway.EventGateway;
import io.eventgateway.Subscription;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
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

    @Test
    void aPathOfTwoSlashesIsNotThatOfItsEnd() throws Exception {
        try (HttpFront front = new HttpFront(0);
                Socket socket = new Socket(
                        InetAddress.getLoopbackAddress(),
                        URI.create(front.url()).getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write("GET //x/users HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));

            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 404");
        }
    }

    @Test
    void theBridgeKeepsValuesApartAndBodiesSmall() throws Exception {
        try (EventGateway gateway = EventGateway.create()) {
            gateway.functions().register("echo", (event, context) -> io.eventgateway.http.HttpResponse.builder(200)
                    .header("Set-Cookie", "a=1")
                    .header("Set-Cookie", "b=2")
                    .header("Content-Length", "999")
                    .header(
                            "X-Seen",
                            String.join(
                                    "|",
                                    event.dataAs(io.eventgateway.http.HttpRequest.class)
                                            .headerValues("X-Sent")))
                    .body("body".getBytes(StandardCharsets.UTF_8))
                    .build());
            for (String method : List.of("GET", "POST")) {
                gateway.subscriptions()
                        .create(Subscription.http(method, "/echo")
                                .function("echo")
                                .build());
            }
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", new HttpServerBridge(gateway, 10));
            server.start();
            try {
                URI url = URI.create("http://" + server.getAddress().getHostString() + ":"
                        + server.getAddress().getPort() + "/echo");
                HttpResponse<String> got = client.send(
                        HttpRequest.newBuilder(url)
                                .header("X-Sent", "1")
                                .header("X-Sent", "2")
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                assertThat(got.body()).isEqualTo("body");
                assertThat(got.headers().allValues("Set-Cookie")).containsExactly("a=1", "b=2");
                assertThat(got.headers().firstValue("X-Seen")).contains("1|2");

                HttpResponse<String> head = client.send(
                        HttpRequest.newBuilder(url)
                                .method("HEAD", HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                assertThat(head.statusCode()).isEqualTo(200);
                assertThat(head.body()).isEmpty();

                HttpResponse<String> large = client.send(
                        HttpRequest.newBuilder(url)
                                .POST(HttpRequest.BodyPublishers.ofString("more than ten"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                assertThat(large.statusCode()).isEqualTo(413);
            } finally {
                server.stop(0);
            }
        }
    }
}
