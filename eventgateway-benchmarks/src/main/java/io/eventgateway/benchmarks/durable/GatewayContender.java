package io.eventgateway.benchmarks.durable;

import com.zaxxer.hikari.HikariDataSource;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.BacklogPolicy;
import io.eventgateway.jdbc.JdbcStores;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The gateway on its JDBC stores, with the ordinary settings. */
final class GatewayContender implements Contender {
    private static final byte[] FILLING = " ".repeat(1_000).getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    private final List<EventGateway> gateways = new ArrayList<>();
    private final List<HikariDataSource> pools = new ArrayList<>();

    GatewayContender(String url, int instances, Handler handler) {
        for (int i = 0; i < instances; i++) {
            HikariDataSource pool = DurableThroughput.pool(url);
            JdbcStores.migrate(pool);
            EventGateway gateway = EventGateway.builder()
                    .stores(JdbcStores.of(pool))
                    .backlog(10_000, BacklogPolicy.BLOCK)
                    .shutdownTimeout(Duration.ofSeconds(5))
                    .build();
            gateway.functions().register("f", (event, context) -> {
                handler.handle(Long.parseLong(event.getId()));
                return null;
            });
            if (i == 0) {
                gateway.subscriptions()
                        .create(Subscription.to("work").function("f").build());
            }
            gateways.add(gateway);
            pools.add(pool);
        }
        for (EventGateway gateway : gateways) {
            while (gateway.subscriptions().list().isEmpty()) {
                Thread.onSpinWait();
            }
        }
    }

    private static Event event(long number) {
        return Event.builder("work")
                .id(Long.toString(number))
                .data("application/octet-stream", FILLING)
                .build();
    }

    @Override
    public void emit(int instance, long number) {
        gateways.get(instance).emit(event(number));
    }

    @Override
    public void emitAll(int instance, List<Long> numbers) {
        gateways.get(instance)
                .emitAll(numbers.stream().map(GatewayContender::event).toList());
    }

    @Override
    public boolean hasEmitAll() {
        return true;
    }

    @Override
    public void close() {
        gateways.forEach(EventGateway::close);
        pools.forEach(HikariDataSource::close);
    }

    @Override
    public String toString() {
        return "EventGateway";
    }
}
