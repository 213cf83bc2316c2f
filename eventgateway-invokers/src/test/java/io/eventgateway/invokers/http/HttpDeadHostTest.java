package io.eventgateway.invokers.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.Event;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import io.eventgateway.InvocationResult;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A host that does not answer keeps nobody from another one. */
class HttpDeadHostTest extends HttpFunctionTest {
    @Test
    void aThousandCallsToADeadHostCostAnotherPortOfItNothing() throws Exception {
        try (ServerSocket dead =
                new ServerSocket(0, 2_000, InetAddress.getLoopbackAddress())) { // it accepts, and never answers
            gateway.functions()
                    .register(FunctionDefinition.http("dead", "http://127.0.0.1:" + dead.getLocalPort() + "/"));
            gateway.functions()
                    .register(FunctionDefinition.http("alive", "http://127.0.0.1:" + server.getPort() + "/"));
            for (int i = 0; i < 3; i++) {
                server.enqueue(status(204).build());
            }
            gateway.invoke("alive", 0); // classes are loaded
            List<CompletableFuture<InvocationResult>> calls = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                calls.add(gateway.invokeAsync("dead", Event.of("a", i)));
            }

            gateway.invokeAsync("alive", 1).get(5, TimeUnit.SECONDS);
            gateway.invokeAsync("alive", 2).get(5, TimeUnit.SECONDS);

            assertThat(calls).noneMatch(CompletableFuture::isDone);
            calls.forEach(call -> call.cancel(true));
            assertThat(gateway.awaitIdle(Duration.ofSeconds(20))).isTrue();
        }
    }

    @Test
    void theTimeThatACallWaitsForItsHostIsPartOfItsOwnTime() throws Exception {
        try (ServerSocket dead = new ServerSocket(0, 3_000, InetAddress.getLoopbackAddress())) {
            gateway.functions()
                    .register(FunctionDefinition.http("dead", "http://127.0.0.1:" + dead.getLocalPort() + "/")
                            .with("callTimeout", "PT0.5S"));
            List<CompletableFuture<InvocationResult>> calls = new ArrayList<>();
            for (int i = 0; i < 3_000; i++) { // more than may be under way to one host, on any version of Java
                calls.add(gateway.invokeAsync("dead", Event.of("a", i)));
            }
            for (CompletableFuture<InvocationResult> call : calls) {
                assertThat(call.handle((result, failure) -> kind(failure)).get(10, TimeUnit.SECONDS))
                        .isEqualTo(Kind.TIMEOUT);
            }
        }
    }

    private static Kind kind(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return ((InvocationException) cause).kind();
    }
}
