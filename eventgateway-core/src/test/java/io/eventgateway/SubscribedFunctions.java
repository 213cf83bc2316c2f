package io.eventgateway;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A gateway with functions to subscribe. */
abstract class SubscribedFunctions {
    final EventGateway gateway = Outcomes.oneAttempt().build();

    @BeforeEach
    void registerFunctions() {
        gateway.functions().register("f", (event, context) -> null);
        gateway.functions().register("g", (event, context) -> null);
    }

    @AfterEach
    void close() {
        gateway.close();
    }
}
