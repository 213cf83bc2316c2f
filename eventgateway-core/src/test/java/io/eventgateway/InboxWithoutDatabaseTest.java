package io.eventgateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The inbox of a function whose gateway has no database. */
class InboxWithoutDatabaseTest {
    private static final Connection CONNECTION = (Connection) Proxy.newProxyInstance(
            InboxWithoutDatabaseTest.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
                throw new AssertionError("the connection is not used");
            });

    private final CompletableFuture<Throwable> thrown = new CompletableFuture<>();

    private Object noting(Event event, FunctionContext context) {
        try {
            context.inbox(CONNECTION);
        } catch (RuntimeException e) {
            thrown.complete(e);
        }
        return "noted";
    }

    @Test
    void saysWhichStoreHasOne() throws Exception {
        try (EventGateway gateway = EventGateway.builder().build()) {
            gateway.functions().register("f", this::noting);
            gateway.subscribe("a", "f");

            gateway.emit("a", 1).await(Duration.ofSeconds(30));

            assertThat(thrown.get(30, TimeUnit.SECONDS))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("has no inbox")
                    .hasMessageContaining("JdbcStores");
        }
    }

    @Test
    void saysThatACallWithoutASubscriptionHasNone() throws Exception {
        try (EventGateway gateway = EventGateway.builder().build()) {
            gateway.functions().register("f", this::noting);

            gateway.invoke("f", Event.of("a", 1));

            assertThat(thrown.get(30, TimeUnit.SECONDS))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("'f' was called without a subscription");
        }
    }
}
