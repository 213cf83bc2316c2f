package io.eventgateway.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.eventgateway.EventGateway;
import io.eventgateway.Subscription;
import io.eventgateway.examples.http.HttpServerBridge;
import io.eventgateway.http.Authorization;
import io.eventgateway.http.CorsPolicy;
import io.eventgateway.http.HttpRequest;
import io.eventgateway.http.HttpResponse;
import io.eventgateway.http.WebhookVerifier;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.Map;
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
    void aFunctionEmitsTheEventsThatItReceives() {
        try (EventGateway gateway = EventGateway.create()) {
            // tag::receive[]
            gateway.functions().register("receive", (event, context) -> {
                event.dataAs(HttpRequest.class).toEvents().forEach(context::emit);
                return HttpResponse.of(202);
            });
            gateway.subscriptions()
                    .create(Subscription.http("POST", "/events")
                            .function("receive")
                            .build());
            // end::receive[]

            HttpRequest request = HttpRequest.of("POST", "/events")
                    .body(
                            "application/cloudevents+json",
                            "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\"}")
                    .build();
            assertThat(gateway.handle(request).statusCode()).isEqualTo(202);
        }
    }

    @Test
    void aWebhookIsVerified() {
        // tag::webhooks[]
        EventGateway gateway = EventGateway.builder()
                .webhookVerifier("github", WebhookVerifier.gitHub(() -> System.getenv("GITHUB_WEBHOOK_SECRET")))
                .build();
        gateway.functions().register("onPush", (event, context) -> {
            context.emit("github.push", event.dataAs(HttpRequest.class).bodyAsJson());
            return null;
        });
        gateway.subscriptions()
                .create(Subscription.http("POST", "/hooks/github")
                        .function("onPush")
                        .verify("github")
                        .build());
        // end::webhooks[]

        try (gateway) {
            assertThat(gateway.handle(HttpRequest.of("POST", "/hooks/github").build())
                            .statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void anAuthorizerGrantsAndRefuses() {
        try (EventGateway gateway = EventGateway.create()) {
            // tag::authorizer[]
            gateway.functions().register("whoIsThere", (event, context) -> {
                String token = event.dataAs(HttpRequest.class).headers().get("Authorization");
                if (token == null) {
                    return Authorization.unauthenticated("Bearer", "no token");
                }
                return token.equals("Bearer t-1")
                        ? Authorization.granted("u-1", Map.of("plan", "pro"))
                        : Authorization.refused("an unknown token");
            });
            gateway.functions()
                    .register(
                            "orders",
                            (event, context) -> "orders of "
                                    + event.dataAs(HttpRequest.class)
                                            .authorization()
                                            .principalId());
            gateway.subscriptions()
                    .create(Subscription.http("GET", "/orders")
                            .function("orders")
                            .authorizer("whoIsThere")
                            .build());
            // end::authorizer[]

            HttpRequest anonymous = HttpRequest.get("/orders").build();
            assertThat(gateway.handle(anonymous).statusCode()).isEqualTo(401);
            assertThat(gateway.handle(anonymous.toBuilder()
                                    .header("Authorization", "x")
                                    .build())
                            .statusCode())
                    .isEqualTo(403);
            assertThat(gateway.handle(anonymous.toBuilder()
                                    .header("Authorization", "Bearer t-1")
                                    .build())
                            .bodyAsString())
                    .isEqualTo("\"orders of u-1\"");
        }
    }

    @Test
    void aPageOfAnotherOriginMayCall() {
        try (EventGateway gateway = EventGateway.create()) {
            gateway.functions().register("orders", (event, context) -> "[]");
            // tag::cors[]
            gateway.subscriptions()
                    .create(Subscription.http("GET", "/orders")
                            .function("orders")
                            .cors(CorsPolicy.allow("https://app.example.com").withCredentials())
                            .build());
            // end::cors[]

            assertThat(gateway.handle(HttpRequest.get("/orders")
                                    .header("Origin", "https://app.example.com")
                                    .build())
                            .headers())
                    .containsEntry("Access-Control-Allow-Origin", "https://app.example.com");
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
