package io.eventgateway.test;

import io.eventgateway.EventGateway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives each test a gateway and a clock; see {@link GatewayTest}.
 *
 * <p>Uses only what JUnit 5.12 and 6 both have and neither deprecates: the store's {@code get}, {@code put} and {@code remove}. It closes
 * the gateways itself, since the store of JUnit 5.12 closes no {@link AutoCloseable}.
 */
public final class GatewayExtension implements ParameterResolver, AfterEachCallback, AfterAllCallback {
    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(GatewayExtension.class);

    /** JUnit makes it. */
    public GatewayExtension() {}

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == EventGateway.class || type == TestGateway.class || type == TestClock.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        TestGateway gateway = gateway(context.getStore(NAMESPACE));
        return parameter.getParameter().getType() == TestClock.class ? gateway.clock() : gateway;
    }

    /** The gateway of the test, or of its class where the class's constructor asked for one; JUnit resolves on the test's own thread. */
    private static TestGateway gateway(ExtensionContext.Store store) {
        TestGateway known = store.get(TestGateway.class, TestGateway.class);
        if (known != null) {
            return known;
        }
        TestGateway made = TestGateway.create();
        store.put(TestGateway.class, made);
        return made;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        close(context);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close(context);
    }

    /** Closes the gateway that was made for this context; that of an enclosing one stays. */
    private static void close(ExtensionContext context) {
        @Nullable TestGateway gateway = context.getStore(NAMESPACE).remove(TestGateway.class, TestGateway.class);
        if (gateway != null) {
            gateway.close();
        }
    }
}
