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
    private record Fixture(EventGateway gateway, TestClock clock) implements AutoCloseable {
        static Fixture create() {
            TestClock clock = new TestClock();
            return new Fixture(TestGateways.create(builder -> builder.clock(clock)), clock);
        }

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
        return type == EventGateway.class || type == TestClock.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Fixture fixture =
                context.getStore(NAMESPACE).computeIfAbsent(Fixture.class, key -> Fixture.create(), Fixture.class);
        return parameter.getParameter().getType() == TestClock.class ? fixture.clock() : fixture.gateway();
    }
}
