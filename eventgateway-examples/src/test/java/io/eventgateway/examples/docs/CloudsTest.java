package io.eventgateway.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.eventgateway.EventGateway;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.spi.Secrets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of docs/gcp.md, docs/azure.md, and of OpenWhisk in docs/invokers.md. */
class CloudsTest {
    @TempDir
    private Path secrets;

    private final List<String> called = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private String url;
    private EventGateway gateway;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        url = "http://localhost:" + server.getAddress().getPort();
        gateway = EventGateway.builder().secrets(Secrets.files(secrets)).build();
    }

    @AfterEach
    void stop() {
        gateway.close();
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        String path = exchange.getRequestURI().getPath();
        called.add(path);
        String result = path.startsWith("/api/v1/")
                ? "{\"activationId\":\"1\",\"response\":{\"status\":\"success\",\"result\":{\"done\":true}}}"
                : "{\"done\":true}";
        byte[] body = result.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private void assertDelivered(String type) {
        assertThat(gateway.emit(type, Map.of("total", 42)).completion().join().deliveries())
                .isNotEmpty()
                .allSatisfy(delivery -> assertThat(delivery.status()).isEqualTo(DeliveryStatus.DELIVERED));
    }

    @Test
    void callsAFunctionOnGoogleCloud() {
        String function = url + "/invoice";
        // tag::gcp-function[]
        gateway.functions()
                .register(FunctionDefinition.of("invoice", "gcpfunction", Map.of("url", function))
                        .with("authenticate", !function.startsWith("http://localhost")));
        gateway.subscriptions()
                .create(Subscription.to("order.placed").function("invoice").build());
        // end::gcp-function[]

        assertDelivered("order.placed");
        assertThat(called).containsExactly("/invoice");
    }

    @Test
    void callsFunctionsOnAzure() throws IOException {
        Files.writeString(secrets.resolve("function-key"), "a-key");
        Files.writeString(secrets.resolve("topic-key"), "YS1rZXk=");
        Files.writeString(
                secrets.resolve("workflow-url"),
                url + "/workflows/1/triggers/manual/paths/invoke?api-version=2016-10-01&sig=signature");
        String functions = url;
        String topic = url;
        // tag::azure-functions[]
        gateway.functions()
                .register(FunctionDefinition.of(
                        "invoice",
                        "azurefunction",
                        Map.of("url", functions + "/api/invoice", "key", "${file:function-key}")));
        gateway.functions()
                .register(FunctionDefinition.of("approve", "azurelogicapp", Map.of("url", "${file:workflow-url}")));
        gateway.functions()
                .register(FunctionDefinition.of(
                        "orders",
                        "azureeventgrid",
                        Map.of("endpoint", topic + "/api/events", "key", "${file:topic-key}", "sas", true)));
        for (String function : List.of("invoice", "approve", "orders")) {
            gateway.subscriptions()
                    .create(Subscription.to("order.placed").function(function).build());
        }
        // end::azure-functions[]

        assertDelivered("order.placed");
        assertThat(called)
                .containsExactlyInAnyOrder("/api/invoice", "/workflows/1/triggers/manual/paths/invoke", "/api/events");
    }

    @Test
    void callsAnActionOfOpenWhisk() throws IOException {
        Files.writeString(secrets.resolve("whisk"), "uuid:key");
        String apiHost = url;
        // tag::openwhisk[]
        gateway.functions()
                .register(FunctionDefinition.of(
                        "invoice",
                        "openwhisk",
                        Map.of("apiHost", apiHost, "action", "billing/invoice", "auth", "${file:whisk}")));
        // end::openwhisk[]

        assertThat(gateway.invoke("invoice", Map.of("total", 42))
                        .asJson()
                        .path("done")
                        .asBoolean())
                .isTrue();
        assertThat(called).containsExactly("/api/v1/namespaces/_/actions/billing/invoice");
    }
}
