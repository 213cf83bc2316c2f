package io.eventgateway.invokers.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.InvocationException;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.DeliveryResult;
import java.io.IOException;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A gateway that delivers to a server of this machine, once unless a test says otherwise. */
abstract class HttpFunctionTest {
    final MockWebServer server = new MockWebServer();
    EventGateway gateway = gateway();

    EventGateway gateway() {
        return EventGateway.builder()
                .defaultDelivery(DeliveryPolicy.atMostOnce())
                .source("/shop")
                .build();
    }

    @BeforeEach
    void start() throws IOException {
        server.start(InetAddress.getLoopbackAddress(), 0);
    }

    @AfterEach
    void stop() {
        gateway.close();
        server.close();
    }

    FunctionDefinition function() {
        return FunctionDefinition.http("hook", server.url("/hooks").toString());
    }

    DeliveryResult deliver(FunctionDefinition function, Event event) {
        if (gateway.functions().list().isEmpty()) {
            gateway.functions().register(function);
            gateway.subscribe("**", "hook");
        }
        return gateway.emit(event)
                .completion()
                .orTimeout(20, TimeUnit.SECONDS)
                .join()
                .deliveries()
                .get(0);
    }

    InvocationException failure(FunctionDefinition function, Event event) {
        InvocationException failure =
                (InvocationException) deliver(function, event).failure();
        assertThat(failure).isNotNull();
        return failure;
    }

    RecordedRequest request() throws InterruptedException {
        RecordedRequest request = server.takeRequest(20, TimeUnit.SECONDS);
        assertThat(request).isNotNull();
        return request;
    }

    static MockResponse.Builder status(int code) {
        return new MockResponse.Builder().code(code);
    }

    static MockResponse text(int code, String body) {
        return status(code)
                .addHeader("Content-Type", "text/plain; charset=utf-8")
                .body(body)
                .build();
    }
}
