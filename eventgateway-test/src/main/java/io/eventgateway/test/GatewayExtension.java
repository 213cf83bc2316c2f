package io.eventgateway.test;

import io.eventgateway.EventGateway;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives each test a gateway and a clock; see {@link GatewayTest}. */
public final class GatewayExtension implements ParameterResolver {
    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(GatewayExtension.class);

    /** Closed by JUnit when the test's store is. */
    private record Fixture(TestGateway gateway) implements AutoCloseable {

        @Override
        public void close() {
            gateway.close();
        }
    }

    /** JUnit makes it. */
    public GatewayExtension() {}

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == EventGateway.class || type == TestGateway.class || type == TestClock.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Fixture fixture = context.getStore(NAMESPACE)
                .computeIfAbsent(Fixture.class, key -> new Fixture(TestGateway.create()), Fixture.class);
        return parameter.getParameter().getType() == TestClock.class
                ? fixture.gateway().clock()
                : fixture.gateway();
    }
}
