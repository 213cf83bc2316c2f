package io.eventgateway.application;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.eventgateway.EventGateway;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.Subscription;
import io.eventgateway.compat.Tour;
import io.eventgateway.http.HttpRequest;
import java.util.Map;

/** Uses what the modules export, beside Jackson 2 of its own, and says whether it runs as a named module. */
public final class Main {
    private Main() {}

    /** Prints one line, and the tour's. */
    public static void main(String[] args) throws Exception {
        try (EventGateway gateway = EventGateway.create()) {
            Tour.of(gateway);
            gateway.functions().register(FunctionDefinition.of("shout", "shout", Map.of()));
            gateway.functions().register(FunctionDefinition.weighted("group", Map.of("shout", 1)));
            gateway.functions().register(FunctionDefinition.http("hook", "http://127.0.0.1:1"));
            gateway.functions()
                    .register(
                            FunctionDefinition.awsLambda("lambda", "arn:aws:lambda:us-east-1:123456789012:function:f"));
            gateway.functions()
                    .register(
                            "hello",
                            (event, context) -> Map.of(
                                    "hello", event.dataAs(HttpRequest.class).params()));
            gateway.subscriptions()
                    .create(Subscription.http("GET", "/hello/:name")
                            .function("hello")
                            .build());
            Subscription stored = Subscription.fromJson(gateway.subscriptions().list().stream()
                    .filter(subscription -> subscription.path() != null)
                    .findFirst()
                    .orElseThrow()
                    .toJson());
            System.out.println("named " + Main.class.getModule().isNamed()
                    + ", core named " + EventGateway.class.getModule().isNamed()
                    + ", " + gateway.invoke("group", "it works").valueAs(String.class)
                    + ", "
                    + gateway.handle(HttpRequest.get("/hello/ada").build()).bodyAsString()
                    + ", " + stored.path()
                    + ", " + new ObjectMapper().writeValueAsString(Map.of("jackson", 2)));
        }
    }
}
