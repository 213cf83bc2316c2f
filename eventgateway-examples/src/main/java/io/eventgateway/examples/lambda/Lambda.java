package io.eventgateway.examples.lambda;

import io.eventgateway.EventGateway;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.InvocationResult;
import java.util.Map;

/**
 * A function on AWS Lambda. Without an argument it calls the real AWS with the credentials of its default chain; with the URL
 * of another endpoint it calls that: {@code npx serverless offline} in this module's {@code lambda} folder is one.
 */
public final class Lambda {
    private Lambda() {}

    /** Calls the function {@code greet} once: {@code Lambda <arn> [endpoint]}. */
    public static void main(String[] args) {
        try (EventGateway gateway = EventGateway.create()) {
            gateway.functions()
                    .register(
                            args.length < 2
                                    ? FunctionDefinition.awsLambda("greet", args[0])
                                    : local("greet", args[0], args[1]));
            InvocationResult result = gateway.invoke("greet", Map.of("name", "Ada"));
            System.out.println(result.asJson());
        }
    }

    /** A function behind an endpoint of one's own, which asks for no real credentials. */
    public static FunctionDefinition local(String functionId, String arn, String endpoint) {
        return FunctionDefinition.awsLambda(functionId, arn)
                .with("endpoint", endpoint)
                .with("accessKeyId", "local")
                .with("secretAccessKey", "local");
    }
}
