package io.eventgateway;

import io.eventgateway.http.HttpRequest;
import io.eventgateway.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;

/** A gateway that handles requests, for the tests of how it does. */
abstract class HandledRequests {
    final ManualClock clock = new ManualClock();
    final EventGateway gateway = EventGateway.builder().clock(clock).build();

    @AfterEach
    void close() {
        gateway.close();
    }

    void on(String method, String path, FunctionHandler handler) {
        String id = (method + path).replaceAll("[^a-zA-Z0-9]", "-");
        gateway.functions().register(id, handler);
        gateway.subscriptions()
                .create(Subscription.http(method, path).function(id).build());
    }

    HttpResponse get(String target) {
        return gateway.handle(HttpRequest.get(target).build());
    }
}
