package io.eventgateway.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.invokers.process.ProcessInvokerProvider;
import io.eventgateway.invokers.router.RouterInvokerProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Runs what {@code docs/invokers.md} shows. */
class InvokersTest {
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void process() {
        // tag::process[]
        EventGateway gateway = EventGateway.builder()
                .invoker(ProcessInvokerProvider.allowing(Path.of("/bin/cat"), Path.of("/usr/local/bin/resize"))
                        .withEnvironment("LANG")
                        .withMaxProcesses(4))
                .build();
        gateway.functions()
                .register(FunctionDefinition.of(
                        "echo", "process", Map.of("command", List.of("/bin/cat"), "mode", "data")));
        // end::process[]
        try (gateway) {
            assertThat(gateway.invoke("echo", 42).valueAs(Integer.class)).isEqualTo(42);
        }
    }

    @Test
    void router() {
        try (EventGateway archive = EventGateway.create()) {
            // tag::router[]
            EventGateway gateway = EventGateway.builder()
                    .invoker(new RouterInvokerProvider().withGateway("archive", archive))
                    .build();
            gateway.functions().register(FunctionDefinition.of("to-billing", "router", Map.of("space", "billing")));
            gateway.functions().register(FunctionDefinition.of("to-archive", "router", Map.of("gateway", "archive")));
            gateway.subscribe("order.placed", "to-billing");
            gateway.subscribe("order.placed", "to-archive");
            // end::router[]
            try (gateway) {
                List<String> got = new CopyOnWriteArrayList<>();
                EventGateway billing = gateway.space("billing");
                billing.subscribe("order.placed", event -> got.add("billing"));
                archive.subscribe("order.placed", event -> got.add("archive"));

                gateway.emit(Event.of("order.placed", "o-1")).await(Duration.ofSeconds(20));

                assertThat(gateway.awaitIdle(Duration.ofSeconds(20))).isTrue();
                assertThat(archive.awaitIdle(Duration.ofSeconds(20))).isTrue();
                assertThat(got).containsExactlyInAnyOrder("billing", "archive");
            }
        }
    }
}
