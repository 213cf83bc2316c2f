package io.eventgateway.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.eventgateway.EventGateway;
import io.eventgateway.Subscription;
import io.eventgateway.examples.http.HttpServerBridge;
import io.eventgateway.http.HttpRequest;
import io.eventgateway.http.HttpResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs what {@code docs/http.md} shows. */
@Timeout(60)
class HttpTest {
    @Test
    void aFunctionAnswersRequests() {
        try (EventGateway gateway = EventGateway.create()) {
            // tag::http[]
            gateway.functions().register("getOrder", (event, context) -> {
                HttpRequest request = event.dataAs(HttpRequest.class);
                String id = request.params().get("id");
                return "o-1".equals(id) ? new Order(id, "acme", 120) : HttpResponse.of(404);
            });
            gateway.subscriptions()
                    .create(Subscription.http("GET", "/orders/:id")
                            .function("getOrder")
                            .build());

            HttpResponse response = gateway.handle(HttpRequest.get("/orders/o-1")
                    .header("Accept", "application/json")
                    .build());
            // end::http[]

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.bodyAsString()).contains("\"total\":120");
            assertThat(gateway.handle(HttpRequest.get("/orders/o-2").build()).statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void aServerHandsItsRequestsToTheGateway() throws Exception {
        try (EventGateway gateway = EventGateway.create()) {
            gateway.functions().register("hello", (event, context) -> "hello");
            gateway.subscriptions()
                    .create(Subscription.http("GET", "/hello").function("hello").build());
            ExecutorService threads = Executors.newFixedThreadPool(8);
            HttpServer server = serve(gateway, threads);
            try {
                URI url = URI.create("http://" + server.getAddress().getHostString() + ":"
                        + server.getAddress().getPort() + "/hello");
                assertThat(HttpClient.newHttpClient()
                                .send(
                                        java.net.http.HttpRequest.newBuilder(url)
                                                .build(),
                                        java.net.http.HttpResponse.BodyHandlers.ofString())
                                .body())
                        .isEqualTo("\"hello\"");
            } finally {
                server.stop(0);
                threads.shutdown();
            }
        }
    }

    private static HttpServer serve(EventGateway gateway, ExecutorService threads) throws IOException {
        int port = 0;
        // tag::server[]
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/", new HttpServerBridge(gateway, 1024 * 1024));
        server.setExecutor(threads); // each request holds one of them until it is answered
        server.start();
        // end::server[]
        return server;
    }
}
