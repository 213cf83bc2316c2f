package io.eventgateway.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.Subscription;
import io.eventgateway.jdbc.server.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;

/** A process with a gateway on H2 that ends without closing it. It writes down which events its function was called with. */
public final class H2Worker {
    static final int EVENTS = 40;

    private H2Worker() {}

    /** Arguments: the URL, whether with a pool, "halt" after all was delivered or "return" from main, the file for the calls. */
    public static void main(String[] arguments) {
        Path calls = Path.of(arguments[3]);
        EventGateway gateway = EventGateway.builder()
                .stores(JdbcStores.of(dataSource(arguments[0], Boolean.parseBoolean(arguments[1]))))
                .build();
        gateway.functions().registerOrUpdate("f", (event, context) -> {
            Files.writeString(calls, event.getSubject() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            return null;
        });
        gateway.subscriptions()
                .createOrUpdate(Subscription.to("a").id("s").function("f").build());
        List<Event> events = IntStream.range(0, EVENTS)
                .mapToObj(i -> Event.builder("a").subject("e" + i).data(i).build())
                .toList();
        if (arguments[2].equals("halt")) {
            events.forEach(event -> gateway.emit(event).await(Duration.ofSeconds(30)));
            Runtime.getRuntime().halt(0);
        }
        gateway.emitAll(events);
    }

    static DataSource dataSource(String url, boolean pooled) {
        if (pooled) {
            HikariDataSource pool = PostgresServer.pool(url, 4);
            return pool;
        }
        JdbcDataSource plain = new JdbcDataSource();
        plain.setURL(url);
        return plain;
    }
}
