package io.eventgateway.examples.lambda;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/** The functions of the {@code lambda} folder, run by Node.js. */
@Tag("servers")
@Timeout(420)
class NodeLambdaTest extends LambdaContract {
    private static ServerlessOffline lambda;

    @BeforeAll
    static void start() throws Exception {
        lambda = ServerlessOffline.start();
    }

    @AfterAll
    static void stop() {
        if (lambda != null) {
            lambda.close();
        }
    }

    @Override
    String endpoint() {
        return lambda.url();
    }

    @Override
    String thrownType() {
        return "Error";
    }
}
